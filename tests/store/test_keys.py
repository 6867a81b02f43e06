"""The database key at rest."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from tests.store.conftest import StandingClock
from unitclient.errors import UserError
from unitclient.store import Store, dpapi, keys, settings, slots
from unitclient.store.kdf import Cost

CHEAP = Cost(iterations=1, memory_kib=64, lanes=1)


def _code(home: Path, passphrase: str | None = None) -> str:
    with pytest.raises(UserError) as refusal:
        keys.load(home, passphrase)
    return refusal.value.code


def test_the_key_is_made_once(home: Path) -> None:
    first = keys.load_or_create(home)
    assert len(first) == 32
    assert keys.load_or_create(home) == keys.load(home) == first
    assert [path.name for path in (home / "keys").iterdir()] == ["database.key"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows protects the key by DPAPI, not by file modes")
def test_only_the_owner_may_read_the_key_file(home: Path) -> None:
    before = os.umask(0)
    try:
        keys.load_or_create(home)
    finally:
        os.umask(before)
    assert stat.S_IMODE(keys.key_path(home).stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700


def test_a_passphrase_layer_keeps_the_key_and_asks(home: Path) -> None:
    key = keys.load_or_create(home)
    assert not keys.needs_passphrase(home)
    keys.change_passphrase(home, None, "口令 päss", CHEAP)
    assert keys.needs_passphrase(home)
    assert keys.load(home, "口令 päss") == key
    assert _code(home) == "store-passphrase-needed"
    assert _code(home, "口令 pass") == "store-passphrase-wrong"
    assert key not in keys.key_path(home).read_bytes()
    keys.change_passphrase(home, "口令 päss", None)
    assert keys.load(home) == key


def test_the_database_opens_with_its_passphrase_only(home: Path, clock: StandingClock) -> None:
    with Store.open(home, clock=clock) as store, store.write("setting.put"):
        settings.put_setting(store, "a", 1)
    keys.change_passphrase(home, None, "p", CHEAP)
    with pytest.raises(UserError):
        Store.open(home, clock=clock)
    with Store.open(home, clock=clock, passphrase="p") as store:
        assert settings.get_setting(store, "a") == 1


@pytest.mark.parametrize(
    "content", ["", "{}", "not json", '{"v":1,"layers":[],"key":"?"}', '{"v":2,"layers":[],"key":""}', "[]"]
)
def test_a_broken_key_file_is_refused_and_kept(home: Path, content: str) -> None:
    keys.load_or_create(home)
    keys.key_path(home).write_text(content)
    assert _code(home) == "store-key-broken"
    assert not keys.needs_passphrase(home)
    assert keys.key_path(home).read_text() == content


@pytest.mark.skipif(dpapi.AVAILABLE, reason="needs a computer without DPAPI")
def test_a_key_wrapped_by_windows_is_told_apart(home: Path) -> None:
    keys.load_or_create(home)
    keys.key_path(home).write_text('{"v":1,"layers":[{"kind":"dpapi"}],"key":"AAAA"}')
    assert _code(home) == "store-key-foreign"


def test_a_password_that_is_set_costs_what_argon2id_should(home: Path) -> None:
    """At full cost here, because it is the subject: RFC 9106's second choice, by OpenSSL's own derivation."""
    key = keys.load_or_create(home)
    slots.put_slot(home, key, "主管", "Kranich/Werft-91")
    (slot,) = keys.read(home)["slots"].values()
    told = {name: slot["layers"][0][name] for name in ("kind", "iterations", "memory_kib", "lanes")}
    assert told == {"kind": "argon2id", "iterations": 3, "memory_kib": 64 * 1024, "lanes": 4}
    assert len(bytes.fromhex(slot["layers"][0]["salt"])) == 16
    assert keys.load(home, "Kranich/Werft-91", "主管") == key
