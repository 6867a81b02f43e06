"""Words of the centre's documents as its papers say them: codes and states by their names, money in yuan."""

from __future__ import annotations

from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.catalog.model import Field, FieldType
from unitclient.documents.capital import figures
from unitclient.documents.parts import label
from unitclient.texts import catalogue, language, say


def field_of(catalog: Catalog, form: str, name: str) -> str:
    """The title of a form's field, or its name where the form is not known (any more)."""
    known = catalog.forms.get(form)
    return next((str(each.title) for each in known.fields if each.name == name), name) if known else name


def form_title(catalog: Catalog, form: str) -> str:
    """The title of a business, or its id."""
    known = catalog.forms.get(form)
    return str(known.title) if known else form


def register_fields(catalog: Catalog, register: str) -> dict[str, Field]:
    """By name, the fields of the forms that move a register: what its values are."""
    forms = [form for form in catalog.forms.values() if any(move.register == register for move in form.moves)]
    return {field.name: field for form in forms for field in form.fields}


def value_words(field: Field | None, value: Any) -> str:
    """A register's value."""
    if value is None:
        return ""
    if field is not None and field.type is FieldType.MONEY and isinstance(value, int):
        return figures(value)
    if field is not None and field.table is not None and isinstance(value, str):
        return field.table.label(value, language())
    return say("document-comma").join(map(str, value)) if isinstance(value, list) else str(value)


def cell_words(catalog: Catalog, column: str, says: str, value: Any) -> str:
    """A cell of an answer. `says` is what the query's file calls the words of its column ("" = they are none)."""
    if value is None:
        return ""
    if isinstance(value, int) and column.endswith("_fen"):
        return figures(value)
    kind, _, name = says.partition(":")
    if kind == "code":
        return catalog.table(name).label(str(value), language())
    if kind == "register":
        return catalog.registers[name].state_title(str(value))
    if kind == "form":
        return form_title(catalog, str(value))
    if kind == "insurance":
        return say("document-comma").join(label("insurance", word) for word in str(value).split())
    key = f"{kind}-{value}"
    return say(key) if kind and key in catalogue()["text"] else str(value)
