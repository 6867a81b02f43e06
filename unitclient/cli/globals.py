"""The options that every command has: --home, --json, --lang. They may stand anywhere before a lone `--`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unitclient.config import default_home
from unitclient.texts import LANGUAGES

WITH_VALUE = ("--home", "--lang")
DEFAULT_LANGUAGE = "zh"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a command line: the global options (`ahead`) taken out from among the others (`rest`)."""

    ahead: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def as_json(self) -> bool:
        """Whether standard output is one JSON object."""
        return "--json" in self.ahead

    @property
    def language(self) -> str:
        """The language asked for, or Chinese when it is none that the program speaks."""
        chosen = self._value("--lang")
        return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE

    @property
    def home(self) -> Path:
        """The folder named, or the user's own."""
        return Path(self._value("--home") or default_home())

    def _value(self, option: str) -> str | None:
        chosen = None
        for index, word in enumerate(self.ahead):
            if word == option and index + 1 < len(self.ahead):
                chosen = self.ahead[index + 1]
            elif word.startswith(option + "="):
                chosen = word.partition("=")[2]
        return chosen


def split(arguments: Sequence[str]) -> Words:
    """Sort the words of a command line; everything after a lone `--` belongs to the command."""
    ahead: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in WITH_VALUE:
            ahead += [word, *(value for value in [next(words, None)] if value is not None)]
        elif word == "--json" or word.startswith(tuple(f"{option}=" for option in WITH_VALUE)):
            ahead.append(word)
        else:
            rest.append(word)
    return Words(tuple(ahead), tuple(rest))
