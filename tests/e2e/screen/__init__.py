"""The program as it is started, on a screen of its own, seen and handled the way a screen reader does it (AT-SPI)."""
