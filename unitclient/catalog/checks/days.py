"""Checks of days that lie ahead, and of texts whose length another field decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from unitclient.catalog.checks.registry import Param, RowCheck, field_param, optional_field, row_check
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field

WHOLE = 99
"""How a code table says that the whole number is asked for, however long it is."""


@row_check(
    "day-window", refuses=("DAY_WINDOW",), field=field_param(), days_back=Param("int", 0), days_ahead=Param("int", 0)
)
def day_window(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """A day must lie within `days_back` and `days_ahead` days of today."""
    name, back, ahead = params["field"], timedelta(params["days_back"]), timedelta(params["days_ahead"])

    def run(row: RowState) -> None:
        first, last = (row.context.today - back).isoformat(), (row.context.today + ahead).isoformat()
        if not first <= row.values[name] <= last:
            row.refuse("DAY_WINDOW", name, first=first, last=last)

    return run


@row_check(
    "length-of-code",
    refuses=("REQUIRED", "WRONG_LENGTH"),
    field=optional_field(),
    by=field_param(),
    member=Param("word", needed=True),
)
def length_of_code(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """A text must have as many characters as the row of the code in `by` says with its member `member`.

    0: it is not asked for, and not looked at; WHOLE: all of it, whatever its length.
    """
    name, by, member = params["field"], params["by"], params["member"]
    table = fields[by].table
    lengths = {row.code: int(row.extra.get(member, "0")) for row in table.rows} if table is not None else {}

    def run(row: RowState) -> None:
        wanted, value = lengths.get(row.values[by], 0), row.values[name]
        if not wanted or name in row.bad:
            return
        if value is None:
            row.refuse("REQUIRED", name)
        elif wanted != WHOLE and len(value) != wanted:
            row.refuse("WRONG_LENGTH", name, wanted=str(wanted), found=str(len(value)))

    return run
