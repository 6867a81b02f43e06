"""Reading a TOML file with exact refusals: every wrong member is named with file, line and reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path as FilePath
from typing import Any, NoReturn

from unitclient import texts
from unitclient.catalog.model import Bilingual
from unitclient.catalog.parsed import KEPT, text_of
from unitclient.catalog.toml_lines import Path, line_map, line_of
from unitclient.errors import UserError

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_TOML_PLACE = re.compile(r"\(at line (\d+), column \d+\)")


class Section:
    """One table of the file. Members are taken by name and type; `finish` refuses what nobody took."""

    def __init__(
        self, file: str, lines: Callable[[], Mapping[Path, int]], content: Mapping[str, Any], path: Path = ()
    ) -> None:
        self.file = file
        self.content = content
        self._lines = lines
        self._path = path
        self._taken: set[str] = set()

    @classmethod
    def read(cls, path: FilePath, file: str) -> Section:
        """The whole file; `file` is its name in refusals. Refuses what is no TOML in UTF-8."""
        try:
            # Lines are looked for only where something is refused.
            return cls(file, lambda: line_map(text_of(path)), KEPT.content(path))
        except UnicodeDecodeError:
            raise broken(file, 1, "not-utf8") from None
        except tomllib.TOMLDecodeError as error:
            place = _TOML_PLACE.search(str(error))
            last = text_of(path).count("\n") + 1
            raise broken(file, int(place[1]) if place else last, "not-toml", said=str(error)) from None

    def refuse(self, key: str, reason: str, **params: object) -> NoReturn:
        """Refuse the file because of one member ("" = the table itself): text `form-reason-<reason>`."""
        path = (*self._path, key) if key else self._path
        raise broken(self.file, line_of(self._lines(), path), reason, item=key or self._name(), **params)

    def over(self, defaults: Mapping[str, Any]) -> Section:
        """The same table with members it does not have itself taken from elsewhere."""
        return Section(self.file, self._lines, {**defaults, **self.content}, self._path)

    def _name(self) -> str:
        return ".".join(str(part) for part in self._path if isinstance(part, str))

    def has(self, key: str) -> bool:
        """Whether the member stands there."""
        return key in self.content

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        """A member of that type; the default (None = required) when it is not there."""
        self._taken.add(key)
        if key not in self.content:
            if default is None:
                self.refuse("", "missing", member=key)
            return default
        value = self.content[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.refuse(key, "wrong-type")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without default it must be there and not be empty."""
        value: str = self.take(key, str, default)
        if default is None and not value.strip():
            self.refuse(key, "empty")
        return value

    def word(self, key: str, default: str | None = None) -> str:
        """A name of letters, digits, - and _."""
        value = self.text(key, default)
        if value and _WORD.fullmatch(value) is None:
            self.refuse(key, "not-a-word", value=value)
        return value

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within limits."""
        value: int = self.take(key, int, default)
        if not least <= value <= most:
            self.refuse(key, "out-of-range", value=value, least=least, most=most)
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value: bool = self.take(key, bool, default)
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """A list of texts."""
        value = self.take(key, list, list(default) if default is not None else None)
        if any(not isinstance(each, str) or not each.strip() for each in value):
            self.refuse(key, "wrong-type")
        if len(set(value)) != len(value):
            self.refuse(key, "twice", value=next(each for each in value if value.count(each) > 1))
        return tuple(value)

    def choice(self, key: str, options: Mapping[str, Any], default: str | None = None) -> Any:
        """One of the names, as what it stands for."""
        value = self.text(key, default)
        if value not in options:
            self.refuse(key, "unknown", value=value, known=", ".join(sorted(options)))
        return options[value]

    def bilingual(self, key: str, default: Bilingual | None = None) -> Bilingual:
        """A text in both languages: {zh, en}."""
        if default is not None and key not in self.content:
            self._taken.add(key)
            return default
        part = self.section(key)
        found = Bilingual(part.text("zh"), part.text("en"))
        part.finish()
        return found

    def section(self, key: str) -> Section:
        """A table inside this one; it must be there."""
        return Section(self.file, self._lines, self.take(key, dict), (*self._path, key))

    def sections(self, key: str) -> list[Section]:
        """An array of tables, maybe empty."""
        found = self.take(key, list, [])
        if any(not isinstance(each, dict) for each in found):
            self.refuse(key, "wrong-type")
        return [Section(self.file, self._lines, each, (*self._path, key, n)) for n, each in enumerate(found)]

    def finish(self) -> None:
        """Refuse members that mean nothing: most often a slip of the pen in a name."""
        for key in self.content:
            if key not in self._taken:
                self.refuse(key, "unknown-member")


def broken(file: str, line: int, reason: str, **params: object) -> UserError:
    """The refusal of a form file."""
    return UserError("form-broken", file=file, line=line, reason=texts.say(f"form-reason-{reason}", **params))
