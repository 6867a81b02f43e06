"""Every fault of a key in the middle of signing a month: it has its own words, nothing is half done, nothing is lost.

The declaration is prepared in a real home, signed with a real SoftHSM2 key behind the shim, and signed again when the
fault is over. C_Login is counted below the program: one act of a person is one login, whatever goes wrong.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.e2e.office import Office, staff
from tests.tokens.lab import PIN, SO_PIN, Lab, Prompt
from tests.workflows.bench import bench
from unitclient.errors import UserError
from unitclient.store.declarations import get_declaration
from unitclient.store.journal import verify_journal
from unitclient.store.outbox import list_submissions
from unitclient.texts import LANGUAGES, ErrorTexts, catalogue
from unitclient.tokens.keys import Timeouts
from unitclient.tokens.softhsm import init_softhsm_token
from unitclient.workflows.centre import trust_for_signing
from unitclient.workflows.signing import sign_and_queue, to_sign

QUICK = Timeouts(start=60, listing=30, opening=30, login=30, signing=1)


class Fault(NamedTuple):
    """What goes wrong: at the login or at the signature, what is said of it, and how often the key was logged in to."""

    name: str
    control: str
    code: str
    logins: int = 1


FAULTS = (
    Fault("device removed at the login", "C_Login 0x32", "key-gone"),
    Fault("device removed", "C_Sign 0x32", "key-gone"),
    Fault("PIN incorrect", "C_Login 0xA0", "pin-wrong"),
    Fault("PIN locked", "C_Login 0xA4", "pin-locked"),
    Fault("locked before, by its flags", "flags 0x40000", "pin-locked", logins=0),
    Fault("function failed at the login", "C_Login 0x06", "key-function-failed"),
    Fault("function failed", "C_Sign 0x06", "key-function-failed"),
    Fault("token not recognised", "C_GetTokenInfo 0xE1", "key-not-recognised", logins=0),
    Fault("token not recognised at the signature", "C_Sign 0xE1", "key-not-recognised"),
    Fault("stall", "stall 30", "key-helper-hung"),
    Fault("wrong signature", "C_Sign wrong", "key-signature-wrong"),
    Fault("crash at the login", "C_Login crash", "key-helper-died"),
    Fault("crash", "C_Sign crash", "key-helper-died", logins=2),  # restarted once with the PIN that had succeeded
    Fault("a vendor's own code", "C_Sign 0x80000042", "key-failed"),
)
NAMED = {fault.code for fault in FAULTS}


class Signing(NamedTuple):
    """A month that waits for its signature, and the key it is to be signed with."""

    clerk: Office
    lab: Lab
    waiting: str

    def sign(self, timeouts: Timeouts = QUICK) -> int:
        """Sign what waits with one question for the PIN; how many submissions are queued."""
        clerk = self.clerk
        waiting = to_sign(clerk.desk, clerk.unit, [self.waiting])
        with self.lab.helper(timeouts) as helper, helper.open_signer(self.lab.ref, Prompt()) as signer:
            return len(sign_and_queue(clerk.desk, clerk.unit, waiting, signer, trust_for_signing(clerk.unit)))

    def state(self) -> tuple[object, ...]:
        """Everything of the declaration that a failed signature must leave alone."""
        store = self.clerk.base.store
        known = get_declaration(store, self.waiting)
        assert known is not None
        assert verify_journal(store) is None
        return known.payload, known.transport, known.acceptance, known.row_count, len(list_submissions(store))


@pytest.fixture
def signing(tmp_path: Path, shim: str) -> Iterator[Signing]:
    """A prepared month, and its unit's key on a token behind the shim."""
    with bench(tmp_path / "home") as clerk:
        clerk.enrols(staff(2))
        waiting = clerk.prepares().declaration_id
        credential = clerk.opened["credential"]
        key = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        folder = tmp_path / "token"
        folder.mkdir()
        info = init_softhsm_token(folder, "单位密钥", PIN, SO_PIN, key, credential.certificate_der)
        yield Signing(clerk, Lab(folder, (info,), shim), waiting)


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_leaves_the_month_unsigned_and_whole(signing: Signing, fault: Fault) -> None:
    before = signing.state()
    signing.lab.control(fault.control)
    with pytest.raises(UserError) as refused:
        signing.sign()
    assert refused.value.code == fault.code
    assert signing.lab.calls("C_Login") == fault.logins
    assert signing.state() == before
    signing.lab.control()
    assert signing.sign() >= 1
    assert signing.lab.calls("C_Login") == fault.logins + 1
    queued = signing.state()
    assert queued[0] == before[0]  # the very bytes that were prepared
    assert queued[-1] != before[-1]


@pytest.mark.skipif(not os.environ.get("UC_ALL_STACKS"), reason="waits half a minute: make test-keys")
def test_a_stall_of_half_a_minute_with_the_time_out_that_is_shipped(signing: Signing) -> None:
    before = signing.state()
    signing.lab.control("stall 45")
    started = time.monotonic()
    with pytest.raises(UserError) as refused:
        signing.sign(Timeouts())
    assert refused.value.code == "key-helper-hung"
    assert 30 <= time.monotonic() - started < 42
    assert signing.state() == before
    assert signing.lab.calls("C_Login") == 1


def test_every_fault_has_words_of_its_own() -> None:
    """No two faults share a sentence of what happened, why, or what to do, in either language."""
    assert len(NAMED) == 9
    for language in LANGUAGES:
        for part in ErrorTexts._fields:
            said = {code: catalogue()["error"][code][language][part] for code in NAMED}
            assert len(set(said.values())) == len(NAMED), (language, part)
