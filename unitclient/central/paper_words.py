"""Words of the centre's documents as its papers say them: those of everywhere (catalog.said), money with commas."""

from __future__ import annotations

from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.catalog.model import Field
from unitclient.catalog.said import field_title as field_of
from unitclient.catalog.said import form_title, register_fields, say_word
from unitclient.catalog.said import value_words as said_value
from unitclient.documents.capital import figures

__all__ = ["cell_words", "field_of", "form_title", "register_fields", "value_words"]


def value_words(field: Field | None, value: Any) -> str:
    """A register's value."""
    return said_value(field, value, figures)


def cell_words(catalog: Catalog, column: str, says: str, value: Any) -> str:
    """A cell of an answer. `says` is what the query's file calls the words of its column ("" = they are none)."""
    if value is None:
        return ""
    if isinstance(value, int) and column.endswith("_fen"):
        return figures(value)
    return say_word(says, str(value), catalog) if says else str(value)
