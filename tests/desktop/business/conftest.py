"""The business page over a real store, in November 2026."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.business.helpers import November
from tests.desktop.stage import Stage, make_stage
from unitclient.desktop.pages.business import SPEC
from unitclient.desktop.pages.business.page import BusinessPage


@pytest.fixture
def office(tmp_path: Path, qtbot: QtBot) -> Iterator[Stage]:
    """A stage with a unit, at a fixed time."""
    made = make_stage(tmp_path / "home", with_unit=True, clock=November())
    yield made
    made.close()


@pytest.fixture
def page(office: Stage, qtbot: QtBot) -> BusinessPage:
    """The page, shown."""
    made = SPEC.make(office.services)
    assert isinstance(made, BusinessPage)
    qtbot.addWidget(made)
    made.resize(1100, 720)
    made.show()
    made.on_shown()
    office.session.data_changed.connect(lambda _topics: made.refresh())
    return made
