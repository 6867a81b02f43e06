"""Slots of the key file: in a home with operators each one's password wraps the same database key.

    {"v": 2, "salt": hex, "slots": {id: {"layers": [...], "key": ...}}}

There is no way in beside the slots. The id is a keyed hash of the operator's name, so that the file names nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from unitclient.errors import UserError
from unitclient.store import jsontext, keys, tries
from unitclient.store.kdf import DEFAULT_COST, SALT_BYTES, Cost
from unitclient.store.keyfile import publish
from unitclient.store.wrapping import asks_password, forget, unwrap, wrap

Slot = dict[str, Any]


def same_name(name: str) -> str:
    """A name as it is compared: one width of characters, single blanks, no case."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def open_slot(home: Path, members: Slot, name: str, password: str | None, now: datetime | None = None) -> bytes:
    """The database key by an operator's password.

    UserError store-operator-needed, operator-refused (whether name or password is wrong is not said), operator-wait.
    """
    if not name or password is None:
        raise UserError("store-operator-needed")
    at, who, path = now or datetime.now(UTC), _id(members, name), keys.key_path(home)
    tries.refuse_too_soon(home, who, at)
    slot = members["slots"].get(who)
    try:
        # A name that is not there takes as long as one that is.
        key = unwrap(slot or next(iter(members["slots"].values())), password, path)
    except UserError as refusal:
        if refusal.code != "store-passphrase-wrong":
            raise
        slot = None
    if slot is None:
        tries.note_wrong(home, who, at)
        raise UserError("operator-refused")
    return key


def put_slot(home: Path, key: bytes, name: str, password: str, cost: Cost = DEFAULT_COST) -> None:
    """Give an operator a slot, or a new password for theirs. The first one closes every other way into this home."""
    before, members = keys.known(home), _members(home)
    slot = wrap(key, password, cost)
    assert asks_password(slot)
    members["slots"][_id(members, name)] = slot
    _write(home, members)
    forget(before.get("slots", {}).get(_id(members, name), before))


def take_slot(home: Path, name: str) -> Slot | None:
    """Take an operator's slot out, so that the password opens nothing; None when there is none."""
    members = _members(home)
    slot: Slot | None = members["slots"].pop(_id(members, name), None)
    if not members["slots"]:
        raise ValueError("the last slot of a home stays")
    _write(home, members)
    return slot


def give_back_slot(home: Path, name: str, slot: Slot) -> None:
    """Put a slot back that was taken out."""
    members = _members(home)
    members["slots"][_id(members, name)] = slot
    _write(home, members)


def has_slot(home: Path, name: str) -> bool:
    """Whether an operator's password opens this home."""
    members = _members(home)
    return _id(members, name) in members["slots"]


def failures_before(home: Path, name: str) -> int:
    """How many wrong passwords there were before the right one just now; they are forgotten."""
    return tries.note_right(home, _id(_members(home), name))


def _members(home: Path) -> dict[str, Any]:
    members = keys.read(home) if keys.key_path(home).exists() else {"v": 0}
    if members["v"] != keys.WITH_OPERATORS:
        return {"v": keys.WITH_OPERATORS, "salt": secrets.token_hex(SALT_BYTES), "slots": {}}
    return members


def _id(members: Slot, name: str) -> str:
    salt = bytes.fromhex(members["salt"])
    return hmac.new(salt, same_name(name).encode(), hashlib.sha256).hexdigest()[:32]


def _write(home: Path, members: dict[str, Any]) -> None:
    publish(keys.key_path(home), jsontext.dump(members).encode(), replace=True)
