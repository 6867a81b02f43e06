"""Staged form rows, from import to the centre's answer: pending -> declared -> accepted or refused, or cancelled.

For one unit, form and natural key at most one row is open (pending or declared): a partial unique index holds it, so
that importing a file twice makes no duplicate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from unitclient.domain.findings import Finding
from unitclient.store import jsontext
from unitclient.store.batches import Batches
from unitclient.store.models import ItemRow
from unitclient.store.person_notes import Due, due
from unitclient.store.store import Store
from unitclient.store.times import from_text, to_text


class ItemState(StrEnum):
    """Where a staged row stands."""

    PENDING = "pending"
    DECLARED = "declared"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Item:
    """One staged row. `key` is the form's natural key, `effect_month` "YYYY-MM" (or ""), `values` the typed row."""

    id: int
    unit: str
    form: str
    form_version: str
    key: str
    person_id: str
    effect_month: str
    values: Mapping[str, Any]
    state: ItemState
    declaration_id: str | None
    declaration_row: int | None
    """0-based row in that declaration."""
    findings: tuple[Finding, ...]
    source_sha256: str
    source_row: int
    """1-based row in the file it came from; 0 when it was typed in."""
    created_at: datetime
    updated_at: datetime


def items(
    store: Store,
    unit: str,
    form: str | None = None,
    state: ItemState | None = None,
    *,
    effect_month: str | None = None,
    declaration_id: str | None = None,
) -> list[Item]:
    """Staged rows of a unit, narrowed by whatever is given; in the order of their declaration, else as they came."""
    query = ItemRow.select().where(ItemRow.unit == unit)
    narrow = (
        (ItemRow.form, form),
        (ItemRow.state, state),
        (ItemRow.effect_month, effect_month),
        (ItemRow.declaration, declaration_id),
    )
    for column, wanted in narrow:
        if wanted is not None:
            query = query.where(column == wanted)
    sql, arguments = query.order_by(ItemRow.declaration, ItemRow.declaration_row, ItemRow.id).sql()
    batches = Batches(store.connection)
    return [item_of(row, batches) for row in store.connection.execute(sql, arguments)]


def open_keys(store: Store, unit: str, form: str) -> set[str]:
    """Natural keys that are pending or declared, for the check that a row is not already on its way."""
    query = "SELECT key FROM item WHERE unit = ? AND form = ? AND state IN ('pending', 'declared')"
    return {row[0] for row in store.connection.execute(query, (unit, form))}


def keys_in(store: Store, unit: str, state: ItemState, form: str | None = None) -> set[tuple[str, str]]:
    """{(form, natural key)} of a unit's rows in one state."""
    query = "SELECT form, key FROM item WHERE unit = ? AND state = ? AND (? IS NULL OR form = ?)"
    return {(row[0], row[1]) for row in store.connection.execute(query, (unit, state.value, form, form))}


def count_by_state(store: Store, unit: str) -> dict[tuple[str, str], int]:
    """{(form, state): rows} of a unit."""
    query = "SELECT form, state, count(*) FROM item WHERE unit = ? GROUP BY form, state"
    return {(form, state): int(n) for form, state, n in store.connection.execute(query, (unit,))}


def mark_declared(store: Store, ids: Sequence[int], declaration_id: str) -> None:
    """The rows go into a declaration, in this order. ValueError when one of them is not pending."""
    now = to_text(store.now())
    rows = [(declaration_id, place, now, item_id) for place, item_id in enumerate(ids)]
    query = (
        "UPDATE item SET state = 'declared', declaration = ?, declaration_row = ?, updated_at = ?"
        " WHERE id = ? AND state = 'pending'"
    )
    if _change_many(store, query, rows) != len(rows):
        raise ValueError("only a pending row can be declared")


