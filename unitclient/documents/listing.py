"""A list of what was declared, to be stamped, signed and kept: the [print] of a business as a PDF."""

from __future__ import annotations

from unitclient.documents import parts
from unitclient.documents.model import ListData
from unitclient.texts import say

_NUMBER_WIDTH = 12.0
"""Millimetres of the column of row numbers."""


def render_list(data: ListData) -> bytes:
    """The list as a PDF, in the language in use. UserError("font-missing") without a Chinese font."""
    from unitclient.documents.page import WIDTH, Column, Page

    page = Page(data.title, data.unit, data.marks, data.number)
    page.grid(parts.unit_pairs(data.unit, data.period))
    page.ln(2)
    whole = sum(column.width for column in data.columns)
    shares = [(WIDTH - _NUMBER_WIDTH) * column.width / whole for column in data.columns]
    columns = [Column(say("document-column-index"), _NUMBER_WIDTH, "C")]
    columns += [Column(column.title, share) for column, share in zip(data.columns, shares, strict=True)]
    rows = [[str(number), *cells] for number, cells in enumerate(data.rows, start=1)]
    for start in range(0, max(len(rows), 1), data.rows_per_page):
        if start:
            page.add_page()
        last = start + data.rows_per_page >= len(rows)
        page.rows(columns, rows[start : start + data.rows_per_page], [_sums(data)] if data.sums and last else ())
    if data.signatures:
        page.signatures([say("document-sign-here", who=who) for who in data.signatures])
    return page.finished()


def _sums(data: ListData) -> list[str]:
    return [say("document-list-sum"), *data.sums]
