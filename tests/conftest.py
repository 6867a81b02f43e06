"""For all tests: the key store of whoever runs them is not theirs; what takes longest is begun first."""

from __future__ import annotations

import os

import pytest

os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)

LONG_FIRST = ("tests/crash/", "tests/central/test_restart", "tests/e2e/test_", "tests/cli/", "tests/businesses/",
              "tests/e2e/screen/", "tests/desktop/stories/", "tests/screenshots/", "tests/benchmarks/",
              "tests/desktop/")  # fmt: skip
"""Two workers take files in this order; a long one at the end would keep one of them waiting. The window's tests, which
watch how long it is kept, do not stand beside the killing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order by `LONG_FIRST`, everything else after it; within that nothing moves."""
    items.sort(key=lambda item: next((n for n, begin in enumerate(LONG_FIRST) if item.nodeid.startswith(begin)), 99))
