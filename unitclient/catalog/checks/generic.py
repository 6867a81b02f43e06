"""Checks that know nothing of social insurance: what most new businesses need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from unitclient.catalog.checks.registry import Param, RowCheck, field_param, row_check
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field, FieldType
from unitclient.domain.money import format_fen


@row_check("order", refuses=("ORDER",), first=field_param(), second=field_param(), apart=Param("flag", default=False))
def order(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """`first` must not come after `second`: months, dates or numbers. With `apart` they are not the same either.

    A day is compared with a month as the month it lies in.
    """
    first, second, apart = params["first"], params["second"], params["apart"]

    def run(row: RowState) -> None:
        before, after = _alike(row.values[first], row.values[second])
        if before > after or (apart and before == after):
            row.refuse("ORDER", second)

    return run


def _alike(first: Any, second: Any) -> tuple[Any, Any]:
    """Two values of one kind: where one is a month and the other a day, both are months."""
    if not (isinstance(first, str) and isinstance(second, str)):
        return first, second
    length = min(len(first), len(second))
    return first[:length], second[:length]


@row_check(
    "range",
    refuses=lambda params: () if params["warn"] else ("OUT_OF_RANGE",),
    field=field_param(),
    minimum=Param("int"),
    maximum=Param("int"),
    warn=Param("flag", default=False),
)
def number_range(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """A number must lie in minimum .. maximum (fen for money); with `warn` it is only pointed out."""
    name, low, high, warn = params["field"], params["minimum"], params["maximum"], params["warn"]
    show = format_fen if fields[name].type is FieldType.MONEY else str
    limits = {"minimum": "" if low is None else show(low), "maximum": "" if high is None else show(high)}

    def run(row: RowState) -> None:
        value = row.values[name]
        if (low is not None and value < low) or (high is not None and value > high):
            (row.warn if warn else row.refuse)("OUT_OF_RANGE", name, **limits)

    return run


@row_check("pattern", refuses=("BAD_FORMAT",), field=field_param(), pattern=Param("text", needed=True))
def pattern(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """A text must match the whole regular expression."""
    name, wanted = params["field"], re.compile(params["pattern"])

    def run(row: RowState) -> None:
        if wanted.fullmatch(str(row.values[name])) is None:
            row.refuse("BAD_FORMAT", name)

    return run


@row_check("not-future", refuses=("DATE_FUTURE",), field=field_param())
def not_future(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """A date must not lie after today."""
    name = params["field"]

    def run(row: RowState) -> None:
        if row.values[name] > row.context.today.isoformat():
            row.refuse("DATE_FUTURE", name)

    return run


@row_check("one-of", refuses=("ONE_OF",), fields=Param("words", needed=True))
def one_of(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """At least one of the fields must be filled in."""
    names = params["fields"]

    def run(row: RowState) -> None:
        if all(row.values[name] is None for name in names) and not row.bad.intersection(names):
            row.refuse("ONE_OF", names[0])

    return run
