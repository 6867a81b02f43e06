"""Rows of a sheet on their way into the store: checked one by one, the good ones handed on, the others kept to go back.

A row is forgotten as soon as it is staged, so a workbook of a hundred thousand people needs little memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from unitclient.catalog.checking import check_batch
from unitclient.catalog.context import CheckContext, CheckedRow
from unitclient.catalog.model import Form
from unitclient.domain.findings import Finding, Place, Severity, has_errors
from unitclient.sheets.model import RefusedRow, SheetRead, SourceRow
from unitclient.store.staging import Conflict, StagedRow
from unitclient.workflows.desk import Count

_TOLD_EVERY = 500


class RowsOfSheet:
    """Walks a sheet once. `good` yields what may be staged; the rest is in the attributes when it is at its end."""

    def __init__(self, form: Form, sheet: SheetRead, context: CheckContext, count: Count) -> None:
        self._form = form
        self._sheet = sheet
        self._context = context
        self._count = count
        self.total = 0
        self.refused: list[RefusedRow] = []
        self.findings: list[Finding] = []
        self._handed_on: SourceRow
        self._noted: dict[tuple[tuple[str, ...], tuple[str, ...]], None] = {}

    @property
    def defaulted(self) -> list[str]:
        """Names of the fields that were filled in, in one row or another."""
        return list(dict.fromkeys(name for filled, _ in self._noted for name in filled))

    @property
    def consequences(self) -> list[str]:
        """Text keys of what values of the rows bring with them."""
        return list(dict.fromkeys(key for _, noted in self._noted for key in noted))

    def good(self) -> Iterator[StagedRow]:
        """Rows without errors. Where the form checks its rows together, that is done before the first is handed on."""
        if self._form.program.only_keys:
            # Staging finds keys that come twice by itself.
            for source, row in self._checked():
                self._handed_on = source
                yield self._staged(row)
            return
        kept = list(self._checked())
        wrong = self._check_together(kept)
        for index, (source, row) in enumerate(kept):
            if index not in wrong:
                self._handed_on = source
                yield self._staged(row)

    def _checked(self) -> Iterator[tuple[SourceRow, CheckedRow]]:
        check, context, rows = self._form.program.run, self._context, self._sheet.rows
        for self.total, source in enumerate(rows, 1):
            if self.total % _TOLD_EVERY == 0:
                self._count(self.total, 0)  # how many there are is known at the end
            checked = check(source.values, context)  # `check_row`, without its detours for every row
            if checked.findings or source.findings:
                placed = self._placed(source.number, (*source.findings, *_other(checked.findings, source.findings)))
                self.findings += placed
                if has_errors(placed):
                    self.refused.append(RefusedRow(source.number, placed, source))
                    continue
            yield source, checked
        self._count(self.total, self.total)

    def _staged(self, row: CheckedRow) -> StagedRow:
        values, key, person_id, findings, consequences, defaulted = row
        self._noted[defaulted, consequences] = None
        return StagedRow(key, person_id, effect_month(values), values, findings, self._handed_on.number)

    def _check_together(self, kept: list[tuple[SourceRow, CheckedRow]]) -> set[int]:
        """Indexes of the rows that the checks over all rows refuse; an error about the whole refuses every row."""
        wrong: dict[int, list[Finding]] = {}
        for told in check_batch(self._form, [row for _, row in kept], self._context):
            if told.finding.severity is not Severity.ERROR:
                self.findings.append(told.finding)
                continue
            finding = _by_sheet_rows(told.finding, kept)
            for index in range(len(kept)) if told.row < 0 else (told.row,):
                wrong.setdefault(index, []).append(finding)
        for index, found in sorted(wrong.items()):
            self._refuse(kept[index][0], found)
        return set(wrong)

    def refuse_conflict(self, conflict: Conflict) -> None:
        """The row just handed on could not be staged: a twin earlier in the sheet, or a declared one of its key."""
        code = "B203" if conflict.reason == "declared" else "DUPLICATE_ROW"
        params = {} if conflict.reason == "declared" else {"first": str(conflict.first_row)}
        self._refuse(self._handed_on, [Finding(code, field=self._form.key[0], params=params)])

    def _refuse(self, source: SourceRow, found: Iterable[Finding]) -> None:
        placed = self._placed(source.number, found)
        self.findings += placed
        self.refused.append(RefusedRow(source.number, placed, source))

    def _placed(self, number: int, findings: Iterable[Finding]) -> list[Finding]:
        columns, sheet = self._sheet.columns, self._sheet.sheet
        return [f if f.place else f.at(Place(sheet, number, columns.get(f.field, ""))) for f in findings]


def _by_sheet_rows(finding: Finding, kept: list[tuple[SourceRow, CheckedRow]]) -> Finding:
    """Row numbers of the sheet instead of places among the rows that were checked together."""
    if "first" not in finding.params:
        return finding
    first = kept[int(finding.params["first"]) - 1][0].number
    return replace(finding, params={**finding.params, "first": str(first)})


def _other(checked: Iterable[Finding], told: tuple[Finding, ...]) -> Iterable[Finding]:
    """Findings of the checks without those on cells that the reader has told about."""
    if not told:
        return checked
    cells = {finding.field for finding in told if finding.severity is Severity.ERROR}
    return [finding for finding in checked if not finding.field or finding.field not in cells]


def effect_month(values: Mapping[str, Any]) -> str:
    """The month a row takes effect: its start month, last paid month, first month, or January of its year."""
    month = values.get("start_month") or values.get("last_paid_month") or values.get("from_month")
    if month:
        return str(month)
    return f"{values['year']}-01" if values.get("year") else ""


def by_place(finding: Finding) -> tuple[int, str]:
    """Order of findings: those about the whole sheet, then by row and column."""
    return (finding.place.row, finding.place.column) if finding.place else (0, "")
