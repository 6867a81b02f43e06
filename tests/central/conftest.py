"""One running centre for the tests that do not break it, and a fresh unit for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central.helper import Client, open_client
from unitclient.central.server import RunningCentre, in_thread


@pytest.fixture(scope="session")
def shared_centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with in_thread(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def client(shared_centre: RunningCentre) -> Iterator[Client]:
    opened = open_client(shared_centre.url)
    yield opened
    opened.session.close()


@pytest.fixture
def own_centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with in_thread(tmp_path / "centre") as running:
        yield running


@pytest.fixture
def own_client(own_centre: RunningCentre) -> Iterator[Client]:
    opened = open_client(own_centre.url)
    yield opened
    opened.session.close()
