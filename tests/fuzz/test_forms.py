"""Definitions out of files, a form and a key profile: refused with file, line and reason, or well formed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.catalog.people import catalog
from tests.fuzz import corpus
from tests.fuzz.damage import damaged
from tests.fuzz.running import fuzz, refusal_of
from unitclient.catalog.loader import load_fields, load_form
from unitclient.catalog.registers import load_registers
from unitclient.paths import resources_root
from unitclient.texts import error_texts
from unitclient.tokens.profiles import read_profiles

PROFILES = tuple(path.read_bytes() for path in sorted((resources_root() / "keys").glob("*.toml")))


def load(folder: Path, form_id: str, data: bytes) -> None:
    place = folder / form_id / "1"
    place.mkdir(parents=True, exist_ok=True)
    (place / "form.toml").write_bytes(data)
    known = catalog()
    load_form(place, folder, known.tables, REGISTERS, FIELDS)


REGISTERS = load_registers(resources_root())
FIELDS = load_fields(resources_root())


@pytest.mark.parametrize("form_id", corpus.FORM_IDS)
def test_a_damaged_form(form_id: str) -> None:
    with tempfile.TemporaryDirectory() as name:

        def target(data: bytes) -> None:
            refused = refusal_of(lambda: load(Path(name), form_id, data))
            if refused is not None:
                assert refused.code == "form-broken"
                assert int(str(refused.params["line"])) >= 1
                assert all(error_texts(refused.code, refused.params))

        fuzz(target, damaged([corpus.form_file(form_id)]), 60)


def test_a_damaged_key_profile() -> None:
    with tempfile.TemporaryDirectory() as name:

        def target(data: bytes) -> None:
            (Path(name) / "x.toml").write_bytes(data)
            found = read_profiles([Path(name)])
            assert len(found.profiles) + len(found.problems) == 1
            assert all(problem.code == "key-profile-broken" for problem in found.problems)

        fuzz(target, damaged(PROFILES), 100)


@pytest.mark.parametrize("form_id", corpus.FORM_IDS)
def test_what_is_not_damaged_loads(tmp_path: Path, form_id: str) -> None:
    load(tmp_path, form_id, corpus.form_file(form_id))
    assert not read_profiles([resources_root() / "keys"]).problems
