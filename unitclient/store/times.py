"""Instants as the database keeps them: RFC 3339 in UTC with a fixed width, so that texts sort as the times do."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


def to_text(at: datetime) -> str:
    """ "2026-01-05T08:00:00.000000Z". A time without a zone is a fault of the program and raises ValueError."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@lru_cache(maxsize=1024)
def from_text(text: str) -> datetime:
    """The aware datetime (UTC) of a text made by `to_text`. Rows that were written together share theirs."""
    return datetime.fromisoformat(text)


def optional_text(at: datetime | None) -> str | None:
    """`to_text`, or None for None."""
    return None if at is None else to_text(at)


def optional_time(text: str | None) -> datetime | None:
    """`from_text`, or None for None."""
    return None if text is None else from_text(text)
