"""The child process of the PROC lane: sheets are read and written outside the window's process."""
