"""一账通: every account of every unit the operator works for, refreshed by one act, each with its age and failure.

The centre answers for each unit (query `unit-accounts`): the contribution account, bank accounts under agreement, and
accounts elsewhere that were linked by agreement. No password of any account is asked for, sent or kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.errors import UserError
from unitclient.store.answers import newest_answer
from unitclient.store.journal import Entry, entries
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.units import Unit, list_units
from unitclient.workflows.asking import ask
from unitclient.workflows.centre import with_centre_clock
from unitclient.workflows.desk import Count, Desk, no_count
from unitclient.workflows.rights import needs

QUERY = "unit-accounts"
_FAILED = "accounts.failed:{unit}"
_LOGGED = ("accounts.", "query.", "declaration.", "payment.", "notice.", "sync.")
"""Acts of the journal that the operation log shows, by how they begin."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account as it was told last. Amounts in fen, None where nobody tells them; `due` is "YYYY-MM-DD"; `origin`
    says whose word the balance is ("practice": made up, no institution's).

    `at` is when the centre said so, None when it never did; `failure` is the code of what went wrong at the last
    refresh, "" when it went well.
    """

    unit_number: str
    unit_name: str
    kind: str
    key: str
    name: str
    institution: str
    tail: str
    state: str
    balance_fen: int | None
    origin: str
    due_fen: int | None
    overdue_fen: int | None
    due: str
    single_limit_fen: int | None
    day_limit_fen: int | None
    valid_until: str
    at: datetime | None
    failure: str

    @property
    def category(self) -> str:
        """contribution, bank or linked."""
        return self.kind.partition("-")[0]

    def to_json(self) -> dict[str, Any]:
        """For machines; amounts in fen."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**told, "category": self.category, "at": self.at.isoformat() if self.at else None}


@dataclass(frozen=True, slots=True)
class Failure:
    """A unit whose accounts could not be refreshed, and why."""

    unit_number: str
    refusal: UserError


def accounts(desk: Desk, category: str = "") -> list[Account]:
    """Every unit's accounts as they were told last, of one category or all; nothing is asked."""
    found = [account for unit in list_units(desk.store) for account in _kept(desk, unit)]
    return [one for one in found if category in ("", one.category)]


@needs("ask")
def refresh(desk: Desk, count: Count = no_count) -> list[Failure]:
    """Ask every unit's centre; one that fails keeps what is known, and does not keep the others waiting."""
    failures = []
    units = list_units(desk.store)
    for place, unit in enumerate(units):
        count(place, len(units))
        refusal = _refresh_one(desk, unit)
        if refusal is not None:
            failures.append(Failure(unit.unit_number, refusal))
    count(len(units), len(units))
    return failures


def operation_log(desk: Desk, most: int = 200) -> list[Entry]:
    """What was done with accounts, payments, queries and notices on this computer, the newest first."""
    known = [entry for entry in entries(desk.store) if entry.act.startswith(_LOGGED)]
    return known[::-1][:most]


def _refresh_one(desk: Desk, unit: Unit) -> UserError | None:
    refusal: UserError | None = None
    try:
        refusal = ask(with_centre_clock(desk, unit), unit, QUERY, {}).refusal
    except UserError as nothing_kept:
        refusal = nothing_kept
    code = refusal.code if refusal else ""
    with desk.store.write("accounts.refresh", subject=unit.unit_number, detail={"failure": code}):
        put_setting(desk.store, _FAILED.format(unit=unit.unit_number), code)
    return refusal


def _kept(desk: Desk, unit: Unit) -> Iterator[Account]:
    answer = newest_answer(desk.store, unit.unit_number, QUERY, {})
    failure = str(get_setting(desk.store, _FAILED.format(unit=unit.unit_number), "") or "")
    if answer is None:
        # A unit that was never asked about still has its contribution account.
        yield _account(unit, {"kind": "contribution", "key": unit.unit_number, "name": unit.name}, None, failure)
        return
    for row in answer.rows:
        yield _account(unit, row, answer.at, failure)


def _account(unit: Unit, row: Mapping[str, Any], at: datetime | None, failure: str) -> Account:
    def text(name: str) -> str:
        return str(row.get(name) or "")

    def fen(name: str) -> int | None:
        value = row.get(name)
        return value if isinstance(value, int) else None

    return Account(
        unit_number=unit.unit_number,
        unit_name=unit.name,
        kind=text("kind"),
        key=text("key"),
        name=text("name"),
        institution=text("institution"),
        tail=text("tail"),
        state=text("state"),
        balance_fen=fen("balance_fen"),
        origin=text("origin"),
        due_fen=fen("due_fen"),
        overdue_fen=fen("overdue_fen"),
        due=text("due"),
        single_limit_fen=fen("single_limit_fen"),
        day_limit_fen=fen("day_limit_fen"),
        valid_until=text("valid_until"),
        at=at,
        failure=failure,
    )
