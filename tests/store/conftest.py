"""A store of its own for each test, with a clock that stands until it is moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.store.samples import UNIT, add_unit
from unitclient.store import Store


class StandingClock:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def forward(self, **span: float) -> datetime:
        self.time += timedelta(**span)
        return self.time


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "家 home"


@pytest.fixture
def store(home: Path, clock: StandingClock) -> Iterator[Store]:
    with Store.open(home, clock=clock) as opened:
        add_unit(opened, UNIT)
        yield opened
