"""Papers that the centre issues from its registers: number, code to verify by, first and last day (证明开具)."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from unitclient.catalog.registers import Register
from unitclient.central.decision import Moved
from unitclient.central.numbers import next_number
from unitclient.clock import CHINA
from unitclient.domain.registers import Entry

_CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without what looks alike when it is read out: I and 1, O and 0."""
_CODE_LENGTH = 12


def issued(tx: sqlite3.Connection, kind: Register | None, entry: Entry, now: datetime) -> Entry:
    """The entry with number, code and days when it has just come to the state in which its register issues papers.

    A paper that was issued before is replaced: the old number verifies nothing any more.
    """
    if kind is None or kind.issue is None or entry.state != kind.issue.state:
        return entry
    today = now.astimezone(CHINA).date()
    told = {
        "certificate_number": f"{today:%Y%m%d}{next_number(tx, f'paper:{today:%Y%m%d}'):06d}",
        "verify_code": "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH)),
        "issued_on": today.isoformat(),
        "valid_until": (today + timedelta(days=kind.issue.days)).isoformat(),
    }
    return replace(entry, values={**entry.values, **told})


def with_papers(
    tx: sqlite3.Connection, kinds: Mapping[str, Register], moved: Moved, now: datetime
) -> dict[tuple[str, str], tuple[Entry | None, Entry]]:
    """What a decision moved, with the papers that are issued by it."""
    return {
        place: (before, issued(tx, kinds.get(after.register), after, now)) for place, (before, after) in moved.items()
    }
