"""The answer of a query as a printed table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from unitclient.desktop.models.columns import Kind, yuan
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.pages.queries.model import Query, QueryColumn
    from unitclient.desktop.pages.queries.state import Answer

_RIGHT = (Kind.MONEY, Kind.COUNT)


def html_of(query: Query, answer: Answer, unit_name: str, *, masked: bool) -> str:
    """Title, unit, table and sums, for QTextDocument. What is masked on the screen is masked on paper too."""
    head = "".join(f"<th align='{_side(column)}'>{escape(column.title())}</th>" for column in query.columns)
    lines = "".join(
        "<tr>" + "".join(_cell(column, column.masked_text(row.get(column.key)) if masked else
                               column.text(row.get(column.key))) for column in query.columns) + "</tr>"
        for row in answer.rows
    )  # fmt: skip
    sums = "　".join(
        say("d-queries-sum", title=column.title(), amount=column.masked_text(answer.sums[column.key]) if masked
            else yuan(answer.sums[column.key])) for column in query.columns if column.key in answer.sums
    )  # fmt: skip
    return (
        f"<h3>{escape(str(query.title))}</h3><p>{escape(unit_name)}　"
        f"{escape(say('d-queries-count', count=len(answer.rows)))}</p>"
        f"<table border='1' cellspacing='0' cellpadding='3' width='100%'><thead><tr>{head}</tr></thead>"
        f"<tbody>{lines}</tbody></table><p>{escape(sums)}</p>"
    )


def _side(column: QueryColumn) -> str:
    return "right" if column.kind in _RIGHT else "left"


def _cell(column: QueryColumn, text: str) -> str:
    return f"<td align='{_side(column)}'>{escape(text)}</td>"
