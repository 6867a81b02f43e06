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


@dataclass(frozen=True, slots=True)
class _Month:
    """One person's lines of one month."""

    lines: Sequence[Row]

    @property
    def name(self) -> str:
        return str(self.lines[0][1])

    @property
    def wage(self) -> int:
        return int(self.lines[0][3])

    @property
    def total(self) -> int:
        return sum(unit + own for *_, unit, own in self.lines)

    @property
    def bases(self) -> dict[str, int]:
        return {insurance: base for _, _, insurance, _, base, _, _ in self.lines}

    @property
    def amounts(self) -> dict[str, tuple[int, int]]:
        return {insurance: (base, unit + own) for _, _, insurance, _, base, unit, own in self.lines}


def difference(before: Sequence[Row], after: Sequence[Row]) -> tuple[Change, ...]:
    """Differences between two months' lines (`lines.COLUMNS`), ordered by ID number."""
    old, new = _by_person(before), _by_person(after)
    # Most persons' lines are the same row by row; only the others are looked into.
    differing = [person_id for person_id in sorted(old.keys() | new) if old.get(person_id) != new.get(person_id)]
    changes = (_compare(person_id, old.get(person_id), new.get(person_id)) for person_id in differing)
    return tuple(change for change in changes if change is not None)


def _by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    persons: dict[str, list[Row]] = {}
    for row in rows:
        lines = persons.get(row[0])
        if lines is None:
            persons[row[0]] = [row]
        else:
            lines.append(row)
    return persons


def _compare(person_id: str, before: list[Row] | None, after: list[Row] | None) -> Change | None:
    old, new = _Month(before) if before else None, _Month(after) if after else None
    if old is None or new is None:
        present = new or old
        assert present is not None
        kind = NEW if old is None else GONE
        return Change(person_id, present.name, kind, old.total if old else 0, new.total if new else 0)
    if old.amounts == new.amounts and old.wage == new.wage:
        return None
    return Change(person_id, new.name, _kind(old, new), old.total, new.total)


def _kind(old: _Month, new: _Month) -> str:
    if old.bases.keys() != new.bases.keys():
        return INSURANCES
    if old.wage != new.wage:
        return WAGE
    return BASE if old.bases != new.bases else AMOUNT
