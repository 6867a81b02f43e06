"""Rows that move registers and cost something: what a form's [[register]] and [charge] mean at the centre."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from unitclient.catalog.model import Charge, Form
from unitclient.catalog.register_check import REGISTER_ABSENT, REGISTER_STATE
from unitclient.catalog.registers import Register
from unitclient.central.decision import ChargeLine, Decision
from unitclient.central.registers import Registers
from unitclient.domain.back_payment import months_between
from unitclient.domain.period import Period
from unitclient.domain.registers import ABSENT, Entry, Move

NO_PLACE = "NO_PLACE"
"""As many entries as fit are there already (an appointment's slot)."""


class Mover:
    """Moves the registers for the rows of one submission."""

    def __init__(self, form: Form, kinds: Mapping[str, Register], registers: Registers) -> None:
        self._form = form
        self._kinds = kinds
        self._registers = registers

    def refuse(self, index: int, values: Mapping[str, Any], decision: Decision) -> bool:
        """Whether a row cannot move what it would; earlier rows of the same submission count."""
        refused = False
        for move in self._form.moves:
            kind, name = self._kinds[move.register], move.shown_at
            entry = self._registers.get(move.register, move.key_of(values))
            if not move.takes(entry):
                state = ABSENT if entry is None else entry.state
                code = REGISTER_STATE if state else REGISTER_ABSENT
                shown = {"state": kind.state_title(state)} if state else {}
                decision.refuse(index, code, name, register=str(kind.title), **shown)
                refused = True
            elif self._full(move, kind, values):
                decision.refuse(index, NO_PLACE, name, register=str(kind.title))
                refused = True
        return refused

    def apply(self, values: Mapping[str, Any], decision: Decision) -> None:
        """Move every register of the form."""
        for move in self._form.moves:
            place = (move.register, move.key_of(values))
            entry = self._registers.get(*place)
            after = self._shared(entry, move.apply(entry, values))
            before = decision.entries[place][0] if place in decision.entries else entry
            decision.entries[place] = (before, after)
            self._registers.put(after)

    def _shared(self, before: Entry | None, after: Entry) -> Entry:
        """A new entry of what another unit has already: the known values and state are taken over."""
        shared = self._kinds[after.register].shared
        if shared is None or before is not None:
            return after
        known = self._registers.elsewhere(after.register, after.key, shared.state)
        if known is None or any(known.values.get(name) != after.values.get(name) for name in shared.same):
            return after
        given = {name: known.values[name] for name in shared.gives if name in known.values}
        return Entry(after.register, after.key, shared.state, {**after.values, **given})

    def _full(self, move: Move, kind: Register, values: Mapping[str, Any]) -> bool:
        places = kind.places
        if places is None or move.target not in places.states:
            return False
        by = {name: values.get(name) for name in places.by}
        return self._registers.taken(move.register, by, places.states, but=move.key_of(values)) >= places.most


def charge_lines(form: Form, index: int, values: Mapping[str, Any], period: Period) -> Iterator[ChargeLine]:
    """What an accepted row costs, by insurance and month."""
    charge = form.charge
    if charge is None:
        return
    first = Period.parse(values[charge.first]) if charge.first else period
    last = Period.parse(values[charge.last]) if charge.last else first
    for month in months_between(first, last):
        for insurance, fen in _amounts(form, charge, values):
            unit_fen, person_fen = (0, fen) if charge.person_pays else (fen, 0)
            account_fen = (fen * charge.account.get(insurance, 0) + 500) // 1000
            person = str(values.get("id_number") or "") if charge.person_pays else ""
            yield ChargeLine(index, insurance, str(month), unit_fen, person_fen, person, account_fen)


def _amounts(form: Form, charge: Charge, values: Mapping[str, Any]) -> list[tuple[str, int]]:
    if not charge.tiers:
        return [(charge.insurance, int(values[charge.amount]))]
    table = form.field(charge.tiers).table
    row = table.row(str(values[charge.tiers])) if table is not None else None
    assert row is not None, "a code was read by its table"
    return [(name.removesuffix("_fen"), int(fen)) for name, fen in row.extra.items() if name.endswith("_fen")]
