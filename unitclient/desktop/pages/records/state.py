"""What the records page shows, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from unitclient.workflows.following import Detail, Record

LIGHTS = ("to-do", "trouble", "waiting", "done", "ended")


@dataclass(frozen=True)
class RecordsState:
    """Everything the view needs."""

    reading: bool = True
    records: tuple[Record, ...] = ()
    lights: frozenset[str] = frozenset()
    """Lights listed; all when empty."""
    current: str = ""
    detail: Detail | None = None
    busy: bool = False

    def shown(self) -> tuple[Record, ...]:
        """The records listed."""
        return tuple(one for one in self.records if not self.lights or one.light.value in self.lights)

    def counts(self) -> dict[str, int]:
        """How many records each light has."""
        return dict(Counter(one.light.value for one in self.records))
