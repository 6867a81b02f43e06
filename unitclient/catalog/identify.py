"""Who a row is about: the number and the name are checked together with the kind of document, once per row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from unitclient import texts
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field, FieldType
from unitclient.domain.findings import Severity
from unitclient.domain.identifiers import IdKind, check_identifier, social_security_number
from unitclient.domain.names import check_name

Identify = Callable[[RowState], None]

_RESIDENT, _OLD = IdKind.RESIDENT_18, IdKind.RESIDENT_15
_FOREIGN = frozenset({IdKind.FOREIGN_RESIDENCE, IdKind.FOREIGN_NUMBER})
_KINDS = {kind.value: kind for kind in IdKind}
_UNDER_AGE = "UNDER_AGE"
"""The number is right and belongs to somebody under 16: the check `age` says what follows."""
_FOLDABLE = frozenset({"WRONG_DOT", "SPACE"})
_OWN_WORDS = frozenset({"ID_MINOR", "ID_15_VOID"})
"""Warnings of the number that this room words itself, against the month of the row and the roster."""


def make_identify(fields: tuple[Field, ...]) -> Identify | None:
    """The step for a form's person: its first ID number, with the kind of document and every name of the row."""
    by_type = {field.type: field.name for field in reversed(fields)}
    number = by_type.get(FieldType.ID_NUMBER)
    if number is None:
        return None
    kind = by_type.get(FieldType.ID_KIND, "")
    names = tuple(field.name for field in fields if field.type is FieldType.NAME)

    def identify(row: RowState) -> None:
        values = row.values
        typed = values[number]
        if typed is not None:
            stated = values.get(kind)
            _number(row, number, typed, None if stated is None else _KINDS[stated])
        for name in names:
            if values[name] is not None:
                _name(row, name)

    return identify


def _number(row: RowState, field: str, typed: str, kind: IdKind | None) -> None:
    context = row.context
    row.identity = found = check_identifier(typed, kind, today=context.today, areas=context.areas)
    ok, code, known_kind, number, info, warnings = found
    if not ok and code != _UNDER_AGE:
        row.identity = None
        _wrong_number(row, field, typed, kind, code)
        return
    row.birth, row.sex = info.get("birth", ""), info.get("sex", "")
    if known_kind is not _RESIDENT:
        assert known_kind is not None
        number = social_security_number(known_kind, number)
    row.person_id = row.values[field] = number
    if warnings:
        row.findings += [replace(each, field=field) for each in warnings if each.code not in _OWN_WORDS]
    if known_kind is _OLD:
        _old_number(row, field)


def _wrong_number(row: RowState, field: str, typed: str, kind: IdKind | None, code: str) -> None:
    """B106 when the number is right for another kind of document, else B101 with what is wrong in it."""
    row.values[field] = None
    row.bad.add(field)
    context = row.context
    if kind is not None and check_identifier(typed, None, today=context.today, areas=context.areas).ok:
        row.refuse("B106", field)
    else:
        row.refuse("B101", field, reason=code, detail=texts.say(f"catalog-id-{code}"))


def _old_number(row: RowState, field: str) -> None:
    """A 15-digit number is void as a document since 2013; it may only name somebody whom the roster has."""
    if row.person is None:
        row.bad.add(field)
        row.refuse("ID_15_UNKNOWN", field)
    else:
        row.warn("ID_15_UPGRADED", field)


def _name(row: RowState, field: str) -> None:
    """A name with blanks or another dot is read without them, and that is said; anything else wrong is an error."""
    text = row.values[field]
    foreign = row.identity is not None and row.identity.kind in _FOREIGN
    checked = check_name(text, foreign)
    if checked.ok:
        return
    if checked.code in _FOLDABLE and check_name(checked.folded, foreign).ok:
        row.values[field] = checked.folded
        row.warn("NAME_FOLDED", field)
        return
    row.bad.add(field)
    for each in checked.findings:
        code = "B103" if each.code == "NAME_PUA" else each.code
        row.findings.append(replace(each, code=code, severity=Severity.ERROR, field=field))
