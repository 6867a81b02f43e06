"""Rights: which act of the workflows whoever signed in may do, asked for in one place, before anything happens.

`@needs("sign")` stands over a workflow; resources/roles.toml says which role has which act. A home without operators is
one clerk's, who may do everything. Role, blocking and standing in are read from the database at each act, so that a
change counts at once, also in a window that is open.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from unitclient.clock import CHINA
from unitclient.errors import UserError
from unitclient.paths import resources_root
from unitclient.store.operators import Operator, get_operator, has_operators
from unitclient.store.store import Store
from unitclient.store.units import Unit
from unitclient.texts import say
from unitclient.workflows.desk import Desk

P = ParamSpec("P")
T = TypeVar("T")

PERSONS = "persons"
"""The act of seeing persons' ID numbers, phones and wages unmasked."""
_ALWAYS = ("see", "password")
"""What may be done with a password that somebody else has set."""


@cache
def roles() -> dict[str, frozenset[str]]:
    """{role: its acts}, in the order of the file."""
    return {role: frozenset(acts) for role, acts in _told().items()}


@cache
def every_act() -> tuple[str, ...]:
    """All acts that some role has, in the order of the longest list of the file."""
    longest_first = sorted(_told().values(), key=len, reverse=True)
    return tuple(dict.fromkeys(act for acts in longest_first for act in acts))


def _told() -> dict[str, list[str]]:
    told: dict[str, list[str]] = tomllib.loads((resources_root() / "roles.toml").read_text("utf-8"))["roles"]
    return told


def needs(act: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Over a workflow whose first argument is the desk (or the store): refuse whoever has no right to the act."""

    def over(work: Callable[P, T]) -> Callable[P, T]:
        @wraps(work)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            place = args[0] if args else next(iter(kwargs.values()))
            assert isinstance(place, Desk | Store)
            need(place, act)
            return work(*args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]  # for the test that walks over all acts
        return guarded

    return over


def need(place: Desk | Store, act: str) -> None:
    """Refuse the act to whoever has no right to it, and say so in the journal.

    UserError right-missing, store-operator-needed (nobody signed in), operator-blocked, operator-must-change.
    """
    store = store_of(place)
    who = signed_in(store)
    if who is None:
        return
    if act in acts_of(place, who):
        if who.must_change and act not in _ALWAYS:
            raise UserError("operator-must-change", name=who.name)
        return
    _note(store, act, who)
    role, words = say(f"role-{who.role}"), say(f"act-{act}")
    raise UserError("right-missing", name=who.name, role=role, act=words, may=_roles_with(act))


def need_persons(place: Desk | Store) -> None:
    """Before persons' ID numbers, phones or wages are shown as they are. UserErrors of `need`."""
    need(place, PERSONS)


def may(place: Desk | Store, act: str) -> bool:
    """Whether the operator who signed in has the right; nothing is refused and nothing noted."""
    who = signed_in(store_of(place))
    return who is None or act in acts_of(place, who)


def reason(place: Desk | Store, act: str) -> str:
    """Why whoever signed in may not do it, in a sentence; nothing where they may."""
    who = get_operator(store_of(place), store_of(place).operator) if store_of(place).operator else None
    if who is None or act in acts_of(place, who):
        return ""
    return say("right-missing", role=say(f"role-{who.role}"), act=say(f"act-{act}"), may=_roles_with(act))


def _roles_with(act: str) -> str:
    return "、".join(say(f"role-{role}") for role, acts in roles().items() if act in acts)


def signed_in(store: Store) -> Operator | None:
    """Who signed in; None in a home without operators. UserError store-operator-needed, operator-blocked."""
    if not has_operators(store):
        return None
    if not store.operator:
        raise UserError("store-operator-needed")
    who = get_operator(store, store.operator)
    if who.blocked:
        raise UserError("operator-blocked", name=who.name)
    return who


def acts_of(place: Desk | Store, who: Operator) -> frozenset[str]:
    """Every act of one's role, and of whom one stands in for on this day (by the centre's clock where it is known)."""
    now = place.now()
    known = roles()
    return frozenset().union(*(known.get(role, frozenset()) for role in who.roles(now.astimezone(CHINA).date())))


def operator_name(store: Store, unit: Unit) -> str:
    """Whom declarations and the journal name: who signed in, else the unit's operator as it was entered."""
    return store.operator or unit.operator


def store_of(place: Desk | Store) -> Store:
    """The store of a desk, or the store itself."""
    return place if isinstance(place, Store) else place.store


def _note(store: Store, act: str, who: Operator) -> None:
    if store.connection.in_transaction:
        return  # whatever is under way is undone by the refusal, and this would be too
    with store.write("right.refused", subject=act, detail={"role": who.role}):
        pass
