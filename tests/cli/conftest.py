"""One practice home for the tests that leave it as they found it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.harness import practice, run, staff, this_month, workbook


@pytest.fixture(scope="session")
def settled_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A practice home with three people and a month that went through to the bank slip."""
    home = tmp_path_factory.mktemp("settled")
    with practice(home):
        path = workbook(home / "staff.xlsx", staff(3, this_month()))
        assert run(home, "import", "enrol", path).code == 0
        assert run(home, "prepare", this_month()).code == 0
        assert run(home, "sign", "--all").code == 0
        assert run(home, "sync", "--until-settled").code == 0
        yield home


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home without a unit."""
    home = tmp_path_factory.mktemp("empty")
    assert run(home, "unit", "list").data == {"units": []}
    return home
