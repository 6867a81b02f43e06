"""Words of the centre in answers, as people read them; machines get them as they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.catalog.services import Service
from unitclient.texts import catalogue, language, say


def answer_in_words(service: Service, row: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    """A row of an answer with the words of its columns as they are said."""
    said = dict(row)
    for name, what in service.says.items():
        if isinstance(row.get(name), str):
            said[name] = say_word(what, row[name], catalog)
    return said


def say_word(what: str, word: str, catalog: Catalog) -> str:
    """A word as it is said; one that nobody knows stays as it is.

    `what` is "insurance" (one or several), "kind", "form", "register:<name>" (a state), "code:<table>", or the first
    part of a text's name (<what>-<word>).
    """
    if what == "form":
        return str(catalog.forms[word].title) if word in catalog.forms else word
    if what.startswith("register:"):
        register = catalog.registers.get(what.partition(":")[2])
        return register.state_title(word) if register else word
    if what.startswith("code:"):
        table = catalog.tables.get(what.partition(":")[2])
        return table.label(word, language()) if table else word
    if what == "insurance":
        words = [_text("insurance", each) for each in word.split()]
        return word if words == word.split() else "、".join(words)
    return _text("d-kind" if what == "kind" else what, word)


def _text(what: str, word: str) -> str:
    key = f"{what}-{word}"
    return say(key) if key in catalogue()["text"] else word
