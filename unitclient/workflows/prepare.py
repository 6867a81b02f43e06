"""Prepare a month: the pending rows of every form become declarations, and the monthly declaration counts on them.

Nothing is sent and nothing is signed here. Preparing again replaces drafts that nobody has signed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.catalog.checking import check_batch, recheck_row
from unitclient.catalog.checks.registry import ALL_ROWS
from unitclient.catalog.model import Form
from unitclient.domain.findings import Finding, Severity, has_errors
from unitclient.domain.period import Period
from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.store.declarations import (
    Declaration,
    add_declaration,
    find_declarations,
    get_declaration,
    set_transport,
)
from unitclient.store.items import Item, ItemState, items, mark_declared, reopen
from unitclient.store.overview import briefs
from unitclient.store.staff import persons
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.sync import protocol
from unitclient.sync.protocol import Acceptance
from unitclient.texts import say
from unitclient.workflows.attachments import fitting
from unitclient.workflows.correcting import correction_context
from unitclient.workflows.desk import Desk, unhindered
from unitclient.workflows.difference import Change, difference
from unitclient.workflows.elsewhere import declared_elsewhere
from unitclient.workflows.importing import check_context
from unitclient.workflows.lines import COLUMNS, MONTHLY, MonthLines, Totals, month_lines
from unitclient.workflows.pen_state import refuse_without_pen
from unitclient.workflows.rights import needs, operator_name
from unitclient.workflows.roster import MOVING, in_order, open_changes, projected, takes_effect_by

MONTHS_BACK, MONTHS_AHEAD = 36, 3
"""How far from today a month may lie before `prepare` asks whether it is meant."""
UNSIGNED = (Transport.DRAFT, Transport.CHECKED, Transport.REVIEWED)
OVER = (Acceptance.RETURNED, Acceptance.VOIDED, Acceptance.REPLACED)
"""Decisions after which a declaration counts no more."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A prepared month. `declaration_id` is the monthly declaration, `requires` the declarations it counts on.

    `lines` are its rows (person x insurance); `others` counts rows of the required declarations by their ids.
    """

    declaration_id: str
    period: Period
    lines: int
    persons: int
    totals: Totals
    difference: tuple[Change, ...]
    findings: tuple[Finding, ...]
    requires: tuple[str, ...]
    others: tuple[tuple[str, str, int], ...]
    """(declaration id, form id, rows)."""


@needs("prepare")
@unhindered()
def prepare_month(desk: Desk, unit: Unit, period: Period, *, correct: bool = False) -> Prepared:
    """Make the month's declarations from what is pending and what the roster says.

    UserError month-already-declared or, from another computer, month-declared-elsewhere when the centre holds a
    declaration of the month (unless `correct`), month-on-its-way when a signed one waits to be sent, pen-elsewhere,
    correct-nothing when there is nothing to correct.
    """
    refuse_without_pen(desk, unit)
    before = _declared(desk, unit, period, correct)
    policy = desk.policy(unit, period)
    with desk.store.write("month.prepare", subject=str(period)) as act:
        drop_drafts(desk, unit, str(period))
        earlier = open_changes(desk.store, desk.catalog, unit.unit_number, period, states=(ItemState.DECLARED,))
        others, taken, findings = _declare_pending(desk, unit, period)
        changes = in_order((*earlier, *taken))
        people = projected(persons(desk.store, unit.unit_number), changes, desk.catalog)
        lines = month_lines((people[number] for number in sorted(people)), policy)
        requires = tuple(_required(desk, earlier, others))
        monthly = _monthly(desk, unit, period, lines, requires, before)
        add_declaration(desk.store, monthly)
        set_transport(desk.store, monthly.id, Transport.CHECKED)
        act.detail.update(lines=len(lines.rows), declarations=len(others) + 1)
        moved = difference(last_lines(desk, unit, period), lines.rows)
    findings = (*_far_off(desk, period), *findings)
    if not lines.rows:
        findings = (*findings, Finding("EMPTY_MONTH", Severity.NOTICE, params={"period": str(period)}))
    return Prepared(
        monthly.id,
        period,
        len(lines.rows),
        len({row[0] for row in lines.rows}),
        lines.totals,
        moved,
        (*findings, *lines.findings),
        requires,
        tuple((made.id, made.form, made.row_count) for made in others),
    )


def refuse_declared(desk: Desk, unit: Unit, period: Period) -> None:
    """What `prepare_month` would end with, before any work.

    UserError month-already-declared, month-declared-elsewhere or month-on-its-way.
    """
    _declared(desk, unit, period, correct=False)


def _declared(desk: Desk, unit: Unit, period: Period, correct: bool) -> str | None:
    """Id of the declaration of the month that a new one would correct, wherever it was made."""
    standing = None
    for known in find_declarations(desk.store, unit.unit_number, period=str(period), form=MONTHLY, payloads=False):
        if known.kind == "void" or known.acceptance in OVER:
            continue
        # What the centre decided on stands, also where this home was restored from before it was signed.
        if known.acceptance is None and known.transport in (Transport.WITHDRAWN, *UNSIGNED):
            continue
        if known.acceptance is None and known.transport is not Transport.DELIVERED:
            state = say(f"transport-{known.transport.value}")
            raise UserError("month-on-its-way", period=period, id=known.id, state=state)
        standing = known
    if standing is not None and not correct:
        raise UserError("month-already-declared", period=period, number=standing.acceptance_number or standing.id)
    other = declared_elsewhere(desk, unit, MONTHLY, str(period)) if standing is None else None
    if other is not None and not correct:
        raise UserError("month-declared-elsewhere", period=period, number=other.number)
    if standing is None and other is None and correct:
        raise UserError("correct-nothing", period=period)
    return standing.id if standing else other.submission_id if other else None


def _far_off(desk: Desk, period: Period) -> tuple[Finding, ...]:
    """A month far from today is likely a slip of the keyboard; it may be declared, but not unseen."""
    months = period - Period.of(desk.today())
    if -MONTHS_BACK <= months <= MONTHS_AHEAD:
        return ()
    return (Finding("PERIOD_FAR", Severity.WARNING, params={"period": str(period)}),)


def drop_drafts(desk: Desk, unit: Unit, period: str) -> None:
    """Undo what was prepared for a month and not signed, inside a write; its rows wait again."""
    for known in find_declarations(desk.store, unit.unit_number, period=period, payloads=False):
        if known.transport in UNSIGNED and known.kind != "void" and known.acceptance is None:
            reopen(desk.store, known.id)
            set_transport(desk.store, known.id, Transport.WITHDRAWN, note="prepared-again")


def _declare_pending(
    desk: Desk, unit: Unit, period: Period
) -> tuple[list[Declaration], list[Item], tuple[Finding, ...]]:
    """Declarations of the pending rows, the rows they took that move the roster, and what was found."""
    waiting: dict[str, list[Item]] = {}
    for item in items(desk.store, unit.unit_number, state=ItemState.PENDING):
        form = desk.catalog.forms.get(item.form)
        if form is not None and takes_effect_by(item, period):
            waiting.setdefault(item.form, []).append(item)
    made: list[Declaration] = []
    moving: list[Item] = []
    findings: list[Finding] = []
    order = list(ChangeKind)
    for form_id in sorted(waiting, key=lambda name: (order.index(desk.catalog.forms[name].effect), name)):
        form = desk.catalog.forms[form_id]
        declaration, taken, told = declare_items(desk, unit, form, waiting[form_id], period, made)
        findings += told
        if declaration is not None:
            made.append(declaration)
            moving += taken if form.effect in MOVING else ()
    return made, moving, tuple(findings)


def declare_items(
    desk: Desk,
    unit: Unit,
    form: Form,
    pending: Sequence[Item],
    period: Period,
    earlier: Sequence[Declaration],
    *,
    corrects: Declaration | None = None,
) -> tuple[Declaration | None, list[Item], list[Finding]]:
    """A declaration of the rows that still pass the checks, and those rows; the others stay pending, told about.

    Inside a write. `earlier` are declarations that must be decided first, `corrects` the one these rows replace.
    """
    context = check_context(desk, unit, form, period)
    if corrects is not None:
        context = correction_context(desk, form, context, corrects)
    good: list[Item] = []
    checked = []
    findings: list[Finding] = []
    for item in pending:
        row = recheck_row(form, item.values, context)
        if has_errors(row.findings):
            findings += row.findings
            continue
        good.append(item)
        checked.append(row)
    wrong = {told.row: told.finding for told in check_batch(form, checked, context)
             if told.finding.severity is Severity.ERROR}  # fmt: skip
    if ALL_ROWS in wrong:
        # Row by row they may be right, also when they came in several sheets; together they may not be sent.
        findings.append(wrong[ALL_ROWS])
        return None, [], findings
    good = [item for index, item in enumerate(good) if index not in wrong]
    if not good:
        return None, [], findings
    room = fitting(desk, unit.unit_number, form, good)
    if room < len(good):
        findings.append(Finding("FILES_LATER", Severity.NOTICE, params={"rows": str(len(good) - room)}))
        good = good[:room]
    columns = tuple(field.name for field in form.fields if not field.local)
    rows = tuple(tuple(map(item.values.get, columns)) for item in good)
    requires = tuple(other.id for other in earlier)
    more = {"kind": "correction", "supersedes": corrects.id} if corrects else {}
    declaration = new_declaration(desk, unit, form, period, columns, rows, requires=requires, **more)
    add_declaration(desk.store, declaration)
    set_transport(desk.store, declaration.id, Transport.CHECKED)
    mark_declared(desk.store, [item.id for item in good], declaration.id)
    return declaration, good, findings


def _required(desk: Desk, earlier: Iterable[Item], made: Sequence[Declaration]) -> list[str]:
    """Every undecided declaration whose rows the lines count on, those made just now first."""
    required = {declaration.id: None for declaration in made if desk.catalog.forms[declaration.form].effect in MOVING}
    for change in earlier:
        if change.declaration_id:
            required[change.declaration_id] = None
    return list(required)


def _monthly(
    desk: Desk, unit: Unit, period: Period, lines: MonthLines, requires: tuple[str, ...], before: str | None
) -> Declaration:
    policy = desk.policy(unit, period)
    return new_declaration(
        desk,
        unit,
        desk.catalog.form(MONTHLY),
        period,
        COLUMNS,
        lines.rows,
        requires=requires,
        totals=lines.totals,
        policy={"region": policy.region, "id": policy.id, "sha256": policy.sha256},
        kind="correction" if before else "original",
        supersedes=before,
    )


def new_declaration(
    desk: Desk,
    unit: Unit,
    form: Form,
    period: Period,
    columns: tuple[str, ...],
    rows: tuple[tuple[Any, ...], ...],
    **more: Any,
) -> Declaration:
    """A declaration of these rows, not yet in the store. `more` are further members of the header."""
    now = desk.now()
    header = protocol.Header(
        submission_id=uuid7(now),
        service=unit.service,
        unit_number=unit.unit_number,
        uscc=unit.uscc,
        form=form.id,
        form_version=form.version,
        period=str(period),
        prepared_at=now.isoformat(timespec="seconds"),
        operator=operator_name(desk.store, unit),
        row_count=len(rows),
        **more,
    )
    return Declaration(
        id=header.submission_id,
        unit=unit.unit_number,
        form=form.id,
        form_version=form.version,
        period=str(period),
        payload=protocol.Declaration(header, columns, rows).to_bytes(),
        row_count=len(rows),
        prepared_at=now,
        kind=header.kind,
        supersedes=header.supersedes,
        requires=header.requires,
        totals=header.totals,
    )


_TAKEN = (Acceptance.ACCEPTED, Acceptance.PARTLY, Acceptance.RECEIVED)


def last_declaration(known: Iterable[Declaration], period: Period) -> Declaration | None:
    """The newest monthly declaration before a period that the centre took: what a month is compared with, or None."""
    newest: Declaration | None = None
    for one in known:
        taken = one.form == MONTHLY and one.kind != "void" and one.acceptance in _TAKEN and one.period < str(period)
        if taken and (newest is None or one.period >= newest.period):
            newest = one
    return newest


def last_lines(desk: Desk, unit: Unit, period: Period) -> tuple[tuple[Any, ...], ...]:
    """Lines of the newest monthly declaration before a period that the centre took, or none."""
    brief = last_declaration(briefs(desk.store, unit.unit_number), period)
    whole = get_declaration(desk.store, brief.id) if brief else None
    with unhindered():
        return protocol.Declaration.from_bytes(whole.payload).rows if whole else ()


@needs("prepare")
def prepare_void(desk: Desk, unit: Unit, declaration_id: str) -> Declaration:
    """A declaration that voids another (作废申报). UserError declaration-unknown, void-too-late, pen-elsewhere."""
    target = get_declaration(desk.store, declaration_id)
    if target is None or target.unit != unit.unit_number:
        raise UserError("declaration-unknown", id=declaration_id)
    if target.transport is not Transport.DELIVERED or target.acceptance in OVER or target.money not in VOIDABLE:
        raise UserError(
            "void-too-late", id=declaration_id, acceptance=target.acceptance or "", money=target.money or ""
        )
    refuse_without_pen(desk, unit)
    form = desk.catalog.form(target.form, target.form_version)
    columns = protocol.Declaration.from_bytes(target.payload).columns
    voiding = new_declaration(
        desk, unit, form, Period.parse(target.period), columns, (), kind="void", supersedes=target.id
    )
    with desk.store.write("declaration.void", subject=target.id):
        add_declaration(desk.store, voiding)
        set_transport(desk.store, voiding.id, Transport.CHECKED)
    return voiding


VOIDABLE = (None, "assessed", "billed", "debit-failed", "refund-failed")
"""Money states in which a declaration may still be voided: before any money moved."""


def uuid7(now: datetime) -> str:
    """A UUIDv7 (RFC 9562): milliseconds of the time, then 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    random = int.from_bytes(os.urandom(10), "big")
    value = milliseconds << 80 | 7 << 76 | (random >> 68 & 0xFFF) << 64 | 2 << 62 | random & ((1 << 62) - 1)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
