"""Revocation lists and OCSP answers kept for use off line, each with its span. Signed statements: nothing secret."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from unitclient.store import jsontext
from unitclient.store.models import SettingRow
from unitclient.store.settings import put_setting
from unitclient.store.store import Store
from unitclient.store.times import from_text, to_text

LIST, ANSWER = "crl", "ocsp"


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """One statement of an authority; `name` says of what, `next_update` until when it is fresh (None: no end)."""

    name: str
    der: bytes
    this_update: datetime
    next_update: datetime | None
    fetched_at: datetime


def put_statement(store: Store, kind: str, one: KeptStatement) -> None:
    """Keep it in place of the one of the same name, inside a write."""
    told = {
        "der": base64.b64encode(one.der).decode("ascii"),
        "this_update": to_text(one.this_update),
        "next_update": to_text(one.next_update) if one.next_update else "",
        "fetched_at": to_text(one.fetched_at),
    }
    put_setting(store, _key(kind, one.name), told)


def statements(store: Store, kind: str) -> list[KeptStatement]:
    """All of a kind."""
    query = SettingRow.select().where(SettingRow.key.startswith(_key(kind, ""))).order_by(SettingRow.key)
    return [
        _statement(row["key"].removeprefix(_key(kind, "")), jsontext.load(row["value"])) for row in store.rows(query)
    ]


def forget_statements(store: Store, kind: str) -> None:
    """Let all of a kind go, inside a write: they will be fetched again."""
    store.change(SettingRow.delete().where(SettingRow.key.startswith(_key(kind, ""))))


def _key(kind: str, name: str) -> str:
    return f"revocation/{kind}/{name}"


def _statement(name: str, told: dict[str, str]) -> KeptStatement:
    until = from_text(told["next_update"]) if told["next_update"] else None
    since, fetched = from_text(told["this_update"]), from_text(told["fetched_at"])
    return KeptStatement(name, base64.b64decode(told["der"]), since, until, fetched)
