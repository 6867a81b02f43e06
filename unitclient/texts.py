"""Every sentence a person reads, by key, in Chinese and English, from resources/texts/*.toml.

A file holds `[text.<key>]` tables with `zh` and `en`, `[error.<code>]` and `[finding.<code>]` tables whose `zh` and
`en` are tables of their own: what/why/fix for an error, why/fix for a finding. Placeholders are `{name}`. Texts are
looked up when they are shown, never at import, so the language can change while the program runs.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from unitclient.paths import resources_root

LANGUAGES = ("zh", "en")
_language: ContextVar[str] = ContextVar("language", default="zh")


class ErrorTexts(NamedTuple):
    """A refusal in three sentences."""

    what: str
    why: str
    fix: str


def use_language(language: str) -> None:
    """Choose `zh` or `en` for what is said from now on."""
    if language not in LANGUAGES:
        raise ValueError(language)
    _language.set(language)


def language() -> str:
    """The language in use."""
    return _language.get()


_windowed: list[bool] = []


def speak_in_window(windowed: bool = True) -> None:
    """Say from now on what to do in the window rather than which command to run."""
    _windowed[:] = [True] if windowed else []


_remembered: list[Path] = []


def remember_in(path: Path) -> None:
    """Keep the texts in this file in a form that is quick to read; only before the first text is asked for."""
    _remembered[:] = [path]


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """All texts: {"text"|"error"|"finding": {key: {"zh": ..., "en": ...}}}. A key in two files is a mistake."""
    files = sorted((resources_root() / "texts").glob("*.toml"))
    return _from_memory(files) if _remembered else _parsed(files)


def _from_memory(files: list[Path]) -> dict[str, dict[str, Any]]:
    """The texts as they were parsed last, if no file changed since; else parsed anew and kept."""
    stamp = [[path.name, path.stat().st_size, path.stat().st_mtime_ns] for path in files]
    try:
        kept = json.loads(_remembered[0].read_text("utf-8"))
        if kept["stamp"] == stamp:
            texts: dict[str, dict[str, Any]] = kept["texts"]
            return texts
    except (OSError, ValueError, KeyError, TypeError):
        pass  # nothing kept yet, or nothing of use
    parsed = _parsed(files)
    with contextlib.suppress(OSError):
        _remembered[0].parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remembered[0].write_text(json.dumps({"stamp": stamp, "texts": parsed}, ensure_ascii=False), "utf-8")
    return parsed


def _parsed(files: list[Path]) -> dict[str, dict[str, Any]]:
    import tomllib

    merged: dict[str, dict[str, Any]] = {"text": {}, "error": {}, "finding": {}}
    for path in files:
        for section, entries in tomllib.loads(path.read_text("utf-8")).items():
            twice = merged[section].keys() & entries.keys()
            if twice:
                raise ValueError(f"{path.name}: {section} {sorted(twice)} stands in another file too")
            merged[section].update(entries)
    return merged


def say(key: str, **params: object) -> str:
    """The text `text.<key>` in the language in use, filled with `params`."""
    return str(catalogue()["text"][key][language()]).format(**params)


def say_outcome(code: str, detail: str = "") -> str:
    """What an outcome code means: `text.outcome-<code>`, else the detail that came with it, else the code itself."""
    key = f"outcome-{code}"
    return say(key) if key in catalogue()["text"] else (detail or code)


def say_cause(code: str) -> str:
    """Why an outcome came about: `text.cause-<code>`, else what the outcome means (`say_outcome`)."""
    key = f"cause-{code}"
    return say(key) if key in catalogue()["text"] else say_outcome(code)


def error_texts(code: str, params: Mapping[str, object]) -> ErrorTexts:
    """The three sentences of `error.<code>`; an unknown code is a fault of the program and raises KeyError.

    In a window what to do now is `text.d-fix-<code>` where there is one: the usual sentence may name a command.
    """
    entry = catalogue()["error"][code][language()]
    told = ErrorTexts(*(str(entry[part]).format(**params) for part in ErrorTexts._fields))
    in_window = f"d-fix-{code}"
    if _windowed and in_window in catalogue()["text"]:
        return told._replace(fix=say(in_window, **params))
    return told


def finding_texts(code: str, params: Mapping[str, object], value: str = "") -> tuple[str, str]:
    """(why, fix) of `finding.<code>`: what is wrong, and what to do. `value` is what was found at the place."""
    entry = catalogue()["finding"][code][language()]
    shown = {"value": value, **{name: _word(name, given) for name, given in params.items()}}
    return str(entry["why"]).format(**shown), str(entry["fix"]).format(**shown)


def _word(name: str, value: object) -> object:
    """A parameter as people read it: an insurance by its label, everything else as it is."""
    label = f"insurance-{value}"
    return say(label) if name == "insurance" and label in catalogue()["text"] else value
