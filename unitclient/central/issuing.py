"""Papers that the centre issues from its registers (证明开具): number, code to verify by, days, and what they say."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from unitclient.catalog.registers import Register
from unitclient.central.decision import Moved
from unitclient.central.ledger import paid_by_year
from unitclient.central.numbers import next_number
from unitclient.clock import CHINA
from unitclient.domain.registers import Entry

_CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without what looks alike when it is read out: I and 1, O and 0."""
_CODE_LENGTH = 12


def issued(tx: sqlite3.Connection, unit_number: str, kind: Register | None, entry: Entry, now: datetime) -> Entry:
    """The entry with number, code and days when it has just come to the state in which its register issues papers.

    A paper that was issued before is replaced: the old number verifies nothing any more. What the paper says are its
    `facts`: insurances with their months as the roster has them, and what was paid.
    """
    if kind is None or kind.issue is None or entry.state != kind.issue.state:
        return entry
    today = now.astimezone(CHINA).date()
    paid = paid_by_year(tx, unit_number, entry.values)
    told = {
        "certificate_number": f"{today:%Y%m%d}{next_number(tx, f'paper:{today:%Y%m%d}'):06d}",
        "verify_code": "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH)),
        "issued_on": today.isoformat(),
        "valid_until": (today + timedelta(days=kind.issue.days)).isoformat(),
        "facts": {"insured": _insured(tx, unit_number, entry.values), "paid": paid},
    }
    return replace(entry, values={**entry.values, **told})


def with_papers(
    tx: sqlite3.Connection, unit_number: str, kinds: Mapping[str, Register], moved: Moved, now: datetime
) -> dict[tuple[str, str], tuple[Entry | None, Entry]]:
    """What a decision moved, with the papers that are issued by it."""
    return {
        place: (before, issued(tx, unit_number, kinds.get(after.register), after, now))
        for place, (before, after) in moved.items()
    }


def _insured(tx: sqlite3.Connection, unit_number: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """[{insurance, since, until}] of the paper's person, from the roster; of its one insurance when it names one."""
    row = tx.execute(
        "SELECT record FROM person WHERE unit_number = ? AND id_number = ?", (unit_number, values.get("id_number"))
    ).fetchone()
    held = json.loads(row["record"])["insurances"] if row else {}
    wanted = values.get("insurance")
    return [{"insurance": name, **span} for name, span in held.items() if wanted in (None, name)]
