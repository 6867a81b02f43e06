"""One form.toml into a Form. What the members mean is told in docs/forms.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from unitclient import texts
from unitclient.catalog.acts import read_bill_act, read_identity, read_ledger_act
from unitclient.catalog.checks import REGISTRY, CheckKind, Param
from unitclient.catalog.defaults import DEFAULT_RULES
from unitclient.catalog.file_limits import read_limits
from unitclient.catalog.headers import normal_header
from unitclient.catalog.model import (
    NO_TEXT,
    Bilingual,
    CheckSpec,
    Condition,
    Consequence,
    Desk,
    Field,
    FieldType,
    Form,
    PrintLayout,
    Screen,
    ScreenSection,
)
from unitclient.catalog.moves import read_charge, read_move
from unitclient.catalog.registers import Register
from unitclient.catalog.sections import Section
from unitclient.catalog.tables import Table
from unitclient.domain.insurance import Insurance
from unitclient.domain.roster import ChangeKind

_TYPES = {kind.value: kind for kind in FieldType}
_EFFECTS = {kind.value: kind for kind in ChangeKind}
_DESKS = {kind.value: kind for kind in Desk}
GROUPS = (
    "people",
    "wages",
    "payment",
    "unit",
    "retired",
    "resident",
    "employment",
    "card",
    "record",
    "service",
    "other",
)
"""Groups of businesses in the order of the list; their titles are the texts form-group-<group>."""
_GROUPS = {word: word for word in GROUPS}
PAPERS: Mapping[str, str] = {"arrears": "bill_number", "arrears-persons": "bill_number", "month-bills": "month"}
"""Papers that a form may name, each with the field its rows must have: the bill, or the month."""
_TABLE_TYPES = {FieldType.CODE: "", FieldType.ID_KIND: "id_kind"}
_INTEGER_TYPES = frozenset({FieldType.INTEGER, FieldType.YEAR, FieldType.MONEY})
_NEEDED_BY_EFFECT: Mapping[ChangeKind, tuple[str, ...]] = {
    ChangeKind.ENROL: ("id_number", "name", "start_month", "wage", "insurances"),
    ChangeKind.STOP: ("id_number", "name", "stop_kind", "last_paid_month"),
    ChangeKind.WAGE: ("id_number", "wage"),
    ChangeKind.ASSESS: ("id_number", "insurance", "base", "unit_amount", "person_amount"),
    ChangeKind.BACK_PAYMENT: ("id_number", "from_month", "to_month", "insurances", "wage"),
    ChangeKind.RENAME: ("id_number", "new_name"),
    ChangeKind.COVERAGE: ("id_number", "start_month"),
    ChangeKind.RECORD: (),
}
"""What a form must have for the roster to be able to follow it."""


def read_form(
    top: Section,
    form_id: str,
    version: str,
    tables: Mapping[str, Table],
    digest: str,
    registers: Mapping[str, Register],
    common: Mapping[str, Mapping[str, Any]],
) -> Form:
    """The form in a file that stands under forms/<form_id>/<version>/. Raises UserError form-broken."""
    _expect(top, "id", form_id)
    _expect(top, "version", version)
    parts = [_like(part, common) for part in top.sections("field")]
    fields = tuple(_field(part, tables) for part in parts)
    by_name = _by_name(top, parts, fields)
    effect = top.choice("effect", _EFFECTS)
    _refuse_missing_fields(top, effect, by_name)
    own_texts = _own_texts(top)
    moves = tuple(read_move(part, by_name, registers) for part in top.sections("register"))
    moved = frozenset(move.register for move in moves)
    form = Form(
        id=form_id,
        version=version,
        title=top.bilingual("title"),
        summary=top.bilingual("summary", NO_TEXT),
        effect=effect,
        key=_names(top, "key", by_name, least=1),
        fields=fields,
        checks=tuple(_check(part, by_name, moved) for part in top.sections("check")),
        consequences=tuple(_consequence(part, by_name, own_texts) for part in top.sections("consequence")),
        screen=_screen(top, by_name),
        print=_print(top, by_name),
        source=top.text("source"),
        digest=digest,
        importable=top.flag("importable", True),
        group=top.choice("group", _GROUPS, "other"),
        moves=moves,
        desk=top.choice("desk", _DESKS, "never"),
        bill_act=read_bill_act(top, by_name),
        ledger_act=read_ledger_act(top, by_name),
        identity=read_identity(top, by_name),
        papers=_papers(top, by_name),
        charge=read_charge(top.section("charge"), by_name) if top.has("charge") else None,
        own_texts=MappingProxyType(own_texts),
        by_name=MappingProxyType(by_name),
    )
    _refuse_unknown_conditions(parts, by_name)
    top.finish()
    return form


def _expect(top: Section, key: str, wanted: str) -> None:
    if top.text(key) != wanted:
        top.refuse(key, "not-the-folder", value=top.text(key), wanted=wanted)


def _like(part: Section, common: Mapping[str, Mapping[str, Any]]) -> Section:
    """A field that says `like = "..."` has everything it does not say itself from resources/fields.toml."""
    if not part.has("like"):
        return part
    return part.over(part.choice("like", common))


def _field(part: Section, tables: Mapping[str, Table]) -> Field:
    part.text("like", "")
    kind: FieldType = part.choice("type", _TYPES)
    field = Field(
        name=part.word("name"),
        code=part.text("code", ""),
        title=part.bilingual("title"),
        type=kind,
        required=part.flag("required", False),
        required_when=_conditions(part, "required_when"),
        default=part.take("default", (str, int), "") or None,
        default_rule=part.word("default_rule", ""),
        table=_table(part, kind, tables),
        aliases=part.texts("aliases"),
        help=part.bilingual("help", NO_TEXT),
        example=part.text("example", ""),
        column=part.flag("column", True),
        local=part.flag("local", False),
        width=part.number("width", 12, 2, 80),
        max_length=part.number("max_length", 100, 1, 4000),
        file=read_limits(part, kind),
    )
    _refuse_wrong_default(part, field)
    part.finish()
    return field


def _table(part: Section, kind: FieldType, tables: Mapping[str, Table]) -> Table | None:
    if kind not in _TABLE_TYPES:
        if part.has("table"):
            part.refuse("table", "table-not-wanted", value=kind.value)
        return None
    named = part.word("table", _TABLE_TYPES[kind] or None)
    if named not in tables:
        part.refuse("table", "unknown", value=named, known=", ".join(sorted(tables)))
    codes, table = part.texts("only"), tables[named]
    for code in codes:
        if table.row(code) is None:
            part.refuse("only", "not-in-table", value=code, table=named)
    return table.only(codes) if codes else table


def _refuse_wrong_default(part: Section, field: Field) -> None:
    if field.default_rule and field.default_rule not in DEFAULT_RULES:
        part.refuse("default_rule", "unknown", value=field.default_rule, known=", ".join(sorted(DEFAULT_RULES)))
    if field.default is None:
        return
    fits = isinstance(field.default, int) is (field.type in _INTEGER_TYPES)
    if field.type is FieldType.INSURANCES:
        fits = fits and set(str(field.default).split()) <= set(Insurance)
    if not fits or field.default_rule:
        part.refuse("default", "wrong-default")
    if field.table is not None and field.table.row(str(field.default)) is None:
        part.refuse("default", "not-in-table", value=field.default, table=field.table.name)


def _by_name(top: Section, parts: list[Section], fields: tuple[Field, ...]) -> dict[str, Field]:
    """Fields by name; refuses two of a name, and two that claim the same column title."""
    if not fields:
        top.refuse("", "missing", member="field")
    names: dict[str, Field] = {}
    claimed: dict[str, str] = {}
    for part, field in zip(parts, fields, strict=True):
        if field.name in names:
            part.refuse("name", "twice", value=field.name)
        names[field.name] = field
        for title in field.headers():
            owner = claimed.setdefault(normal_header(title) or f"({field.name})", field.name)
            if owner != field.name:
                part.refuse("aliases" if title in field.aliases else "title", "title-taken", value=title, owner=owner)
    return names


def _papers(top: Section, by_name: Mapping[str, Field]) -> tuple[str, ...]:
    papers = top.texts("papers")
    for word in papers:
        if word not in PAPERS:
            top.refuse("papers", "unknown", value=word, known=", ".join(PAPERS))
        if PAPERS[word] not in by_name:
            top.refuse("papers", "effect-needs-field", value=word, field=PAPERS[word])
    return papers


def _refuse_missing_fields(top: Section, effect: ChangeKind, by_name: Mapping[str, Field]) -> None:
    for name in _NEEDED_BY_EFFECT[effect]:
        if name not in by_name:
            top.refuse("effect", "effect-needs-field", value=effect.value, field=name)


def _names(part: Section, key: str, by_name: Mapping[str, Field], least: int = 0) -> tuple[str, ...]:
    """A list of names of the form's fields."""
    found = part.texts(key, None if least else ())
    for name in found:
        if name not in by_name:
            part.refuse(key, "no-such-field", value=name)
    if len(found) < least:
        part.refuse(key, "empty")
    return found


