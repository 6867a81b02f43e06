"""The pen of a unit (执笔): which of its computers prepares and signs now, while the others read.

It is help, not law: what counts is the signature on a submission, so a submission is taken whoever holds the pen. A
computer that is not heard of for LEASE has let the pen go; one that does not answer a question for PATIENCE loses it.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from unitclient.central.database import CentreDatabase, set_meta
from unitclient.central.numbers import instant
from unitclient.clock import Clock

LEASE = timedelta(minutes=30)
PATIENCE = timedelta(minutes=5)
Act = Literal["take", "ask", "give"]


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds the pen since when, until when without a sign of life; and who asked for it when ("" for nobody)."""

    device_id: str = ""
    device_name: str = ""
    since: str = ""
    until: str = ""
    asked_by: str = ""
    asked_name: str = ""
    asked_at: str = ""


class Pens:
    """The pens of all units; devices are rows of the device table."""

    def __init__(self, database: CentreDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def look(self, unit_number: str, device: sqlite3.Row) -> dict[str, Any]:
        """The pen as the device sees it."""
        now = self._clock.now()
        return _told(self._living(self._database.read(), unit_number, now), device, now)

    def move(self, unit_number: str, device: sqlite3.Row, act: Act) -> dict[str, Any]:
        """Take (or keep) the pen, ask for it, or give it away; what came of it is in the answer, never an error."""
        now = self._clock.now()
        with self._database.write() as tx:
            held = self._living(tx, unit_number, now)
            moved = _ACTS[act](held, device, now)
            set_meta(tx, f"pen:{unit_number}", json.dumps(asdict(moved), ensure_ascii=False))
        return _told(moved, device, now)

    def _living(self, connection: sqlite3.Connection, unit_number: str, now: datetime) -> Held:
        """Nobody holds a pen that was not heard of for so long, or whose device may not come any more."""
        row = connection.execute("SELECT value FROM meta WHERE key = ?", (f"pen:{unit_number}",)).fetchone()
        held = Held(**json.loads(row[0])) if row else Held()
        if not held.device_id or datetime.fromisoformat(held.until) <= now:
            return Held()
        known = connection.execute(
            "SELECT 1 FROM device WHERE device_id = ? AND revoked_at IS NULL AND expires_at > ?",
            (held.device_id, instant(now)),
        ).fetchone()
        return held if known else Held()


def _take(held: Held, device: sqlite3.Row, now: datetime) -> Held:
    if held.device_id == device["device_id"]:
        return replace(held, until=instant(now + LEASE))
    waited = held.asked_by == device["device_id"] and now - datetime.fromisoformat(held.asked_at) >= PATIENCE
    return _given(device["device_id"], device["name"], now) if waited or not held.device_id else held


def _ask(held: Held, device: sqlite3.Row, now: datetime) -> Held:
    if not held.device_id or held.device_id == device["device_id"]:
        return _take(held, device, now)
    if held.asked_by == device["device_id"]:
        return held
    return replace(held, asked_by=device["device_id"], asked_name=device["name"], asked_at=instant(now))


def _give(held: Held, device: sqlite3.Row, now: datetime) -> Held:
    if held.device_id != device["device_id"]:
        return held
    return _given(held.asked_by, held.asked_name, now) if held.asked_by else Held()


_ACTS = {"take": _take, "ask": _ask, "give": _give}


def _given(device_id: str, name: str, now: datetime) -> Held:
    return Held(device_id, name, instant(now), instant(now + LEASE))


def _told(held: Held, device: sqlite3.Row, now: datetime) -> dict[str, Any]:
    return {
        "mine": held.device_id == device["device_id"],
        "holder": held.device_name,
        "since": held.since,
        "until": held.until,
        "asked_by": held.asked_name,
        "asked_at": held.asked_at,
        "may_take_at": _may_take_at(held, device),
        "now": instant(now),
    }


def _may_take_at(held: Held, device: sqlite3.Row) -> str:
    """When the device may take a pen it asked for; "" where it did not ask."""
    if not held.asked_at or held.asked_by != device["device_id"]:
        return ""
    return instant(datetime.fromisoformat(held.asked_at) + PATIENCE)
