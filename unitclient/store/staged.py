"""Staged rows of one form as a list on the screen: found, ordered and counted by SQL, read by their ids."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unitclient.store.batches import Batches, value_of
from unitclient.store.items import Item, ItemState, item_of
from unitclient.store.store import Store

WITH_FINDINGS = "findings"
"""A narrowing beside the states: rows that carry a finding."""
_CONDITIONS: Mapping[str, str] = {
    **{state.value: f"state = '{state.value}'" for state in ItemState},
    WITH_FINDINGS: "findings <> '[]'",
}
_OWN_COLUMNS: Mapping[str, str] = {"state": "state", "source_row": "source_row", "updated_at": "updated_at"}


@dataclass(frozen=True, slots=True)
class StagedQuery:
    """Which rows of a unit's form, in which order.

    `narrow` are names of states or WITH_FINDINGS; several states widen, findings narrow. Without a state the
    cancelled rows are left out. `text` is looked for in all values. `order` is a field of the form, or "state",
    "source_row", "updated_at"; "" is the newest first.
    """

    unit: str
    form: str
    text: str = ""
    narrow: tuple[str, ...] = ()
    order: str = ""
    descending: bool = False


def staged_ids(store: Store, query: StagedQuery) -> array[int]:
    """Ids of the rows that a query finds, in its order."""
    where, arguments = _where(query)
    order, order_arguments = _order(query)
    sql = f"SELECT id FROM item WHERE {where} ORDER BY {order}"  # noqa: S608 - parts are this module's own texts
    return array("q", (row[0] for row in store.connection.execute(sql, (*arguments, *order_arguments))))


def staged_rows(store: Store, ids: Sequence[int]) -> dict[int, Item]:
    """The rows with these ids, by id; ids that are gone are left out."""
    found: dict[int, Item] = {}
    batches = Batches(store.connection)
    for start in range(0, len(ids), 500):
        some = list(ids[start : start + 500])
        marks = ", ".join("?" * len(some))
        rows = store.connection.execute(f"SELECT * FROM item WHERE id IN ({marks})", some)  # noqa: S608 - marks only
        for row in rows:
            found[row[0]] = item_of(row, batches)
    return found


def staged_counts(store: Store, query: StagedQuery) -> dict[str, int]:
    """How many rows each narrowing alone would find under the query's text; "" counts those without one."""
    base, arguments = _where(StagedQuery(query.unit, query.form, query.text, tuple(state.value for state in ItemState)))
    sums = ", ".join(f"coalesce(sum({condition}), 0)" for condition in ("state <> 'cancelled'", *_CONDITIONS.values()))
    sql = f"SELECT {sums} FROM item WHERE {base}"  # noqa: S608 - parts are this module's own texts
    counted = store.connection.execute(sql, arguments).fetchone()
    return dict(zip(("", *_CONDITIONS), counted, strict=True))


def rows_by_form(store: Store, unit: str) -> dict[str, tuple[int, int]]:
    """{form: (rows that wait to be declared, all rows but the cancelled ones)}."""
    sql = (
        "SELECT form, sum(state = 'pending'), count(*) FROM item WHERE unit = ? AND state <> 'cancelled' GROUP BY form"
    )
    return {form: (int(pending), int(rows)) for form, pending, rows in store.connection.execute(sql, (unit,))}


def open_of_person(store: Store, unit: str, person_id: str) -> list[Item]:
    """Pending and declared rows about one person, of every form, as they came."""
    sql = "SELECT * FROM item WHERE unit = ? AND state IN ('pending', 'declared') AND person_id = ? ORDER BY id"
    batches = Batches(store.connection)
    return [item_of(row, batches) for row in store.connection.execute(sql, (unit, person_id))]


def open_count(store: Store, unit: str) -> int:
    """How many rows of a unit are pending or declared."""
    sql = "SELECT count(*) FROM item WHERE unit = ? AND state IN ('pending', 'declared')"
    return int(store.connection.execute(sql, (unit,)).fetchone()[0])


def active_persons(store: Store, unit: str) -> int:
    """How many persons the centre has as active in a unit."""
    sql = "SELECT count(*) FROM person WHERE unit = ? AND state = 'active'"
    return int(store.connection.execute(sql, (unit,)).fetchone()[0])


def has_open(store: Store, unit: str, form: str, key: str) -> bool:
    """Whether a row of a natural key is pending or declared."""
    sql = "SELECT 1 FROM item WHERE unit = ? AND form = ? AND key = ? AND state IN ('pending', 'declared')"
    return store.connection.execute(sql, (unit, form, key)).fetchone() is not None


def has_key(store: Store, unit: str, form: str, key: str, state: ItemState) -> bool:
    """Whether a row of a natural key is in one state."""
    if state in (ItemState.PENDING, ItemState.DECLARED):
        # Said twice, the state is found by the index of open keys.
        sql = (
            "SELECT 1 FROM item WHERE unit = ? AND form = ? AND key = ? AND state = ?"
            " AND state IN ('pending', 'declared')"
        )
    else:
        sql = "SELECT 1 FROM item WHERE unit = ? AND form = ? AND key = ? AND state = ?"
    return store.connection.execute(sql, (unit, form, key, state.value)).fetchone() is not None


def _where(query: StagedQuery) -> tuple[str, list[str]]:
    parts, arguments = ["unit = ?", "form = ?"], [query.unit, query.form]
    states = [_CONDITIONS[name] for name in query.narrow if name in set(ItemState)]
    parts.append(f"({' OR '.join(states)})" if states else "state <> 'cancelled'")
    if WITH_FINDINGS in query.narrow:
        parts.append(_CONDITIONS[WITH_FINDINGS])
    for word in query.text.split():
        # Values are searched as they are written; upper case because ID numbers end with X.
        parts.append("(instr(row_values, ?) OR instr(row_values, ?))")
        arguments += [word, word.upper()]
    return " AND ".join(parts), arguments


def _order(query: StagedQuery) -> tuple[str, list[str]]:
    way = "DESC" if query.descending else "ASC"
    if not query.order:
        return "id DESC", []
    if query.order in _OWN_COLUMNS:
        return f"{_OWN_COLUMNS[query.order]} {way}, id {way}", []
    return f"{value_of('item', '?')} {way}, id {way}", [query.order]


def open_of_key(store: Store, unit: str, form: str, key: str) -> list[Item]:
    """The pending or declared row of a natural key: one or none."""
    sql = "SELECT * FROM item WHERE unit = ? AND form = ? AND key = ? AND state IN ('pending', 'declared')"
    batches = Batches(store.connection)
    return [item_of(row, batches) for row in store.connection.execute(sql, (unit, form, key))]
