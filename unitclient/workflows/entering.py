"""One row typed by hand: checked while it is typed, staged when it is saved, taken back when it was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from unitclient.catalog.checking import check_batch, check_row
from unitclient.catalog.context import CheckContext, CheckedRow
from unitclient.catalog.model import Form
from unitclient.domain.findings import Finding, has_errors
from unitclient.domain.period import Period
from unitclient.domain.roster import Person
from unitclient.store.items import Item, ItemState, cancel, items
from unitclient.store.registers import get_entry
from unitclient.store.staff import person, persons
from unitclient.store.staged import active_persons, has_key, has_open, open_count, open_of_person, staged_rows
from unitclient.store.staging import StagedRow, stage_items
from unitclient.store.units import Unit
from unitclient.workflows.attachments import Drawer
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import needs
from unitclient.workflows.roster import MOVING, in_order, open_changes, projected, staying
from unitclient.workflows.sheet_rows import effect_month
from unitclient.workflows.unit_insurances import insurances_now

_COUNTED = 1000
"""Up to this many persons and open rows, who is insured is counted exactly; beyond, it is certainly more than one."""


class Outcome(StrEnum):
    """What saving a typed row did."""

    NEW = "new"
    CHANGED = "changed"
    """It took the place of the pending row of the same key, or of the row that was edited."""
    SAME = "same"
    """The same row was there already."""
    REFUSED = "refused"
    """It has errors; nothing was written."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A row that was to be saved: as checked, with all findings, and what became of it."""

    row: CheckedRow
    findings: tuple[Finding, ...]
    outcome: Outcome


def entry_context(desk: Desk, unit: Unit, form: Form, period: Period) -> CheckContext:
    """What one typed row is checked against: the same as for a sheet, but read person by person as they are typed.

    Lives on the desk's thread. To be made anew when the data changes.
    """
    store, number = desk.store, unit.unit_number
    package = desk.policies_of(unit).package(unit.region)
    once_a_year = any(check.name == "once-a-year" for check in form.checks)

    @cache
    def known(person_id: str) -> Person | None:
        confirmed = person(store, number, person_id)
        changes = _changes_of(desk, number, person_id, form.id)
        return projected([confirmed] if confirmed else [], changes, desk.catalog).get(person_id)

    def is_open(form_id: str, key: str) -> bool:
        if has_key(store, number, form_id, key, ItemState.DECLARED):
            return True
        return once_a_year and form_id == form.id and has_key(store, number, form_id, key, ItemState.ACCEPTED)

    return CheckContext(
        today=desk.today(),
        period=period,
        unit_insurances=insurances_now(desk, unit),
        person=known,
        policy=lambda month: package.month(month) if package else None,
        is_open=is_open,
        entry=lambda register, key: get_entry(store, number, register, key),
        active_count=_active_count(desk, number, form),
        areas=desk.areas,
        file=Drawer(store, number).read,
    )


@needs("enter")
def stage_one(
    desk: Desk, unit: Unit, form: Form, raw: Mapping[str, object], period: Period, *, replaces: int | None = None
) -> Entered:
    """Check a typed row and stage it when it has no errors. Money in `raw` is in yuan, as typed.

    `replaces` is the id of the pending row being edited: it gives way, also when the key changes.
    """
    drawer = Drawer(desk.store, unit.unit_number)
    context = replace(entry_context(desk, unit, form, period), file=drawer.read)
    row = check_row(form, raw, context)
    findings = (*row.findings, *_together(desk, unit, form, row, context, replaces))
    if has_errors(findings):
        return Entered(row, findings, Outcome.REFUSED)
    with desk.store.write("items.enter", subject=form.id) as act:
        edited = _give_way(desk, row, replaces)
        drawer.keep(form, row.values)
        staged = StagedRow(row.key, row.person_id, effect_month(row.values), row.values, row.findings)
        counts = stage_items(desk.store, unit.unit_number, form.id, form.version, [staged])
        if counts.conflicts or (counts.unchanged and not edited):
            act.unchanged()
    if counts.conflicts:
        taken = Finding("B203", field=form.key[0])
        return Entered(row, (*findings, taken), Outcome.REFUSED)
    if counts.unchanged and not edited:
        return Entered(row, findings, Outcome.SAME)
    return Entered(row, findings, Outcome.CHANGED if edited or counts.updated else Outcome.NEW)


