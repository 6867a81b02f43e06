"""Wrong passwords are slowed down, also over a restart: how often and when is kept beside the key, in clear.

Whoever can delete that file can also copy the key file and guess elsewhere: the delay is against the keyboard, the cost
of Argon2id against the copy.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from unitclient.errors import UserError
from unitclient.store.times import from_text, to_text

FREE = 3
"""So many wrong passwords are slips."""
_FIRST_S, _LONGEST_S = 15, 15 * 60


def refuse_too_soon(home: Path, who: str, now: datetime) -> None:
    """UserError operator-wait, with the seconds that are left."""
    failures, last = _read(home).get(who, (0, now))
    if now < last:  # the clock was set back: wait once more, from now on
        _write(home, who, (failures, now))
        last = now
    left = last + delay(failures) - now
    if left > timedelta():
        raise UserError("operator-wait", seconds=round(left.total_seconds() + 0.5), failures=failures)


def delay(failures: int) -> timedelta:
    """How long after so many wrong passwords the next one is taken."""
    if failures < FREE:
        return timedelta()
    return timedelta(seconds=min(_LONGEST_S, _FIRST_S * 2 ** min(failures - FREE, 16)))


def note_wrong(home: Path, who: str, now: datetime) -> None:
    """One more wrong password."""
    _write(home, who, (_read(home).get(who, (0, now))[0] + 1, now))


def note_right(home: Path, who: str) -> int:
    """The password was right: how many wrong ones there were before it, and they are forgotten."""
    failures = _read(home).get(who, (0, None))[0]
    if failures:
        _write(home, who, None)
    return failures


def _path(home: Path) -> Path:
    return home / "keys" / "tries.json"


def _read(home: Path) -> dict[str, tuple[int, datetime]]:
    try:
        told = json.loads(_path(home).read_text("utf-8"))
        return {str(who): (int(count), from_text(at)) for who, (count, at) in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(home: Path, who: str, state: tuple[int, datetime] | None) -> None:
    known = _read(home)
    known.pop(who, None)
    if state is not None:
        known[who] = state
    from unitclient.store.keyfile import publish

    told = {name: [count, to_text(at)] for name, (count, at) in known.items()}
    publish(_path(home), json.dumps(told).encode(), replace=True)
