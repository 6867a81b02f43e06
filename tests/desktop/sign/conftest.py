"""A centre for all tests of a folder, and a room for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication

from tests.desktop.sign.office import Room, room
from tests.e2e.office import practice_centre
from unitclient.central.server import RunningCentre


@pytest.fixture(scope="package")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """Shared by a folder's tests: whoever plans faults takes them back."""
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def desk(centre: RunningCentre, tmp_path: Path, qapp: QApplication) -> Iterator[Room]:
    """A clerk at a window."""
    with room(tmp_path / "home", centre.url) as made:
        yield made
