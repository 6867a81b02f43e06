"""Pinyin of persons' names: for finding people by typing Latin letters, and for the order in which lists stand.

The readings of single characters are resources/pinyin/readings.txt (made from pypinyin's table; its phrase dictionary
would cost 50 MB of memory and knows no names). A surname is read as surnames are read: resources/pinyin/surnames.txt
holds those that differ from the usual reading, those of two characters among them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

from unitclient.paths import resources_root

Reading = str
"""A syllable in lower case with its tone: "zhang1", "lv3". The tone is 1 to 4, or 5 for none."""


@cache
def _readings() -> dict[str, Reading]:
    """{character: usual reading}."""
    found: dict[str, Reading] = {}
    for line in _lines("readings.txt"):
        reading, characters = line.split(" ")
        found.update(dict.fromkeys(characters, reading))
    return found


@cache
def _surnames() -> dict[str, tuple[tuple[Reading, ...], ...]]:
    """{surname: its readings, the usual one first}; a reading has a syllable for each character."""
    found: dict[str, tuple[tuple[Reading, ...], ...]] = {}
    for line in _lines("surnames.txt"):
        surname, *readings = line.split(" ")
        found[surname] = tuple(tuple(reading.split("'")) for reading in readings)
    return found


def _lines(name: str) -> Iterator[str]:
    text = (resources_root() / "pinyin" / name).read_text("utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def syllables(name: str) -> list[Reading]:
    """The reading of a name, a syllable for each character; a run of Latin letters or digits is one of its own.

    Characters without a reading stand for themselves; blanks and dots are left out.
    """
    return _read(name, 0)


def search_words(name: str) -> str:
    """Words by which a name is found, each with a blank before it: the name, its pinyin and its initials.

    Pinyin and initials are there from each syllable on, so that " " + what was typed finds 张三丰 by "zhangsan",
    "sanfeng", "zsf" and "sf". ü is v, and also yu.
    """
    words = [name.casefold()]
    for choice in range(_choices(name)):
        read = [_plain(reading, unit) for reading, unit in zip(_read(name, choice), _units(name), strict=True)]
        for way in (read, [syllable.replace("v", "yu") for syllable in read] if "v" in "".join(read) else []):
            words += ["".join(way[start:]) for start in range(len(way))]
        words += ["".join(syllable[0] for syllable in read[start:]) for start in range(len(read))]
    return "".join(f" {word}" for word in dict.fromkeys(words))


def sort_key(name: str) -> str:
    """What names are sorted by: syllable, tone and character in turn, so that all 张 stand together before all 章."""
    return " ".join(f"{reading}{character}" for reading, character in zip(_read(name, 0), _units(name), strict=True))


def _plain(reading: Reading, unit: str) -> str:
    """A syllable without its tone; what stands for itself has none."""
    return reading if reading == unit else reading[:-1]


def _read(name: str, choice: int) -> list[Reading]:
    units = _units(name)
    surname = _surname(units)
    ways = _surnames().get(surname, ())
    head = list(ways[min(choice, len(ways) - 1)]) if ways else []
    usual = _readings()
    return head + [usual.get(unit, unit) for unit in units[len(head) :]]


def _choices(name: str) -> int:
    """How many ways there are to read the surname."""
    return max(1, len(_surnames().get(_surname(_units(name)), ())))


def _surname(units: list[str]) -> str:
    double = "".join(units[:2])
    return double if len(units) > 2 and double in _surnames() else "".join(units[:1])


def _units(name: str) -> list[str]:
    """Characters of a name; letters and digits that stand together are one."""
    units: list[str] = []
    joins = False
    for character in unicodedata.normalize("NFKC", name).casefold():
        latin = character.isascii() and character.isalnum()
        if latin and joins:
            units[-1] += character
        elif character.isalnum():
            units.append(character)
        joins = latin
    return units
