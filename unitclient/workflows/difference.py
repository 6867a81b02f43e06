"""What changed since last month, person by person: who is new, who is gone, whose wage, base or insurances moved.

Shown before signing, because a person who vanished or an amount that jumped is seen here or nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from unitclient.workflows.lines import Row

NEW, GONE, WAGE, BASE, INSURANCES, AMOUNT = "new", "gone", "wage", "base", "insurances", "amount"


@dataclass(frozen=True, slots=True)
class Change:
    """One person's difference. `before` and `after` are the month's whole amount, both sides, in fen."""

    id_number: str
    name: str
    change: str
    before: int
    after: int

    def to_json(self) -> dict[str, Any]:
        """For machines; amounts in fen."""
        return {
            "id_number": self.id_number,
            "name": self.name,
            "change": self.change,
            "before": self.before,
            "after": self.after,
            "difference": self.after - self.before,
        }


@dataclass(slots=True)
class _Month:
    name: str
    wage: int
    lines: dict[str, tuple[int, int]]

    @property
    def total(self) -> int:
        return sum(amount for _, amount in self.lines.values())

    @property
    def bases(self) -> dict[str, int]:
        return {insurance: base for insurance, (base, _) in self.lines.items()}


def difference(before: Sequence[Row], after: Sequence[Row]) -> tuple[Change, ...]:
    """Differences between two months' lines (`lines.COLUMNS`), ordered by ID number."""
    old, new = _by_person(before), _by_person(after)
    changes = (_compare(person_id, old.get(person_id), new.get(person_id)) for person_id in sorted(old.keys() | new))
    return tuple(change for change in changes if change is not None)


def _by_person(rows: Iterable[Row]) -> dict[str, _Month]:
    persons: dict[str, _Month] = {}
    for person_id, name, insurance, wage, base, unit, own in rows:
        month = persons.get(person_id)
        if month is None:
            month = persons[person_id] = _Month(name, wage, {})
        month.lines[insurance] = (base, unit + own)
    return persons


def _compare(person_id: str, old: _Month | None, new: _Month | None) -> Change | None:
    if old is None or new is None:
        present = new or old
        assert present is not None
        kind = NEW if old is None else GONE
        return Change(person_id, present.name, kind, old.total if old else 0, new.total if new else 0)
    if old.lines == new.lines and old.wage == new.wage:
        return None
    return Change(person_id, new.name, _kind(old, new), old.total, new.total)


def _kind(old: _Month, new: _Month) -> str:
    if old.lines.keys() != new.lines.keys():
        return INSURANCES
    if old.wage != new.wage:
        return WAGE
    return BASE if old.bases != new.bases else AMOUNT
