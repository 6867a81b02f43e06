"""What the bureau's desk shuts for a while: the intake during upkeep, and steps whose papers are held back.

Both are kept in the database, so that a restart in the middle of an upkeep changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from unitclient.central.database import CentreDatabase, set_meta
from unitclient.central.numbers import instant
from unitclient.central.problems import ProblemError

HOLDABLE = ("post", "slip")
"""Steps of the worker that the desk may hold back: account posting, and the bank slip."""
_UPKEEP, _HELD = "upkeep", "held_steps"


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Until when the intake is shut, and what the bureau says about it."""

    until: datetime
    notice: str

    def retry_after_s(self, now: datetime) -> int:
        """Whole seconds until it is open again, at least one."""
        return max(1, ceil((self.until - now).total_seconds()))


def close(database: CentreDatabase, now: datetime, minutes: int, notice: str) -> Upkeep:
    """Shut the intake for so many minutes by the service's clock; 0 opens it."""
    told = Upkeep(now + timedelta(minutes=minutes), notice)
    with database.write() as tx:
        set_meta(tx, _UPKEEP, json.dumps({"until": instant(told.until), "notice": notice}, ensure_ascii=False))
    return told


def upkeep(database: CentreDatabase, now: datetime) -> Upkeep | None:
    """The upkeep under way, or None while the intake is open."""
    kept = database.meta(_UPKEEP, "")
    if not kept:
        return None
    told = json.loads(kept)
    until = datetime.fromisoformat(told["until"])
    return Upkeep(until, told["notice"]) if now < until else None


def refuse_closed(database: CentreDatabase, now: datetime, submission_id: str | None = None) -> None:
    """ProblemError read-only while the intake is shut: the same bytes are taken once it is open."""
    shut = upkeep(database, now)
    if shut is not None:
        raise ProblemError("read-only", shut.notice, submission_id, shut.retry_after_s(now))


def hold(database: CentreDatabase, step: str, *, held: bool) -> tuple[str, ...]:
    """Hold a step back, or let it go on; the steps held now. ProblemError schema-invalid for any other step."""
    if step not in HOLDABLE:
        raise ProblemError("schema-invalid", step)
    with database.write() as tx:
        others = {name for name in held_steps(database) if name != step}
        now_held = sorted(others | {step} if held else others)
        set_meta(tx, _HELD, " ".join(now_held))
    return tuple(now_held)


def held_steps(database: CentreDatabase) -> tuple[str, ...]:
    """The steps that the worker does not take for now."""
    return tuple(database.meta(_HELD, "").split())
