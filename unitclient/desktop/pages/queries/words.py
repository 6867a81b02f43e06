"""Words of the centre in answers, as the screen says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.catalog.said import say_word
from unitclient.desktop.pages.queries.model import Query


def in_words(query: Query, row: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    """The row with the words of its columns as the screen says them."""
    said = dict(row)
    for column in query.columns:
        value = row.get(column.key)
        if isinstance(value, str) and column.says:
            said[column.key] = say_word(column.says, value, catalog)
    return said
