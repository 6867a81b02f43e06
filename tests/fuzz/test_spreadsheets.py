"""Spreadsheets: every file is read, or refused with one of this room's refusals, which has its sentences."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tests.fuzz import corpus
from tests.fuzz.damage import damaged, repacked, zipped
from tests.fuzz.running import fuzz, refusal_of
from tests.sheets.forms import form
from unitclient.sheets import outline, read_sheet
from unitclient.texts import error_texts

FILES = corpus.spreadsheets()


def reader(kind: str, folder: Path) -> Callable[[bytes], None]:
    """A target that reads its input under a name of that kind, as import does: outline first, then the people."""

    def target(data: bytes) -> None:
        path = folder / f"名单.{kind}"
        path.write_bytes(data)
        works: tuple[Callable[[], object], ...] = (
            lambda: outline(path, form()),
            lambda: list(read_sheet(path, form()).rows),
        )
        for work in works:
            refused = refusal_of(work)
            if refused is not None:
                assert refused.code.startswith("sheet-"), refused
                assert all(error_texts(refused.code, refused.params))

    return target


INPUTS = {
    "xlsx damaged": ("xlsx", damaged(FILES["xlsx"]), 60),
    "xlsx packed anew": ("xlsx", repacked(FILES["xlsx"], zipped), 150),
    "xls": ("xls", damaged(FILES["xls"]), 150),
    "ods damaged": ("ods", damaged(FILES["ods"]), 40),
    "ods packed anew": ("ods", repacked(FILES["ods"], zipped), 100),
    "csv": ("csv", damaged(FILES["csv"]), 150),
    "anything": ("xlsx", st.binary(max_size=200), 50),
    "one kind under another's name": ("csv", damaged(FILES["xls"] + FILES["xlsx"]), 40),
}


@pytest.mark.parametrize("name", INPUTS)
def test_damaged(name: str) -> None:
    kind, inputs, examples = INPUTS[name]
    with tempfile.TemporaryDirectory() as folder:
        fuzz(reader(kind, Path(folder)), inputs, examples)


@pytest.mark.parametrize("kind", FILES)
def test_what_is_not_damaged_is_read(tmp_path: Path, kind: str) -> None:
    for number, data in enumerate(FILES[kind]):
        path = tmp_path / f"{number}.{kind}"
        path.write_bytes(data)
        names = [row.values["name"] for row in read_sheet(path, form()).rows]
        assert set(names) == {"王示范"}
