"""Operators (操作员) of this home: add, block, give a role, let one stand in, passwords; and signing in.

The first operator is a 单位主管 and closes the home: from then on only a password of an operator opens it. Names are
compared without regard to width, blanks and case; a name is never used again for somebody else, because the journal
names people by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from unitclient.domain.passwords import weakness
from unitclient.errors import UserError
from unitclient.pinyin import search_words
from unitclient.store import jsontext, keys, slots
from unitclient.store.kdf import DEFAULT_COST, Cost
from unitclient.store.operators import (
    Operator,
    admit,
    find_operator,
    get_operator,
    has_operators,
    keep_slot,
    kept_slot,
    list_operators,
    put_operator,
)
from unitclient.store.store import Store
from unitclient.store.units import list_units
from unitclient.texts import say
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import needs, roles

MANAGER = "manager"
LONGEST_NAME = 50
LONGEST_DEPUTY_DAYS = 92
"""Whoever is away for longer is replaced, not stood in for."""


def operators(desk: Desk) -> list[Operator]:
    """All operators, in the order they were added; none in one clerk's home."""
    return list_operators(desk.store)


@needs("operators")
def add_operator(desk: Desk, name: str, role: str, password: str, *, cost: Cost = DEFAULT_COST) -> Operator:
    """Add an operator; who is not the first has to change the password at the first sign-in.

    UserError operator-name, operator-known, operator-role, operator-first-manager (the first must be a 单位主管),
    password-weak.
    """
    store = desk.store
    name = _name(store, name)
    _refuse_role(role)
    first = not has_operators(store)
    if first and role != MANAGER:
        raise UserError("operator-first-manager")
    _refuse_weak(store, password, name)
    added = Operator(name, role, must_change=not first)
    with store.write("operator.add", subject=name, detail={"role": role}, actor=store.actor or name):
        put_operator(store, added)
        slots.put_slot(store.home, store.key, name, password, cost)
    if first:
        admit(store, name)
    return get_operator(store, name)


@needs("operators")
def block_operator(desk: Desk, name: str, blocked: bool = True) -> Operator:
    """Block an operator, whose password then opens nothing, or let them in again with the same one.

    UserError operator-unknown, operator-last-manager.
    """
    store, known = desk.store, get_operator(desk.store, name)
    if known.blocked == blocked:
        return known
    if blocked:
        _refuse_last(store, known)
    with store.write("operator.block" if blocked else "operator.unblock", subject=known.name):
        put_operator(store, replace(known, blocked=blocked))
        if blocked:
            keep_slot(store, known.name, jsontext.dump(slots.take_slot(store.home, known.name)))
        else:
            kept = jsontext.load(kept_slot(store, known.name) or "null")
            if kept:
                slots.give_back_slot(store.home, known.name, kept)
            keep_slot(store, known.name, "")
    return get_operator(store, name)


@needs("operators")
def give_role(desk: Desk, name: str, role: str) -> Operator:
    """Give an operator another role. UserError operator-unknown, operator-role, operator-last-manager."""
    store, known = desk.store, get_operator(desk.store, name)
    _refuse_role(role)
    if role != MANAGER:
        _refuse_last(store, known)
    with store.write("operator.role", subject=known.name, detail={"role": role}):
        put_operator(store, replace(known, role=role))
    return get_operator(store, name)


@needs("operators")
def stand_in(desk: Desk, name: str, absent: str, until: date | None) -> Operator:
    """Let an operator do another's acts beside their own (代班), up to and with a day; None ends it.

    UserError operator-unknown, operator-same, operator-until (past, or too far away).
    """
    store, known = desk.store, get_operator(desk.store, name)
    if until is None:
        with store.write("operator.stand-in", subject=known.name, detail={"until": ""}):
            put_operator(store, replace(known, deputy_role="", deputy_for="", deputy_until=None))
        return get_operator(store, name)
    away = get_operator(store, absent)
    if away.name == known.name:
        raise UserError("operator-same", name=known.name)
    days = (until - desk.today()).days
    if not 0 <= days <= LONGEST_DEPUTY_DAYS:
        raise UserError("operator-until", until=until.isoformat(), days=LONGEST_DEPUTY_DAYS)
    detail = {"for": away.name, "role": away.role, "until": until.isoformat()}
    with store.write("operator.stand-in", subject=known.name, detail=detail):
        put_operator(store, replace(known, deputy_role=away.role, deputy_for=away.name, deputy_until=until))
    return get_operator(store, name)


