"""A room with a screen (Xvfb), a message bus of its own, and the driver that listens there (driver.py)."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import which
from typing import Any

from tests.e2e.screen.picture import png_of

ROOT = Path(__file__).resolve().parents[3]
DRIVER = "tests.e2e.screen.driver"
SYSTEM_PYTHON = "/usr/bin/python3"
SCREEN = "1366x768x24"
_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_NEEDS_GI = "from gi.repository import Gio"
_OF_ANOTHER_SCREEN = ("QT_", "XDG_", "DBUS_", "WAYLAND", "XMODIFIERS", "GTK_", "UNITCLIENT", "LANGUAGE", "LC_")


def lacking() -> list[str]:
    """Debian packages that the room needs and that are not there."""
    found = {
        "xvfb": which("Xvfb"),
        "dbus": which("dbus-daemon"),
        "at-spi2-core": any(Path(one).exists() for one in _LAUNCHERS),
        "python3-gi": _runs(SYSTEM_PYTHON, "-c", _NEEDS_GI),
    }
    return [package for package, there in found.items() if not there]


def _runs(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


class Room:
    """See the module; made by `room`."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self._said = stack.enter_context((folder / "room.txt").open("ab"))
        self.env = _environment(folder)
        self.env["DISPLAY"] = self._screen()
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self._bus()
        # The driver first: it wakes the accessibility bus, which a program looks for once, when it starts.
        pipe = subprocess.PIPE
        self._driver = self._background(SYSTEM_PYTHON, "-m", DRIVER, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
        self._answer()

    def ask(self, pid: int, do: str, **order: Any) -> Any:
        """Give the driver an order about a program; AssertionError with what the window says when it is in vain."""
        assert self._driver.stdin is not None
        self._driver.stdin.write(json.dumps({"do": do, "pid": pid, **order}) + "\n")
        self._driver.stdin.flush()
        told = self._answer()
        if "missing" in told:
            raise AssertionError("\n".join([f"waited for {told['missing']}. The window says:", *told["heard"]]))
        return told["answer"]

    def picture(self, path: Path) -> Path:
        """What the screen shows now, as a PNG."""
        path.write_bytes(png_of((self.folder / "Xvfb_screen0").read_bytes()))
        return path

    def _screen(self) -> str:
        reading, writing = os.pipe()
        where = ("-displayfd", str(writing), "-fbdir", str(self.folder))
        self._background("Xvfb", *where, "-screen", "0", SCREEN, "-nolisten", "tcp", pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, (self.folder / "room.txt").read_text()
        return f":{number}"

    def _bus(self) -> str:
        bus = self._background("dbus-daemon", "--session", "--nofork", "--print-address=1", stdout=subprocess.PIPE)
        assert bus.stdout is not None
        return str(bus.stdout.readline().decode().strip())

    def _answer(self) -> dict[str, Any]:
        assert self._driver.stdout is not None
        line = self._driver.stdout.readline()
        assert line, (self.folder / "room.txt").read_text()
        told: dict[str, Any] = json.loads(line)
        return told

    def _background(self, *command: str, **more: Any) -> subprocess.Popen[Any]:
        child = subprocess.Popen(command, env=self.env, stderr=self._said, **more)
        self._stack.callback(_end, child)
        return child


def _environment(folder: Path) -> dict[str, str]:
    run = folder / "run"
    run.mkdir(mode=0o700)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_OF_ANOTHER_SCREEN)}
    switched_on = {"QT_ACCESSIBILITY": "1", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    return {**kept, **switched_on, "HOME": str(folder), "XDG_RUNTIME_DIR": str(run), "LC_ALL": "C.UTF-8"}


def _end(child: subprocess.Popen[Any]) -> None:
    child.terminate()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@contextmanager
def room(folder: Path) -> Iterator[Room]:
    """A room, in a folder of its own."""
    with ExitStack() as stack:
        yield Room(folder, stack)