def _condition(part: Section) -> Condition:
    """`field` with one of `values`, `filled = true`, or `month = "before" | "equal" | "after"` the period."""
    values = part.take("values", list, [])
    compare = part.choice("month", {"before": "before", "equal": "equal", "after": "after", "": ""}, "")
    condition = Condition(
        field=part.word("field"),
        values=frozenset(str(value) for value in values),
        filled=part.flag("filled", False),
        compare=compare,
    )
    if bool(condition.values) + condition.filled + bool(compare) != 1:
        part.refuse("", "one-condition")
    return condition


def _conditions(part: Section, key: str) -> tuple[Condition, ...]:
    found = []
    for each in part.sections(key):
        found.append(_condition(each))
        each.finish()
    return tuple(found)


def _refuse_unknown_conditions(parts: list[Section], by_name: Mapping[str, Field]) -> None:
    for part in parts:
        for each in part.sections("required_when"):
            _refuse_condition(each, _condition(each), by_name)


def _refuse_condition(part: Section, condition: Condition, by_name: Mapping[str, Field]) -> None:
    field = by_name.get(condition.field)
    if field is None:
        part.refuse("field", "no-such-field", value=condition.field)
    for value in sorted(condition.values):
        if field.table is not None and field.table.row(value) is None:
            part.refuse("values", "not-in-table", value=value, table=field.table.name)
    if condition.compare and field.type not in (FieldType.MONTH, FieldType.DATE):
        part.refuse("month", "wrong-field-type", value=condition.field)


