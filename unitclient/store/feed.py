"""How far a unit's change feed was read.

The cursor moves in the transaction that stores what it covers: call `set_cursor` in the same `Store.write` that keeps
the page's documents, so that a crash repeats a page and never skips one.
"""

from __future__ import annotations

from unitclient.store.models import FeedRow
from unitclient.store.store import Store
from unitclient.store.times import to_text


def cursor(store: Store, unit: str) -> str | None:
    """The centre's opaque cursor, or None before the first page."""
    row = store.row(FeedRow.select().where(FeedRow.unit == unit))
    return None if row is None else str(row["cursor"])


def set_cursor(store: Store, unit: str, cursor: str) -> None:
    """Remember the cursor of a page, inside the caller's write."""
    columns = {"unit": unit, "cursor": cursor, "updated_at": to_text(store.now())}
    store.change(FeedRow.insert(columns).on_conflict("REPLACE"))
