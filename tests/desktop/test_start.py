"""The real program: what is imported before something can be seen, one window for a home, a clean end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = """
import sys
from unitclient.desktop.shell import frame as frames
HEAVY = ("requests", "cryptography", "openpyxl", "peewee", "tomllib", "dataclasses", "logging", "unitclient.sheets",
         "unitclient.catalog", "unitclient.store.store", "unitclient.workflows", "unitclient.desktop.app",
         "PyQt6.QtNetwork")
painted = frames.Frame.paintEvent
def paint(self, event):
    if not self._painted:
        print("early", [name for name in HEAVY if name in sys.modules], flush=True)
    painted(self, event)
frames.Frame.paintEvent = paint
"""
CLOSE = """
import unitclient.desktop.app as apps
from PyQt6.QtCore import QTimer
after = apps.Desktop._after_opening
def opened(self):
    self.dialogs.has = lambda name: False
    after(self)
    print("opened", self.window.host.current_id(), flush=True)
    QTimer.singleShot(0, self._frame.close)
apps.Desktop._after_opening = opened
"""
RUN = """
from unitclient.entry import main
sys.exit(main(sys.argv[1:]))
"""
ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONDEVMODE": ""}


def start(*lines: str, home: Path) -> subprocess.Popen[str]:
    """The program over a home, with probes."""
    command = [sys.executable, "-c", "\n".join(("import sys", *lines, RUN)), "--home", str(home)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)


def test_nothing_heavy_is_imported_before_the_first_paint_and_it_ends_well(tmp_path: Path) -> None:
    with start(PROBE, home=tmp_path) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "early []\n"
        program.kill()


def test_the_program_opens_its_session_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with start(CLOSE, home=tmp_path) as program:
        out, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
    assert out.startswith("opened ")
    assert err.replace("This plugin does not support propagateSizeHints()", "").strip() == ""
    assert not (tmp_path / "logs" / "crash.txt").exists()
    assert not (tmp_path / "logs" / "fault.txt").exists()
    assert "ERROR" not in (tmp_path / "logs" / "desktop.log").read_text("utf-8")
    assert (tmp_path / "unitclient.db").exists()


STAY = """
import unitclient.desktop.shell.main_window as windows
def forward(self):
    print("forward", flush=True)
    self.top_level().hide()
    from PyQt6.QtWidgets import QApplication
    QApplication.quit()
windows.MainWindow.bring_forward = forward
import unitclient.desktop.app as apps
after = apps.Desktop._after_opening
def opened(self):
    self.dialogs.has = lambda name: False
    after(self)
    print("opened", flush=True)
apps.Desktop._after_opening = opened
"""


def test_a_second_start_brings_the_first_window_forward(tmp_path: Path) -> None:
    with start(STAY, home=tmp_path) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "opened\n"
        with start(home=tmp_path) as second:
            _, err = second.communicate(timeout=60)
            assert second.returncode == 0, err
        assert first.stdout.readline() == "forward\n"
        assert first.wait(60) == 0


def test_a_window_that_does_not_answer_is_said(tmp_path: Path) -> None:
    from PyQt6.QtCore import QLockFile

    from unitclient.desktop.single import ask_first
    from unitclient.desktop.start import LOCK_NAME
    from unitclient.errors import UserError

    lock = QLockFile(str(tmp_path / LOCK_NAME))
    assert lock.tryLock(0)
    with pytest.raises(UserError) as refusal:
        ask_first(tmp_path, patience_s=0.3)
    assert refusal.value.code == "d-window-silent"
    lock.unlock()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there always is a screen")
def test_without_a_screen_it_says_so_and_names_the_commands(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    command = [sys.executable, "-m", "unitclient", "--home", str(tmp_path), "--lang", "en"]
    outcome = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert outcome.returncode == 1
    assert "unitclient --help" in outcome.stderr


BROKEN = """
import unitclient.desktop.app as apps
def broken(self, *_):
    raise KeyError("11010519491231002X")
apps.Desktop.apply_look = broken
import unitclient.desktop.first as first
give_up = first.give_up
def told(app, home, frame, fault):
    give_up(app, home, frame, fault)
    from PyQt6.QtWidgets import QMessageBox
    frame.findChild(QMessageBox).accept()
first.give_up = told
"""


def test_content_that_cannot_be_made_ends_the_program_with_a_report(tmp_path: Path) -> None:
    with start(BROKEN, home=tmp_path) as program:
        _, err = program.communicate(timeout=60)
    assert program.returncode == 3, err
    report = (tmp_path / "logs" / "fault.txt").read_text("utf-8")
    assert "kind KeyError" in report
    assert "11010519491231002X" not in report


def test_a_command_needs_no_window() -> None:
    probe = "import sys; from unitclient.entry import main; main(['calc', '--help'])"
    code = f"import sys\ntry:\n    {probe}\nfinally:\n    print([n for n in sys.modules if n.startswith('PyQt6')])"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert outcome.stdout.splitlines()[-1] == "[]"


PASS = """
import unitclient.desktop.app as apps
from unitclient.desktop.dialogs.qt import QtDialogs
words = ["wrong one", "", "correct horse", None]
def answer(self, name, params, done):
    if name == "unlock":
        print("asked", params, flush=True)
        done(words.pop(0))
    else:
        print(name, params, flush=True)
        done(True)
QtDialogs.open_wizard = answer
QtDialogs.has = lambda self, name: name == "unlock"
"""


def with_passphrase(home: Path) -> None:
    """A home whose database needs one."""
    from unitclient.clock import SystemClock
    from unitclient.store.store import Store

    Store.open(home, clock=SystemClock(), passphrase="correct horse").close()


def test_a_passphrase_is_asked_for_until_it_opens(tmp_path: Path) -> None:
    with_passphrase(tmp_path)
    with start(CLOSE.replace("    self.dialogs.has = lambda name: False\n", ""), PASS, home=tmp_path) as program:
        out, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
    # An empty answer means that it is forgotten: whatever comes of the recovery, it is asked for again.
    assert out.splitlines() == [
        "asked {'wrong': False}", "asked {'wrong': True}", "recover {'name': ''}", "asked {'wrong': False}",
        "opened dashboard",
    ]  # fmt: skip


def test_giving_up_the_passphrase_ends_the_program(tmp_path: Path) -> None:
    with_passphrase(tmp_path)
    with start(PASS.replace('"wrong one", "", "correct horse", ', ""), home=tmp_path) as program:
        out, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
    assert out == "asked {'wrong': False}\n"


DAMAGED = """
import unitclient.desktop.app as apps
refused = apps.Desktop._not_opened
def told(self, refusal):
    refused(self, refusal)
    print(self.window.notices.texts()[0].splitlines()[0], flush=True)
    self.window.commands.close_window()
apps.Desktop._not_opened = told
"""


def test_a_database_that_cannot_be_opened_is_said_on_the_window(tmp_path: Path) -> None:
    with_passphrase(tmp_path)
    (tmp_path / "keys" / "database.key").unlink()
    with start(DAMAGED, home=tmp_path) as program:
        out, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
    assert out.startswith("找不到数据库密钥文件")
