"""Synthetic people, a roster and contexts for the catalogue's tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache

from unitclient.catalog import Catalog, CheckContext, CheckedRow, Form, load_catalog
from unitclient.domain.findings import Severity
from unitclient.domain.insurance import Insurance
from unitclient.domain.period import Period
from unitclient.domain.policy import InsuranceRule, MonthPolicy, UnitTotalMethod
from unitclient.domain.resident_id import check_character
from unitclient.domain.roster import Coverage, Person, PersonState
from unitclient.paths import forms_root, resources_root

UNIT = ("pension", "medical_incl_maternity", "unemployment", "injury")
PERIOD = Period(2026, 7)
TODAY = date(2026, 7, 10)
MAN = "11000019900307001X"
WOMAN = "420000199308150048"


@cache
def catalog() -> Catalog:
    """The real catalogue."""
    return load_catalog(forms_root(), resources_root())


def form(form_id: str) -> Form:
    """One of the real forms."""
    return catalog().form(form_id)


def number(birth: str, sequence: int = 1, area: str = "110000") -> str:
    """A valid number of somebody born on "YYYYMMDD"; odd sequences are men."""
    body = f"{area}{birth}{sequence:03d}"
    return body + check_character(body)


def person(
    number: str = MAN,
    name: str = "王小明",
    wage: int = 680_000,
    state: PersonState = PersonState.ACTIVE,
    **span: Period,
) -> Person:
    """Somebody on the roster since 2024-01, insured for everything the unit has."""
    coverage = Coverage(span.get("since", Period(2024, 1)), span.get("until"))
    return Person(number, name, wage, state=state, coverage=dict.fromkeys(UNIT, coverage), since=Period(2024, 1))


def policy(period: Period, floor: int = 450_000, cap: int = 2_250_000) -> MonthPolicy:
    """Pension 16 % and 8 %, unemployment 0.6 % and 0.4 %, both with the same limits."""
    rates = {Insurance.PENSION: (160_000, 80_000), Insurance.UNEMPLOYMENT: (6_000, 4_000)}
    rules = {
        name: InsuranceRule(name, "employee", Period(2020, 1), unit, own, base_min_fen=floor, base_max_fen=cap)
        for name, (unit, own) in rates.items()
    }
    return MonthPolicy("510100", "成都", "test", "0" * 64, period, rules, UnitTotalMethod.SUM)


def context(*people: Person, opened: Collection[tuple[str, str]] = (), active: int = 10) -> CheckContext:
    """July 2026, with these people on the roster and these (form, key) declared and undecided."""
    roster = {each.id_number: each for each in people}
    return CheckContext(
        TODAY,
        PERIOD,
        UNIT,
        person=roster.get,
        policy=policy,
        is_open=lambda form_id, key: (form_id, key) in opened,
        active_count=active,
    )


def errors(row: CheckedRow) -> list[tuple[str, str]]:
    """(code, field) of the errors."""
    return [(each.code, each.field) for each in row.findings if each.severity is Severity.ERROR]


def codes(row: CheckedRow) -> list[str]:
    """Codes of all findings."""
    return [each.code for each in row.findings]


def enrolment(**cells: object) -> Mapping[str, object]:
    """The four cells an enrolment needs, some of them changed."""
    return {"name": "王小明", "id_number": MAN, "start_month": "2026-07", "wage": "6800", **cells}


def stop(**cells: object) -> Mapping[str, object]:
    """A resignation in the period."""
    return {
        "name": "王小明",
        "id_number": MAN,
        "reason": "辞职",
        "last_paid_month": "2026-07",
        "end_date": "2026-07-09",
        **cells,
    }
