"""Fixtures of the token tests. Each test has its own SOFTHSM2_CONF and its own copy of the tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.seal.practice import world
from tests.tokens.lab import Lab, build_shim, make_lab
from unitclient.tokens.softhsm import find_softhsm_library


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The compiled shim."""
    library = build_shim(tmp_path_factory.mktemp("shim"))
    if library is None:
        pytest.skip("no C compiler or no SoftHSM2")
    return library


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """SoftHSM2 with an RSA and an EC token."""
    if find_softhsm_library() is None:
        pytest.skip("no SoftHSM2")
    return make_lab(tmp_path, (world().unit, world().unit_ec))


@pytest.fixture
def faulty(tmp_path: Path, shim: str) -> Lab:
    """SoftHSM2 with an RSA token, behind the shim."""
    return make_lab(tmp_path, (world().unit,), shim)
