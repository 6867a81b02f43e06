"""Alignment and line breaks with wide characters."""

from __future__ import annotations

import io
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitclient.cli.output import Progress, pairs, table, width, wrap

MIXED = st.text(alphabet="abc 中文，。（）é𠀀-", max_size=120)


def test_width_counts_columns_and_not_characters() -> None:
    assert [width(text) for text in ("abc", "中文", "a中", "é", "𠀀", "")] == [3, 4, 3, 1, 2, 0]


def test_a_table_is_aligned_by_columns() -> None:
    lines = table(["姓名", "wage"], [["王伟", "1.00"], ["a", "1,000.00"]], right=(1,))
    assert lines == ["姓名      wage", "王伟      1.00", "a     1,000.00"]


def test_pairs_leave_out_what_is_not_known() -> None:
    assert pairs([("名称", "甲"), ("no", ""), ("编号", "1")]) == ["名称  甲", "编号  1"]


@given(MIXED, st.integers(min_value=12, max_value=60))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, limit: int) -> None:
    lines = wrap(text, limit, "  ")
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert width(line) <= limit or not _could_break(line.strip())


def _could_break(line: str) -> bool:
    """Whether a blank or two wide characters without punctuation stand in the line."""
    wide = (first + second for first, second in pairwise(line) if width(first) == width(second) == 2)
    return " " in line or any(not set(pair) & set("，。（）") for pair in wide)


def test_no_line_begins_with_a_comma_or_ends_with_a_bracket() -> None:
    assert wrap("一二三四五，六七八（九十）", 10) == ["一二三四", "五，六七八", "（九十）"]


def test_words_stay_whole() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("https://example.cn/a/long/path after", 10) == ["https://example.cn/a/long/path", "after"]


class Terminal(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_a_bar_on_a_terminal_and_a_line_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for shown, terminal in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", shown)
        progress = Progress(quiet=False)
        progress.step("导入")
        progress.count(500, 0)
        progress.count(600, 1200)
        progress.count(1200, 1200)
        text = shown.getvalue()
        assert "导入\n" in text
        assert ("... 500" in text, "600/1200" in text, text.count("\n") == 2) == (terminal,) * 3


def test_a_quiet_progress_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(quiet=True)
    progress.step("导入")
    progress.count(1, 2)
    assert capsys.readouterr() == ("", "")
