"""The stage of the desktop's tests: a home with a real database, and Services with inline lanes and fake dialogs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from unitclient.app import Parts, load_parts, open_desk
from unitclient.clock import Clock
from unitclient.desktop.dialogs.fake import FakeDialogs, FakeFiles, FakeShell
from unitclient.desktop.services import Services
from unitclient.desktop.session import Session, SessionClock
from unitclient.desktop.settings import Settings
from unitclient.desktop.tasks import InlineTaskRunner
from unitclient.store.units import Unit, add_unit, select_unit

UNIT = Unit(
    unit_number="420100000001",
    uscc="91420100MA4KXXXX1A",
    name="演练用人单位",
    region="420100",
    centre_url="http://127.0.0.1:9",
    service="practice",
    ca_pem="",
    practice=True,
    insurances=("pension", "medical", "unemployment", "injury", "maternity"),
    operator="演练经办人",
)
"""A practice unit whose centre nobody answers for: enough for everything that needs no centre."""

_parts: list[Parts] = []


def parts() -> Parts:
    """Catalogue and policies, read once for all tests."""
    if not _parts:
        _parts.append(load_parts())
    return _parts[0]


@dataclass
class Stage:
    """Services, and the fakes in them."""

    services: Services
    dialogs: FakeDialogs
    files: FakeFiles
    shell: FakeShell
    runner: InlineTaskRunner

    @property
    def session(self) -> Session:
        """The session."""
        return self.services.session

    def close(self) -> None:
        """Close the database."""
        self.session.close()


def make_stage(home: Path, *, with_unit: bool = False, clock: Clock | None = None, opened: bool = True) -> Stage:
    """A stage over `home`; `with_unit` adds and selects UNIT."""
    if with_unit:
        add_units(home, UNIT)
    settings = Settings(home)
    session = Session(home, settings, clock)
    if opened:
        session.open(parts())
    runner = InlineTaskRunner(session)
    dialogs, files, shell = FakeDialogs(), FakeFiles(), FakeShell()
    services = Services(home, runner, dialogs, files, SessionClock(session), session, settings, shell)
    return Stage(services, dialogs, files, shell, runner)


def add_units(home: Path, *units: Unit) -> None:
    """Put units into the database of a home; the first is selected."""
    with open_desk(home, parts=parts()) as desk, desk.store.write("test.units"):
        for unit in units:
            add_unit(desk.store, unit)
        select_unit(desk.store, units[0].unit_number)


def other_unit(number: str, name: str) -> Unit:
    """One more unit."""
    return replace(UNIT, unit_number=number, name=name, practice=False)
