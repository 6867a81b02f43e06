"""A home with operators: everyone's password, and a desk at which somebody has signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from inspect import unwrap

import pytest

from tests.e2e.office import Office
from tests.workflows.bench import parts
from unitclient.app import open_desk
from unitclient.store import keys
from unitclient.store.kdf import Cost
from unitclient.store.operators import admit
from unitclient.workflows.desk import Desk
from unitclient.workflows.operators import add_operator, change_password, recover, set_password

CHEAP = Cost(iterations=1, memory_kib=64, lanes=1)
WORDS = {
    "manager": "Kranich/Werft-91",
    "clerk": "moss.Tuba!harbour",
    "reviewer": "Vier*blaue#Zelte",
    "viewer": "quartz&Lampe_oslo",
}
"""{role: the password of its operator}."""
NAMES = {"manager": "主管丁", "clerk": "经办甲", "reviewer": "复核乙", "viewer": "帮助丙"}
FIRST = "erste+Wahl~{role}"
"""What the manager gave them to begin with."""


def staff_home(clerk: Office) -> None:
    """One operator of each role, who changed the password that the manager had given."""
    desk = clerk.base
    add_operator(desk, NAMES["manager"], "manager", WORDS["manager"], cost=CHEAP)
    for role in ("clerk", "reviewer", "viewer"):
        first = FIRST.format(role=role)
        add_operator(desk, NAMES[role], role, first, cost=CHEAP)
        with signed_in(clerk, role):
            change_password(desk, first, WORDS[role], cost=CHEAP)


@contextmanager
def signed_in(clerk: Office, role: str) -> Iterator[Desk]:
    """The office's own desk, with the operator of this role at it."""
    store = clerk.base.store
    before = store.operator
    admit(store, NAMES[role])
    try:
        yield clerk.desk
    finally:
        store.operator = store.actor = before


@contextmanager
def opened(clerk: Office, role: str) -> Iterator[Desk]:
    """A desk of its own, opened by name and password as a front end does."""
    with open_desk(clerk.home, clerk.clock, parts=parts(), passphrase=WORDS[role], operator=NAMES[role]) as desk:
        yield desk


def cheapen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost little to set: where the derivation is not the subject, its time is not the test's."""
    for work in (add_operator, set_password, change_password, recover):
        monkeypatch.setitem(unwrap(work).__kwdefaults__, "cost", CHEAP)
    monkeypatch.setattr(keys, "rewrap", partial(keys.rewrap, cost=CHEAP))
