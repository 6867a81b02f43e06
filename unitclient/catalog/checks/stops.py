"""Checks of suspension and termination: the reason, the dates, and who would be left."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from unitclient.catalog.checks.registry import Param, RowCheck, field_param, optional_field, row_check
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field
from unitclient.domain.period import Period
from unitclient.domain.retirement import min_contribution_months, retirement


@row_check(
    "end-date",
    refuses=("END_AFTER_STOP",),
    date=field_param("end_date"),
    last_month=field_param("last_paid_month"),
    grace_day=Param("int", 15),
)
def end_date(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The last paid month and the day the work ended must agree.

    A month in which the person worked is owed; regions let it go when the work ended by the `grace_day` of the next
    month. Ending later than that with the month unpaid is an error; paying months after the end is pointed out.
    """
    date, last_month, grace_day = params["date"], params["last_month"], params["grace_day"]

    def run(row: RowState) -> None:
        ended, paid = Period.parse(row.values[date][:7]), Period.parse(row.values[last_month])
        months = ended - paid
        if months > 1 or (months == 1 and int(row.values[date][8:]) > grace_day):
            row.refuse("END_AFTER_STOP", last_month, grace=str(grace_day))
        elif months == 1:
            row.warn("END_MONTH_UNPAID", last_month, grace=str(grace_day))
        elif months < 0:
            row.warn("PAID_AFTER_END", last_month, months=str(-months))

    return run


@row_check("stop-month-covered", refuses=("STOP_BEFORE_START",), month=field_param("last_paid_month"))
def stop_month_covered(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The last paid month cannot lie before the month just ahead of the first insured one."""
    name = params["month"]

    def run(row: RowState) -> None:
        since = [held.since for held in row.person.coverage.values() if held.until is None] if row.person else []
        if since and Period.parse(row.values[name]) + 1 < min(since):
            row.refuse("STOP_BEFORE_START", name, earliest=str(min(since) + -1))

    return run


@row_check(
    "retirement-stop",
    refuses=("RETIRE_EARLY",),
    reason=field_param("reason"),
    month=field_param("last_paid_month"),
    codes=Param("words", default=("251",)),
    early_months=Param("int", 36),
    ahead=Param("int", 1),
)
def retirement_stop(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Retirement not earlier than `early_months` before the statutory month (flexible retirement since 2025-01).

    For women the younger of the two statutory ages counts: the number does not tell which post they hold. `ahead`:
    how many months after the field's month the retirement is (1 after a last paid month, 0 for its own month).
    """
    reason, month, codes, early = (params[name] for name in ("reason", "month", "codes", "early_months"))
    ahead = params["ahead"]

    def run(row: RowState) -> None:
        birth = row.birth
        if not birth or row.values[reason] not in codes:
            return
        statutory = _statutory(birth[:7], "male" if row.sex == "1" else "female_worker")
        if Period.parse(row.values[month]) + ahead < Period.parse(statutory) + -early:
            row.refuse("RETIRE_EARLY", month, statutory=statutory, months=str(early))

    return run


@row_check(
    "contribution-months",
    refuses=("YEARS_SHORT",),
    months=field_param("contribution_months"),
    month=field_param("retire_month"),
    reason=optional_field("reason"),
    exempt=Param("words", default=()),
)
def contribution_months(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """A pension needs a minimum of contribution months in the year of retirement (180, growing from 2030)."""
    months, month, reason, exempt = (params[name] for name in ("months", "month", "reason", "exempt"))

    def run(row: RowState) -> None:
        least = min_contribution_months(int(row.values[month][:4]))
        if row.values[months] < least and row.values.get(reason) not in exempt:
            row.refuse("YEARS_SHORT", months, least=str(least))

    return run


_EARLIEST = 50
"""Nobody's statutory age is lower."""


@lru_cache(maxsize=1024)
def _born_too_late(month: str) -> str:
    """Who was born after this day is not near any statutory age in that month."""
    return f"{int(month[:4]) - _EARLIEST:04d}-12-31"


@lru_cache(maxsize=2048)
def _statutory(birth_month: str, category: str) -> str:
    """The statutory month of retirement, "YYYY-MM"."""
    return str(retirement(Period.parse(birth_month), category).month)


@row_check(
    "retirement-age",
    refuses=lambda params: ("B105",) if params["error"] else (),
    month=field_param("start_month"),
    error=Param("flag", default=False),
)
def retirement_age(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Past the statutory retirement month (B105): usually injury insurance only or re-employment, so a warning.

    For women the older of the two statutory ages counts. With `error` the row is refused.
    """
    month, error = params["month"], params["error"]

    def run(row: RowState) -> None:
        birth, start = row.birth, row.values[month]
        if not birth or birth > _born_too_late(start):
            return
        statutory = _statutory(birth[:7], "male" if row.sex == "1" else "female_cadre")
        if start > statutory:
            (row.refuse if error else row.warn)("B105", month, statutory=statutory)

    return run
