"""The lines (明细) of a monthly declaration: every insured person x insurance of the month, with base and amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unitclient.domain.contribution import contributions
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.insurance import Insurance
from unitclient.domain.policy import MonthPolicy
from unitclient.domain.roster import Person

MONTHLY = "monthly"
"""The form that a month is declared with."""
COLUMNS = ("id_number", "name", "insurance", "wage", "base", "unit_amount", "person_amount")
"""Fields of the form `monthly`, in the order of a row. Money is in fen."""
Row = tuple[Any, ...]
Totals = dict[str, dict[str, int]]
"""{insurance: {"unit": fen, "person": fen}}."""


@dataclass(frozen=True, slots=True)
class MonthLines:
    """Rows ordered by person, their totals, and what is worth knowing about them."""

    rows: tuple[Row, ...]
    totals: Totals
    findings: tuple[Finding, ...]


def month_lines(persons: Iterable[Person], policy: MonthPolicy) -> MonthLines:
    """Lines of everybody who is insured in the policy's month.

    An insurance that the policy package has no rates for gives no line and the finding LINES_NO_RATE.
    """
    covered, unknown = _covered(persons, policy)
    rows: list[Row] = []
    totals: Totals = {}
    for insurance, members in covered.items():
        amounts = contributions([person.wage_fen for person in members], policy.rules[Insurance(insurance)])
        totals[insurance] = {"unit": sum(a[1] for a in amounts), "person": sum(a[2] for a in amounts)}
        rows += [
            (person.id_number, person.name, insurance, person.wage_fen, base, unit, own)
            for person, (base, unit, own) in zip(members, amounts, strict=True)
        ]
    rows.sort(key=lambda row: (row[0], row[2]))
    findings = [
        Finding("LINES_NO_RATE", Severity.WARNING, params={"insurance": name, "persons": str(count)})
        for name, count in unknown.items()
    ]
    return MonthLines(tuple(rows), totals, (*policy.findings, *findings))


def _covered(persons: Iterable[Person], policy: MonthPolicy) -> tuple[dict[str, list[Person]], dict[str, int]]:
    covered: dict[str, list[Person]] = {}
    unknown: dict[str, int] = {}
    # Most of a unit's persons share one coverage, and often it is the very same object: it is looked into once.
    active: dict[int, tuple[str, ...]] = {}
    people = list(persons)
    for person in people:
        insurances = active.get(id(person.coverage))
        if insurances is None:
            insurances = active[id(person.coverage)] = person.active_in(policy.period)
        for insurance in insurances:
            if insurance in policy.rules:
                covered.setdefault(insurance, []).append(person)
            else:
                unknown[insurance] = unknown.get(insurance, 0) + 1
    return covered, unknown


def total_fen(totals: Mapping[str, Mapping[str, int]]) -> int:
    """Both sides of all insurances together."""
    return sum(sides["unit"] + sides["person"] for sides in totals.values())


def person_count(rows: Sequence[Row]) -> int:
    """How many persons stand in the lines."""
    return len({row[0] for row in rows})
