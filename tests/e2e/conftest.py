"""One practice centre for all tests that leave it as it was, and a fresh unit with an office for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.office import Office, office, open_unit, practice_centre
from unitclient.central.server import RunningCentre


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """Shared: a test that changes its clock or its faults has a centre of its own."""
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def own_centre(tmp_path: Path) -> Iterator[RunningCentre]:
    """A centre that the test may break."""
    with practice_centre(tmp_path / "centre") as running:
        yield running


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    """An office at the shared centre."""
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as opened:
        yield opened


@pytest.fixture
def own_clerk(own_centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    """An office at the test's own centre."""
    with office(tmp_path / "home", own_centre.url, open_unit(own_centre.url)) as opened:
        yield opened
