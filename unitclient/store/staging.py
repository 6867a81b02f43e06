"""Staging imported rows in bulk: new ones are added, changed ones replace what was pending, equal ones stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unitclient.domain.findings import Finding
from unitclient.store import jsontext
from unitclient.store.items import ItemState
from unitclient.store.person_notes import Due, due
from unitclient.store.store import Store
from unitclient.store.times import to_text

_INSERT = (
    "INSERT INTO item (unit, form, form_version, key, person_id, effect_month, row_values, state, findings,"
    " source_sha256, source_row, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?)"
)
_UPDATE = (
    "UPDATE item SET form_version = ?, person_id = ?, effect_month = ?, row_values = ?, findings = ?,"
    " source_sha256 = ?, source_row = ?, updated_at = ? WHERE id = ?"
)
_OPEN = (
    "SELECT key, id, state, form_version, person_id, effect_month, row_values, findings FROM item"
    " WHERE unit = ? AND form = ? AND state IN ('pending', 'declared')"
)


_BATCH = 2000


@dataclass(frozen=True, slots=True)
class StagedRow:
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


def stage_items(
    store: Store, unit: str, form: str, form_version: str, rows: Iterable[StagedRow], *, source_sha256: str = ""
) -> StageCounts:
    """Stage rows of one form. A row equal to the open one of its key changes nothing.

    A different one replaces what is pending; against a declared one, or against another row of the same key earlier
    in `rows`, it is a conflict and not taken. Findings that changed while the values did not are refreshed silently.
    """
    connection = store.must_write()
    now = to_text(store.now())
    known = {row[0]: row[1:] for row in connection.execute(_OPEN, (unit, form))}
    counts = StageCounts()
    inserts: list[tuple[Any, ...]] = []
    updates: list[tuple[Any, ...]] = []
    seen: dict[str, tuple[int, int]] = {}
    dump, dump_findings = jsontext.dump, jsontext.dump_findings
    for row in rows:
        key = row.key
        content = (form_version, row.person_id, row.effect_month, dump(row.values))
        findings = dump_findings(row.findings) if row.findings else "[]"
        if key in seen:
            _second(row, seen[key], hash(content), counts)
            continue
        # The content's hash is enough to tell an equal twin, and keeps a large batch small in memory.
        seen[key] = (hash(content), row.source_row)
        open_row = known.get(key)
        if open_row is None:
            counts.inserted += 1
            inserts.append(
                (unit, form, form_version, key, *content[1:], findings, source_sha256, row.source_row, now, now)
            )
            if len(inserts) >= _BATCH:
                connection.executemany(_INSERT, inserts)
                inserts.clear()
        elif _against(row, open_row, content, findings, counts):
            updates.append((*content, findings, source_sha256, row.source_row, now, open_row[0]))
    connection.executemany(_INSERT, inserts)
    connection.executemany(_UPDATE, updates)
    if counts.inserted or updates:
        due(store, unit, Due.ITEMS, form)
    return counts


def _second(row: StagedRow, first: tuple[int, int], content: int, counts: StageCounts) -> None:
    """A key that came earlier in the same batch."""
    if first[0] == content:
        counts.unchanged += 1
    else:
        counts.conflicts.append(Conflict(row.key, row.source_row, "twice", first[1]))


def _against(
    row: StagedRow, open_row: tuple[Any, ...], content: tuple[str, ...], findings: str, counts: StageCounts
) -> bool:
    """Count a row whose key is open already; whether the open one is to be rewritten."""
    declared = open_row[1] == ItemState.DECLARED
    if tuple(open_row[2:6]) == content:
        counts.unchanged += 1
        return not declared and open_row[6] != findings
    if declared:
        counts.conflicts.append(Conflict(row.key, row.source_row, "declared"))
        return False
    counts.updated += 1
    return True
