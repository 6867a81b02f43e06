"""`practice month`: the whole job in one command, and what stops it before it does half of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.harness import practice, read, run, staff, this_month, workbook
from unitclient.seal.cmsread import parse
from unitclient.seal.container import read_container
from unitclient.seal.suites import SM2_WITH_SM3
from unitclient.texts import LANGUAGES

MONTH = this_month()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("practice")
    with practice(home):
        yield home


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return workbook(tmp_path / "people.xlsx", [*staff(3, MONTH), ["错", "1", str(MONTH), 1]])


def test_nobody_to_declare_leaves_the_month_open(home: Path, tmp_path: Path) -> None:
    wrong = workbook(tmp_path / "wrong.xlsx", [["错", "1", str(MONTH), 1]])
    for lang in LANGUAGES:
        told = run(home, "practice", "month", "--period", MONTH, "--staff", wrong, lang=lang)
        assert (told.code, told.data["refused_rows"], told.data["prepared"]) == (1, True, None)
        assert Path(told.data["files"]["error_workbook"]).exists()
    assert str(MONTH) in read(home, "practice", "month", "--period", MONTH, "--staff", wrong).out
    assert run(home, "status").data["declarations"] == []


def test_a_file_that_is_not_there_stops_it_first(home: Path, tmp_path: Path) -> None:
    assert run(home, "practice", "month", "--staff", tmp_path / "none.xlsx").refusal == "file-missing"


def test_the_whole_month_and_the_next(home: Path, people: Path) -> None:
    first = run(home, "practice", "month", "--period", MONTH, "--staff", people)
    assert first.code == 0, first.out
    files = first.data["files"]
    assert files.keys() >= {"enrol_workbook", "error_workbook", "container", "receipt", "settlement", "summary"}
    assert all(Path(path).exists() for path in files.values())
    assert first.data["status"]["tracks"]["money"] == "receipted"
    pending = _pending(home)
    again = run(home, "practice", "month", "--period", MONTH, "--staff", people)
    assert (again.code, again.refusal) == (1, "month-already-declared")
    assert _pending(home) == pending
    second = read(home, "practice", "month", lang="en")
    assert second.code == 0, second.err
    assert "Files left:" in second.out
    assert "Sending to" in second.err
    assert run(home, "status").data["declarations"][-1]["period"] == str(MONTH + 1)


def _pending(home: Path) -> list[str]:
    return [one["id_number"] for one in run(home, "roster").data["persons"] if one["pending"]]


def test_a_month_signed_with_sm2(tmp_path: Path, people: Path) -> None:
    """`practice start --sm2`: the same month, with the key in a file and an SM2 certificate."""
    home = tmp_path / "gm"
    with practice(home, "--sm2") as started:
        assert started["key"]["kind"] == "pkcs12"
        told = run(home, "practice", "month", "--period", MONTH, "--staff", people)
        assert told.code == 0, told.out
        assert told.data["status"]["tracks"]["money"] == "receipted"
        container = read_container(Path(told.data["files"]["container"]).read_bytes())
        assert parse(container.cms).signature_algorithm == SM2_WITH_SM3
