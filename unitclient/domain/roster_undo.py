"""A roster as it was before an accepted row: what a correction is checked against, for it replaces that row.

A row does not say everything that was there before, so this is as near as the row tells; the centre, which kept what
was there, decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from unitclient.domain.period import Period
from unitclient.domain.roster import ChangeKind, Coverage, Person, PersonState

_RESUMED = "resumed"


def undo_change(person: Person, kind: ChangeKind, row: Mapping[str, Any]) -> Person | None:
    """The person before a row that was accepted; None when the row put them on the roster."""
    if kind is ChangeKind.ENROL:
        return _before_enrolment(person, row)
    if kind is ChangeKind.STOP:
        return _before_stop(person, row)
    if kind is ChangeKind.COVERAGE:
        return _before_coverage(person, row)
    if kind is ChangeKind.WAGE:
        return replace(person, wage_fen=int(row.get("old_wage") or person.wage_fen))
    if kind is ChangeKind.RENAME:
        return replace(person, name=row["name"])
    return person


def _before_enrolment(person: Person, row: Mapping[str, Any]) -> Person | None:
    start = Period.parse(row["start_month"])
    began = {name for name in row["insurances"] if name in person.coverage and person.coverage[name].since == start}
    coverage = {name: held for name, held in person.coverage.items() if name not in began}
    if row.get("enrol_kind") == _RESUMED and person.since is not None and person.since < start:
        coverage |= {name: Coverage(person.since, start + -1) for name in began}
    if not coverage:
        return None
    running = any(held.until is None for held in coverage.values())
    state = PersonState.ACTIVE if running else PersonState.SUSPENDED
    return replace(person, coverage=MappingProxyType(coverage), state=state)


def _before_stop(person: Person, row: Mapping[str, Any]) -> Person:
    last = Period.parse(row["last_paid_month"])
    chosen = row.get("insurances") or tuple(person.coverage)
    coverage = {
        name: replace(held, until=None) if name in chosen and held.until == last else held
        for name, held in person.coverage.items()
    }
    return replace(person, coverage=MappingProxyType(coverage), state=PersonState.ACTIVE)


def _before_coverage(person: Person, row: Mapping[str, Any]) -> Person:
    start = Period.parse(row["start_month"])
    added = {name for name in row.get("add") or () if name in person.coverage and person.coverage[name].since == start}
    coverage = {name: held for name, held in person.coverage.items() if name not in added}
    for name in row.get("drop") or ():
        held = coverage.get(name)
        if held is not None and held.until == start + -1:
            coverage[name] = replace(held, until=None)
    return replace(person, coverage=MappingProxyType(coverage))
