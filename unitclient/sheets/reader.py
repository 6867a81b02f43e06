"""Reading a spreadsheet of people for one form: `read_sheet`.

The way of a file: what is it and may it be opened (`source`), where is the header (`header`), whose is it
(`head_facts`), which rows are people (`skipping`), and what is wrong with single cells. What the values mean is the
catalog's business; cells are handed on as they were typed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from unitclient.catalog.headers import normal_header
from unitclient.catalog.model import FieldType, Form
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.sheets import limits
from unitclient.sheets.cells import column_index, column_letter
from unitclient.sheets.head_facts import check_head
from unitclient.sheets.header import Header, Matcher, find_header, header_at, note_labels
from unitclient.sheets.model import Cell, Chosen, Column, Layout, SheetRead, SourceRow
from unitclient.sheets.people import People
from unitclient.sheets.source import Loaded, Source, open_source

_ID_TYPES = frozenset({FieldType.ID_NUMBER, FieldType.USCC, FieldType.BANK_CARD})
TOP_ROWS = limits.HEADER_SEARCH_ROWS + limits.MAX_HEADER_ROWS
"""How many rows are looked at for the header."""
_SERIAL_TITLES = frozenset({"序号", "no", "编号", "顺序号", "行号", "序"})


def read_sheet(
    path: Path,
    form: Form,
    *,
    unit_number: str = "",
    period: Period | None = None,
    given: Collection[str] = (),
    chosen: Chosen | None = None,
) -> SheetRead:
    """Open a sheet of people for `form`; its rows are read while they are walked.

    The first visible sheet with a header for this form is taken. With `unit_number` or `period` a file that names
    another one above its header is refused. `given` names fields that need no column because they are set elsewhere.
    `chosen` is read instead of what the titles say.

    Raises UserError as `open_source` does, and sheet-no-header, sheet-missing-columns, sheet-no-rows,
    sheet-wrong-unit, sheet-wrong-period, sheet-other-layout (no such sheet or column as `chosen` says).
    """
    source = open_source(path)
    matcher = Matcher(form)
    missing: tuple[str, list[str]] | None = None
    for name, load in _sheets(source, chosen):
        loaded = load()
        top = list(islice(loaded.rows, TOP_ROWS))
        header = _header(form, top, matcher, loaded, chosen)
        if header is None:
            continue
        lacking = lacking_titles(form, header.mapping, given)
        if not lacking:
            check_head(top[: header.first], unit_number, period)
            return _sheet_read(path, form, source, name, loaded, top, header, unit_number)
        missing = missing or (name, lacking)
    if missing is not None:
        raise UserError("sheet-missing-columns", sheet=missing[0] or path.name, columns="、".join(missing[1]))
    raise UserError(
        "sheet-no-header", expected="、".join(str(field.title) for field in form.columns() if field.required)
    )


def _sheets(source: Source, chosen: Chosen | None) -> list[tuple[str, Callable[[], Loaded]]]:
    if chosen is None or chosen.sheet is None:
        return source.sheets
    found = [each for each in source.sheets if each[0] == chosen.sheet]
    if not found:
        raise UserError("sheet-other-layout", missing=chosen.sheet)
    return found


def _header(
    form: Form, top: list[Sequence[Cell]], matcher: Matcher, loaded: Loaded, chosen: Chosen | None
) -> Header | None:
    """The header found, or what was chosen in its place."""
    if chosen is None:
        return find_header(top, matcher, loaded.merges)
    if chosen.header_rows is not None:
        first, last = chosen.header_rows
        if not 1 <= first <= last <= len(top):
            raise UserError("sheet-other-layout", missing=f"{first}-{last}")
        given = header_at(top, first - 1, last - 1, matcher, loaded.merges)
        return _mapped(form, given, chosen, max(map(len, top)))
    found = find_header(top, matcher, loaded.merges)
    return None if found is None else _mapped(form, found, chosen, max(map(len, top)))


def _mapped(form: Form, found: Header, chosen: Chosen, width: int) -> Header:
    """The header with the chosen columns in place of those its titles name."""
    columns = {field: column_index(letters) for field, letters in chosen.columns.items() if field in form.by_name}
    beyond = [chosen.columns[field] for field, index in columns.items() if not 0 <= index < width]
    if beyond:
        raise UserError("sheet-other-layout", missing="、".join(beyond))
    labels = (*found.labels, *[""] * (width - len(found.labels)))
    return replace(found, mapping=columns, labels=labels, twice=())


def lacking_titles(form: Form, columns: Collection[str], given: Collection[str] = ()) -> list[str]:
    """Titles of the fields that must have a column and are not among `columns` or `given` (field names)."""
    return [
        str(field.title)
        for field in form.columns()
        if field.required
        and field.default is None
        and not field.default_rule
        and field.name not in columns
        and field.name not in given
    ]


def _sheet_read(
    path: Path,
    form: Form,
    source: Source,
    name: str,
    loaded: Loaded,
    top: list[Sequence[Cell]],
    header: Header,
    unit_number: str,
) -> SheetRead:
    layout = _layout(form, loaded, top, header)
    unknown = _unknown(layout, header)
    findings = [*source.findings, *_header_findings(form, header, unknown), *_other_sheets(source, name)]
    rows = chain(top[header.last + 1 :], loaded.rows)
    people = People(layout, loaded.marks, name, findings, unit_number)
    return SheetRead(
        path=path,
        sheet=name,
        header_rows=(header.first + 1, header.last + 1),
        columns={column.field: column_letter(column.index) for column in layout.columns},
        unknown_columns=tuple(unknown.values()),
        rows=_at_least_one(people.walk(rows, header.last + 2)),
        digest=source.digest,
        layout=layout,
        findings=findings,
    )


def _at_least_one(rows: Iterator[SourceRow]) -> Iterator[SourceRow]:
    first = next(rows, None)
    if first is None:
        raise UserError("sheet-no-rows")
    return chain((first,), rows)


def _layout(form: Form, loaded: Loaded, top: list[Sequence[Cell]], header: Header) -> Layout:
    notes = note_labels()
    columns = [
        Column(index, field, header.labels[index], form.field(field).type in _ID_TYPES)
        for field, index in sorted(header.mapping.items(), key=lambda item: item[1])
    ]
    return Layout(
        head=tuple(tuple(row) for row in top[: header.last + 1]),
        first_header=header.first,
        columns=tuple(columns),
        key=_key_column(form, columns),
        note_columns=frozenset(
            index for index, label in enumerate(header.labels) if label and normal_header(label) in notes
        ),
        merges=tuple(merge for merge in loaded.merges or () if merge[1][0] <= header.last),
        width=max(map(len, top)),
    )


def _unknown(layout: Layout, header: Header) -> dict[int, str]:
    """Titles that no field claims, by column; serial numbers and our own notes are not worth a word."""
    mapped = set(header.mapping.values()) | layout.note_columns
    return {
        index: label
        for index, label in enumerate(header.labels)
        if label and index not in mapped and normal_header(label) not in _SERIAL_TITLES
    }


def _header_findings(form: Form, header: Header, unknown: dict[int, str]) -> Iterator[Finding]:
    for field, used, left_out in header.twice:
        params = {
            "title": str(form.field(field).title),
            "used": f"{column_letter(used)} {header.labels[used]}",
            "left_out": f"{column_letter(left_out)} {header.labels[left_out]}",
        }
        yield Finding("SHEET_COLUMN_TWICE", Severity.WARNING, field=field, params=params)
    twice = {left_out for _field, _used, left_out in header.twice}
    titles = [f"{column_letter(index)} {label}" for index, label in unknown.items() if index not in twice]
    if titles:
        yield Finding("SHEET_UNKNOWN_COLUMNS", Severity.NOTICE, params={"columns": "、".join(titles)})


def _other_sheets(source: Source, name: str) -> Iterator[Finding]:
    others = [other for other, _load in source.sheets if other != name and other not in own_sheets()]
    if others:
        yield Finding("SHEET_OTHERS", Severity.NOTICE, params={"sheet": name, "others": "、".join(others)})


def own_sheets() -> frozenset[str]:
    """Names of the sheets that our own templates have beside the one to fill in."""
    return frozenset({"填写说明", "代码表", "Help", "Codes"})


def _key_column(form: Form, columns: Sequence[Column]) -> Column:
    """The column that tells a person's row: the ID's, else the first of the form's key, else the first mapped."""
    by_field = {column.field: column for column in columns}
    wanted = [field.name for field in form.fields if field.type == FieldType.ID_NUMBER]
    return next((by_field[name] for name in (*wanted, *form.key) if name in by_field), columns[0])
