"""Checks of a person against the roster, the insurances and the items that are under way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from unitclient.catalog.checks.registry import Param, RowCheck, field_param, optional_field, row_check
from unitclient.catalog.context import RowState, nothing_open
from unitclient.catalog.model import Field
from unitclient.domain.period import Period
from unitclient.domain.roster import PersonState


@row_check(
    "not-insured-yet",
    refuses=("B201",),
    number=field_param("id_number"),
    month=field_param("start_month"),
    insurances=field_param("insurances"),
    kind=optional_field("enrol_kind"),
)
def not_insured_yet(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Nobody is enrolled twice in one insurance (B201); a kind that does not fit the roster is pointed out."""
    number, month, insurances, kind = (params[name] for name in ("number", "month", "insurances", "kind"))

    def run(row: RowState) -> None:
        person = row.person
        if person is None:
            if row.values.get(kind) == "resumed":
                row.warn("RESUMED_UNKNOWN", kind)
            return
        running = [name for name, held in person.coverage.items() if held.until is None]
        start = Period.parse(row.values[month])
        taken = {*running, *person.active_in(start)}
        if not taken.isdisjoint(row.values[insurances]):
            row.refuse("B201", number)
        elif person.state is PersonState.TERMINATED:
            row.warn("TERMINATED_BEFORE", number)
        elif row.values.get(kind) == "new":
            row.warn("KNOWN_PERSON", kind)

    return run


@row_check(
    "insured-here",
    refuses=lambda params: ("NOT_ON_ROSTER", "NOT_ACTIVE") if params["active"] else ("NOT_ON_ROSTER",),
    number=field_param("id_number"),
    active=Param("flag", default=True),
)
def insured_here(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The person must be on this unit's roster, and with `active` be insured now."""
    number, active = params["number"], params["active"]

    def run(row: RowState) -> None:
        person = row.person
        if person is None:
            if row.person_id:
                row.refuse("NOT_ON_ROSTER", number)
        elif active and person.state is not PersonState.ACTIVE:
            row.refuse("NOT_ACTIVE", number)

    return run


@row_check("suspended-here", refuses=("NOT_ON_ROSTER", "NOT_SUSPENDED"), number=field_param("id_number"))
def suspended_here(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """What is resumed was suspended with this unit: a termination is not resumed. Who still has some insurance may
    resume another; `not-insured-yet` says which ones are running.
    """
    number = params["number"]

    def run(row: RowState) -> None:
        person = row.person
        if person is None:
            if row.person_id:
                row.refuse("NOT_ON_ROSTER", number)
        elif person.state is PersonState.TERMINATED:
            row.refuse("NOT_SUSPENDED", number)

    return run


@row_check("no-open-item", refuses=("B203",), forms=Param("words", default=()))
def no_open_item(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """No second declared item of the same person while the first is undecided (B203), in this form and `forms`.

    The other forms must have the person's number alone as their key.
    """
    own, others = params["form"], params["forms"]

    def run(row: RowState) -> None:
        is_open = row.context.is_open
        if is_open is nothing_open:
            return
        if is_open(own.id, own.key_of(row.values)) or any(is_open(other, row.person_id) for other in others):
            row.refuse("B203", own.key[0])

    return run


@row_check("once-a-year", refuses=("B303",), year=field_param("year"))
def once_a_year(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """One annual declaration a person and year (B303); a later change is a base adjustment with its reason."""
    own, year = params["form"], params["year"]

    def run(row: RowState) -> None:
        if row.context.is_open(own.id, own.key_of(row.values)):
            row.refuse("B303", year, year=str(row.values[year]))

    return run


@row_check(
    "insurance-combination",
    insurances=field_param("insurances"),
    together=Param("words", default=("pension", "unemployment", "injury")),
    alone=Param("words", default=("injury",)),
)
def insurance_combination(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Insurances that an employee has together, as far as the unit has them; `alone` may stand alone (B305, a warning).

    Injury alone is usual for people over the retirement age, students and part-time staff.
    """
    name, together, alone = params["insurances"], frozenset(params["together"]), frozenset(params["alone"])

    def run(row: RowState) -> None:
        chosen = row.values[name]
        if len(chosen) == len(row.context.unit_insurances):
            return
        wanted = together.intersection(row.context.unit_insurances)
        if not wanted.issubset(chosen) and not alone.issuperset(chosen):
            row.warn("B305", name)

    return run


@row_check(
    "age", refuses=("B104",), month=field_param("start_month"), minimum=Param("int", 16), warn_below=Param("int", 18)
)
def age(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Sixteen on the 1st of the month (劳动法 art. 15): B104; between 16 and 18 a warning (未成年工)."""
    month, minimum, warn_below = params["month"], params["minimum"], params["warn_below"]

    def run(row: RowState) -> None:
        birth, first_month = row.birth, row.values[month]
        if not birth or birth <= born_by(first_month, warn_below):
            return
        if birth > born_by(first_month, minimum):
            row.refuse("B104", month, minimum=str(minimum))
        else:
            row.warn("MINOR", month)

    return run


@lru_cache(maxsize=1024)
def born_by(month: str, years: int) -> str:
    """The last birthday of whoever is so many years old on the 1st of the month: "YYYY-MM-01"."""
    return f"{int(month[:4]) - years:04d}{month[4:]}-01"
