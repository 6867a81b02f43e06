"""One centre for all businesses of a module, and a fresh unit for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.businesses.cases import load_case
from tests.businesses.walk import Walk
from tests.e2e.office import office, open_unit, practice_centre
from unitclient.central.server import RunningCentre

NewWalk = Callable[[str], Walk]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def walk(centre: RunningCentre, tmp_path: Path) -> Iterator[NewWalk]:
    """Makes the walk of a form, in an office of its own."""
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        yield lambda form: Walk(clerk, load_case(form))
