"""The centre's registers as this computer knows them: entries by register and key, newest word of the centre."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from unitclient.domain.registers import ABSENT, Entry
from unitclient.store import jsontext
from unitclient.store.store import Store

_PUT = "INSERT OR REPLACE INTO entry (unit, register, key, state, entry_values, at) VALUES (?, ?, ?, ?, ?, ?)"
_NEWER = "SELECT 1 FROM entry WHERE unit = ? AND register = ? AND key = ? AND at > ?"


def get_entry(store: Store, unit: str, register: str, key: str) -> Entry | None:
    """One entry, or None."""
    query = "SELECT state, entry_values FROM entry WHERE unit = ? AND register = ? AND key = ?"
    row = store.connection.execute(query, (unit, register, key)).fetchone()
    return None if row is None else Entry(register, key, row[0], jsontext.load(row[1]))


def list_entries(store: Store, unit: str, register: str) -> list[tuple[Entry, str]]:
    """(entry, when the centre said so) of a register, by key."""
    query = "SELECT key, state, entry_values, at FROM entry WHERE unit = ? AND register = ? ORDER BY key"
    rows = store.connection.execute(query, (unit, register))
    return [(Entry(register, key, state, jsontext.load(values)), at) for key, state, values, at in rows]


def entry_reader(store: Store, unit: str) -> Callable[[str, str], Entry | None]:
    """Entries by register and key for many rows at once: a register is read whole when it is first asked for."""

    @cache
    def whole(register: str) -> dict[str, Entry]:
        return {entry.key: entry for entry, _ in list_entries(store, unit, register)}

    return lambda register, key: whole(register).get(key)


def put_entries(store: Store, unit: str, entries: Iterable[tuple[Entry, str]]) -> None:
    """Take over entries with the time of the centre's word; an older word than the one here changes nothing."""
    connection = store.must_write()
    for entry, at in entries:
        place = (unit, entry.register, entry.key)
        if connection.execute(_NEWER, (*place, at)).fetchone() is not None:
            continue
        if entry.state == ABSENT:
            connection.execute("DELETE FROM entry WHERE unit = ? AND register = ? AND key = ?", place)
        else:
            connection.execute(_PUT, (*place, entry.state, jsontext.dump(dict(entry.values)), at))


def forget_entries(store: Store, unit: str) -> None:
    """Forget every register of a unit: the whole of them follows."""
    store.must_write().execute("DELETE FROM entry WHERE unit = ?", (unit,))
