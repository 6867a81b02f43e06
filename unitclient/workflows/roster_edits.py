"""Changes made in the roster itself: wages typed, pasted or set for many at once, people pasted in, departments.

A wage becomes a row of the form `base-change`, somebody unknown a row of `enrol`, each checked as a sheet's row is and
staged like one. Whatever was done can be undone until it is declared: what was there before is handed back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from unitclient.catalog.checking import check_row
from unitclient.catalog.context import CheckContext, CheckedRow
from unitclient.catalog.model import FieldType, Form
from unitclient.domain.findings import Finding, has_errors
from unitclient.domain.money import format_fen
from unitclient.domain.period import Period
from unitclient.store.items import Item, ItemState, cancel, items
from unitclient.store.person_notes import catch_up, set_departments
from unitclient.store.staged import open_of_key
from unitclient.store.staging import StagedRow, stage_items
from unitclient.store.units import Unit
from unitclient.workflows.desk import Count, Desk, no_count, unhindered
from unitclient.workflows.entering import entry_context
from unitclient.workflows.importing import check_context
from unitclient.workflows.rights import needs
from unitclient.workflows.sheet_rows import effect_month

WAGE_FORM, ENROL_FORM = "base-change", "enrol"
_MANY = 200
"""From here on people are read all at once instead of one by one."""
_TOLD_EVERY = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """One row that somebody wants: `raw` as typed (money in yuan). `label` names it where it came from (row 3)."""

    form: str
    raw: Mapping[str, object]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A wish that was not taken, and why."""

    wish: Wish
    person_id: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a key had before and has now: a pending row, or nothing."""

    form: str
    key: str
    before: StagedRow | None
    after: StagedRow | None


@dataclass(slots=True)
class Edited:
    """What became of wishes. `steps` are what undoing takes back."""

    steps: list[Step] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    same: int = 0
    noticed: list[Finding] = field(default_factory=list)
    """Warnings and notices of rows that were taken."""
    moved: dict[str, tuple[str, str]] = field(default_factory=dict)
    """{ID number: (department before, department now)} of people who were moved along."""


@needs("enter")
def edit_roster(
    desk: Desk,
    unit: Unit,
    wishes: Sequence[Wish],
    period: Period,
    *,
    departments: Mapping[str, str] | None = None,
    count: Count = no_count,
) -> Edited:
    """Check and stage wishes, and move people into departments ({ID number: department}), all in one transaction."""
    edited = Edited()
    by_form: dict[str, list[Wish]] = {}
    for wish in wishes:
        by_form.setdefault(wish.form, []).append(wish)
    with unhindered(), desk.store.write("roster.edit", subject=unit.unit_number) as act:
        for form_id, wanted in by_form.items():
            _stage(desk, unit, desk.catalog.form(form_id), wanted, period, edited, count)
        catch_up(desk.store, unit.unit_number)
        edited.moved = _move(desk, unit, departments or {})
        act.detail.update(staged=len(edited.steps), refused=len(edited.refused), moved=len(edited.moved))
        if not edited.steps and not edited.moved:
            act.unchanged()
    return edited


@needs("enter")
def take_back(desk: Desk, unit: Unit, steps: Sequence[Step]) -> int:
    """Undo: every key gets back what it had before; gives how many did. A row declared since then stays."""
    return _set(desk, unit, "roster.undo", [(step, step.before) for step in steps])


@needs("enter")
def do_again(desk: Desk, unit: Unit, steps: Sequence[Step]) -> int:
    """Redo what `take_back` took back."""
    return _set(desk, unit, "roster.redo", [(step, step.after) for step in steps])


@needs("enter")
def clear(desk: Desk, unit: Unit, rows: Iterable[Item]) -> list[Step]:
    """Take pending rows back; gives the steps that undoing takes."""
    steps = [Step(row.form, row.key, _as_staged(row), None) for row in rows if row.state is ItemState.PENDING]
    do_again(desk, unit, steps)
    return steps


@needs("enter")
def move_people(desk: Desk, unit: Unit, departments: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Put people into departments by ID number; gives (before, now) of those who moved."""
    with desk.store.write("roster.department", subject=unit.unit_number) as act:
        catch_up(desk.store, unit.unit_number)
        moved = _move(desk, unit, departments)
        act.detail.update(moved=len(moved))
        if not moved:
            act.unchanged()
    return moved


