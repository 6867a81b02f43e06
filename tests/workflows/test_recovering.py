"""Forgotten passwords: the printed code and the unit's certificate set a new one, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.office import Office
from tests.workflows.bench import NOON, NUMBER, bench
from tests.workflows.staffed import CHEAP, NAMES, WORDS, cheapen, signed_in, staff_home
from unitclient.app import open_desk
from unitclient.errors import UserError
from unitclient.seal import pki
from unitclient.seal.pki import Credential
from unitclient.store import keys
from unitclient.store.journal import entries, verify_journal
from unitclient.tokens.keyref import PinAsk
from unitclient.workflows.operators import recover
from unitclient.workflows.recovering import (
    allow_certificate,
    asks_operator,
    certificate_signer,
    key_by_certificate,
    key_by_code,
    make_code,
    new_passphrase,
    ways,
)

OLD, NEW = "Kranich/Werft-17", "Brett%Molke/17"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    cheapen(monkeypatch)
    with bench(tmp_path / "home") as clerk:
        yield clerk


def _refused(work: Any, *arguments: Any) -> str:
    with pytest.raises(UserError) as refusal:
        work(*arguments)
    return refusal.value.code


def _certified(clerk: Office, kind: str) -> Credential:
    """A certificate of the unit over a key of this kind; the unit knows it from now on."""
    root = pki.Authority.create_root("演练根", NOON)
    key = pki.new_key(kind)
    named = pki.name("演练单位", unit_number=NUMBER)
    made = root.credential_for(key, root.issue_unit(named, key.public_key(), pki.Validity.around(NOON, 365)))
    clerk.base.store.connection.execute("UPDATE unit SET certificate_der = ?", (made.certificate_der,))
    return made


class _Pin:
    def __init__(self, pin: str) -> None:
        self.pin, self.asked = pin, 0

    def ask(self, question: PinAsk) -> str:
        self.asked += 1
        return self.pin


def test_one_clerks_passphrase_by_the_code(office: Office) -> None:
    home, key = office.home, office.base.store.key
    keys.change_passphrase(home, None, OLD, CHEAP)
    void, code = make_code(office.base), make_code(office.base)
    raw = (home / "keys" / "recovery.json").read_bytes()
    assert key not in raw
    assert key.hex().encode() not in raw
    assert code.encode() not in raw
    assert _refused(key_by_code, home, void) == "recovery-code-wrong"
    assert _refused(key_by_code, home, code[:-1] + ("2" if code[-1] != "2" else "3")) == "recovery-code-wrong"
    assert key_by_code(home, code.lower().replace("-", " ")) == key
    assert _refused(new_passphrase, home, key, "19900307", office.clock) == "password-weak"
    new_passphrase(home, key_by_code(home, code), NEW, office.clock)
    assert keys.load(home, NEW) == key
    assert _refused(keys.load, home, OLD) == "store-passphrase-wrong"
    acts = [entry.act for entry in entries(office.base.store)]
    assert acts[-3:] == ["recovery.code", "recovery.code", "recovery.used"]
    assert code not in str(entries(office.base.store))


def test_the_managers_password_by_the_units_certificate(office: Office, tmp_path: Path) -> None:
    home, key = office.home, office.base.store.key
    mine = _certified(office, "rsa")
    staff_home(office)
    with signed_in(office, "clerk") as desk:
        assert _refused(allow_certificate, desk, office.unit, mine.signer()) == "right-missing"
    with signed_in(office, "manager") as desk:
        allow_certificate(desk, office.unit, mine.signer())
    assert (ways(home), asks_operator(home)) == (("certificate",), True)
    assert _refused(key_by_code, home, "ABCD") == "recovery-none"
    file = tmp_path / "unit.pfx"
    file.write_bytes(mine.to_pkcs12("geheim-17"))
    pin = _Pin("geheim-17")
    # The unit's key file alone, as at a sign-in: the database that names it is closed.
    with certificate_signer(home, file, None, pin) as signer:
        found = key_by_certificate(home, signer)
    assert (found, pin.asked) == (key, 1)
    with open_desk(home, office.clock, key=found) as desk:
        assert _refused(recover, desk, NAMES["clerk"], NEW) == "operator-not-manager"
        recover(desk, NAMES["manager"], NEW)
    assert keys.load(home, NEW, NAMES["manager"]) == key
    assert _refused(keys.load, home, WORDS["manager"], NAMES["manager"]) == "operator-refused"
    assert keys.load(home, WORDS["clerk"], NAMES["clerk"]) == key, "the others' passwords stay"
    assert verify_journal(office.base.store) is None
    last = entries(office.base.store)[-1]
    assert (last.act, last.subject) == ("operator.recover", NAMES["manager"])


def test_keys_that_are_none(office: Office) -> None:
    home = office.home
    mine = _certified(office, "rsa")
    allow_certificate(office.base, office.unit, mine.signer())
    other = replace(mine, certificate=_certified(office, "rsa").certificate)
    assert _refused(key_by_certificate, home, other.signer()) == "recovery-certificate-other"
    # Another key under the very certificate that was allowed: what it signs opens nothing.
    thief = Credential(pki.new_key("rsa"), mine.certificate)
    assert _refused(key_by_certificate, home, thief.signer()) == "recovery-certificate-other"
    unsteady = _certified(office, "ec")
    assert _refused(allow_certificate, office.base, office.unit, unsteady.signer()) == "recovery-key-unsteady"
    assert _refused(allow_certificate, office.base, office.unit, mine.signer()) == "key-of-another-unit"
