"""Pinyin of names; the table of readings is the one that pypinyin has. `python -m tests.test_pinyin` makes it anew."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitclient.paths import resources_root
from unitclient.pinyin import search_words, sort_key, syllables

HEAD = """# The usual reading of each character: reading, then its characters. v is ü; tones are 1 to 4, 5 for none.
# Made from the single-character table of pypinyin 0.55, which is pinyin-data's.
# Copyright (c) 2016 mozillazg, 闲耘 <hotoo.cn@gmail.com>; both under the MIT License: permission is granted, free of
# charge, to deal in it without restriction, provided that this notice is kept; it comes without any warranty.
"""
TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}


def table_of_pypinyin() -> str:
    """The file as it should be. Characters beyond the planes that fonts of names have (plane 2 and 3) are kept too."""
    from pypinyin.pinyin_dict import pinyin_dict

    by_reading: dict[str, list[str]] = defaultdict(list)
    for code, readings in sorted(pinyin_dict.items()):
        numbered = numbered_reading(readings.split(",")[0])
        if numbered:
            by_reading[numbered].append(chr(code))
    return HEAD + "".join(f"{reading} {''.join(found)}\n" for reading, found in sorted(by_reading.items()))


def numbered_reading(marked: str) -> str:
    """ "zhāng" as "zhang1"; nothing for an interjection without a vowel."""
    tone = "5"
    letters: list[str] = []
    for part in unicodedata.normalize("NFD", marked):
        if part in TONES:
            tone = TONES[part]
        elif part == "\u0308":
            letters[-1] = "v"
        elif part == "\u0302":
            pass  # the e of ê, an interjection
        else:
            letters.append(part)
    plain = "".join(letters).replace("ɡ", "g")
    return plain + tone if plain.isascii() and plain.isalpha() else ""


def test_the_readings_are_those_of_pypinyin() -> None:
    pytest.importorskip("pypinyin")
    assert (resources_root() / "pinyin" / "readings.txt").read_text("utf-8") == table_of_pypinyin()


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("张三丰", "zhang1 san1 feng1"),
        ("单田芳", "shan4 tian2 fang1"),
        ("单于雄", "chan2 yu2 xiong2"),
        ("曾子", "zeng1 zi5"),
        ("解缙", "xie4 jin4"),
        ("仇英", "qiu2 ying1"),
        ("区大相", "ou1 da4 xiang1"),
        ("查良镛", "zha1 liang2 yong1"),
        ("任正", "ren2 zheng4"),
        ("盖叫天", "ge3 jiao4 tian1"),
        ("欧阳修", "ou1 yang2 xiu1"),
        ("欧阳", "ou1 yang2"),
        ("吕布", "lv3 bu4"),
        ("买买提·吐尔逊", "mai3 mai3 ti2 tu3 er3 xun4"),
        ("Zhang San2", "zhang san2"),
        ("𬭚〇", "chun2 ling2"),
        ("", ""),
    ],
)
def test_names_are_read_as_names(name: str, read: str) -> None:
    assert " ".join(syllables(name)) == read


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张三丰", ("张三", "zhangsanfeng", "zhangs", "sanfeng", "zsf", "zs", "sf", "feng")),
        ("吕布", ("lv", "lyu", "lb", "lvbu", "lyubu")),
        ("覃海", ("qin", "tan", "qh", "th")),
        ("欧阳娜娜", ("oynn", "ouyang", "nana")),
        ("John Smith", ("john", "smith", "johnsmith", "js")),
    ],
)
def test_a_name_is_found_from_each_syllable_on(name: str, typed: tuple[str, ...]) -> None:
    words = search_words(name)
    assert not [word for word in typed if f" {word}" not in words]
    assert " hang" not in words
    assert " an" not in words


def test_people_of_one_surname_stand_together() -> None:
    people = ["章一", "张二", "张一", "单一", "张三", "李四", "章二", "曾六", "单于七", "沙八", "阿一"]
    assert sorted(people, key=sort_key) == [
        "阿一", "单于七", "李四", "沙八", "单一", "曾六", "张二", "张三", "张一", "章二", "章一",
    ]  # fmt: skip


@given(st.text(max_size=30))
def test_any_text_has_a_reading(text: str) -> None:
    assert len(sort_key(text).split()) >= len(syllables(text)) - text.count(" ")
    assert search_words(text).startswith(" ")


def test_reading_names_needs_little_memory() -> None:
    """A table of 42,000 characters: some megabytes, where the library's phrases would be fifty."""
    code = (
        "import resource; from unitclient import paths; rss = lambda: int(open('/proc/self/statm').read().split()[1]);"
        "before = rss(); from unitclient.pinyin import sort_key; sort_key('张三'); print((rss() - before) * 4 // 1024)"
    )
    if sys.platform != "linux":
        pytest.skip("memory is read from /proc")
    used = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(used) < 16


if __name__ == "__main__":
    (resources_root() / "pinyin" / "readings.txt").write_text(table_of_pypinyin(), "utf-8")