def _move(desk: Desk, unit: Unit, departments: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    before = set_departments(desk.store, unit.unit_number, departments)
    return {number: (was, departments[number]) for number, was in before.items()}


def wage_wish(
    desk: Desk, id_number: str, name: str, wage: str, period: Period, reason: str = "", label: str = ""
) -> Wish:
    """The wish for another wage of a known person from a month on; without a reason it is the form's first one."""
    table = desk.catalog.form(WAGE_FORM).field("reason").table
    given = reason or (table.rows[0].code if table is not None else "")
    raw = {"id_number": id_number, "name": name, "wage": wage, "start_month": str(period), "reason": given}
    return Wish(WAGE_FORM, raw, label)


def again(form: Form, item: Item, changes: Mapping[str, object], label: str = "") -> Wish:
    """The wish for a pending row with other values in some fields (as typed)."""
    raw: dict[str, object] = {
        field.name: format_fen(value) if field.type is FieldType.MONEY and isinstance(value, int) else value
        for field in form.fields
        if (value := item.values.get(field.name)) is not None
    }
    return Wish(form.id, {**raw, **changes}, label)


def _stage(
    desk: Desk, unit: Unit, form: Form, wishes: Sequence[Wish], period: Period, edited: Edited, count: Count
) -> None:
    many = len(wishes) > _MANY
    context = (check_context if many else entry_context)(desk, unit, form, period)
    good: dict[str, StagedRow] = {}
    by_key: dict[str, Wish] = {}
    for number, wish in enumerate(wishes, start=1):
        if number % _TOLD_EVERY == 0:
            count(number, len(wishes))
        _check(form, wish, context, edited, good, by_key)
    before = _pending(desk, unit, form, good, many)
    counts = stage_items(desk.store, unit.unit_number, form.id, form.version, good.values())
    for conflict in counts.conflicts:
        wish, row = by_key[conflict.key], good.pop(conflict.key)
        edited.refused.append(Refused(wish, row.person_id, (Finding("B203", field=form.key[0]),)))
    for key, row in good.items():
        held = before.get(key)
        if held is not None and dict(held.values) == dict(row.values):
            edited.same += 1
        else:
            edited.steps.append(Step(form.id, key, held, row))


def _check(
    form: Form, wish: Wish, context: CheckContext, edited: Edited, good: dict[str, StagedRow], by_key: dict[str, Wish]
) -> None:
    row = check_row(form, wish.raw, context)
    if has_errors(row.findings):
        edited.refused.append(Refused(wish, row.person_id or str(wish.raw.get("id_number", "")), row.findings))
    elif row.key in good:
        first = {"first": by_key[row.key].label or by_key[row.key].raw.get("name", "")}
        twice = Finding("DUPLICATE_ROW", field=form.key[0], params={"first": str(first["first"])})
        edited.refused.append(Refused(wish, row.person_id, (twice,)))
    else:
        edited.noticed += row.findings
        good[row.key] = _staged(row)
        by_key[row.key] = wish


def _staged(row: CheckedRow) -> StagedRow:
    return StagedRow(row.key, row.person_id, effect_month(row.values), row.values, row.findings)


def _pending(desk: Desk, unit: Unit, form: Form, good: Mapping[str, StagedRow], many: bool) -> dict[str, StagedRow]:
    """What the keys have now: their pending rows."""
    number = unit.unit_number
    if many:
        found: Iterable[Item] = items(desk.store, number, form.id, ItemState.PENDING)
    else:
        found = (item for key in good for item in open_of_key(desk.store, number, form.id, key))
    return {item.key: _as_staged(item) for item in found if item.key in good and item.state is ItemState.PENDING}


def _as_staged(item: Item) -> StagedRow:
    return StagedRow(item.key, item.person_id, item.effect_month, item.values, item.findings, item.source_row)


def _set(desk: Desk, unit: Unit, act_name: str, wanted: Sequence[tuple[Step, StagedRow | None]]) -> int:
    """Make keys have these rows, or none."""
    by_form: dict[str, list[tuple[Step, StagedRow | None]]] = {}
    for step, row in wanted:
        by_form.setdefault(step.form, []).append((step, row))
    done = 0
    with unhindered(), desk.store.write(act_name, subject=unit.unit_number) as act:
        for form_id, steps in by_form.items():
            done += _set_form(desk, unit, desk.catalog.form(form_id), steps)
        catch_up(desk.store, unit.unit_number)
        act.detail.update(rows=done)
        if not done:
            act.unchanged()
    return done


def _set_form(desk: Desk, unit: Unit, form: Form, steps: Sequence[tuple[Step, StagedRow | None]]) -> int:
    number = unit.unit_number
    gone = [
        item.id
        for step, row in steps
        if row is None
        for item in open_of_key(desk.store, number, form.id, step.key)
        if item.state is ItemState.PENDING
    ]
    counts = stage_items(desk.store, number, form.id, form.version, [row for _, row in steps if row is not None])
    return cancel(desk.store, gone) + counts.inserted + counts.updated