def _own_texts(top: Section) -> dict[str, Bilingual]:
    if not top.has("text"):
        return {}
    part = top.section("text")
    return {key: part.bilingual(key) for key in part.content}


def _consequence(part: Section, by_name: Mapping[str, Field], own: Mapping[str, Bilingual]) -> Consequence:
    key = part.text("text")
    if key not in own and key not in texts.catalogue()["text"]:
        part.refuse("text", "no-such-text", value=key)
    condition = _condition(part)
    _refuse_condition(part, condition, by_name)
    part.finish()
    return Consequence(key, condition)


def _check(part: Section, by_name: Mapping[str, Field], moved: frozenset[str]) -> CheckSpec:
    kind: CheckKind = part.choice("name", REGISTRY)
    for name, param in kind.params.items():
        if param.kind == "register" and part.has(name):
            part.choice(name, {register: register for register in moved})
    params = {name: _param(part, name, param, by_name) for name, param in kind.params.items()}
    part.finish()
    return CheckSpec(kind.name, MappingProxyType(params))


def _param(part: Section, name: str, param: Param, by_name: Mapping[str, Field]) -> Any:
    if param.needed and not part.has(name):
        part.refuse("", "missing", member=name)
    if param.kind == "words":
        return part.texts(name, param.default or ())
    if param.kind == "flag":
        return part.flag(name, param.default)
    if param.kind == "int":
        return part.take(name, int) if part.has(name) else param.default
    if param.options:
        return part.choice(name, {word: word for word in param.options}, param.default)
    value = part.text(name, param.default or "")
    if param.kind == "field" or (param.kind == "optional-field" and part.has(name)):
        if value not in by_name:
            part.refuse(name, "no-such-field", value=value)
    elif param.kind == "text" and value:
        _refuse_bad_pattern(part, name, value)
    return value


def _refuse_bad_pattern(part: Section, name: str, value: str) -> None:
    try:
        re.compile(value)
    except re.error as error:
        part.refuse(name, "bad-pattern", value=value, said=error)


def _screen(top: Section, by_name: Mapping[str, Field]) -> Screen:
    """[screen]; without it one section with every field, and a list of the template's columns."""
    if not top.has("screen"):
        every = tuple(by_name)
        return Screen(every, (ScreenSection(top.bilingual("title"), every),))
    part = top.section("screen")
    sections = []
    for each in part.sections("section"):
        sections.append(ScreenSection(each.bilingual("title"), _names(each, "fields", by_name, least=1)))
        each.finish()
    screen = Screen(_names(part, "columns", by_name, least=1), tuple(sections))
    part.finish()
    return screen


def _print(top: Section, by_name: Mapping[str, Field]) -> PrintLayout:
    """[print]; without it a landscape table of the template's columns."""
    if not top.has("print"):
        columns = tuple(name for name, field in by_name.items() if field.column)
        return PrintLayout(top.bilingual("title"), True, columns, (), (), 25)
    part = top.section("print")
    signatures = [Bilingual(each.text("zh"), each.text("en")) for each in part.sections("signature")]
    layout = PrintLayout(
        title=part.bilingual("title", top.bilingual("title")),
        landscape=part.flag("landscape", True),
        columns=_names(part, "columns", by_name, least=1),
        sums=_names(part, "sums", by_name),
        signatures=tuple(signatures),
        rows_per_page=part.number("rows_per_page", 25, 1, 200),
    )
    for name in layout.sums:
        if by_name[name].type not in (FieldType.MONEY, FieldType.INTEGER):
            part.refuse("sums", "wrong-field-type", value=name)
    part.finish()
    return layout
