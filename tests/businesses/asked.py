"""What the centre answers a unit's queries with, asked anew each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.office import Office
from unitclient.central.server import RunningCentre
from unitclient.workflows import asking

PAUSE = timedelta(seconds=31)
"""Longer than a query's pause."""


def rows_of(centre: RunningCentre, clerk: Office, query: str, **inputs: str) -> list[dict[str, Any]]:
    """The rows of a fresh answer; the centre's clock goes on a little, so that the same question may be asked again."""
    clock = centre.state.core.clock
    clock.shift(clock.now() - datetime.now(UTC) + PAUSE)
    clerk.syncs()
    asked = asking.ask(clerk.desk, clerk.unit, query, inputs)
    assert asked.fresh, asked.refusal
    return [dict(row) for row in asked.answer.rows]
