"""Reading one field's cells: blanks, words for nothing, findings, and the memory of texts that were read before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from unitclient.catalog.cells import BadCell, fold_text
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field, FieldType, Form
from unitclient.catalog.parsers import OddCell, Parser, make_parser, make_typed_parser
from unitclient.catalog.tables import Table

_MOST_REMEMBERED = 16_384
"""Cells remembered per field."""
_KEYS = frozenset({str, date})
"""Kinds of cells that are remembered: equal ones of these mean the same (1 and 1.0 and True would not)."""
_NOTHING = frozenset({"/", "-", "--", "—", "——", "无", "暂无", "N/A", "n/a"})
_NO_END = frozenset({"长期", "无固定期限", "无期限"})
_REPEATING = frozenset(
    {FieldType.CODE, FieldType.ID_KIND, FieldType.MONTH, FieldType.DATE, FieldType.YEAR, FieldType.MONEY}
    | {FieldType.TEXT, FieldType.INTEGER}
)
"""Types whose cells come again from row to row and mean the same in every context."""

Known = dict[object, Any]
"""Cells that were read already, with their values. Empty cells are in it from the beginning."""
UNREAD: Any = object()
"""What `Known.get` gives for a cell that was not read before."""


class Reader(NamedTuple):
    """How one field's cells are read; `known` is None for a type whose cells do not repeat."""

    name: str
    parse: Parser
    blanks: frozenset[str]
    known: Known | None

    def read(self, cell: object, row: RowState) -> Any:
        """The value of a cell, or None when it is empty or cannot be read; then there is a finding."""
        folded = cell
        if isinstance(cell, str):
            folded = fold_text(cell)
            if not folded or folded in self.blanks:
                return None
        try:
            value = self.parse(folded, row.context)
        except BadCell as bad:
            row.bad.add(self.name)
            row.refuse(bad.code, self.name, **bad.params)
            return None
        except OddCell as odd:
            row.warn(odd.code, self.name)
            return odd.value
        known = self.known
        if known is not None and cell.__class__ in _KEYS and len(known) < _MOST_REMEMBERED:
            known[cell] = value
        return value


class Readers(NamedTuple):
    """The readers of a form's fields by name, and what they know: one look decides most cells."""

    by_name: Mapping[str, Reader]
    known: Mapping[str, Known]

    def read_all(self, row: RowState) -> None:
        """Read every cell of a row into its values. Names that are no field's are left alone."""
        values, known_of = row.values, self.known
        for name, cell in row.raw.items():
            known = known_of.get(name)
            if known is not None:
                try:
                    value = known.get(cell, UNREAD)
                except TypeError:  # a list where none belongs
                    value = UNREAD
                if value is not UNREAD:
                    values[name] = value
                    continue
            elif cell is None or cell == "":
                continue
            reader = self.by_name.get(name)
            if reader is not None:
                values[name] = reader.read(cell, row)


def make_readers(form: Form, tables: Mapping[str, Table]) -> tuple[Readers, Readers]:
    """Readers of cells as typed, and readers of typed values (money in fen)."""
    insurances = tables.get("insurance")

    def readers(make: Callable[[Field, Table | None], Parser]) -> Readers:
        by_name = {field.name: _reader(field, make(field, insurances)) for field in form.fields}
        return Readers(by_name, {name: each.known for name, each in by_name.items() if each.known is not None})

    return readers(make_parser), readers(make_typed_parser)


def _reader(field: Field, parse: Parser) -> Reader:
    known: Known | None = {None: None, "": None} if field.type in _REPEATING else None
    return Reader(field.name, parse, _blanks(field), known)


def _blanks(field: Field) -> frozenset[str]:
    """Words for "nothing" where nothing follows from it: not where the program would demand or fill in something."""
    decides = field.required or field.required_when or field.default_rule or field.default is not None
    if decides or field.type in (FieldType.TEXT, FieldType.NAME):
        return frozenset()
    return _NO_END | _NOTHING if field.type is FieldType.DATE else _NOTHING