@needs("enter")
def withdraw(desk: Desk, form_id: str, ids: Sequence[int]) -> tuple[int, ...]:
    """Cancel pending rows of a form; gives the ids that were pending until now."""
    with desk.store.write("items.withdraw", subject=form_id) as act:
        waiting = tuple(item.id for item in _ordered(desk, ids) if item.state is ItemState.PENDING)
        cancel(desk.store, waiting)
        act.detail.update(cancelled=len(waiting))
        if not waiting:
            act.unchanged()
    return waiting


@needs("enter")
def put_back(desk: Desk, unit: Unit, form: Form, ids: Sequence[int]) -> int:
    """Stage cancelled rows again as they were (undo of `withdraw`); gives how many are waiting again.

    A key that has another open row by now keeps that one.
    """
    with desk.store.write("items.put-back", subject=form.id) as act:
        gone = [each for each in _ordered(desk, ids) if each.state is ItemState.CANCELLED and each.form == form.id]
        rows = [
            StagedRow(item.key, item.person_id, item.effect_month, item.values, item.findings, item.source_row)
            for item in gone
            if not has_open(desk.store, unit.unit_number, form.id, item.key)
        ]
        counts = stage_items(desk.store, unit.unit_number, form.id, form.version, rows)
        act.detail.update(restored=counts.inserted)
        if not counts.inserted:
            act.unchanged()
    return counts.inserted


def _together(
    desk: Desk, unit: Unit, form: Form, row: CheckedRow, context: CheckContext, replaces: int | None
) -> list[Finding]:
    """What the row does to the rows that wait already, by the checks over all of them."""
    if form.program.only_keys or has_errors(row.findings):
        return []
    waiting = [
        CheckedRow(dict(item.values), item.key, item.person_id, (), (), ())
        for item in items(desk.store, unit.unit_number, form.id, ItemState.PENDING)
        if item.key != row.key and item.id != replaces
    ]
    told = check_batch(form, [*waiting, row], context)
    return [each.finding for each in told if each.row in (-1, len(waiting))]


def _give_way(desk: Desk, row: CheckedRow, replaces: int | None) -> bool:
    """Take the edited row out of the way when its key is another one now; whether a row was being edited."""
    if replaces is None:
        return False
    edited = staged_rows(desk.store, [replaces]).get(replaces)
    if edited is None or edited.state is not ItemState.PENDING:
        return False
    if edited.key != row.key:
        cancel(desk.store, [replaces])
        return True
    return dict(edited.values) != row.values


def _changes_of(desk: Desk, unit: str, person_id: str, without: str) -> list[Item]:
    """Undecided rows about one person that move the roster, but those of the form `without`."""
    moving = {form.id for form in desk.catalog.forms.values() if form.effect in MOVING} - {without}
    return in_order(item for item in open_of_person(desk.store, unit, person_id) if item.form in moving)


def _active_count(desk: Desk, unit: str, form: Form) -> int:
    active = active_persons(desk.store, unit)
    if active + open_count(desk.store, unit) > _COUNTED:
        return max(active, 2)
    changes = open_changes(desk.store, desk.catalog, unit, without=form.id)
    people = projected(persons(desk.store, unit), changes, desk.catalog)
    return staying(people.values())


def _ordered(desk: Desk, ids: Sequence[int]) -> list[Item]:
    found = staged_rows(desk.store, ids)
    return [found[each] for each in ids if each in found]
