"""Spreadsheets in and out."""

from __future__ import annotations

from unitclient.domain.cell_text import plain_text, safe_text
from unitclient.sheets.error_workbook import write_error_workbook
from unitclient.sheets.model import Cell, Chosen, RefusedRow, SheetRead, SourceRow
from unitclient.sheets.outline import Outline, outline
from unitclient.sheets.reader import read_sheet
from unitclient.sheets.table import csv_bytes, write_table
from unitclient.sheets.template import write_template

__all__ = [
    "Cell",
    "Chosen",
    "Outline",
    "RefusedRow",
    "SheetRead",
    "SourceRow",
    "csv_bytes",
    "outline",
    "plain_text",
    "read_sheet",
    "safe_text",
    "write_error_workbook",
    "write_table",
    "write_template",
]
