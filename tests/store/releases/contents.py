"""Makes `v<schema>/`: a real database (with its key) of this version, kept as test data from then on.

Run once per new schema: python -m tests.store.releases.contents. Released folders are never made again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.store.conftest import StandingClock
from tests.store.samples import AT, UNIT, add_unit, enqueue, keep_document, person
from unitclient.domain.findings import Finding
from unitclient.store import Store, feed, outbox, settings, staff
from unitclient.store.attachments import put_attachment
from unitclient.store.declarations import set_acceptance
from unitclient.store.items import items, mark_declared, settle
from unitclient.store.migrations import STEPS
from unitclient.store.operators import Operator, put_operator
from unitclient.store.staging import StagedRow, stage_items
from unitclient.store.units import select_unit

ROSTER = [person(number) for number in range(1, 6)]
CONTAINER = b"container of d1"


def fill(store: Store) -> None:
    """A bit of everything."""
    add_unit(store, UNIT)
    enqueue(store, "d1", deadline=AT, total_fen=120_000)
    keep_document(store, "a-1", submission_id="d1")
    with store.write("sample.fill"):
        select_unit(store, UNIT)
        staff.replace_roster(store, UNIT, ROSTER)
        rows = [StagedRow(f"k{n}", f"k{n}", "2026-01", {"wage": n}, (Finding("B301"),), n) for n in range(3)]
        stage_items(store, UNIT, "monthly", "2026", rows)
        mark_declared(store, [item.id for item in items(store, UNIT)], "d1")
        settle(store, "d1", {1: (Finding("B201"),)})
        outbox.claim(store, "d1", store.now())
        outbox.outcome(store, "d1", outbox.OutboxState.UNKNOWN, next_at=AT, code="timeout")
        outbox.store_receipt(store, "d1", b"receipt", b"cms")
        set_acceptance(store, "d1", "accepted", document_ref="a-1", at=AT)
        put_attachment(store, UNIT, f"{hashlib.sha256(CONTAINER).hexdigest()}.pdf", CONTAINER)
        feed.set_cursor(store, UNIT, "c1")
        settings.put_setting(store, "clock.offset_ms", 5)
        put_operator(store, Operator("经办人甲", "clerk"))


if __name__ == "__main__":
    folder = Path(__file__).parent / f"v{STEPS[-1].version}"
    with Store.open(folder, clock=StandingClock()) as made:
        fill(made)
