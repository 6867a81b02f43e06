"""What this computer knows of the centre's registers (台账), with values as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unitclient.catalog.registers import Register
from unitclient.catalog.said import entry_words, key_words, register_fields
from unitclient.errors import UserError
from unitclient.store.registers import list_entries
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One entry: its state by word and title, key and values of the register's columns as shown, and all as kept.

    `at` is when the centre said so, RFC 3339.
    """

    key: str
    state: str
    state_title: str
    key_shown: str
    shown: tuple[str, ...]
    values: Mapping[str, Any]
    at: str

    def to_json(self) -> dict[str, Any]:
        """For machines: values as kept, money in fen."""
        told = {"key": self.key, "state": self.state, "title": self.state_title}
        return {**told, "values": dict(self.values), "at": self.at}


def register_named(desk: Desk, name: str) -> Register:
    """A register by name; UserError register-unknown."""
    found = desk.catalog.registers.get(name)
    if found is None:
        raise UserError("register-unknown", register=name, known=", ".join(desk.catalog.registers))
    return found


def register_rows(desk: Desk, unit: Unit, name: str) -> list[RegisterRow]:
    """The entries of one register of the unit, by key. UserError register-unknown."""
    register = register_named(desk, name)
    fields = register_fields(desk.catalog, name)
    return [
        RegisterRow(
            key=entry.key,
            state=entry.state,
            state_title=register.state_title(entry.state),
            key_shown=key_words(desk.catalog, name, entry.key),
            shown=tuple(entry_words(register, fields, column, entry.values.get(column)) for column in register.columns),
            values=entry.values,
            at=at,
        )
        for entry, at in list_entries(desk.store, unit.unit_number, name)
    ]
