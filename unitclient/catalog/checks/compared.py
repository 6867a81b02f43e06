"""Checks of a row against the entry that a register has: what was registered must be named again, or be another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from unitclient import texts
from unitclient.catalog.checks.registry import Param, RowCheck, field_param, row_check
from unitclient.catalog.context import RowState, shown
from unitclient.catalog.model import Field, FieldType, Form
from unitclient.domain.money import format_fen
from unitclient.domain.registers import Move

ENTRY_DIFFERS, ENTRY_SAME, ENTRY_LATER = "ENTRY_DIFFERS", "ENTRY_SAME", "ENTRY_LATER"


def _lies_after(known: Any, given: Any) -> bool:
    """Months and dates are texts that sort; "2026-07" is before every day of that month."""
    return type(known) is type(given) and known > given


_REFUSES: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "same": (ENTRY_DIFFERS, lambda known, given: known != given),
    "other": (ENTRY_SAME, lambda known, given: known == given),
    "after": (ENTRY_LATER, lambda known, given: known == given or _lies_after(known, given)),
    "not-before": (ENTRY_LATER, _lies_after),
}
"""By what the field must be, seen from the entry's value: the code, and when the row is refused."""


@row_check(
    "entry-value",
    refuses=lambda params: (_REFUSES[params["must"]][0],),
    field=field_param(),
    register=Param("register", needed=True),
    value=Param("text"),
    must=Param("text", "same", options=tuple(_REFUSES)),
)
def entry_value(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """`field` against the value that the entry of `register` has (of the same name, or of the name `value`).

    `must` is same, other, after or not-before. Without an entry, or when it has no such value, there is nothing to
    compare. The register must be one that the form moves.
    """
    name, (code, refuses) = params["field"], _REFUSES[params["must"]]
    value, form = params["value"] or name, params["form"]
    move = _move_of(form, params["register"])

    def run(row: RowState) -> None:
        entry = row.context.entry(move.register, move.key_of(row.values))
        known = entry.values.get(value) if entry is not None else None
        if known is not None and refuses(known, row.values[name]):
            row.refuse(code, name, known=_worded(fields[name], known))

    return run


def _move_of(form: Form, register: str) -> Move:
    """The form's move of a register that it moves."""
    return next(move for move in form.moves if move.register == register)


def _worded(field: Field, value: Any) -> str:
    """A value of an entry as the clerk reads it."""
    if field.table is not None:
        return field.table.label(str(value), texts.language())
    return format_fen(value) if field.type is FieldType.MONEY else shown(value)


@row_check(
    "code-in-force",
    refuses=lambda params: ("CODE_OUT_OF_FORCE",) if params["error"] else (),
    field=field_param(),
    month=field_param(),
    error=Param("flag", default=False),
)
def code_in_force(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """The month should lie within `first` .. `last` of the code's row, where its table has such members.

    A standard of another year is pointed out, or with `error` refused.
    """
    name, month, error = params["field"], params["month"], params["error"]
    table = fields[name].table
    rows = table.rows if table is not None else ()
    spans = {row.code: (row.extra.get("first", ""), row.extra.get("last", "9999")) for row in rows}

    def run(row: RowState) -> None:
        first, last = spans[row.values[name]]
        if not first <= row.values[month][:7] <= last:
            (row.refuse if error else row.warn)("CODE_OUT_OF_FORCE", name, first=first, last=last)

    return run
