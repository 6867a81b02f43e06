"""A desk without a network for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.office import Office
from tests.workflows.bench import bench


@pytest.fixture
def clerk(tmp_path: Path) -> Iterator[Office]:
    """An office of a unit with an empty roster, off line."""
    with bench(tmp_path / "home") as opened:
        yield opened
