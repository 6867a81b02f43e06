"""The office of a story: a real centre, a unit with its key on a token, and the program over the unit's home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.stories.program import Program
from tests.e2e.office import Json, Office, credential_of, office, open_unit, practice_centre
from tests.tokens.conftest import shim
from tests.tokens.lab import Lab, make_lab
from unitclient.central.server import RunningCentre
from unitclient.desktop.files import QtFiles
from unitclient.desktop.pages.sign import work
from unitclient.desktop.pages.units.hook import PracticeKeeper
from unitclient.store.units import add_unit, select_unit
from unitclient.tokens.softhsm import find_softhsm_library, softhsm_environment

__all__ = ["shim"]


@dataclass
class Opened:
    """Files that the program handed to other programs."""

    files: list[Path]
    shown: list[Path]


@pytest.fixture(scope="package")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """Shared by the stories that leave its clock and its faults as they were."""
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def own_centre(tmp_path: Path) -> Iterator[RunningCentre]:
    """A centre that the story may break."""
    with practice_centre(tmp_path / "centre") as running:
        yield running


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The programs of others are not started; what they would have been given is kept."""
    told = Opened([], [])

    def opens(_self: QtFiles, path: Path) -> bool:
        told.files.append(path)
        return True

    def shows(_self: QtFiles, path: Path) -> bool:
        told.shown.append(path)
        return True

    monkeypatch.setattr(QtFiles, "open", opens)
    monkeypatch.setattr(QtFiles, "show", shows)
    return told


@pytest.fixture(autouse=True)
def _centre_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stories' practice centre runs in this process: the window has none to start."""
    monkeypatch.setattr(PracticeKeeper, "look", lambda _self, _number="": None)


class Rooms:
    """Makes offices with keys, and starts the program over their homes. Everything ends with the test."""

    def __init__(self, stack: ExitStack, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stack, self._qtbot, self._folder, self._patch = stack, qtbot, folder, monkeypatch
        self.labs: dict[str, Lab] = {}
        self.expected: list[BaseException] = []
        """Faults of the program that the story is about."""

    def office(self, url: str, *, shim: str = "", home: str = "home", **wishes: Any) -> Office:
        """An office with a fresh unit whose key is on a token (behind `shim` where faults are wanted)."""
        return self.office_of(open_unit(url, **wishes), url, shim=shim, home=home)

    def office_of(self, opened: Json, url: str, *, shim: str = "", home: str = "home") -> Office:
        """The same for a unit that is there already."""
        made = self._stack.enter_context(office(self._folder / home, url, opened))
        self.give_key(made, shim)
        return made

    def start(self, clerk: Office) -> Program:
        """The program over an office's home."""
        program = Program(self._qtbot, clerk.home, clerk.clock)
        self._stack.callback(self._end, program)
        return program

    def _end(self, program: Program) -> None:
        program.close()
        assert program.faults == self.expected
        assert program.strays.seen == []

    def give_key(self, clerk: Office, shim: str = "") -> None:
        """Put the key of an office's unit on a token of its own; the unit is in front afterwards."""
        if find_softhsm_library() is None:
            pytest.skip("no SoftHSM2")
        number = clerk.unit_number
        folder = self._folder / f"token-{number}"
        folder.mkdir()
        lab = self.labs[number] = make_lab(folder, (credential_of(clerk.opened),), shim)
        if shim:
            self._patch.setenv("P11SHIM_MODULE", lab.keys[0].ref.library)
            self._patch.setenv("P11SHIM_FOLDER", str(lab.folder))
        with clerk.base.store.write("test.key"):
            add_unit(clerk.base.store, replace(clerk.unit, key_ref=lab.ref.to_dict()))
            select_unit(clerk.base.store, number)
        known = {number: lab.folder for number, lab in self.labs.items()}
        self._patch.setattr(work, "key_environment", lambda _home, unit: softhsm_environment(known[unit.unit_number]))


@pytest.fixture
def rooms(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Opened) -> Iterator[Rooms]:
    """Makes offices and programs."""
    with ExitStack() as stack:
        yield Rooms(stack, qtbot, tmp_path, monkeypatch)


@pytest.fixture
def sits_down(rooms: Rooms, centre: RunningCentre) -> Callable[..., tuple[Office, Program]]:
    """A clerk of a fresh unit sits down at the program."""

    def sit(**wishes: Any) -> tuple[Office, Program]:
        clerk = rooms.office(centre.url, **wishes)
        return clerk, rooms.start(clerk)

    return sit
