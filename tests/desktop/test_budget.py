"""What the start may import and what a page at rest may paint; the goals in numbers are those of tests.benchmarks."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.roster.crowd import November, crowded_home
from tests.desktop.stage import UNIT, add_units, make_stage
from tests.desktop.test_kept import TWICE
from tests.desktop.test_start import PROBE, start
from unitclient.desktop import kept
from unitclient.desktop.shell.main_window import MainWindow
from unitclient.desktop.shell.registry import page_specs

FIRST_PAGE = "unitclient.app, unitclient.workflows.month_state, unitclient.workflows.trends"
NOT_NEEDED = ("requests", "urllib3", "openpyxl", "python_calamine", "OpenSSL", "unitclient.sheets", "unitclient.seal",
              "unitclient.tokens", "unitclient.documents", "unitclient.sync.client", "unitclient.sync.reading",
              "unitclient.workflows.prepare", "PyQt6.QtCharts")  # fmt: skip


def test_the_first_page_is_read_without_the_rooms_it_can_do_without() -> None:
    code = f"import sys, {FIRST_PAGE}; print([name for name in {NOT_NEEDED!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_a_start_with_a_picture_imports_nothing_heavy_either(tmp_path: Path) -> None:
    add_units(tmp_path, UNIT)
    with start(TWICE, home=tmp_path) as program:
        program.communicate(timeout=60)
    assert (tmp_path / kept.FOLDER / kept.FILE_NAME).exists()
    with start(PROBE, home=tmp_path) as program:
        assert program.stdout is not None
        told = program.stdout.readline()
        program.kill()
    assert told == "early []\n"


class Paints(QObject):
    """The widgets that are painted, by class."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.seen: list[str] = []
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """See QObject."""
        if event is not None and event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.seen.append(type(watched).__name__)
        return False


def rest(app: QApplication, seconds: float) -> None:
    """Let the window do what it wants."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.005)


@pytest.mark.may_block("every page is made here, one after the other, with inline lanes")
def test_no_page_paints_while_nothing_happens(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    stage = make_stage(crowded_home(tmp_path / "home", 30), clock=November())
    window = MainWindow(stage.services, page_specs())
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    painted: dict[str, list[str]] = {}
    for spec in window.specs:
        seen = Paints(qapp)
        window.go(spec.id)
        rest(qapp, 0.4)
        assert seen.seen, "what is painted must be seen, else nothing is shown here"
        window.setFocus()
        rest(qapp, 0.1)
        seen.seen = []
        rest(qapp, 0.3)
        qapp.removeEventFilter(seen)
        painted[spec.id] = seen.seen
    stage.close()
    assert {page: what for page, what in painted.items() if what} == {}
