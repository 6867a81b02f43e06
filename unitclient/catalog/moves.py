"""What a form does at the centre beside the roster: the [[register]] it moves and the [charge] it makes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from unitclient.catalog.model import Charge, Field, FieldType
from unitclient.catalog.registers import Register
from unitclient.catalog.sections import Section
from unitclient.domain.registers import ABSENT, Move

_NONE = "none"
"""How a file writes that there is no entry."""


def read_move(part: Section, by_name: Mapping[str, Field], registers: Mapping[str, Register]) -> Move:
    """One [[register]]: name, key, from, to, keep (all declared fields when it is left out), set, item, value."""
    register: Register = part.choice("name", registers)
    sources = part.texts("from", None)
    for word in sources:
        if word != _NONE and word not in register.states:
            part.refuse("from", "unknown", value=word, known=", ".join((_NONE, *register.states)))
    fixed = _fixed(part)
    key = _fields(part, "key", {**by_name, **fixed}, None)
    if key and set(key) <= fixed.keys():
        part.refuse("key", "empty")
    declared = tuple(name for name, field in by_name.items() if not field.local)
    move = Move(
        register=register.name,
        key=key,
        sources=frozenset(ABSENT if word == _NONE else word for word in sources),
        target=part.choice("to", {word: word for word in register.states}),
        keep=_fields(part, "keep", by_name, declared),
        fixed=fixed,
        item=_field(part, "item", by_name, FieldType.CODE),
        value=_field(part, "value", by_name, FieldType.TEXT),
    )
    if bool(move.item) != bool(move.value):
        part.refuse("", "missing", member="value" if move.item else "item")
    part.finish()
    return move


def read_charge(part: Section, by_name: Mapping[str, Field]) -> Charge:
    """[charge]: amount and insurance, or tiers; and as wanted first, last, person, account."""
    charge = Charge(
        amount=_field(part, "amount", by_name, FieldType.MONEY),
        insurance=part.word("insurance", ""),
        tiers=_field(part, "tiers", by_name, FieldType.CODE),
        first=_field(part, "first", by_name, FieldType.MONTH),
        last=_field(part, "last", by_name, FieldType.MONTH),
        pay_kind=part.word("pay_kind", "normal"),
        person_pays=part.flag("person", True),
        account=_account(part),
    )
    if bool(charge.tiers) == bool(charge.amount and charge.insurance):
        part.refuse("", "one-charge")
    part.finish()
    return charge


def _account(part: Section) -> Mapping[str, int]:
    """`account`: thousandths of an insurance's amount that the person's own account is credited with."""
    if not part.has("account"):
        return MappingProxyType({})
    told = part.section("account")
    shares = {name: told.number(name, 0, 0, 1000) for name in told.content}
    told.finish()
    return MappingProxyType(shares)


def _fixed(part: Section) -> dict[str, str]:
    """`set`: values that every row has by the business itself."""
    if not part.has("set"):
        return {}
    told = part.section("set")
    fixed = {name: told.text(name) for name in told.content}
    told.finish()
    return fixed


def _fields(part: Section, key: str, by_name: Mapping[str, object], default: tuple[str, ...] | None) -> tuple[str, ...]:
    found = part.texts(key, default)
    for name in found:
        if name not in by_name:
            part.refuse(key, "no-such-field", value=name)
    return found


def _field(part: Section, key: str, by_name: Mapping[str, Field], kind: FieldType) -> str:
    name = part.word(key, "")
    if name and name not in by_name:
        part.refuse(key, "no-such-field", value=name)
    if name and by_name[name].type is not kind:
        part.refuse(key, "wrong-field-type", value=name)
    return name
