"""Which acts fit what was typed: Chinese, pinyin initials, English, or the shortcut. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from unitclient.desktop.actions.initials import initials
from unitclient.texts import catalogue


@dataclass(frozen=True)
class Choice:
    """One line of the palette. `words` are everything it is found by, in lower case."""

    title: str
    detail: str
    words: tuple[str, ...]
    call: Callable[[], object]


def choice(title: str, call: Callable[[], object], detail: str = "", key: str = "") -> Choice:
    """A line found by its title, the title's initials, and both languages of its text `key`."""
    both = catalogue()["text"][key].values() if key else ()
    words = [title, detail, *both]
    found = [word.lower() for word in words if word]
    return Choice(title, detail, (*found, *(initials(word) for word in words if word)), call)


def matching(choices: Iterable[Choice], typed: str) -> list[Choice]:
    """What fits, best first: a word that begins with it before one that holds it. Blank text fits everything."""
    asked = typed.strip().lower()
    if not asked:
        return list(choices)
    ranked = [(_rank(one, asked), one) for one in choices]
    return [one for rank, one in sorted(ranked, key=lambda pair: pair[0]) if rank < _NO]


_NO = 3


def _rank(one: Choice, asked: str) -> int:
    if any(word.startswith(asked) for word in one.words):
        return 0
    if any(asked in word for word in one.words):
        return 1
    parts = asked.split()
    together = len(parts) > 1 and all(any(part in word for word in one.words) for part in parts)
    return 2 if together else _NO
