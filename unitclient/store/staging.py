"""Staging imported rows in bulk: new ones are added, changed ones replace what was pending, equal ones stay.

What rows of one batch have in common (the names of their values, the file) is kept once: the database is encrypted,
and every byte of it costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from unitclient.domain.findings import Finding
from unitclient.store import jsontext
from unitclient.store.items import Batches, ItemState
from unitclient.store.store import Store
from unitclient.store.times import to_text

_INSERT = (
    "INSERT INTO item (unit, form, form_version, key, person_id, effect_month, row_values, state, findings,"
    " batch, source_row, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?)"
)
_UPDATE = (
    "UPDATE item SET form_version = ?, person_id = ?, effect_month = ?, row_values = ?, findings = ?,"
    " batch = ?, source_row = ?, updated_at = ? WHERE id = ?"
)
_OPEN = (
    "SELECT key, id, state, form_version, person_id, effect_month, row_values, findings, batch"
    " FROM item"
    " WHERE unit = ? AND form = ? AND state IN ('pending', 'declared')"
)


_AT_ONCE = 2000
"""Rows handed to the database together."""


class StagedRow(NamedTuple):
    """One checked row to stage: natural key, person, month it takes effect, typed values, findings, row in the file."""

    key: str
    person_id: str
    effect_month: str
    values: Mapping[str, Any]
    findings: Sequence[Finding] = ()
    source_row: int = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that was not staged: `reason` is "declared" (another row of that key is on its way) or "twice"."""

    key: str
    source_row: int
    reason: str
    first_row: int = 0
    """Row of the earlier twin in the same batch, for "twice"."""


@dataclass(slots=True)
class StageCounts:
    """What staging did, in rows."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


def _told_later(_conflict: Conflict) -> None:
    """For callers that look at `StageCounts.conflicts` when all is done."""


def stage_items(
    store: Store,
    unit: str,
    form: str,
    form_version: str,
    rows: Iterable[StagedRow],
    *,
    source_sha256: str = "",
    on_conflict: Callable[[Conflict], None] = _told_later,
) -> StageCounts:
    """Stage rows of one form. A row equal to the open one of its key changes nothing.

    A different one replaces what is pending; against a declared one, or against another row of the same key earlier
    in `rows`, it is a conflict and not taken; `on_conflict` hears of it before the next row is asked for. Findings
    that changed while the values did not are refreshed silently.
    """
    batch = _Batch(store.must_write(), source_sha256)
    known = _open_rows(batch.connection, unit, form)
    counts = StageCounts()
    start, now = (unit, form, form_version), to_text(store.now())
    inserts: list[tuple[Any, ...]] = []
    updates: list[tuple[Any, ...]] = []
    seen: dict[str, tuple[int, int]] = {}

    def conflict(row: StagedRow, reason: str, first_row: int = 0) -> None:
        counts.conflicts.append(Conflict(row.key, row.source_row, reason, first_row))
        on_conflict(counts.conflicts[-1])

    for row in rows:
        key, person_id, effect_month, values, found, source_row = row
        content = (form_version, person_id, effect_month, batch.text(values))
        if key in seen:
            first, first_row = seen[key]
            if first == hash(content):
                counts.unchanged += 1
            else:
                conflict(row, "twice", first_row)
            continue
        # The content's hash is enough to tell an equal twin, and keeps a large batch small in memory.
        seen[key] = (hash(content), source_row)
        findings = jsontext.dump_findings(found) if found else "[]"
        open_row = known.get(key) if known else None
        if open_row is None:
            inserts.append((*start, key, *content[1:], findings, batch.id, source_row, now, now))
            if len(inserts) == _AT_ONCE:
                counts.inserted += batch.write(_INSERT, inserts)
            continue
        fate = _fate(open_row, (*content, batch.fields), findings)
        counts.unchanged += fate in (_SAME, _REFRESHED)
        counts.updated += fate == _CHANGED
        if fate in (_CHANGED, _REFRESHED):
            updates.append((*content, findings, batch.id, source_row, now, open_row.id))
        elif fate == _DECLARED:
            conflict(row, _DECLARED)
    counts.inserted += batch.write(_INSERT, inserts)
    batch.write(_UPDATE, updates)
    return counts


_SAME, _REFRESHED, _CHANGED, _DECLARED = "same", "refreshed", "changed", "declared"


def _fate(open_row: _OpenRow, content: tuple[Any, ...], findings: str) -> str:
    """What becomes of a row whose key is open already."""
    declared = open_row.state == ItemState.DECLARED
    if open_row.content == content:
        return _SAME if declared or open_row.findings == findings else _REFRESHED
    return _DECLARED if declared else _CHANGED


class _Batch:
    """What the rows have in common. Rows with other fields than the ones before begin another batch."""

    def __init__(self, connection: Any, source_sha256: str) -> None:
        self.connection = connection
        self.fields: tuple[str, ...] = ()
        self._id = 0
        self._source_sha256 = source_sha256

    def text(self, values: Mapping[str, Any]) -> str:
        """The row's values as they are kept: a list in the order of the batch's fields."""
        names = tuple(values)
        if names != self.fields:
            self.fields, self._id = names, 0
        return jsontext.dump(list(values.values()))

    @property
    def id(self) -> int:
        """The batch's number; it is written down when the first row needs it."""
        if not self._id:
            made = (jsontext.dump(self.fields), self._source_sha256)
            insert = "INSERT INTO batch (fields, source_sha256) VALUES (?, ?)"
            self._id = self.connection.execute(insert, made).lastrowid
        return self._id

    def write(self, statement: str, rows: list[tuple[Any, ...]]) -> int:
        """Run a statement over the rows and empty the list; gives how many they were."""
        count = len(rows)
        self.connection.executemany(statement, rows)
        rows.clear()
        return count


class _OpenRow(NamedTuple):
    """What is pending or declared under a key; `content` is compared with what comes."""

    id: int
    state: str
    content: tuple[Any, ...]
    findings: str


def _open_rows(connection: Any, unit: str, form: str) -> dict[str, _OpenRow]:
    batches = Batches(connection)
    return {
        key: _OpenRow(item_id, state, (*content, batches[batch][0]), findings)
        for key, item_id, state, *content, findings, batch in connection.execute(_OPEN, (unit, form))
    }
