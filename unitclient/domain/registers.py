"""Registers (台账): what the centre keeps about something over time, and how an accepted row moves it.

A card, an employment record, an agreement, an appointment: each is an entry of a register, found by its key, in one
state. A form says in which states an entry must be for its row to be taken, and in which state it is afterwards, so a
second application for the same card is refused by the same rule here and at the centre.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ABSENT = ""
"""The state of what has no entry."""
OWN_KEY = "unit"
"""The key of the one entry that a unit has of itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `values` are fields of the forms that moved it, as typed values (money int fen, dates as texts)."""

    register: str
    key: str
    state: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """What a form's accepted row does to one register.

    `key` are the form's fields that find the entry (none: the unit's own one); `sources` the states it must be in
    (ABSENT: there is none), and `target` its state afterwards. `keep` are the fields that are kept with it. `fixed` are
    values that every row of the form has without typing them (which kind of certificate this business is about); a key
    may name them too. With `item` the field `value` is kept as well, under the name that the code field `item` holds.
    """

    register: str
    key: tuple[str, ...]
    sources: frozenset[str]
    target: str
    keep: tuple[str, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)
    item: str = ""
    value: str = ""

    @property
    def key_fields(self) -> tuple[str, ...]:
        """The form's fields among the key."""
        return tuple(name for name in self.key if name not in self.fixed)

    @property
    def shown_at(self) -> str:
        """The field at which a refusal stands; "" for the unit's own entry."""
        return next(iter(self.key_fields), "")

    def key_of(self, values: Mapping[str, Any]) -> str:
        """The key of the entry that a row is about; "" when a key field is empty."""
        if not self.key:
            return OWN_KEY
        parts = [self.fixed.get(name, values.get(name)) for name in self.key]
        return "" if any(part is None for part in parts) else "|".join(map(str, parts))

    def takes(self, entry: Entry | None) -> bool:
        """Whether an entry is in a state in which the row may come."""
        return (ABSENT if entry is None else entry.state) in self.sources

    def apply(self, entry: Entry | None, values: Mapping[str, Any]) -> Entry:
        """The entry after the row. What the row leaves empty stays as it was."""
        kept = {name: values[name] for name in self.keep if values.get(name) is not None}
        if self.item:
            kept[str(values[self.item])] = values[self.value]
        before = entry.values if entry is not None else {}
        return Entry(self.register, self.key_of(values), self.target, {**before, **kept, **self.fixed})
