"""The program in a room: a process as it is started from a menu, and what a clerk hears from its window and does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.screen.room import Room
from unitclient.workflows import centre_process

END_S = 30.0
# The driver asked about something that had gone since it was listed, as a screen reader may at any time.
QUIET = ("Could not find accessible on path",)
"""What lines of the process and its log may hold."""
_LOUD = (" WARNING ", " ERROR ", " CRITICAL ")


@dataclass(frozen=True)
class Thing:
    """What assistive technology learns of one thing on the screen. `rows` and the like belong to tables."""

    role: str
    name: str
    about: str
    labels: list[str]
    focusable: bool
    enabled: bool
    rows: int = 0
    columns: int = 0
    titles: list[str] = field(default_factory=list)
    first: list[str] = field(default_factory=list)


class Window:
    """The program of a home. Whatever is named is waited for; `limit` is in seconds."""

    def __init__(self, room: Room, home: Path) -> None:
        self.room, self.home = room, home
        self._said = home.with_suffix(".stderr.txt")
        self.process = self._start()

    def hears(self, text: str, *, part: bool = True, roles: str = "", limit: float = 20) -> str:
        """Wait until the window in front says something; the whole name of what says it."""
        return str(self.ask("hear", called=text, part=part, roles=roles, limit=limit))

    def hears_no_more(self, text: str, limit: float = 20) -> None:
        """Wait until nothing says that any more."""
        self.ask("gone", called=text, limit=limit)

    def presses(self, button: str, *, part: bool = False, limit: float = 20) -> str:
        """Press a button that is there and not dimmed; its whole name."""
        return str(self.ask("press", called=button, part=part, limit=limit))

    def types(self, field: str, text: str) -> str:
        """Put a text into a field; what it holds then (nothing for a password)."""
        return str(self.ask("write", called=field, text=text))

    def reads(self, field: str) -> str:
        """What a field holds."""
        return str(self.ask("read", called=field))

    def opens(self, page: str) -> None:
        """Choose a page in the navigation, and wait until it is in front."""
        self.ask("choose", called="页面", entry=page)
        self.hears(page, part=False, roles="filler")

    def chooses(self, listed: str, entry: str) -> None:
        """Choose an entry of a list."""
        self.ask("choose", called=listed, entry=entry)

    def table(self, name: str, rows: int = 0) -> Table:
        """A table, once it has so many rows."""
        told = self.ask("table", called=name, rows=rows)
        return Table(self, name, told["rows"], told["titles"])

    def has_focus(self, name: str) -> str:
        """Wait until something has the focus; its role."""
        return str(self.ask("focus", called=name))

    def keys(self, keys: str) -> None:
        """Press keys together. No window manager gives the main window the keys back when a dialog is closed."""
        self.ask("keys", keys=keys)

    def titles(self) -> list[tuple[str, str]]:
        """(role, name) of all windows of the program."""
        return [(role, name) for role, name in self.ask("windows")]

    def waits_for_windows(self, count: int) -> None:
        """Wait until the program shows so many windows."""
        self.ask("windows", count=count)

    def survey(self) -> list[Thing]:
        """Everything in the window in front, as assistive technology learns it, once two looks see the same."""
        before, now = None, self.ask("survey")
        ends = time.monotonic() + END_S
        while now != before:
            assert time.monotonic() < ends, "the window never comes to rest"
            before, now = now, self.ask("survey")
        return [Thing(**one) for one in now]

    def ask(self, do: str, **order: Any) -> Any:
        """An order to the driver about this program."""
        return self.room.ask(self.process.pid, do, **order)

    def starts_once_more(self) -> int:
        """Start the program of this home again, as by a second click on its icon; the exit code of that start."""
        return self._start().wait(END_S)

    def does(self, act: str) -> None:
        """An act by the command palette."""
        self.presses("命令面板")
        self.has_focus("要办的事")
        self.types("要办的事", act)
        self.keys("Return")

    def closes(self) -> int:
        """Leave; the exit code."""
        self.does("退出")
        return self.process.wait(END_S)

    def dies(self) -> None:
        """The power fails for this process: nothing is cleaned up."""
        self.process.kill()
        self.process.wait()

    def was_quiet(self) -> None:
        """Nothing was printed, by Qt or anybody, and nothing worse than a note is in the log."""
        said = self._said.read_text("utf-8").splitlines()
        log = (self.home / "logs" / "desktop.log").read_text("utf-8").splitlines()
        assert _worth_a_look([*said, *(line for line in log if any(level in line for level in _LOUD))]) == []

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "unitclient", "--home", str(self.home)]
        with self._said.open("ab") as said:
            return subprocess.Popen(command, env=self.room.env, stdin=subprocess.DEVNULL, stdout=said, stderr=said)


class Table:
    """A table of the window, asked cell by cell."""

    def __init__(self, window: Window, name: str, rows: int, titles: list[str]) -> None:
        self.rows, self.titles = rows, titles
        self._window, self._name = window, name

    def says(self, row: int, title: str, text: str = "", limit: float = 20) -> str:
        """What a cell says, once that holds `text`."""
        return str(self._window.ask("cell", called=self._name, row=row, title=title, says=text, limit=limit))

    def select(self, row: int) -> None:
        """Select a row."""
        assert self._window.ask("select", called=self._name, row=row)


def _worth_a_look(lines: list[str]) -> list[str]:
    return [line for line in lines if line.strip() and not any(one in line for one in QUIET)]


@contextmanager
def window(room: Room, home: Path) -> Iterator[Window]:
    """The program, started. Neither it nor its practice centre is left behind; a failure leaves a picture."""
    made = Window(room, home)
    try:
        yield made
    except BaseException as failure:
        failure.add_note(f"the screen then: {room.picture(home.with_suffix('.png'))}")
        for kept in sorted((home / "logs").glob("*")):
            failure.add_note(f"{kept.name}:\n{kept.read_text('utf-8', 'replace')}")
        raise
    finally:
        if made.process.poll() is None:
            made.dies()
        centre = centre_process.running(home)
        if centre is not None:
            os.kill(centre.pid, signal.SIGTERM)
