"""What people read: tables that fit, words instead of codes, nothing of Python's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.harness import practice, read, run, staff, this_month, workbook
from unitclient.cli.output import COLUMNS, width
from unitclient.texts import LANGUAGES

MONTH = this_month()
PYTHON = re.compile(r"None|True|False|\{'|\['|Decimal|<[A-Z]")
FORM_CODES = re.compile(r"\b(enrol|stop|monthly|base-change)\b")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with everything in it: settled, failed, waiting and refused."""
    home = tmp_path_factory.mktemp("people")
    with practice(home):
        assert run(home, "import", "enrol", workbook(home / "a.xlsx", staff(4, MONTH))).code == 0
        assert run(home, "prepare", MONTH).code == 0
        assert run(home, "sign", "--all").code == 0
        assert run(home, "practice", "bank", "insufficient").code == 0
        assert run(home, "sync", "--until-settled").code == 1
        assert run(home, "import", "enrol", workbook(home / "b.xlsx", staff(2, MONTH + 1, first=40))).code == 0
        assert run(home, "prepare", MONTH + 1).code == 0
        yield home


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "words", ["status", "outbox", "roster", f"roster --period {MONTH}", "unit list", "unit show", "forms", "config"]
)
def test_tables_fit_and_hold_no_codes(home: Path, words: str, lang: str) -> None:
    shown = read(home, *words.split(), lang=lang)
    assert (shown.code, shown.err) == (0, "")
    assert max(width(line) for line in shown.out.splitlines()) <= COLUMNS
    assert not PYTHON.search(shown.out)
    if words.startswith(("status", "outbox", "roster")):
        assert not FORM_CODES.search(shown.out)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_failed_debit_says_why_and_what_to_do(home: Path, lang: str) -> None:
    (failed,) = (one["id"] for one in run(home, "status").data["declarations"] if one["money"] == "debit-failed")
    for words in (["status"], ["status", failed], ["sync"]):
        shown = read(home, *words, lang=lang).out
        assert ("余额不足" if lang == "zh" else "not enough balance") in shown
        assert f"unitclient pay {failed}" in " ".join(shown.split())


def test_the_history_of_a_declaration_is_told_in_words(home: Path) -> None:
    first = run(home, "status").data["declarations"][0]["id"]
    for lang in LANGUAGES:
        shown = read(home, "status", first, lang=lang).out
        assert not re.search(r"\b(K\d\d|receipt|prepared-again)$", shown, re.MULTILINE)


def test_many_rows_with_one_mistake_are_one_line(home: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "late.xlsx", staff(30, MONTH + -12, first=100))
    shown = read(home, "import", "enrol", path)
    assert shown.code == 1
    (paragraph,) = re.findall(r"\[错误\](?:.*\n)+?(?=\S|\Z)", shown.out)
    assert "共 30 行（第 2、3、4、5、6、7、8、9……" in paragraph.replace("\n" + " " * 9, "")
    assert len(shown.out.splitlines()) < 10


def test_progress_goes_to_standard_error(home: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "one.xlsx", staff(1, MONTH + 1, first=900))
    shown = read(home, "import", "enrol", path)
    assert "正在导入" in shown.err
    assert "正在导入" not in shown.out
    assert run(home, "import", "enrol", path).err == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_months_preparation_reads_well(home: Path, lang: str) -> None:
    shown = read(home, "prepare", MONTH + 1, lang=lang)
    assert shown.code == 0
    assert max(width(line) for line in shown.out.splitlines()[:-1]) <= COLUMNS
    assert not PYTHON.search(shown.out)
