"""Checks of months: the window a declaration may touch, and spans of months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.catalog.checks.registry import Param, RowCheck, field_param, row_check
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field
from unitclient.domain.period import Period


@row_check(
    "month-window",
    refuses=("B204", "B205"),
    field=field_param(),
    months_back=Param("int", 3),
    months_ahead=Param("int", 1),
)
def month_window(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """A month must lie in period - months_back .. period + months_ahead: B205 before it, B204 after it."""
    name, back, ahead = params["field"], -params["months_back"], params["months_ahead"]

    def run(row: RowState) -> None:
        month, context = row.values[name], row.context
        first, last = context.month_offset(back), context.month_offset(ahead)
        if month > last:
            row.refuse("B204", name, latest=last, period=context.period_text)
        elif month < first:
            row.refuse("B205", name, earliest=first, period=context.period_text)

    return run


@row_check(
    "span", refuses=("ORDER", "SPAN_NOT_PAST", "B601"), first=field_param(), last=field_param(), limit=Param("int", 36)
)
def span(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """A span of past months: it must not end before it begins, must end before the period, and have at most `limit`.

    The declaration's own month is not a back payment; it is billed with the month.
    """
    first, last, limit = params["first"], params["last"], params["limit"]

    def run(row: RowState) -> None:
        begin, end, context = row.values[first], row.values[last], row.context
        if begin > end:
            row.refuse("ORDER", last)
        elif end >= context.period_text:
            row.refuse("SPAN_NOT_PAST", last, period=context.period_text)
        elif Period.parse(end) - Period.parse(begin) + 1 > limit:
            row.refuse("B601", first, limit=str(limit))

    return run


@row_check(
    "year-window",
    refuses=("YEAR_WINDOW",),
    field=field_param(),
    years_back=Param("int", 0),
    years_ahead=Param("int", 0),
)
def year_window(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """A year must be the period's, give or take."""
    name, back, ahead = params["field"], params["years_back"], params["years_ahead"]

    def run(row: RowState) -> None:
        year = row.context.period.year
        if not year - back <= row.values[name] <= year + ahead:
            row.refuse("YEAR_WINDOW", name, earliest=str(year - back), latest=str(year + ahead))

    return run


@row_check("earliest", refuses=("TOO_EARLY",), field=field_param(), earliest=Param("text", needed=True))
def earliest_month(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """A month or day must not lie before `earliest`: where records begin."""
    name, earliest = params["field"], params["earliest"]

    def run(row: RowState) -> None:
        if row.values[name] < earliest:
            row.refuse("TOO_EARLY", name, earliest=earliest)

    return run
