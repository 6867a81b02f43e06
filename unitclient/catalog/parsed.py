"""Files of the catalogue as they were parsed last: seventy forms are read in a moment when none of them changed.

What is kept is only ever used for the same file of the same size and time, and the checks run on it as on the file.
"""

from __future__ import annotations

import contextlib
import json
import tomllib
from pathlib import Path
from typing import Any


class Kept:
    """Parsed files by path. Nothing is kept until `remember_in` names a place."""

    def __init__(self) -> None:
        self._place: Path | None = None
        self._known: dict[str, list[Any]] = {}
        self._fresh = False

    def remember_in(self, place: Path) -> None:
        """Keep what is parsed in this file, and take from it what is there."""
        self._place = place
        try:
            known = json.loads(place.read_text("utf-8"))
        except (OSError, ValueError):
            known = {}
        self._known = known if isinstance(known, dict) else {}

    def content(self, path: Path) -> dict[str, Any]:
        """The file's content. UnicodeDecodeError and tomllib.TOMLDecodeError for one that is none."""
        if self._place is None:
            return toml(text_of(path))
        state = path.stat()
        stamp = [state.st_size, state.st_mtime_ns]
        found = self._known.get(str(path))
        if isinstance(found, list) and len(found) == 2 and found[0] == stamp and isinstance(found[1], dict):
            return found[1]
        content = toml(text_of(path))
        self._known[str(path)] = [stamp, content]
        self._fresh = True
        return content

    def save(self) -> None:
        """Write down what was parsed since; a place that cannot be written is no reason to stop."""
        if self._place is None or not self._fresh or not self._place.parent.parent.is_dir():
            return  # a home that is not there yet is made by who knows how
        with contextlib.suppress(OSError):
            self._place.parent.mkdir(mode=0o700, exist_ok=True)
            fresh = self._place.with_suffix(".new")
            fresh.write_text(json.dumps(self._known, ensure_ascii=False), "utf-8")
            fresh.replace(self._place)
            self._fresh = False


def toml(text: str) -> dict[str, Any]:
    """The content of TOML; TOMLDecodeError also for what `tomllib` gives up on: deep nesting, endless numbers."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (RecursionError, ValueError) as hopeless:
        raise tomllib.TOMLDecodeError(str(hopeless)) from hopeless


def text_of(path: Path) -> str:
    """The file's text; UnicodeDecodeError when it is not UTF-8."""
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


KEPT = Kept()
"""The program's own."""
