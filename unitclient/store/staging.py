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
from unitclient.store.batches import Batches
from unitclient.store.items import ItemState
from unitclient.store.person_notes import Due, due
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
    "SELECT key, id, state, form_version, person_id, effect_month, row_values, findings, batch FROM item"
    " WHERE unit = ? AND form = ? AND state IN ('pending', 'declared')"
)
_OPEN_OF_KEY = f"{_OPEN} AND key = ?"
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
    staging = _Staging(store, (unit, form, form_version), source_sha256, on_conflict)
    for row in rows:
        staging.add(row)
    staging.flush()
    if staging.counts.inserted or staging.counts.updated:
        due(store, unit, Due.ITEMS, staging.now, form)
    return staging.counts


class _Staging:
    """Rows on their way into the table, handed to the database some thousands at a time."""

    def __init__(
        self, store: Store, form: tuple[str, str, str], source_sha256: str, on_conflict: Callable[[Conflict], None]
    ) -> None:
        self.counts = StageCounts()
        self._connection = store.must_write()
        self._form = form
        self._form_version = form[2]
        self.now = to_text(store.now())
        self._batch = _Batch(self._connection, source_sha256)
        self._open = _open_rows(self._connection, _OPEN, form[:2])
        self._seen: dict[str, int] = {}
        self._inserts: list[tuple[Any, ...]] = []
        self._updates: list[tuple[Any, ...]] = []
        self._on_conflict = on_conflict

    def add(self, row: StagedRow) -> None:
        """Take one row, or count what becomes of it."""
        key, person_id, effect_month, values, found, source_row = row
        batch = self._batch
        content = (self._form_version, person_id, effect_month, batch.text(values))
        if key in self._seen:
            self._twin(row, content)
            return
        self._seen[key] = source_row
        findings = jsontext.dump_findings(found) if found else "[]"
        open_row = self._open.get(key)
        if open_row is not None:
            self._meet(open_row, row, content, findings)
            return
        now = self.now
        self._inserts.append((*self._form, key, *content[1:], findings, batch.id, source_row, now, now))
        if len(self._inserts) == _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Hand over what waits."""
        self.counts.inserted += len(self._inserts)
        self.counts.updated += len(self._updates)
        for statement, waiting in ((_INSERT, self._inserts), (_UPDATE, self._updates)):
            self._connection.executemany(statement, waiting)
            waiting.clear()

    def _meet(self, open_row: _OpenRow, row: StagedRow, content: tuple[Any, ...], findings: str) -> None:
        """A row whose key is open already."""
        declared = open_row.state == ItemState.DECLARED
        if open_row.content == (*content, self._batch.fields):
            self.counts.unchanged += 1
            if not declared and open_row.findings != findings:
                self._connection.execute("UPDATE item SET findings = ? WHERE id = ?", (findings, open_row.id))
        elif declared:
            self._conflict(row, "declared")
        else:
            self._updates.append((*content, findings, self._batch.id, row.source_row, self.now, open_row.id))

    def _twin(self, row: StagedRow, content: tuple[Any, ...]) -> None:
        """A key that came before in these rows. What the first one said is asked of the database: it is seldom needed,
        and to keep it for all would make a large sheet large in memory.
        """
        self.flush()
        first = _open_rows(self._connection, _OPEN_OF_KEY, (*self._form[:2], row.key))[row.key]
        if first.content == (*content, self._batch.fields):
            self.counts.unchanged += 1
        else:
            self._conflict(row, "twice", self._seen[row.key])

    def _conflict(self, row: StagedRow, reason: str, first_row: int = 0) -> None:
        self.counts.conflicts.append(Conflict(row.key, row.source_row, reason, first_row))
        self._on_conflict(self.counts.conflicts[-1])


class _Batch:
    """What the rows have in common. Rows with other fields than the ones before begin another batch."""

    def __init__(self, connection: Any, source_sha256: str) -> None:
        self._connection = connection
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
            self._id = self._connection.execute(insert, made).lastrowid
        return self._id


class _OpenRow(NamedTuple):
    """What is pending or declared under a key; `content` is compared with what comes."""

    id: int
    state: str
    content: tuple[Any, ...]
    findings: str


def _open_rows(connection: Any, query: str, wanted: tuple[str, ...]) -> dict[str, _OpenRow]:
    batches = Batches(connection)
    return {
        key: _OpenRow(item_id, state, (*content, batches[batch][0]), findings)
        for key, item_id, state, *content, findings, batch in connection.execute(query, wanted)
    }
