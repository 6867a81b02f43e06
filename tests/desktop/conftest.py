"""The desktop under test: offscreen, a real store in a folder of its own, inline lanes, answers given beforehand."""

from __future__ import annotations

import gc
import logging
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QApplication

from tests.desktop.stage import Stage, make_stage
from tests.desktop.watched import WatchedApplication, WatchedLog
from unitclient.desktop.theme import look
from unitclient.desktop.theme.tokens import Scheme
from unitclient.texts import speak_in_window, use_language


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """pytest-qt makes the application of this class."""
    return WatchedApplication


@pytest.fixture(autouse=True)
def no_block(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Fails the test when one event keeps the window's thread for more than 100 ms; gives the list so far.

    A test that blocks on purpose says so: `@pytest.mark.may_block("why")`.
    """
    assert isinstance(qapp, WatchedApplication)
    qapp.blocks, qapp.watching = [], True
    yield qapp.blocks
    qapp.watching = False
    if request.node.get_closest_marker("may_block") is None:
        assert qapp.blocks == []


@pytest.fixture(autouse=True)
def no_warning(request: pytest.FixtureRequest) -> Iterator[list[logging.LogRecord]]:
    """Fails the test when anything is logged as a WARNING or worse; gives the records so far.

    What the log holds is what a clerk's computer would hold: a day without trouble leaves nothing there. A test whose
    story is the trouble says so: `@pytest.mark.may_warn("why")`. Qt's own messages fail a test by pytest-qt.
    """
    watched = WatchedLog()
    root = logging.getLogger()
    root.addHandler(watched)
    yield watched.records
    root.removeHandler(watched)
    if request.node.get_closest_marker("may_warn") is None:
        assert [record.getMessage() for record in watched.records] == []


@pytest.fixture(scope="session", autouse=True)
def _looks(qapp: QApplication) -> None:
    look.apply(qapp, Scheme.LIGHT)


@pytest.fixture(scope="session", autouse=True)
def _collector(qapp: QApplication) -> Iterator[None]:
    """As in the program (desktop.collector): cycles are collected on the window's thread only."""
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture(scope="module", autouse=True)
def _collected_whole(_collector: None) -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _collected(_collector: None) -> Iterator[None]:
    yield
    # Outside of a loop Qt keeps what is to be deleted later; every change of the look would dress it again.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect(1)


@pytest.fixture(autouse=True)
def _words() -> Iterator[None]:
    use_language("zh")
    speak_in_window()
    yield
    speak_in_window(False)
    use_language("zh")


@pytest.fixture
def stage(tmp_path: Path, qapp: QApplication) -> Iterator[Stage]:
    """Services over an open session without a unit; the clock is the system's."""
    made = make_stage(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def unit_stage(tmp_path: Path, qapp: QApplication) -> Iterator[Stage]:
    """Services over an open session with the unit of tests.desktop.stage.UNIT in front."""
    made = make_stage(tmp_path / "home", with_unit=True)
    yield made
    made.close()
