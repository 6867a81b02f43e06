"""A unit's office in November 2026, and the wizard opened over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.business.helpers import November
from tests.desktop.stage import Stage, make_stage
from unitclient.desktop.dialogs.import_wizard.dialog import ImportDialog

Open = Callable[..., ImportDialog]


@pytest.fixture
def office(tmp_path: Path, qtbot: QtBot) -> Iterator[Stage]:
    """A stage with a unit, at a fixed time."""
    made = make_stage(tmp_path / "home", with_unit=True, clock=November())
    yield made
    made.close()


@pytest.fixture
def answers() -> list[object]:
    """What the wizard gave back when it closed."""
    return []


@pytest.fixture
def wizard(office: Stage, qtbot: QtBot, answers: list[object]) -> Open:
    """Opens the wizard for a form and a file."""

    def opened(form: str = "enrol", path: Path | str = "") -> ImportDialog:
        dialog = ImportDialog(office.services, form, str(path), answers.append)
        qtbot.addWidget(dialog)
        dialog.open()
        return dialog

    return opened
