"""The announced holidays of resources/calendar/holidays.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from unitclient.domain.deadlines import HolidayRun, HolidayTable, HolidayYear
from unitclient.errors import UserError


def load_holidays(resources_root: Path) -> HolidayTable:
    """All years with their notices. Raises UserError `holidays-broken` when the file is none."""
    path = resources_root / "calendar" / "holidays.json"
    try:
        return holidays_from_json(json.loads(path.read_text("utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise UserError("holidays-broken", file=path.name, reason=f"{type(wrong).__name__}: {wrong}") from wrong


def holidays_from_json(data: Mapping[str, Any]) -> HolidayTable:
    """From {"years": {"2024": {"notice", "runs": [[first, last], ...], "working_weekend_days": [...]}}}."""
    return HolidayTable({int(year): _year(entry) for year, entry in data["years"].items()})


def _year(data: Mapping[str, Any]) -> HolidayYear:
    return HolidayYear(
        runs=tuple(HolidayRun(date.fromisoformat(first), date.fromisoformat(last)) for first, last in data["runs"]),
        working_weekend_days=frozenset(date.fromisoformat(day) for day in data["working_weekend_days"]),
        notice=data["notice"],
    )


def holidays_to_json(table: HolidayTable) -> dict[str, Any]:
    """The same shape, for a calendar that a central service publishes."""
    return {
        "years": {
            str(year): {
                "notice": entry.notice,
                "runs": [[run.first.isoformat(), run.last.isoformat()] for run in entry.runs],
                "working_weekend_days": sorted(day.isoformat() for day in entry.working_weekend_days),
            }
            for year, entry in sorted(table.years.items())
        }
    }
