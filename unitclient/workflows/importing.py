"""Import a spreadsheet: good rows are staged, bad ones come back in an error workbook to be mended and read again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from unitclient.catalog.context import CheckContext, nothing_open
from unitclient.catalog.model import Form
from unitclient.domain.findings import Finding
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.sheets.error_workbook import write_error_workbook
from unitclient.sheets.model import Chosen, RefusedRow, SheetRead
from unitclient.sheets.reader import read_sheet
from unitclient.store.attachments import get_attachment
from unitclient.store.items import ItemState, keys_in
from unitclient.store.registers import entry_reader
from unitclient.store.staff import persons
from unitclient.store.staging import StagedRow, stage_items
from unitclient.store.units import Unit
from unitclient.workflows.attachments import Drawer
from unitclient.workflows.correcting import correctable, correction_context
from unitclient.workflows.desk import Count, Desk, no_count, unhindered
from unitclient.workflows.files import keep_aside, refuse_unwritable
from unitclient.workflows.rights import needs
from unitclient.workflows.roster import open_changes, projected, staying
from unitclient.workflows.sheet_rows import RowsOfSheet, by_place
from unitclient.workflows.unit_insurances import insurances_now


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, in rows. `taken` are new and changed ones, `unchanged` were here already.

    `findings` have their places; `error_workbook` is where the refused rows are, when there are any.
    """

    read: int
    taken: int
    updated: int
    unchanged: int
    refused: int
    findings: tuple[Finding, ...]
    defaulted: tuple[str, ...]
    """Titles of fields that the program filled in."""
    consequences: tuple[str, ...]
    """What values of these rows bring with them, each sentence once."""
    error_workbook: Path | None


@needs("enter")
def import_form(
    desk: Desk,
    unit: Unit,
    form_id: str,
    path: Path,
    *,
    errors_out: Path | None = None,
    period: Period | None = None,
    chosen: Chosen | None = None,
    count: Count = no_count,
    correct: str = "",
) -> ImportResult:
    """Read a sheet for a form, check every row, stage the good ones in one transaction.

    `chosen` says how the sheet is laid out where its titles do not. `correct` is the id of an accepted declaration
    that these rows are to replace: they are checked as if it had not been accepted.

    Raises UserError for a file that cannot be read at all, a form that is not filled from sheets, and an error
    workbook that could not be written: all of that before a row is taken.
    """
    form = desk.catalog.form(form_id)
    if not form.importable:
        raise UserError("form-not-importable", form=str(form.title))
    _refuse_files(path, errors_out)
    drawer = Drawer(desk.store, unit.unit_number, path.parent)
    target = correctable(desk, unit, form, correct) if correct else None
    month = Period.parse(target.period) if target else period or Period.of(desk.today())
    context = replace(check_context(desk, unit, form, month), file=drawer.read)
    if target is not None:
        context = correction_context(desk, form, context, target)
    sheet = read_sheet(path, form, unit_number=unit.unit_number, period=period, chosen=chosen)
    rows = RowsOfSheet(form, sheet, context, count)
    with unhindered(), desk.store.write("items.stage", subject=form.id) as act:
        counts = stage_items(
            desk.store,
            unit.unit_number,
            form.id,
            form.version,
            _with_files(rows, form, drawer),
            source_sha256=sheet.digest,
            on_conflict=rows.refuse_conflict,
        )
        act.detail.update(inserted=counts.inserted, updated=counts.updated, unchanged=counts.unchanged)
        # Inside: rows are taken only when those that were not are safely given back.
        given_back = _give_back(desk, sheet, rows.refused, path, errors_out)
    return ImportResult(
        read=rows.total,
        taken=counts.inserted + counts.updated,
        updated=counts.updated,
        unchanged=counts.unchanged,
        refused=len(rows.refused),
        findings=(*sheet.findings, *sorted(rows.findings, key=by_place)),
        defaulted=tuple(str(form.field(name).title) for name in rows.defaulted),
        consequences=tuple(form.say(key) for key in rows.consequences),
        error_workbook=given_back,
    )


def check_context(desk: Desk, unit: Unit, form: Form, period: Period) -> CheckContext:
    """What rows of a form are checked against at this desk.

    An enrolment meets the confirmed roster only: a pending row of the same person is replaced by the new one.
    """
    known = persons(desk.store, unit.unit_number)
    changes = open_changes(desk.store, desk.catalog, unit.unit_number, without=form.id)
    people = projected(known, changes, desk.catalog)
    taken = keys_in(desk.store, unit.unit_number, ItemState.DECLARED)
    if any(check.name == "once-a-year" for check in form.checks):
        taken |= keys_in(desk.store, unit.unit_number, ItemState.ACCEPTED, form.id)
    package = desk.policies_of(unit).package(unit.region)
    return CheckContext(
        today=desk.today(),
        period=period,
        unit_insurances=insurances_now(desk, unit),
        person=people.get,
        policy=lambda month: package.month(month) if package else None,
        is_open=(lambda form_id, key: (form_id, key) in taken) if taken else nothing_open,
        entry=entry_reader(desk.store, unit.unit_number),
        active_count=staying(people.values()),
        areas=desk.areas,
        file=lambda name: get_attachment(desk.store, unit.unit_number, name),
    )


def _with_files(rows: RowsOfSheet, form: Form, drawer: Drawer) -> Iterator[StagedRow]:
    """The good rows, each after its files are kept."""
    for row in rows.good():
        drawer.keep(form, row.values)
        yield row


def _give_back(
    desk: Desk, sheet: SheetRead, refused: list[RefusedRow], path: Path, errors_out: Path | None
) -> Path | None:
    if not refused:
        return None
    out = errors_out or desk.exports / _errors_name(path)
    refused.sort(key=lambda row: row.number)
    keep_aside(out, desk.store.now())
    try:
        write_error_workbook(path, sheet, refused, out)
    except OSError as failure:
        raise UserError("file-unwritable", path=out) from failure
    return out


def _refuse_files(path: Path, errors_out: Path | None) -> None:
    """UserError for a sheet that is not there and an error workbook that must not or cannot be written."""
    if path.is_dir():
        raise UserError("file-is-folder", path=path)
    if not path.is_file():
        raise UserError("file-missing", path=path)
    if errors_out is None:
        return
    if errors_out.exists() and errors_out.samefile(path):
        raise UserError("errors-over-source", path=path)
    if errors_out.suffix.lower() != ".xlsx":
        raise UserError("errors-not-xlsx", path=errors_out)
    refuse_unwritable(errors_out)


def _errors_name(path: Path) -> str:
    """The error workbook of staff.xlsx is staff-errors.xlsx; that of staff-errors.xlsx is staff-errors-2.xlsx."""
    match = re.fullmatch(r"(?P<stem>.*)-errors(-(?P<number>[1-9][0-9]?))?", path.stem)
    if match is None:
        return f"{path.stem}-errors.xlsx"
    return f"{match['stem']}-errors-{int(match['number'] or 1) + 1}.xlsx"