def settle(store: Store, declaration_id: str, refused: Mapping[int, Sequence[Finding]]) -> list[Item]:
    """The centre decided: rows named in `refused` (0-based) with its findings, all others accepted.

    Only rows that still wait are touched, so telling it twice does nothing; gives the rows settled now.
    """
    connection = store.must_write()
    waiting = dict(
        connection.execute(
            "SELECT declaration_row, id FROM item WHERE declaration = ? AND state = 'declared'", (declaration_id,)
        )
    )
    now = to_text(store.now())
    rows = [(jsontext.dump_findings(found), now, waiting[row]) for row, found in refused.items() if row in waiting]
    _change_many(store, "UPDATE item SET state = 'refused', findings = ?, updated_at = ? WHERE id = ?", rows)
    accepted = "UPDATE item SET state = 'accepted', updated_at = ? WHERE declaration = ? AND state = 'declared'"
    connection.execute(accepted, (now, declaration_id))
    settled = set(waiting.values())
    return [item for item in _of_declaration(store, declaration_id) if item.id in settled]


def reopen(store: Store, declaration_id: str) -> int:
    """The declaration does not go out after all: its rows wait again. Gives how many."""
    query = (
        "UPDATE item SET state = 'pending', declaration = NULL, declaration_row = NULL, updated_at = ?"
        " WHERE declaration = ? AND state = 'declared'"
    )
    return _change_many(store, query, [(to_text(store.now()), declaration_id)])


def cancel(store: Store, ids: Sequence[int]) -> int:
    """Take pending rows back; rows already declared stay. Gives how many were cancelled."""
    query = "UPDATE item SET state = 'cancelled', updated_at = ? WHERE id = ? AND state = 'pending'"
    cancelled = _change_many(store, query, [(to_text(store.now()), item_id) for item_id in ids])
    for unit in _units_of(store, ids) if cancelled else ():
        due(store, unit, Due.WITHDRAWN, to_text(store.now()))
    return cancelled


def take_out(store: Store, declaration_id: str) -> int:
    """The centre took a declaration out of effect (voided, replaced): its rows count no more. Gives how many."""
    now = to_text(store.now())
    query = (
        "UPDATE item SET state = 'cancelled', updated_at = ?"
        " WHERE declaration = ? AND state IN ('declared', 'accepted')"
    )
    changed = _change_many(store, query, [(now, declaration_id)])
    if changed:
        due(store, _of_declaration(store, declaration_id)[0].unit, Due.WITHDRAWN, now)
    return changed


def _units_of(store: Store, ids: Sequence[int]) -> list[str]:
    query = "SELECT DISTINCT unit FROM item WHERE id IN (SELECT value FROM json_each(?))"
    return [row[0] for row in store.connection.execute(query, (jsontext.dump(list(ids)),))]


def _of_declaration(store: Store, declaration_id: str) -> list[Item]:
    query = "SELECT * FROM item WHERE declaration = ? ORDER BY declaration_row"
    batches = Batches(store.connection)
    return [item_of(row, batches) for row in store.connection.execute(query, (declaration_id,))]


def _change_many(store: Store, query: str, rows: Sequence[tuple[Any, ...]]) -> int:
    connection = store.must_write()
    before = connection.total_changes
    connection.executemany(query, rows)
    return int(connection.total_changes - before)


def item_of(row: tuple[Any, ...], batches: Batches) -> Item:
    """An item from all columns of its row in the table's order."""
    (id_, unit, form, form_version, key, person_id, effect_month, values, state, declaration_id, declaration_row,
     findings, batch, source_row, created_at, updated_at) = row  # fmt: skip
    fields, source_sha256 = batches[batch]
    return Item(
        id_,
        unit,
        form,
        form_version,
        key,
        person_id,
        effect_month,
        dict(zip(fields, jsontext.load(values), strict=True)),
        ItemState(state),
        declaration_id,
        declaration_row,
        jsontext.load_findings(findings),
        source_sha256,
        source_row,
        from_text(created_at),
        from_text(updated_at),
    )
