"""A database that is older than what this unit did: it was restored, or its log was lost. What follows from that.

The centre may hold what this database has in its queue, or never heard of. So whatever waits becomes unknown, and an
unknown submission is asked about before its bytes go out; and the feed is read before anything is sent (`Engine`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unitclient.store.declarations import set_transport
from unitclient.store.models import OutboxRow, UnitRow
from unitclient.store.outbox import OutboxState
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.store import Store
from unitclient.store.times import to_text
from unitclient.store.transport import Transport

_KEY = "store.older"


@dataclass(frozen=True, slots=True)
class Older:
    """Why the database is older than it was (`why`: restored, log-lost), of when it is, and which units still have to
    ask their centre. `missing` acts were noted and are not here; `kept` names the copy that lies beside."""

    why: str
    since: str
    units: tuple[str, ...]
    missing: int = 0
    kept: str = ""


def became_older(store: Store, why: str, since: str, *, missing: int = 0, kept: str = "") -> None:
    """Remember it, and doubt everything that waits; inside a write."""
    rows = OutboxRow.select(OutboxRow.submission_id).where(OutboxRow.state == OutboxState.QUEUED.value)
    for row in store.rows(rows):
        for step in (Transport.SENDING, Transport.UNKNOWN):
            # It may have been sent; the track knows no way around that.
            set_transport(store, row["submission_id"], step, note=why)
        doubted = {"state": OutboxState.UNKNOWN.value, "next_at": to_text(store.now()), "last_code": why}
        store.change(OutboxRow.update(doubted).where(OutboxRow.submission_id == row["submission_id"]))
    units = [row["unit_number"] for row in store.rows(UnitRow.select(UnitRow.unit_number))]
    put_setting(store, _KEY, {"why": why, "since": since, "units": units, "missing": missing, "kept": kept})


def older(store: Store) -> Older | None:
    """What is still to be made good, or None."""
    told: dict[str, Any] | None = get_setting(store, _KEY)
    return None if not told else Older(**{**told, "units": tuple(told["units"])})


def caught_up(store: Store, unit: str) -> None:
    """This unit has asked its centre for everything since; nothing is left to remember after the last one."""
    told = older(store)
    if told is None:
        return
    left = [number for number in told.units if number != unit]
    with store.write("store.caught-up", subject=unit):
        put_setting(store, _KEY, {"why": told.why, "since": told.since, "units": left, "missing": told.missing,
                                  "kept": told.kept} if left else None)  # fmt: skip
