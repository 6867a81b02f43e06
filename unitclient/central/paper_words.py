"""Words of the centre's documents as its papers say them: those of everywhere (catalog.said), money with commas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.catalog import said
from unitclient.catalog.loader import Catalog
from unitclient.catalog.model import Field
from unitclient.catalog.registers import Register
from unitclient.catalog.said import field_title as field_of
from unitclient.catalog.said import form_title, register_fields
from unitclient.documents.capital import figures

__all__ = ["cell_words", "entry_words", "field_of", "form_title", "register_fields"]


def entry_words(register: Register, fields: Mapping[str, Field], column: str, value: Any) -> str:
    """A value of a register's entry."""
    return said.entry_words(register, fields, column, value, figures)


def cell_words(catalog: Catalog, column: str, says: str, value: Any) -> str:
    """A cell of an answer. `says` is what the query's file calls the words of its column ("" = they are none)."""
    if value is None:
        return ""
    if isinstance(value, int) and column.endswith("_fen"):
        return figures(value)
    return said.say_word(says, str(value), catalog) if says else str(value)
