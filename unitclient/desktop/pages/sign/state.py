"""What the signing page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from unitclient.errors import UserError
from unitclient.workflows.signable import Certificate, Signable


class Phase(StrEnum):
    """What the page is doing."""

    READING = "reading"
    IDLE = "idle"
    ASKING = "asking"
    """The key is opened, or the PIN is asked for."""
    SIGNING = "signing"
    SENDING = "sending"


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of what is chosen; money in fen."""

    declarations: int = 0
    persons: int = 0
    rows: int = 0
    unit_fen: int = 0
    person_fen: int = 0

    @property
    def total_fen(self) -> int:
        """Both sides."""
        return self.unit_fen + self.person_fen


@dataclass(frozen=True, slots=True)
class Moved:
    """One live step while sending: which declaration, what happened, the code that says why."""

    name: str
    track: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of signing: names of what was signed and of what still waits, and why it stopped (if it did)."""

    signed: tuple[str, ...]
    left: tuple[str, ...]
    refusal: UserError | None = None
    cancelled: bool = False


@dataclass(frozen=True)
class SignState:
    """Everything the view needs."""

    phase: Phase = Phase.READING
    unit_name: str = ""
    unit_number: str = ""
    practice: bool = False
    certificate: Certificate | None = None
    days_left: int | None = None
    waiting: tuple[Signable, ...] = ()
    chosen: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    """Chosen because a chosen one counts on them: they cannot be left out."""
    totals: Totals = field(default_factory=Totals)
    review_missing: int = 0
    """How many of the chosen still need their review where the unit wants four eyes."""
    progress: tuple[int, int] = (0, 0)
    current: str = ""
    steps: tuple[Moved, ...] = ()
    queued: int = 0
    """How many signed submissions wait to be sent."""

    @property
    def ready(self) -> bool:
        """Whether the chosen can be signed now."""
        sent_back = any(one.sent_back for one in self.waiting if one.id in self.chosen)
        return self.phase is Phase.IDLE and bool(self.chosen) and not self.review_missing and not sent_back

    @property
    def busy(self) -> bool:
        """Whether key or centre are at work."""
        return self.phase in (Phase.ASKING, Phase.SIGNING, Phase.SENDING)


def with_required(waiting: tuple[Signable, ...], chosen: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """(chosen with everything they count on, those that are in only for that reason's sake)."""
    by_id = {one.id: one for one in waiting}
    needed: set[str] = set()
    todo = [name for name in chosen if name in by_id]
    while todo:
        for other in by_id[todo.pop()].requires:
            if other not in needed:
                needed.add(other)
                todo.append(other)
    return frozenset(chosen & by_id.keys()) | needed, frozenset(needed)


def totals_of(waiting: tuple[Signable, ...], chosen: frozenset[str]) -> Totals:
    """Sums over the chosen."""
    taken = [one for one in waiting if one.id in chosen]
    return Totals(
        len(taken),
        sum(one.persons for one in taken),
        sum(one.rows for one in taken),
        sum(one.unit_fen for one in taken),
        sum(one.person_fen for one in taken),
    )
