"""What the child process does with sheets: look at a file, try its first rows, import it, write a template.

No Qt here. Every job opens the database for itself; an import writes in one transaction, so that a child that is
stopped in the middle has written nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unitclient.app import open_desk, unit_desk
from unitclient.catalog.cells import cell_text
from unitclient.catalog.checking import check_row
from unitclient.catalog.model import FieldType, Form
from unitclient.clock import ShiftedClock, SystemClock
from unitclient.desktop.masking import HIDDEN
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.sheets.model import Chosen, SourceRow
from unitclient.sheets.outline import best_form, outline
from unitclient.sheets.reader import read_sheet
from unitclient.sheets.template import write_template
from unitclient.store.units import Unit
from unitclient.texts import finding_texts, say
from unitclient.workflows.desk import Desk
from unitclient.workflows.entering import entry_context
from unitclient.workflows.importing import ImportResult, import_form
from unitclient.workflows.roster import RosterEntry, roster

if TYPE_CHECKING:
    from unitclient.catalog.context import CheckContext
    from unitclient.desktop.tasks import JobContext

Json = dict[str, Any]
PREVIEWED = 20
"""Rows that are tried before an import."""
TOLD = 1000
"""Findings that go to the window; all of them are in the error workbook."""
SENSITIVE_TYPES = frozenset({FieldType.ID_NUMBER, FieldType.BANK_CARD, FieldType.PHONE, FieldType.MONEY})
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


@contextmanager
def at_desk(seat: Mapping[str, Any]) -> Iterator[tuple[Desk, Unit]]:
    """The desk and unit of a `seat` (orders.seat_of)."""
    clock = ShiftedClock(SystemClock(), timedelta(seconds=seat["shift_s"])) if seat["shift_s"] else SystemClock()
    key = bytes.fromhex(seat["key"]) or None
    with open_desk(Path(seat["home"]), clock, key=key, operator=seat["operator"]) as desk:
        yield unit_desk(desk, seat["unit"])


def look(
    context: JobContext, seat: Mapping[str, Any], form: str, path: str, sheet: str | None, header_rows: list[int] | None
) -> Json:
    """How the file is laid out (`sheets.outline`), lists for tuples; and for which form, which is found when "".

    UserError sheet-no-header when the form is to be found and no form fits.
    """
    context.text("d-import-looking")
    with at_desk(seat) as (desk, _unit):
        known = desk.catalog.form(form) if form else _found(desk, Path(path))
        rows = (header_rows[0], header_rows[1]) if header_rows else None
        seen = outline(Path(path), known, sheet=sheet, header_rows=rows)
    return {**asdict(seen), "form": known.id}


def preview(
    context: JobContext, seat: Mapping[str, Any], form: str, path: str, period: str, chosen: Mapping[str, Any]
) -> Json:
    """The first rows as they would be read, with what is wrong with them; nothing is written."""
    context.text("d-import-looking")
    with at_desk(seat) as (desk, unit):
        known, month = desk.catalog.form(form), Period.parse(period)
        sheet = read_sheet(Path(path), known, unit_number=unit.unit_number, period=month, chosen=chosen_of(chosen))
        checks = entry_context(desk, unit, known, month)
        rows = [_tried(known, row, checks, seat["masked"]) for row in islice(sheet.rows, PREVIEWED)]
        notes = [finding for finding in sheet.findings if finding.code != "SHEET_UNKNOWN_COLUMNS"]
        return {"rows": rows, "notes": [_told(known, finding, seat["masked"]) for finding in notes]}


def bring(
    context: JobContext,
    seat: Mapping[str, Any],
    form: str,
    path: str,
    period: str,
    chosen: Mapping[str, Any],
    rows: int,
) -> Json:
    """Import the file; `rows` is about how many it has, for the progress."""
    context.text("d-import-running")
    context.progress(0, rows)
    with at_desk(seat) as (desk, unit):
        result = import_form(
            desk,
            unit,
            form,
            Path(path),
            period=Period.parse(period),
            chosen=chosen_of(chosen),
            count=lambda done, _total: context.progress(done, max(done, rows)),
        )
        return _result(desk.catalog.form(form), result, seat["masked"])


def template(context: JobContext, seat: Mapping[str, Any], form: str, path: str, with_roster: bool) -> Json:
    """Write the sheet to fill in, empty or with everybody who is not terminated."""
    context.text("d-business-template-writing")
    with at_desk(seat) as (desk, unit):
        people = [_prefill(entry) for entry in roster(desk, unit) if entry.state != "terminated"] if with_roster else []
        try:
            write_template(desk.catalog.form(form), Path(path), prefill=people)
        except OSError as failure:
            raise UserError("file-unwritable", path=path) from failure
    return {"path": path, "rows": len(people)}


def _found(desk: Desk, path: Path) -> Form:
    forms = [form for form in desk.catalog.forms.values() if form.importable]
    found = best_form(path, forms)
    if found is None:
        raise UserError(
            "sheet-no-header", expected=say("d-business-list-comma").join(str(form.title) for form in forms)
        )
    return found


def chosen_of(told: Mapping[str, Any]) -> Chosen:
    """A chosen matching from JSON."""
    first, last = told["header_rows"]
    return Chosen(dict(told["columns"]), told["sheet"], (int(first), int(last)))


def _tried(form: Form, row: SourceRow, checks: CheckContext, masked: bool) -> Json:
    checked = check_row(form, row.values, checks)
    wrong_cells = {finding.field for finding in row.findings}
    findings = [*row.findings, *(one for one in checked.findings if not one.field or one.field not in wrong_cells)]
    return {
        "number": row.number,
        "cells": {name: cell_text(cell) for name, cell in row.values.items()},
        "findings": [_told(form, finding, masked) for finding in findings],
    }


def _result(form: Form, result: ImportResult, masked: bool) -> Json:
    findings = sorted(result.findings, key=lambda finding: _ORDER[finding.severity])
    return {
        "read": result.read,
        "taken": result.taken,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "refused": result.refused,
        "findings": [_told(form, finding, masked) for finding in findings[:TOLD]],
        "untold": max(0, len(findings) - TOLD),
        "defaulted": list(result.defaulted),
        "consequences": list(result.consequences),
        "error_workbook": str(result.error_workbook) if result.error_workbook else None,
    }


def _told(form: Form, finding: Finding, masked: bool) -> Json:
    """A finding with its sentences in the language in use. `masked` hides values of sensitive fields, in words too."""
    field = form.by_name.get(finding.field)
    title = str(field.title) if field is not None else ""
    hide = masked and field is not None and field.type in SENSITIVE_TYPES and bool(finding.value)
    value = HIDDEN if hide else finding.value
    why, fix = finding_texts(finding.code, {"field": title, **finding.params}, value)
    place = finding.place
    return {
        "severity": finding.severity.value,
        "field": finding.field,
        "title": title,
        "value": value,
        "why": why,
        "fix": fix,
        "row": place.row if place else 0,
        "column": place.column if place else "",
    }


def _prefill(entry: RosterEntry) -> dict[str, object]:
    person = entry.person
    return {
        "id_number": person.id_number,
        "id_kind": person.id_kind,
        "name": person.name,
        "old_wage": person.wage_fen,
    }