@needs("operators")
def set_password(desk: Desk, name: str, password: str, *, cost: Cost = DEFAULT_COST) -> None:
    """Give an operator who forgot theirs a new password, which they have to change. UserError as `add_operator`."""
    store, known = desk.store, get_operator(desk.store, name)
    _refuse_weak(store, password, known.name)
    with store.write("operator.reset", subject=known.name):
        put_operator(store, replace(known, must_change=True))
        if known.blocked:
            keep_slot(store, known.name, "")  # they are let in again only with the new one
        slots.put_slot(store.home, store.key, known.name, password, cost)
    if known.blocked:
        block_operator(desk, name, False)


@needs("password")
def change_password(desk: Desk, old: str, new: str, *, cost: Cost = DEFAULT_COST) -> None:
    """Change one's own password. UserError operator-refused, operator-wait, password-weak, password-same."""
    store = desk.store
    known = get_operator(store, store.operator)
    keys.load(store.home, old, known.name, now=store.now())
    if new == old:
        raise UserError("password-same")
    _refuse_weak(store, new, known.name)
    with store.write("operator.changed", subject=known.name):
        put_operator(store, replace(known, must_change=False))
        slots.put_slot(store.home, store.key, known.name, new, cost)


def note_sign_in(desk: Desk) -> int:
    """The journal says who signed in, and after how many wrong passwords; that number. Once for each sign-in."""
    store = desk.store
    if not store.operator:
        return 0
    failures = slots.failures_before(store.home, store.operator)
    with store.write("operator.sign-in", subject=store.operator, detail={"failures": failures}):
        return failures


def recover(desk: Desk, name: str, password: str, *, cost: Cost = DEFAULT_COST) -> Operator:
    """A new password for a 单位主管, where the database was opened by a recovery and not by an operator.

    UserError operator-unknown, operator-not-manager, password-weak; right-missing for an operator who signed in.
    """
    store, known = desk.store, get_operator(desk.store, name)
    if store.operator:
        raise UserError("operator-recover-signed-in", name=store.operator)
    if known.role != MANAGER:
        raise UserError("operator-not-manager", name=known.name, role=say(f"role-{known.role}"))
    _refuse_weak(store, password, known.name)
    with store.write("operator.recover", subject=known.name, actor=known.name):
        put_operator(store, replace(known, blocked=False, must_change=False))
        keep_slot(store, known.name, "")
        slots.put_slot(store.home, store.key, known.name, password, cost)
    return get_operator(store, name)


def refuse_weak_in(store: Store, password: str) -> None:
    """UserError password-weak for a passphrase of the database that is none (see `domain.passwords`)."""
    _refuse_weak(store, password, "")


def _name(store: Store, name: str) -> str:
    tidy = " ".join(name.split())
    if not 0 < len(tidy) <= LONGEST_NAME or not tidy.isprintable():
        raise UserError("operator-name", limit=LONGEST_NAME)
    if find_operator(store, tidy) is not None:
        raise UserError("operator-known", name=tidy)
    return tidy


def _refuse_role(role: str) -> None:
    if role not in roles():
        raise UserError("operator-role", role=role, known="、".join(f"{one} {say(f'role-{one}')}" for one in roles()))


def _refuse_last(store: Store, known: Operator) -> None:
    managers = [one.name for one in list_operators(store) if one.role == MANAGER and not one.blocked]
    if managers == [known.name]:
        raise UserError("operator-last-manager", name=known.name)


def _refuse_weak(store: Store, password: str, name: str) -> None:
    found = weakness(password, _known(store, name))
    if found is not None:
        raise UserError("password-weak", reason=say(f"password-{found.value}"))


def _known(store: Store, name: str) -> Iterator[str]:
    """What others know of the operators, the unit and its people, and would try first."""
    for told in (name, *(one.name for one in list_operators(store))):
        yield told
        yield from search_words(told).split()
    for unit in list_units(store):
        yield from (unit.unit_number, unit.uscc, unit.operator, *search_words(unit.name).split())
    for query in ("SELECT id_number, name FROM person", "SELECT DISTINCT person_id, person_id FROM item"):
        for number, person in store.connection.execute(query):
            yield number
            yield person
