"""Import a spreadsheet: good rows are staged, bad ones come back in an error workbook to be mended and read again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unitclient.catalog.checking import check_batch, check_row
from unitclient.catalog.context import CheckContext, CheckedRow
from unitclient.catalog.model import Form
from unitclient.domain.findings import Finding, Place, Severity, has_errors
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.sheets.error_workbook import write_error_workbook
from unitclient.sheets.model import RefusedRow, SheetRead, SourceRow
from unitclient.sheets.reader import read_sheet
from unitclient.store.items import ItemState, keys_in
from unitclient.store.staff import persons
from unitclient.store.staging import StageCounts, StagedRow, stage_items
from unitclient.store.units import Unit
from unitclient.workflows.desk import Count, Desk, no_count
from unitclient.workflows.roster import open_changes, projected

_TOLD_EVERY = 500


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
    error_workbook: Path | None


def import_form(
    desk: Desk,
    unit: Unit,
    form_id: str,
    path: Path,
    *,
    errors_out: Path | None = None,
    period: Period | None = None,
    count: Count = no_count,
) -> ImportResult:
    """Read a sheet for a form, check every row, stage the good ones in one transaction.

    Raises UserError for a file that cannot be read at all, or a form that is not filled from sheets.
    """
    form = desk.catalog.form(form_id)
    if not form.importable:
        raise UserError("form-not-importable", form=str(form.title))
    if not path.is_file():
        raise UserError("file-missing", path=path)
    context = check_context(desk, unit, form, period or Period.of(desk.today()))
    sheet = read_sheet(path, form, unit_number=unit.unit_number, period=period)
    good, refused, findings, total = _check(form, sheet, context, count)
    twice = _refuse_duplicates(form, sheet, good, context)
    refused += twice
    findings += [finding for row in twice for finding in row.findings]
    dropped = {row.number for row in twice}
    kept = [(source, row) for source, row in good if source.number not in dropped]
    counts = _stage(desk, unit, form, sheet, kept)
    conflicts = _conflicts(form, sheet, counts, kept)
    refused += conflicts
    findings += [finding for row in conflicts for finding in row.findings]
    return ImportResult(
        read=total,
        taken=counts.inserted + counts.updated,
        updated=counts.updated,
        unchanged=counts.unchanged,
        refused=len(refused),
        findings=(*sheet.findings, *sorted(findings, key=_by_place)),
        defaulted=_defaulted(form, kept),
        error_workbook=_give_back(desk, sheet, refused, path, errors_out),
    )


def check_context(desk: Desk, unit: Unit, form: Form, period: Period) -> CheckContext:
    """What rows of a form are checked against at this desk.

    An enrolment meets the confirmed roster only: a pending row of the same person is replaced by the new one.
    """
    known = persons(desk.store, unit.unit_number)
    changes = open_changes(desk.store, desk.catalog, unit.unit_number, without=form.id)
    people = projected(known, changes, desk.catalog)
    declared = keys_in(desk.store, unit.unit_number, ItemState.DECLARED)
    accepted = keys_in(desk.store, unit.unit_number, ItemState.ACCEPTED, form.id)
    package = desk.policies_of(unit).package(unit.region)
    once_a_year = any(check.name == "once-a-year" for check in form.checks)
    return CheckContext(
        today=desk.today(),
        period=period,
        unit_insurances=unit.insurances,
        person=people.get,
        policy=lambda month: package.month(month) if package else None,
        is_open=lambda form_id, key: (form_id, key) in declared or (once_a_year and (form_id, key) in accepted),
        active_count=sum(bool(person.active_in(period)) for person in people.values()),
        areas=desk.areas,
    )


Good = list[tuple[SourceRow, CheckedRow]]


def _check(
    form: Form, sheet: SheetRead, context: CheckContext, count: Count
) -> tuple[Good, list[RefusedRow], list[Finding], int]:
    good: Good = []
    refused: list[RefusedRow] = []
    findings: list[Finding] = []
    total = 0
    for source in sheet.rows:
        total += 1
        checked = check_row(form, source.values, context)
        if checked.findings or source.findings:
            placed = _placed(sheet, source.number, (*source.findings, *_other(checked.findings, source.findings)))
            findings += placed
            if has_errors(placed):
                refused.append(RefusedRow(source.number, placed, source))
                continue
        good.append((source, checked))
        if total % _TOLD_EVERY == 0:
            count(total, total)
    count(total, total)
    return good, refused, findings, total


def _other(checked: Iterable[Finding], told: tuple[Finding, ...]) -> list[Finding]:
    """Findings of the checks without those on cells that the reader has told about."""
    cells = {finding.field for finding in told if finding.severity is Severity.ERROR}
    return [finding for finding in checked if not finding.field or finding.field not in cells]


def _placed(sheet: SheetRead, number: int, findings: Iterable[Finding]) -> list[Finding]:
    return [finding.at(Place(sheet.sheet, number, sheet.columns.get(finding.field, ""))) for finding in findings]


def _refuse_duplicates(form: Form, sheet: SheetRead, good: Good, context: CheckContext) -> list[RefusedRow]:
    refused: dict[int, list[Finding]] = {}
    for told in check_batch(form, [row for _, row in good], context):
        if told.finding.severity is Severity.ERROR and told.row >= 0:
            refused.setdefault(told.row, []).append(told.finding)
    rows = []
    for index, found in sorted(refused.items()):
        source = good[index][0]
        rows.append(RefusedRow(source.number, _placed(sheet, source.number, found), source))
    return rows


def _stage(desk: Desk, unit: Unit, form: Form, sheet: SheetRead, kept: Good) -> StageCounts:
    rows = [
        StagedRow(
            key=row.key,
            person_id=row.person_id,
            effect_month=effect_month(form, row.values),
            values=row.values,
            findings=row.findings,
            source_row=source.number,
        )
        for source, row in kept
    ]
    with desk.store.write("items.stage", subject=form.id) as act:
        counts = stage_items(desk.store, unit.unit_number, form.id, form.version, rows, source_sha256=sheet.digest)
        act.detail.update(inserted=counts.inserted, updated=counts.updated, unchanged=counts.unchanged)
    return counts


def effect_month(form: Form, values: dict[str, Any]) -> str:
    """The month a row takes effect: its start month, last paid month, first month, or January of its year."""
    for name in ("start_month", "last_paid_month", "from_month"):
        if values.get(name):
            return str(values[name])
    return f"{values['year']}-01" if values.get("year") else ""


def _conflicts(form: Form, sheet: SheetRead, counts: StageCounts, kept: Good) -> list[RefusedRow]:
    by_number = {source.number: source for source, _ in kept}
    rows = []
    for conflict in counts.conflicts:
        finding = Finding("B203" if conflict.reason == "declared" else "DUPLICATE_ROW", field=form.key[0])
        source = by_number[conflict.source_row]
        rows.append(RefusedRow(conflict.source_row, _placed(sheet, conflict.source_row, [finding]), source))
    return rows


def _defaulted(form: Form, kept: Good) -> tuple[str, ...]:
    named: dict[str, None] = {}
    for _, row in kept:
        named.update(dict.fromkeys(row.defaulted))
    return tuple(str(form.field(name).title) for name in named)


def _by_place(finding: Finding) -> tuple[int, str]:
    return (finding.place.row, finding.place.column) if finding.place else (0, "")


def _give_back(
    desk: Desk, sheet: SheetRead, refused: list[RefusedRow], path: Path, errors_out: Path | None
) -> Path | None:
    if not refused:
        return None
    out = errors_out or desk.exports / f"{path.stem}-errors.xlsx"
    refused.sort(key=lambda row: row.number)
    try:
        write_error_workbook(path, sheet, refused, out)
    except OSError as failure:
        raise UserError("file-unwritable", path=out) from failure
    return out
