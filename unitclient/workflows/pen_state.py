"""What is known of the pen (`pen`) without asking the centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.errors import UserError
from unitclient.store.settings import get_setting
from unitclient.store.store import Store
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk


@dataclass(frozen=True, slots=True)
class Pen:
    """What was last heard of the pen, by the centre's clock. `holder` is a computer's name, "" when it is free.

    `asked_by` names the computer that asked for it; `may_take_at` is when this one, which asked, may take it.
    """

    mine: bool
    holder: str
    since: datetime | None
    until: datetime | None
    asked_by: str
    may_take_at: datetime | None

    def elsewhere(self, now: datetime) -> bool:
        """Whether another computer holds it."""
        return bool(self.holder) and not self.mine and self.until is not None and self.until > now

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "mine": self.mine,
            "holder": self.holder,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "asked_by": self.asked_by,
            "may_take_at": self.may_take_at.isoformat() if self.may_take_at else None,
        }


def known_pen(store: Store, unit: Unit) -> Pen:
    """The pen as it was at the last contact; free where nothing was heard yet."""
    return pen_of(get_setting(store, pen_key(unit), {}))


def pen_key(unit: Unit) -> str:
    """Where the last answer is kept among the settings."""
    return f"pen:{unit.unit_number}"


def pen_of(told: dict[str, Any]) -> Pen:
    """From the centre's answer, or what was kept of it."""
    return Pen(
        bool(told.get("mine")),
        str(told.get("holder", "")),
        _time(told.get("since")),
        _time(told.get("until")),
        str(told.get("asked_by", "")),
        _time(told.get("may_take_at")),
    )


def _time(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def refuse_without_pen(desk: Desk, unit: Unit) -> None:
    """UserError pen-elsewhere while another computer of the unit works on its declarations."""
    pen = known_pen(desk.store, unit)
    if pen.elsewhere(desk.now()):
        raise UserError("pen-elsewhere", holder=pen.holder, since=pen.since)
