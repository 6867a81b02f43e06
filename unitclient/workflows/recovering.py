"""Ways back in: set up a printed code or the unit's key, and use one of them when a password is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unitclient.clock import Clock
from unitclient.errors import UserError
from unitclient.seal.signer import Signer
from unitclient.store import keys, recovery_slots
from unitclient.store.operators import has_operators
from unitclient.store.store import Store
from unitclient.store.units import Unit
from unitclient.tokens.keyref import PinPrompt
from unitclient.tokens.keys import KeyHelper
from unitclient.tokens.softhsm import softhsm_environment
from unitclient.workflows.centre_process import practice_home
from unitclient.workflows.desk import Desk
from unitclient.workflows.operators import refuse_weak_in
from unitclient.workflows.rights import needs
from unitclient.workflows.unit_keys import choose_key


@needs("operators")
def make_code(desk: Desk) -> str:
    """A new recovery code, to be printed and locked away: shown once, kept nowhere, and the one before it is void."""
    with desk.store.write("recovery.code"):
        return recovery_slots.set_code(desk.home, desk.store.key)


@needs("operators")
def allow_certificate(desk: Desk, unit: Unit, signer: Signer) -> None:
    """Let the unit's key open the database when a password is forgotten; the key signs a text that is for this alone.

    UserError key-of-another-unit, recovery-key-unsteady (EC and SM2: use the code).
    """
    if unit.certificate_der and signer.certificate_der != unit.certificate_der:
        raise UserError("key-of-another-unit", unit=unit.name, subject="")
    _refuse_unsteady(signer)
    with desk.store.write("recovery.certificate", subject=unit.unit_number):
        recovery_slots.set_certificate(desk.home, desk.store.key, signer.certificate_der, signer.sign)


def ways(home: Path) -> tuple[str, ...]:
    """Which ways back in are set up: "code", "certificate"."""
    return recovery_slots.ways(home)


def key_by_code(home: Path, code: str) -> bytes:
    """The database key by the printed code. UserError recovery-none, recovery-code-wrong."""
    return recovery_slots.open_with_code(home, code)


def key_by_certificate(home: Path, signer: Signer) -> bytes:
    """The database key by the unit's key.

    UserError recovery-none, recovery-certificate-other, recovery-key-unsteady.
    """
    _refuse_unsteady(signer)
    return recovery_slots.open_with_certificate(home, signer.certificate_der, signer.sign)


def lies_open(home: Path) -> bool:
    """Whether the home's key asks nobody: a backup of a home with operators was restored where there were none."""
    return not keys.needs_passphrase(home)


def asks_operator(home: Path) -> bool:
    """Whether the home opens for its operators only."""
    return keys.needs_operator(home)


@contextmanager
def certificate_signer(home: Path, certificate: Path, token_serial: str | None, prompt: PinPrompt) -> Iterator[Signer]:
    """The unit's key by its PKCS#12 file or PKCS#11 library, where the database that names it cannot be opened.

    UserErrors of `choose_key` and `KeyHelper.open_signer`.
    """
    practice = practice_home(home) / "softhsm"
    env = softhsm_environment(practice) if practice.exists() else {}
    with (
        KeyHelper(env=env) as helper,
        helper.open_signer(choose_key(helper, certificate, token_serial), prompt) as signer,
    ):
        yield signer


def new_passphrase(home: Path, key: bytes, passphrase: str, clock: Clock) -> None:
    """A new passphrase for one clerk's home whose own is forgotten, and the journal says so.

    UserError store-operator-needed in a home with operators (`operators.recover` is for those), password-weak.
    """
    with Store.open(home, create=False, clock=clock, key=key) as store:
        if has_operators(store):
            raise UserError("store-operator-needed")
        refuse_weak_in(store, passphrase)
        with store.write("recovery.used"):
            keys.rewrap(home, key, passphrase)


def _refuse_unsteady(signer: Signer) -> None:
    if signer.algorithm != "rsa":
        raise UserError("recovery-key-unsteady")
