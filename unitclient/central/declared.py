"""Whether `declaration.json` has the shape every declaration has, whatever its business. Rows are judged later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from unitclient.central.numbers import is_uuid7
from unitclient.domain.period import Period
from unitclient.sync.protocol import Declaration, Header

KINDS = ("original", "correction", "void")
MAX_REQUIRES = 50
MAX_TEXT = 1000
MAX_LIST = 50
MAX_FEN = 10**15


def declaration_fault(declaration: Declaration) -> str:
    """What is wrong first, as a member's name, or "" when nothing is. Never raises for what JSON can hold."""
    faults = chain(_header_faults(declaration.header), _table_faults(declaration))
    return next(faults, "")


def _header_faults(header: Header) -> Iterator[str]:
    told = {
        "v": _is(header.v, int) and header.v == 1,
        "kind": _is_text(header.kind) and header.kind in KINDS,
        "period": _is_period(header.period),
        "form": _is_text(header.form),
        "form_version": _is_text(header.form_version),
        "operator": _is_text(header.operator),
        "prepared_at": _is_text(header.prepared_at),
        "supersedes": _supersedes_fits(header),
        "requires": _requires_fits(header),
        "policy": _is_texts(header.policy),
        "totals": _is_totals(header.totals),
    }
    return (f"header.{name}" for name, holds in told.items() if not holds)


def _table_faults(declaration: Declaration) -> Iterator[str]:
    columns, rows = declaration.columns, declaration.rows
    if not all(_is_text(name) for name in columns) or len(set(columns)) != len(columns):
        yield "columns"
    if not _is(declaration.header.row_count, int) or declaration.header.row_count != len(rows):
        yield "header.row_count"
    for index, row in enumerate(rows):
        if len(row) != len(columns) or not all(map(_is_cell, row)):
            yield f"rows[{index}]"


def _is(value: object, kind: type) -> bool:
    """Of exactly that kind: JSON's true and false are no numbers."""
    return type(value) is kind


def _is_text(value: object) -> bool:
    """Text that a database and a signature can hold: JSON also has NUL and halves of surrogate pairs."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_cell(value: object) -> bool:
    """A cell is a text, a whole number, a list of texts, or nothing."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= MAX_FEN
    if isinstance(value, list):
        return len(value) <= MAX_LIST and all(map(_is_text, value))
    return value is None or _is_text(value)


def _is_period(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(Period.parse(text))
    except ValueError:
        return False


def _supersedes_fits(header: Header) -> bool:
    if header.kind == "original":
        return header.supersedes is None
    return _is_id(header.supersedes) and header.supersedes != header.submission_id


def _requires_fits(header: Header) -> bool:
    required = header.requires
    return len(required) <= MAX_REQUIRES and all(map(_is_id, required)) and header.submission_id not in required


def _is_id(value: object) -> bool:
    return isinstance(value, str) and is_uuid7(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, Mapping) and all(map(_is_text, chain(value.keys(), value.values())))


def _is_totals(value: object) -> bool:
    if not isinstance(value, Mapping) or len(value) > MAX_LIST or not all(map(_is_text, value)):
        return False
    sides = value.values()
    return all(
        isinstance(side, Mapping)
        and len(side) <= MAX_LIST
        and all(_is(fen, int) and abs(fen) <= MAX_FEN for fen in side.values())
        for side in sides
    )
