"""How much a file may ask of the machine. A real roster of 100,000 people stays far below all of these."""

from __future__ import annotations

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_ENTRIES = 4096
"""Parts in a zipped workbook."""
MAX_INFLATED_BYTES = 1024 * 1024 * 1024
"""All parts unpacked."""
RATIO_FREE_BYTES = 16 * 1024 * 1024
"""Parts smaller than this may be packed as tightly as they like."""
MAX_RATIO = 150
"""Unpacked by packed size of a bigger part; rosters are packed 8 to 30 times, deflate can do 1,000."""
MAX_SMALL_XML_BYTES = 16 * 1024 * 1024
"""Workbook parts that are parsed whole (list of sheets, relations)."""
MAX_GRID_CELLS = 12_000_000
"""Rows x columns up to the last filled cell: readers hold the rectangle in memory, at about 30 bytes a cell."""
MAX_TEXT_BYTES = 40 * 1024 * 1024
"""A text table, which is held in memory whole; 100,000 people are 10 to 20 MB."""
MAX_TEXT_ROWS, MAX_TEXT_COLUMNS = 1_048_576, 16_384
"""As far as a sheet of a spreadsheet program reaches."""
MAX_ROW_BYTES = 16 * 1024 * 1024
"""One row of a sheet's XML."""
HEADER_SEARCH_ROWS = 15
"""The header begins within these first rows."""
MAX_HEADER_ROWS = 3
