"""One room for the tests of a module."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.e2e.screen.room import Room, lacking, room


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Where Debian packages are missing the tests are skipped, but never in CI: there they have to run."""
    missing = lacking()
    if missing and not os.environ.get("CI"):
        pytest.skip(f"Debian packages are missing (./run test installs them): {' '.join(missing)}")
    assert missing == []
    with room(tmp_path_factory.mktemp("room")) as made:
        yield made
