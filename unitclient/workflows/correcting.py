"""Correct one business that the centre accepted (更正申报): new rows replace its rows whole.

The new rows are checked as if the earlier ones had never been accepted, here as at the centre.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from unitclient.catalog.context import CheckContext
from unitclient.catalog.model import Form
from unitclient.domain.registers import ABSENT, Entry
from unitclient.domain.roster import Person
from unitclient.domain.roster_undo import undo_change
from unitclient.errors import UserError
from unitclient.store.declarations import Declaration, get_declaration
from unitclient.store.items import Item, ItemState, items
from unitclient.store.staging import StagedRow, stage_items
from unitclient.store.units import Unit
from unitclient.sync.protocol import Acceptance, Money
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import needs
from unitclient.workflows.roster import staying

_TAKEN = (Acceptance.ACCEPTED, Acceptance.PARTLY)
_UNBILLED = (None, Money.ASSESSED)


def correctable(desk: Desk, unit: Unit, form: Form, declaration_id: str) -> Declaration:
    """The accepted declaration that a new one may replace.

    UserError declaration-unknown, correct-other-form, correct-too-late (not accepted, ended, or billed).
    """
    target = get_declaration(desk.store, declaration_id)
    if target is None or target.unit != unit.unit_number:
        raise UserError("declaration-unknown", id=declaration_id)
    if target.form != form.id or target.kind == "void":
        raise UserError("correct-other-form", id=declaration_id, form=str(form.title))
    if target.acceptance not in _TAKEN or target.money not in _UNBILLED:
        raise UserError("correct-too-late", id=declaration_id, number=target.acceptance_number or declaration_id)
    return target


@needs("prepare")
def rows_again(desk: Desk, unit: Unit, form: Form, declaration_id: str) -> int:
    """Stage the accepted rows of a declaration again, to be changed and declared as its correction; how many.

    A correction replaces the whole, so what was right has to be in it too. Rows of these keys that wait stay.
    """
    target = correctable(desk, unit, form, declaration_id)
    with desk.store.write("items.correct", subject=target.id) as act:
        waiting = {item.key for item in items(desk.store, unit.unit_number, form.id, ItemState.PENDING)}
        rows = [
            StagedRow(item.key, item.person_id, item.effect_month, item.values, (), item.source_row)
            for item in _accepted(desk, target)
            if item.key not in waiting
        ]
        counts = stage_items(desk.store, unit.unit_number, form.id, form.version, rows)
        act.detail.update(rows=counts.inserted)
    return counts.inserted


def correction_context(desk: Desk, form: Form, context: CheckContext, target: Declaration) -> CheckContext:
    """What rows that replace the target are checked against: the same, without what the target did."""
    done = _accepted(desk, target)
    by_person = {item.person_id: item for item in done}
    keys = {item.key for item in done}
    moved = {(move.register, move.key_of(item.values)): move for item in done for move in form.moves}

    def person(person_id: str) -> Person | None:
        known, item = context.person(person_id), by_person.get(person_id)
        return known if known is None or item is None else undo_change(known, form.effect, item.values)

    def entry(register: str, key: str) -> Entry | None:
        move = moved.get((register, key))
        if move is None:
            return context.entry(register, key)
        # Which of the states it was in only the centre knows: any of them takes the row.
        return None if ABSENT in move.sources else Entry(register, key, min(move.sources))

    return replace(
        context,
        unit_insurances=_insurances_before(desk, form, context, done),
        person=person,
        entry=entry,
        is_open=lambda form_id, key: (form_id != form.id or key not in keys) and context.is_open(form_id, key),
        active_count=context.active_count + sum(_gained(context, person, each) for each in by_person),
    )


def _insurances_before(desk: Desk, form: Form, context: CheckContext, done: list[Item]) -> tuple[str, ...]:
    """What the unit took part in before the target took insurances up or gave them up."""
    before = list(context.unit_insurances)
    for move in form.moves:
        insured = desk.catalog.registers[move.register].insured
        keys = [move.key_of(item.values) for item in done] if insured else []
        before = [name for name in before if name not in keys]
        before += [] if move.target in insured else keys
    return tuple(before)


def _gained(context: CheckContext, before: Callable[[str], Person | None], person_id: str) -> int:
    """One more insured person without the target's row, one less, or as many."""
    told = (before(person_id), context.person(person_id))
    with_it, without = (staying([person]) if person else 0 for person in told)
    return with_it - without


def _accepted(desk: Desk, target: Declaration) -> list[Item]:
    return items(desk.store, target.unit, target.form, ItemState.ACCEPTED, declaration_id=target.id)
