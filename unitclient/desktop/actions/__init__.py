"""Acts of the program as data, and their binding to menus, shortcuts, the palette and the help sheet."""
