"""The rows below a header: which are people, and what is wrong with single cells before anyone asks what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from unitclient.catalog.headers import normal_header
from unitclient.domain.findings import Finding, Place, Severity
from unitclient.sheets.cells import column_letter, is_lost_number, shown
from unitclient.sheets.marks import Marks
from unitclient.sheets.model import Cell, Column, ErrorCell, Layout, SourceRow
from unitclient.sheets.skipping import MARKS, WORDS, squeezed, why_skipped

_NOTICES = {
    "example": "SHEET_EXAMPLE_ROWS",
    "hint": "SHEET_EXAMPLE_ROWS",
    "total": "SHEET_TOTAL_ROWS",
    "footer": "SHEET_FOOTER_ROWS",
    "header": "SHEET_HEADER_AGAIN",
    "hidden": "SHEET_HIDDEN_ROWS",
    "errors": "SHEET_ERROR_ROWS",
}
_ROWS_NAMED = 10
_UNIT_TITLES = frozenset(map(normal_header, ("单位编号", "单位编码", "单位社保编号", "社保单位编号", "单位社保号")))


class People:
    """Walks the rows of one sheet and fills `findings` with what it passed over."""

    def __init__(
        self, layout: Layout, marks: Marks, sheet: str, findings: list[Finding], unit_number: str = ""
    ) -> None:
        self._layout = layout
        self._marks = marks
        self._sheet = sheet
        self._key = layout.key
        self._findings = findings
        self._unit_number = unit_number
        self._columns = [column.index for column in layout.columns]
        self._name = next((column.index for column in layout.columns if column.field == "name"), None)
        self._ids = [column for column in layout.columns if column.is_id]
        self._flagged = marks.errors.keys() | marks.formulas.keys()
        self._unit_column = _unit_column(layout) if unit_number else None
        self._squeezed_labels = frozenset(map(squeezed, self._labels())) - {""}
        self._counts: Counter[str] = Counter()
        self._rows: dict[str, list[int]] = {}

    def walk(self, rows: Iterable[Sequence[Cell]], first_number: int) -> Iterator[SourceRow]:
        """The people among `rows`; the first row has the number `first_number`."""
        fields = [column.field for column in self._layout.columns]
        pick = itemgetter(*self._columns) if len(fields) > 1 else lambda row: (row[self._columns[0]],)
        key, marks, words, labels = self._key.index, MARKS, WORDS, self._labels()
        leading = self._leading_columns()
        other_ids = [column.index for column in self._ids if column.index != key]
        marked = range(1 << 30) if self._unit_column is not None else self._flagged | self._marks.hidden
        make = tuple.__new__  # half the price of calling the class, ten thousand times
        number = first_number - 1
        for row in self._to_last_formula(rows, first_number) if self._marks.formulas else rows:
            number += 1
            # The ordinary row passes with a few comparisons; everything in doubt is looked at with care.
            cell = row[key]
            doubt = cell.__class__ is not str or not cell or cell in labels or "+" in cell
            for column in leading:
                cell = row[column]
                if cell.__class__ is str and (cell[:1] in marks or cell in words):
                    doubt = True
            findings: tuple[Finding, ...] = ()
            for column in other_ids:
                cell = row[column]
                doubt = doubt or cell.__class__ is not str or "+" in cell
            if doubt:
                if self._skip(number, row):
                    continue
                findings = self._lost_numbers(number, row)
            values = dict(zip(fields, pick(row), strict=False))
            if number in marked:
                row, findings = self._marked(number, row, values, findings)  # noqa: PLW2901 - the same row, completed
            yield make(SourceRow, (number, values, findings, row))
        self._tell()

    def _labels(self) -> frozenset[Cell]:
        """The texts of the header above the key column, as a header repeated further down has them."""
        return frozenset(row[self._key.index] for row in self._layout.head[self._layout.first_header :])

    def _leading_columns(self) -> tuple[int, ...]:
        """Where a mark such as 例 or 合计 stands: the first columns with a title, and the name."""
        titled = [index for index, text in enumerate(self._layout.head[-1]) if text not in ("", None)][:2]
        return tuple(sorted({0, *titled} | ({self._name} if self._name is not None else set())))

    def _skip(self, number: int, row: Sequence[Cell]) -> bool:
        if not any(row) and number not in self._flagged:
            return True  # empty, or nothing but zeros of formulas filled down in advance
        reason = why_skipped(row, self._columns, self._key.index, self._name, self._squeezed_labels)
        if reason is None or (reason == "blank" and self._holds(self._marks.formulas, number)):
            return False
        if reason != "blank":
            self._count(reason, number)
        elif self._holds(self._marks.errors, number):
            self._count("errors", number)
        return True

    def _holds(self, marked: Mapping[int, Mapping[int, str]], number: int) -> bool:
        """Whether a row has such a cell in a mapped column."""
        return not marked.get(number, {}).keys().isdisjoint(self._columns)

    def _to_last_formula(self, rows: Iterable[Sequence[Cell]], first_number: int) -> Iterator[Sequence[Cell]]:
        """The rows, and empty ones after them as far down as there are formulas without a value."""
        number = first_number - 1
        for number, row in enumerate(rows, first_number):  # noqa: B007 - the last number is what is wanted
            yield row
        empty = [""] * self._layout.width
        for _ in range(number, max(self._marks.formulas, default=0)):
            yield empty

    def _count(self, what: str, number: int) -> None:
        code = _NOTICES[what]
        self._counts[code] += 1
        if self._counts[code] <= _ROWS_NAMED:
            self._rows.setdefault(code, []).append(number)

    def _tell(self) -> None:
        for code, count in self._counts.items():
            rows = "、".join(map(str, self._rows[code])) + ("……" if count > _ROWS_NAMED else "")
            self._findings.append(Finding(code, Severity.NOTICE, params={"count": str(count), "rows": rows}))

    def _lost_numbers(self, number: int, row: Sequence[Cell]) -> tuple[Finding, ...]:
        return tuple(
            self._finding("NUMBER_ID", number, column, shown(row[column.index]))
            for column in self._ids
            if is_lost_number(row[column.index])
        )

    def _finding(self, code: str, number: int, column: Column, value: str) -> Finding:
        place = Place(self._sheet, number, column_letter(column.index))
        return Finding(code, field=column.field, value=value, place=place)

    def _marked(
        self, number: int, row: Sequence[Cell], values: dict[str, Cell], findings: tuple[Finding, ...]
    ) -> tuple[Sequence[Cell], tuple[Finding, ...]]:
        """The row with its error cells and formulas put in, and the findings with theirs. Blanks them in `values`."""
        if number in self._marks.hidden:
            self._count("hidden", number)
        found: list[Finding] = []
        cells = list(row)
        errors = self._marks.errors.get(number, {})
        formulas = self._marks.formulas.get(number, {})
        for index, text in (*errors.items(), *formulas.items()):
            if index < len(cells):
                cells[index] = ErrorCell(text) if index in errors else text
        for column in self._layout.columns:
            if column.index in errors or column.index in formulas:
                code = "CELL_ERROR" if column.index in errors else "FORMULA_NO_VALUE"
                found.append(self._finding(code, number, column, str(cells[column.index])))
                values[column.field] = None
        return cells, (*findings, *found, *self._wrong_unit(number, row))

    def _wrong_unit(self, number: int, row: Sequence[Cell]) -> Iterator[Finding]:
        if self._unit_column is None:
            return
        value = shown(row[self._unit_column]).strip()
        if value and value.lstrip("0") != self._unit_number.lstrip("0"):
            place = Place(self._sheet, number, column_letter(self._unit_column))
            yield Finding("SHEET_ROW_UNIT", value=value, params={"expected": self._unit_number}, place=place)


def _unit_column(layout: Layout) -> int | None:
    """A column of unit numbers that no field claims: a row of another unit is not taken."""
    mapped = {column.index for column in layout.columns}
    for index, text in enumerate(layout.head[-1]):
        if isinstance(text, str) and index not in mapped and normal_header(text) in _UNIT_TITLES:
            return index
    return None
