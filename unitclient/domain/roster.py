"""The roster (参保花名册): persons, what each is insured for and since when, and how a form row changes that.

Suspension and termination are two different things and never merge. A row's keys are the form field names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from unitclient.domain.period import Period


class PersonState(StrEnum):
    """Where an insured person stands in this unit."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


class ChangeKind(StrEnum):
    """What a form does to the roster."""

    ENROL = "enrol"
    STOP = "stop"
    WAGE = "wage"
    """A new wage from a month on: annual declaration or base change."""
    ASSESS = "assess"
    """Amounts of a month: the roster stays."""
    BACK_PAYMENT = "back-payment"
    RENAME = "rename"
    """A person's name as it is written now."""
    COVERAGE = "coverage"
    """Insurances taken up or given up from a month on."""
    RECORD = "record"
    """Kept by the centre, without any effect on the roster."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One insurance of one person: first month, and last paid month once it is known."""

    since: Period
    until: Period | None = None

    def holds_in(self, period: Period) -> bool:
        """Whether the month is paid for."""
        return self.since <= period and (self.until is None or period <= self.until)


@dataclass(frozen=True, slots=True)
class Person:
    """An insured person as this unit's roster has them. `wage_fen` is the declared wage, before floor and cap.

    `since` is the first month with this unit; `wage_since` the month from which the wage counts.
    """

    id_number: str
    name: str
    wage_fen: int
    id_kind: str = "resident_id_18"
    state: PersonState = PersonState.ACTIVE
    coverage: Mapping[str, Coverage] = field(default_factory=dict)
    since: Period | None = None
    wage_since: Period | None = None

    def active_in(self, period: Period) -> tuple[str, ...]:
        """Insurances whose contribution is due for that month, in the order they were taken up."""
        return tuple(insurance for insurance, coverage in self.coverage.items() if coverage.holds_in(period))


def apply_change(person: Person | None, kind: ChangeKind | str, row: Mapping[str, Any]) -> Person:
    """The person after an accepted row. Only `enrol` makes a person who is not there yet.

    Raises ValueError for a change of somebody who is not on the roster: the checks come before.
    """
    if kind == ChangeKind.ENROL:
        return _enrolled(person, row)
    if person is None:
        raise ValueError(f"{kind}: not on the roster")
    if kind == ChangeKind.STOP:
        return _stopped(person, row)
    if kind == ChangeKind.WAGE:
        return _with_wage(person, row)
    if kind == ChangeKind.RENAME:
        return replace(person, name=row["new_name"])
    if kind == ChangeKind.COVERAGE:
        return _recovered(person, row)
    return person


def _recovered(person: Person, row: Mapping[str, Any]) -> Person:
    start = Period.parse(row["start_month"])
    coverage = dict(_covered(person, start, row.get("add") or ()))
    for insurance in row.get("drop") or ():
        running = coverage.get(insurance)
        if running is not None and running.until is None:
            coverage[insurance] = replace(running, until=start + -1)
    return replace(person, coverage=MappingProxyType(coverage))


def _enrolled(person: Person | None, row: Mapping[str, Any]) -> Person:
    start = Period.parse(row["start_month"])
    return Person(
        id_number=row["id_number"],
        name=row["name"],
        wage_fen=int(row["wage"]),
        id_kind=row.get("id_kind") or (person.id_kind if person else "resident_id_18"),
        state=PersonState.ACTIVE,
        coverage=_covered(person, start, row["insurances"])
        if person
        else _new_coverage(start, tuple(row["insurances"])),
        since=person.since if person and person.since else start,
        wage_since=start,
    )


def _covered(person: Person, start: Period, insurances: Iterable[str]) -> Mapping[str, Coverage]:
    """The person's coverage with those insurances running from `start`; what runs already goes on."""
    known = dict(person.coverage)
    for insurance in insurances:
        running = known.get(insurance)
        if running is None or running.until is not None:
            known[insurance] = Coverage(start)
    return MappingProxyType(known)


@lru_cache(maxsize=1024)
def _new_coverage(start: Period, insurances: tuple[str, ...]) -> Mapping[str, Coverage]:
    """Coverage of somebody new. It never changes, and all who join in a month share a few."""
    return MappingProxyType({insurance: Coverage(start) for insurance in insurances})


def _stopped(person: Person, row: Mapping[str, Any]) -> Person:
    last = Period.parse(row["last_paid_month"])
    chosen = row.get("insurances") or tuple(person.coverage)
    coverage = {
        insurance: replace(held, until=last) if insurance in chosen and held.until is None else held
        for insurance, held in person.coverage.items()
    }
    ended = all(held.until is not None for held in coverage.values())
    state = PersonState.TERMINATED if row["stop_kind"] == "terminate" else PersonState.SUSPENDED
    return replace(person, coverage=MappingProxyType(coverage), state=state if ended else person.state)


def _with_wage(person: Person, row: Mapping[str, Any]) -> Person:
    start = row.get("start_month")
    since = Period.parse(start) if start else Period(int(row["year"]), 1) if row.get("year") else person.wage_since
    return replace(person, wage_fen=int(row["wage"]), wage_since=since)
