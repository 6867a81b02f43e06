"""Words of the centre in answers, as the screen says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.desktop.pages.queries.model import Query
from unitclient.desktop.pages.sign.words import insurance_word, kind_word, track_word
from unitclient.texts import catalogue, language, say


def in_words(query: Query, row: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    """The row with the words of its columns as the screen says them."""
    said = dict(row)
    for column in query.columns:
        value = row.get(column.key)
        if isinstance(value, str) and column.says:
            said[column.key] = say_word(column.says, value, catalog)
    return said


def say_word(what: str, word: str, catalog: Catalog) -> str:
    """A word as it is said; one that nobody knows stays as it is.

    `what` is "insurance" (one or several), "kind", "acceptance", "money", "form", "register:<name>" (a state),
    "code:<table>", or the
    first part of a text's name (<what>-<word>).
    """
    if what in ("acceptance", "money"):
        return track_word(what, word)
    if what == "kind":
        return kind_word(word)
    if what == "form":
        return str(catalog.forms[word].title) if word in catalog.forms else word
    if what.startswith("register:"):
        register = catalog.registers.get(what.partition(":")[2])
        return register.state_title(word) if register else word
    if what.startswith("code:"):
        table = catalog.tables.get(what.partition(":")[2])
        return table.label(word, language()) if table else word
    if what == "insurance":
        words = [insurance_word(each) for each in word.split()]
        return word if words == word.split() else "、".join(words)
    key = f"{what}-{word}"
    return say(key) if key in catalogue()["text"] else word
