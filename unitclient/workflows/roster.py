"""The roster (参保花名册): what the centre confirmed, with our own undecided changes laid over it.

Nothing here is written: pending rows are laid over the confirmed ones each time, so nothing has to be undone when the
centre says no.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.domain.contribution import used_base
from unitclient.domain.insurance import Insurance
from unitclient.domain.period import Period
from unitclient.domain.policy import MonthPolicy
from unitclient.domain.roster import ChangeKind, Person, PersonState, apply_change
from unitclient.store.items import Item, ItemState, items
from unitclient.store.staff import persons
from unitclient.store.store import Store
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk

PENDING = "pending"
"""State of somebody the centre does not know yet."""
MOVING = frozenset({ChangeKind.ENROL, ChangeKind.STOP, ChangeKind.WAGE, ChangeKind.RENAME, ChangeKind.COVERAGE})
"""What a form must do to move the roster."""


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One person: as they will be when everything undecided is accepted; `pending` names the forms on their way.

    `state` is the confirmed state, or "pending" for somebody the centre does not know yet.
    """

    person: Person
    state: str
    pending: tuple[str, ...]
    bases: dict[str, int]
    """{insurance: base in fen} in the month asked for."""

    def to_json(self) -> dict[str, Any]:
        """For machines; amounts in fen."""
        return {
            "id_number": self.person.id_number,
            "id_kind": self.person.id_kind,
            "name": self.person.name,
            "state": self.state,
            "insurances": list(self.person.coverage),
            "wage": self.person.wage_fen,
            "base": self.bases,
            "since": str(self.person.since) if self.person.since else None,
            "pending": list(self.pending),
        }


OPEN = (ItemState.DECLARED, ItemState.PENDING)


def open_changes(
    store: Store,
    catalog: Catalog,
    unit: str,
    upto: Period | None = None,
    *,
    without: str = "",
    states: tuple[ItemState, ...] = OPEN,
) -> list[Item]:
    """Undecided rows that move the roster, by the month they take effect; those up to `upto` when it is given.

    Rows of the form `without` are left out.
    """
    found: list[Item] = []
    for form in catalog.forms.values():
        if form.effect in MOVING and form.id != without:
            for state in states:
                found += items(store, unit, form.id, state)
    if upto is not None:
        found = [item for item in found if takes_effect_by(item, upto)]
    return in_order(found)


def in_order(changes: Iterable[Item]) -> list[Item]:
    """Changes in the order they take effect."""
    return sorted(changes, key=lambda item: (item.effect_month, item.id))


def takes_effect_by(item: Item, period: Period) -> bool:
    """Whether a row goes out with a month's declaration: its start month, or last paid month, is no later."""
    return item.effect_month <= str(period)


def projected(known: Iterable[Person], changes: Iterable[Item], catalog: Catalog) -> dict[str, Person]:
    """The roster after the changes, by ID number."""
    people = {person.id_number: person for person in known}
    for change in changes:
        effect = catalog.forms[change.form].effect
        present = people.get(change.person_id)
        if present is None and effect is not ChangeKind.ENROL:
            continue
        people[change.person_id] = apply_change(present, effect, change.values)
    return people


def staying(people: Iterable[Person]) -> int:
    """How many stay insured: who leaves with a month's end is paid for in it, and is not there afterwards."""
    return sum(person.state is PersonState.ACTIVE for person in people)


def roster(desk: Desk, unit: Unit, period: Period | None = None) -> list[RosterEntry]:
    """Everybody, by ID number; with a period only those insured in it, and the bases of that month."""
    known = {person.id_number: person for person in persons(desk.store, unit.unit_number)}
    changes = open_changes(desk.store, desk.catalog, unit.unit_number, period)
    people = projected(known.values(), changes, desk.catalog)
    pending: dict[str, list[str]] = {}
    for change in changes:
        pending.setdefault(change.person_id, []).append(change.form)
    policy = desk.policy(unit, period or Period.of(desk.today()))
    entries = [
        RosterEntry(
            person,
            known[id_number].state.value if id_number in known else PENDING,
            tuple(pending.get(id_number, ())),
            bases_of(person, policy),
        )
        for id_number, person in sorted(people.items())
    ]
    return [entry for entry in entries if period is None or entry.person.active_in(period)]


def bases_of(person: Person, policy: MonthPolicy) -> dict[str, int]:
    """{insurance: base in fen} of a person under a month's policy."""
    return {
        insurance: used_base(person.wage_fen, policy.rules[Insurance(insurance)])[0]
        for insurance in person.coverage
        if insurance in policy.rules
    }
