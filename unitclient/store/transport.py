"""The transport track of a declaration: its states, and which may follow which."""

from __future__ import annotations

from enum import StrEnum


class Transport(StrEnum):
    """Where a declaration is on its way to the centre (传输)."""

    DRAFT = "draft"
    CHECKED = "checked"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    """Bytes went out and no answer came: never shown as failed."""
    PARKED = "parked"
    """The centre would not take it, or it was tried too often: a person must look."""
    WITHDRAWN = "withdrawn"


_T = Transport
NEXT: dict[Transport, frozenset[Transport]] = {
    _T.DRAFT: frozenset({_T.CHECKED, _T.WITHDRAWN}),
    _T.CHECKED: frozenset({_T.DRAFT, _T.REVIEWED, _T.SIGNED, _T.WITHDRAWN}),
    _T.REVIEWED: frozenset({_T.DRAFT, _T.SIGNED, _T.WITHDRAWN}),
    _T.SIGNED: frozenset({_T.QUEUED, _T.WITHDRAWN}),
    _T.QUEUED: frozenset({_T.SENDING, _T.DELIVERED, _T.PARKED, _T.WITHDRAWN}),
    _T.SENDING: frozenset({_T.DELIVERED, _T.UNKNOWN, _T.PARKED, _T.QUEUED}),
    _T.UNKNOWN: frozenset({_T.SENDING, _T.DELIVERED, _T.PARKED, _T.QUEUED}),
    _T.PARKED: frozenset({_T.QUEUED, _T.DELIVERED, _T.WITHDRAWN}),
    _T.WITHDRAWN: frozenset({_T.DELIVERED}),
    _T.DELIVERED: frozenset(),
}
"""What may follow what. Reviewing is skipped where no reviewer is appointed. A receipt proves delivery from any state
in which a copy of the bytes may be outside (on a USB stick, or sent before it was withdrawn)."""


def check_step(now: Transport, wanted: Transport) -> None:
    """ValueError (a fault of the program) when `wanted` may not follow `now`."""
    if wanted not in NEXT[now]:
        raise ValueError(f"transport {now} -> {wanted}")
