"""The orders for the child process that the window gives: which function, for whose desk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unitclient.clock import SystemClock
from unitclient.desktop.tasks import ProcJob

if TYPE_CHECKING:
    from unitclient.desktop.session import Session

_JOBS = "unitclient.desktop.proc.sheet_jobs:"


def seat_of(session: Session) -> dict[str, Any]:
    """Whose desk a child opens. The database's key goes down the pipe, never on a command line."""
    clock = session.system_clock
    shift = 0 if isinstance(clock, SystemClock) else round((clock.now() - SystemClock().now()).total_seconds())
    return {
        "home": str(session.home),
        "unit": session.unit_number(),
        "key": (session.key() or b"").hex(),
        "operator": session.signed_in,
        "shift_s": shift,
        "masked": session.masked(),
    }


def look_order(
    session: Session, form_id: str, path: Path, sheet: str | None = None, header_rows: tuple[int, int] | None = None
) -> ProcJob:
    """Look at a file."""
    rows = list(header_rows) if header_rows else None
    return _order(session, "look", form_id, path, sheet=sheet, header_rows=rows)


def preview_order(session: Session, form_id: str, path: Path, chosen: Mapping[str, Any]) -> ProcJob:
    """Try the first rows of a file."""
    return _order(session, "preview", form_id, path, period=str(session.period()), chosen=dict(chosen))


def import_order(session: Session, form_id: str, path: Path, chosen: Mapping[str, Any], rows: int) -> ProcJob:
    """Import a file."""
    return _order(session, "bring", form_id, path, period=str(session.period()), chosen=dict(chosen), rows=rows)


def template_order(session: Session, form_id: str, path: Path, with_roster: bool) -> ProcJob:
    """Write the sheet to fill in."""
    return _order(session, "template", form_id, path, with_roster=with_roster)


def _order(session: Session, function: str, form_id: str, path: Path, **arguments: Any) -> ProcJob:
    return ProcJob(_JOBS + function, {"seat": seat_of(session), "form": form_id, "path": str(path), **arguments})
