"""Text tables (.csv) made to fill memory or to be walked for ever: no directory says how big they are."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from tests.sheets.forms import HEADER, ROW, form
from unitclient.errors import UserError
from unitclient.sheets import limits, read_sheet

MOST_S, MOST_KIB = 10.0, 400 * 1024
HEAD = ",".join(HEADER)
LINE = ",".join(map(str, ROW))


def read(path: Path) -> int:
    """How many rows a file has; neither time nor memory may run away."""
    begun, before = time.thread_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        return sum(1 for _ in read_sheet(path, form()).rows)
    finally:
        assert time.thread_time() - begun < MOST_S
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_KIB


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{HEAD}{',' * 10_000}\n" + f"{LINE}\n" * 20_000, "sheet-too-large"),
        (f"{HEAD}\n{LINE}\n" + "," * 5_000_000, "sheet-too-large"),
        (f'{HEAD}\n{LINE}\n"' + "x" * 5_000_000, "sheet-broken"),
    ],
    ids=["a wide head over many rows", "one endless row", "a quotation mark that is never closed"],
)
def test_a_small_file_that_becomes_a_huge_grid(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError) as refused:
        read(path)
    assert refused.value.code == code


def test_more_lines_than_a_sheet_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_TEXT_ROWS", 10_000)
    path = tmp_path / "名单.csv"
    path.write_text(f"{HEAD}\n{LINE}\n" + "\n" * 9_998, "utf-8")
    assert read(path) == 1
    path.write_text(f"{HEAD}\n{LINE}\n" + "\n" * 9_999, "utf-8")
    with pytest.raises(UserError, match="sheet-too-large"):
        read(path)


def test_more_text_than_any_roster_has(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    with path.open("wb") as file:
        file.write(f"{HEAD}\n".encode() + b"\n" * 5_000)
        file.truncate(150 * 1024 * 1024)
    with pytest.raises(UserError, match="sheet-too-big"):
        read(path)


def test_a_hundred_thousand_people_are_no_attack(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(f"{HEAD}\n" + f"{LINE}\n" * 100_000, "utf-8")
    assert read(path) == 100_000
