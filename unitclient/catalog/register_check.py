"""The check that a form with a [[register]] has by itself: the entry must be in a state in which the row may come."""

from __future__ import annotations

from unitclient.catalog.checks.registry import RowCheck
from unitclient.catalog.context import RowState, no_entry
from unitclient.catalog.registers import Register
from unitclient.domain.registers import ABSENT, Move

REGISTER_STATE, REGISTER_ABSENT = "REGISTER_STATE", "REGISTER_ABSENT"
"""The entry is in another state; there is no entry (and the business needs one)."""


def register_check(move: Move, register: Register) -> tuple[tuple[str, ...], RowCheck]:
    """(fields it needs, the check)."""
    name = move.shown_at

    def run(row: RowState) -> None:
        if row.context.entry is no_entry:
            return
        entry = row.context.entry(move.register, move.key_of(row.values))
        if move.takes(entry):
            return
        if entry is None or entry.state == ABSENT:
            row.refuse(REGISTER_ABSENT, name, register=str(register.title))
        else:
            row.refuse(REGISTER_STATE, name, register=str(register.title), state=register.state_title(entry.state))

    return move.key_fields, run
