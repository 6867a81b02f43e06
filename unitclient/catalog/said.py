"""Codes, states and values of forms, registers and answers as people read them; machines get them as they came.

Both ends say them here, so that screen, export and signed paper have the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.catalog.model import Field, FieldType
from unitclient.catalog.registers import Register
from unitclient.catalog.services import Service
from unitclient.domain.money import format_fen
from unitclient.texts import catalogue, language, say

Figures = Callable[[int], str]
"""How an amount in fen is written: a paper puts commas between the thousands, a cell does not."""
TRAIL = "trail"
"""The value under which an entry keeps the steps that the bureau took with it."""


def form_title(catalog: Catalog, form: str) -> str:
    """The title of a business, or its id where this program does not know it (any more)."""
    known = catalog.forms.get(form)
    return str(known.title) if known else form


def field_title(catalog: Catalog, form: str, name: str) -> str:
    """The title of a form's field, or its name where the form is not known (any more)."""
    known = catalog.forms.get(form)
    return str(known.by_name[name].title) if known and name in known.by_name else name


def register_fields(catalog: Catalog, register: str) -> dict[str, Field]:
    """By name, the fields of the forms that move a register: what its values are."""
    forms = [form for form in catalog.forms.values() if any(move.register == register for move in form.moves)]
    return {field.name: field for form in forms for field in form.fields}


def value_words(field: Field | None, value: Any, figures: Figures = format_fen) -> str:
    """A value of a row or a register: codes and insurances by name, money in yuan."""
    if value is None:
        return ""
    if field is not None and field.type is FieldType.MONEY and isinstance(value, int):
        return figures(value)
    if field is not None and field.table is not None and isinstance(value, str):
        return field.table.label(value, language())
    if isinstance(value, list):
        words = map(str, value)
        known = field is not None and field.type is FieldType.INSURANCES
        return say("document-comma").join(_text("insurance", word) if known else word for word in words)
    return str(value)


def entry_words(
    register: Register, fields: Mapping[str, Field], column: str, value: Any, figures: Figures = format_fen
) -> str:
    """A value of a register's entry; `fields` are its `register_fields`."""
    return trail_text(register, value) if column == TRAIL else value_words(fields.get(column), value, figures)


def key_words(catalog: Catalog, register: str, key: str) -> str:
    """The key of an entry, each part as its field says it: 身份证号码|养老|2026-11|个人部分."""
    parts = key.split("|")
    fields = register_fields(catalog, register)
    for form in catalog.forms.values():
        for move in form.moves:
            if move.register == register and len(move.key) == len(parts):
                named = zip(move.key, parts, strict=True)
                return "|".join(value_words(fields.get(name), part) for name, part in named)
    return key


def trail_text(register: Register, trail: object) -> str:
    """The steps of the bureau's desk with an entry, the oldest first: when, what, and what was said."""
    steps = trail if isinstance(trail, list) else []
    return " → ".join(_step_text(register, step) for step in steps if isinstance(step, Mapping))


def _step_text(register: Register, told: Mapping[str, Any]) -> str:
    step = register.steps.get(str(told.get("step")))
    title = str(step.title) if step else str(told.get("step"))
    said = "，".join(str(value) for value in dict(told.get("said") or {}).values() if value)
    return f"{str(told.get('at'))[5:16].replace('T', ' ')} {title}{f'：{said}' if said else ''}"


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
        return form_title(catalog, word)
    if what.startswith("register:"):
        register = catalog.registers.get(what.partition(":")[2])
        return register.state_title(word) if register else word
    if what.startswith("code:"):
        table = catalog.tables.get(what.partition(":")[2])
        return table.label(word, language()) if table else word
    if what == "insurance":
        words = [_text("insurance", each) for each in word.split()]
        return word if words == word.split() else say("document-comma").join(words)
    return _text("d-kind" if what == "kind" else what, word)


def _text(what: str, word: str) -> str:
    key = f"{what}-{word}"
    return say(key) if key in catalogue()["text"] else word
