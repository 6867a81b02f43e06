"""The roster page over a small crowd, in November 2026."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.roster.crowd import November, crowded_home
from tests.desktop.stage import Stage, make_stage
from unitclient.desktop.pages.roster import SPEC
from unitclient.desktop.pages.roster.page import RosterPage

COUNT = 60


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with COUNT people; tests take copies."""
    return crowded_home(tmp_path_factory.mktemp("crowd"), COUNT)


@pytest.fixture
def office(crowd: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Stage]:
    """A stage over a copy of the crowd."""
    home = tmp_path / "home"
    shutil.copytree(crowd, home)
    made = make_stage(home, clock=November())
    yield made
    made.close()


@pytest.fixture
def page(office: Stage, qtbot: QtBot) -> RosterPage:
    """The page, shown and filled."""
    return show_page(office, qtbot)


def show_page(office: Stage, qtbot: QtBot) -> RosterPage:
    """A roster page over a stage, as the shell shows it."""
    made = SPEC.make(office.services)
    assert isinstance(made, RosterPage)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.on_shown()
    office.session.data_changed.connect(lambda _topics: made.refresh())
    made.presenter.count_now()
    QApplication.processEvents()
    return made
