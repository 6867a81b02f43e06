"""What a help desk asks first: database, journal, clock, key libraries, disk. Codes; the front ends find words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from unitclient.store.check import check_db
from unitclient.store.units import Unit
from unitclient.tokens.softhsm import find_softhsm_library
from unitclient.workflows.centre import centre_offset
from unitclient.workflows.centre_clock import CLOCK_TOLERANCE
from unitclient.workflows.desk import Count, Desk, no_count
from unitclient.workflows.rights import needs

LEAST_FREE_BYTES = 500 * 1024 * 1024
"""Room for a backup, an import and the papers of a month."""
STEPS = 5


class Level(StrEnum):
    """How a check came out."""

    GOOD = "good"
    NOTICE = "notice"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `code` names its sentence (`text.diagnosis-<code>`), filled with `params`."""

    id: str
    level: Level
    code: str
    params: dict[str, object] = field(default_factory=dict)


@needs("diagnose")
def diagnose(desk: Desk, unit: Unit | None, count: Count = no_count) -> list[Check]:
    """All checks, one after the other; `count` is told of each. Raises what `check_db` refuses with."""
    checks: list[Check] = []
    for done, found in enumerate((_database, _clock, _libraries, _key, _disk), start=1):
        checks += found(desk, unit)
        count(done, STEPS)
    return checks


def _database(desk: Desk, _unit: Unit | None) -> Iterator[Check]:
    report = check_db(desk.store)
    faults = len(report.damaged_pages) + len(report.structure) + report.orphans
    level = Level.BAD if faults else Level.GOOD
    code = "database-bad" if faults else "database-good"
    yield Check("database", level, code, {"count": faults, "rows": sum(report.rows.values()), "schema": report.schema})
    broken = report.journal_broken_at
    yield (
        Check("journal", Level.BAD, "journal-bad", {"entry": broken})
        if broken
        else Check("journal", Level.GOOD, "journal-good")
    )


def _clock(desk: Desk, unit: Unit | None) -> Iterator[Check]:
    offset = centre_offset(desk.store, unit.unit_number) if unit else None
    if offset is None:
        yield Check("clock", Level.NOTICE, "clock-unknown")
        return
    seconds = round(offset.total_seconds())
    if unit is not None and unit.practice:
        yield Check("clock", Level.GOOD, "clock-practice", {"days": round(seconds / 86400)})
    elif abs(offset) > CLOCK_TOLERANCE:
        yield Check("clock", Level.BAD, "clock-wrong", {"minutes": round(abs(seconds) / 60)})
    else:
        yield Check("clock", Level.GOOD, "clock-good", {"seconds": abs(seconds)})


def _libraries(_desk: Desk, _unit: Unit | None) -> Iterator[Check]:
    found = find_softhsm_library()
    if found is None:
        yield Check("softhsm", Level.NOTICE, "softhsm-missing")
    else:
        yield Check("softhsm", Level.GOOD, "softhsm-found", {"path": found})


def _key(_desk: Desk, unit: Unit | None) -> Iterator[Check]:
    named = [str(unit.key_ref.get(name) or "") for name in ("library", "path")] if unit else []
    for path in filter(None, named):
        there = Path(path).is_file()
        level = Level.GOOD if there else Level.BAD
        yield Check("key", level, "key-file-found" if there else "key-file-missing", {"path": path})


def _disk(desk: Desk, _unit: Unit | None) -> Iterator[Check]:
    free = shutil.disk_usage(desk.home).free
    level = Level.GOOD if free >= LEAST_FREE_BYTES else Level.BAD
    yield Check("disk", level, "disk-good" if level is Level.GOOD else "disk-full", {"gigabytes": round(free / 2**30)})
