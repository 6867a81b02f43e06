"""The window under test."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.shell.plain import shown
from tests.desktop.stage import Stage
from unitclient.desktop.shell.main_window import MainWindow


@pytest.fixture
def window(unit_stage: Stage, qtbot: QtBot) -> MainWindow:
    return shown(unit_stage, qtbot)
