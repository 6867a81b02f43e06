"""What this computer knows of the centre's registers (台账), with values as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unitclient.catalog.model import Field, FieldType
from unitclient.catalog.registers import Register
from unitclient.domain.money import format_fen
from unitclient.errors import UserError
from unitclient.store.registers import list_entries
from unitclient.store.units import Unit
from unitclient.texts import language
from unitclient.workflows.desk import Desk

TRAIL = "trail"
"""The value under which an entry keeps the steps that the bureau took with it."""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One entry: its state by word and title, the values of the register's columns as shown, and all as kept.

    `at` is when the centre said so, RFC 3339.
    """

    key: str
    state: str
    state_title: str
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
    fields = _fields(desk, name)
    return [
        RegisterRow(
            key=entry.key,
            state=entry.state,
            state_title=register.state_title(entry.state),
            shown=tuple(
                trail_text(register, entry.values.get(column))
                if column == TRAIL
                else _shown(fields.get(column), entry.values.get(column))
                for column in register.columns
            ),
            values=entry.values,
            at=at,
        )
        for entry, at in list_entries(desk.store, unit.unit_number, name)
    ]


def trail_text(register: Register, trail: object) -> str:
    """The steps of the bureau's desk with an entry, the oldest first: when, what, and what was said."""
    steps = trail if isinstance(trail, list) else []
    return " → ".join(_step_text(register, step) for step in steps if isinstance(step, Mapping))


def _step_text(register: Register, told: Mapping[str, Any]) -> str:
    step = register.steps.get(str(told.get("step")))
    title = str(step.title) if step else str(told.get("step"))
    said = "，".join(str(value) for value in dict(told.get("said") or {}).values() if value)
    return f"{str(told.get('at'))[5:16].replace('T', ' ')} {title}{f'：{said}' if said else ''}"


def _fields(desk: Desk, register: str) -> dict[str, Field]:
    """By name, the fields of the forms that move a register: what its values are."""
    forms = [form for form in desk.catalog.forms.values() if any(move.register == register for move in form.moves)]
    return {field.name: field for form in forms for field in form.fields}


def _shown(field: Field | None, value: Any) -> str:
    if value is None:
        return ""
    if field is not None and field.type is FieldType.MONEY and isinstance(value, int):
        return format_fen(value)
    if field is not None and field.table is not None and isinstance(value, str):
        return field.table.label(value, language())
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
