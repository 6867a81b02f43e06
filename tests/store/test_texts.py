"""Every refusal of this room says what happened, why, and what to do, in both languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import unitclient.store
from unitclient.paths import resources_root
from unitclient.texts import error_texts, use_language

_ROOM = Path(unitclient.store.__file__).parent
_SOURCES = "\n".join(path.read_text("utf-8") for path in _ROOM.rglob("*.py"))
_TEXTS = tomllib.loads((resources_root() / "texts/store.toml").read_text("utf-8"))["error"]
_PARAMS = dict.fromkeys(("path", "found", "known", "unit", "ref", "id", "state", "reason", "kind"), "x")


def test_the_texts_and_the_refusals_are_the_same_set() -> None:
    prefixes = "|".join(("store", "backup", "outbox", "document", "unit", "no"))
    named = set(re.findall(rf'"((?:{prefixes})-[a-z-]+)"', _SOURCES))
    assert named == _TEXTS.keys()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", sorted(_TEXTS))
def test_every_refusal_fills_its_three_sentences(code: str, language: str) -> None:
    use_language(language)
    try:
        assert all(error_texts(code, _PARAMS))
    finally:
        use_language("zh")
