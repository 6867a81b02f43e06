"""The window around the pages: navigation, top bar, status bar, page host."""
