"""The unit's key: a real SoftHSM2 token, a PKCS#12 file, wrong PINs, other keys, certificates that do not hold."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from tests.e2e.office import TODAY, Office, ask, at_centre, credential_of, office, open_unit, signer_of, staff
from tests.tokens.lab import PIN, SO_PIN, Prompt, build_shim
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.store.items import ItemState, items
from unitclient.texts import error_texts
from unitclient.tokens.keyref import KeyInfo, KeyKind, KeyRef, PinState
from unitclient.tokens.keys import KeyHelper
from unitclient.tokens.softhsm import find_softhsm_library, init_softhsm_token, softhsm_environment
from unitclient.workflows.lines import total_fen
from unitclient.workflows.queueing import withdraw
from unitclient.workflows.units import Enrolment, enrol_unit

Json = dict[str, Any]
needs_softhsm = pytest.mark.skipif(find_softhsm_library() is None, reason="SoftHSM2 is not installed")


def on_token(folder: Path, opened: Json, label: str = "单位密钥") -> KeyInfo:
    """Put a unit's key on a SoftHSM2 token."""
    credential = credential_of(opened)
    key = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return init_softhsm_token(folder, label, PIN, SO_PIN, key, credential.certificate_der)


def refusal(act: Callable[[], object]) -> UserError:
    """What an act is refused with."""
    with pytest.raises(UserError) as told:
        act()
    return told.value


@needs_softhsm
@pytest.mark.parametrize("key_kind", ["rsa", "ec"])
def test_the_whole_month_with_a_key_on_a_token(centre: RunningCentre, tmp_path: Path, key_kind: str) -> None:
    """Enrolled, signed and sent with a key that cannot be read: one PIN for the batch."""
    opened = open_unit(centre.url, key_kind=key_kind)
    info = on_token(tmp_path / "tokens", opened)
    prompt = Prompt()
    with (
        KeyHelper(env=softhsm_environment(tmp_path / "tokens")) as keys,
        keys.open_signer(info.ref, prompt) as signer,
        office(tmp_path / "home", centre.url, opened, signer=signer) as clerk,
    ):
        clerk.enrols(staff(3))
        month = clerk.declares()
        assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        assert total_fen(month.totals) > 0
    assert len(prompt.asked) == 1


def test_the_whole_month_with_a_key_in_a_file(centre: RunningCentre, tmp_path: Path) -> None:
    """The same from a PKCS#12 file."""
    opened = open_unit(centre.url)
    credential = credential_of(opened)
    path = tmp_path / "key.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"unit", credential.key, credential.certificate, None, BestAvailableEncryption(PIN.encode())
        )
    )
    fingerprint = hashlib.sha256(credential.certificate_der).hexdigest()
    ref = KeyRef(KeyKind.PKCS12, fingerprint, path=str(path))
    with (
        KeyHelper() as keys,
        keys.open_signer(ref, Prompt()) as signer,
        office(tmp_path / "home", centre.url, opened, signer=signer) as clerk,
    ):
        clerk.enrols(staff(2))
        month = clerk.declares()
        assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")


@needs_softhsm
def test_a_wrong_pin_is_tried_once_and_signs_nothing(centre: RunningCentre, tmp_path: Path) -> None:
    """The program never repeats a wrong PIN; what was prepared waits, and the right PIN signs it."""
    opened = open_unit(centre.url)
    info = on_token(tmp_path / "tokens", opened)
    with office(tmp_path / "home", centre.url, opened) as clerk:
        clerk.enrols(staff(2))
        month = clerk.prepares()
        prompt = Prompt("000000")
        with KeyHelper(env=softhsm_environment(tmp_path / "tokens")) as keys:
            told = refusal(lambda: keys.open_signer(info.ref, prompt))
            assert (told.code, told.mendable, len(prompt.asked)) == ("pin-wrong", True, 1)
            assert "000000" not in str(told.params)
            assert clerk.tracks(month.declaration_id)[0] == "checked"
            with keys.open_signer(info.ref, Prompt(), retry=True) as signer:
                clerk.signer = signer
                assert len(clerk.signs()) == 2


@needs_softhsm
def test_wrong_pins_until_the_key_is_locked(centre: RunningCentre, tmp_path: Path) -> None:
    """SoftHSM2 itself never locks; behind the counting shim it does after three. Locked is said and not tried again."""
    shim = build_shim(tmp_path)
    if shim is None:
        pytest.skip("no C compiler")
    opened = open_unit(centre.url)
    folder = tmp_path / "tokens"
    info = on_token(folder, opened)
    ref = dataclasses.replace(info.ref, library=shim)
    environment = softhsm_environment(folder) | {"P11SHIM_MODULE": info.ref.library, "P11SHIM_FOLDER": str(folder)}
    (folder / "control").write_text("tries 3\n")
    with office(tmp_path / "home", centre.url, opened) as clerk, KeyHelper(env=environment) as keys:
        clerk.enrols(staff(1))
        month = clerk.prepares()
        prompts = [Prompt("000000") for _ in range(3)]
        codes = [refusal(lambda prompt=prompt: keys.open_signer(ref, prompt)).code for prompt in prompts]  # type: ignore[misc]  # a default binds the loop's value
        assert codes == ["pin-wrong", "pin-wrong-final", "pin-locked"]
        assert [prompt.asked[0].pin_state for prompt in prompts] == [PinState.OK, PinState.LOW, PinState.FINAL]
        last = Prompt()
        locked = refusal(lambda: keys.open_signer(ref, last))
        assert (locked.code, last.asked) == ("pin-locked", [])
        assert error_texts(locked.code, locked.params).fix
        assert clerk.tracks(month.declaration_id)[0] == "checked"
        assert len(items(clerk.base.store, clerk.unit_number, state=ItemState.DECLARED)) == 1
    assert (folder / "calls").read_text().split().count("C_Login") == 3


def test_the_key_of_another_unit_is_refused_before_it_signs(centre: RunningCentre, clerk: Office) -> None:
    other = signer_of(open_unit(centre.url))
    clerk.enrols(staff(1))
    month = clerk.prepares()
    clerk.signer = other
    assert refusal(clerk.signs).code == "key-of-another-unit"
    assert clerk.tracks(month.declaration_id)[0] == "checked"


@pytest.fixture
def short_lived(own_centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    """A unit whose certificate ends in two days."""
    opened = open_unit(own_centre.url)
    asked = {"since": (TODAY - timedelta(days=300)).isoformat(), "until": (TODAY + timedelta(days=2)).isoformat()}
    issued = ask(own_centre.url, "POST", f"/practice/units/{opened['unit_number']}/certificates", asked)
    with office(tmp_path / "home", own_centre.url, {**opened, **issued}) as clerk:
        yield clerk


def later(clerk: Office, url: str, days: int) -> None:
    """Days pass, here and at the centre."""
    at = datetime.now(UTC) + (TODAY - datetime.now(UTC)) + timedelta(days=days)
    ask(url, "PUT", "/practice/clock", {"now": at.isoformat()})
    clerk.clock.wrong_by += timedelta(days=days)


def test_an_expired_certificate_is_refused_before_anything_is_queued(
    own_centre: RunningCentre, short_lived: Office
) -> None:
    """We know it ourselves: nothing is queued, the words say until when, and the draft waits for the new key."""
    short_lived.enrols(staff(1))
    month = short_lived.prepares()
    later(short_lived, own_centre.url, 5)
    told = refusal(short_lived.signs)
    assert told.code == "seal-certificate-expired"
    assert "2026-11-12" in told.params["until"]
    assert short_lived.tracks(month.declaration_id)[0] == "checked"
    assert at_centre(own_centre, short_lived.unit_number) == []


def test_signed_in_time_but_sent_after_the_certificate_ended(own_centre: RunningCentre, short_lived: Office) -> None:
    """The centre goes by the time it receives: refused in words, parked, nothing lost; a new key sends it again."""
    short_lived.enrols(staff(2))
    month = short_lived.prepares()
    enrolment = month.others[0][0]
    short_lived.signs()
    later(short_lived, own_centre.url, 5)
    result = short_lived.syncs()
    assert result.tried[enrolment].code == "certificate-expired"
    assert short_lived.tracks(enrolment) == ("parked", None, None)
    assert short_lived.status(enrolment).last_code == "certificate-expired"
    renew(short_lived, own_centre.url)
    withdraw(short_lived.desk, short_lived.unit, enrolment)
    again = short_lived.declares()
    assert short_lived.tracks(again.declaration_id) == ("delivered", "accepted", "receipted")
    assert again.others[0][2] == 2


def renew(clerk: Office, url: str) -> None:
    """A new certificate for the unit, and this computer enrolled with it."""
    issued = ask(url, "POST", f"/practice/units/{clerk.unit_number}/certificates", {})
    clerk.signer = signer_of({**clerk.opened, **issued})
    enrol_unit(clerk.base, Enrolment(url, clerk.opened["ca_pem"], {}, "经办人甲", practice=True), clerk.signer)


def revoke(clerk: Office, url: str) -> None:
    """The unit's certificate is revoked at the centre."""
    ask(url, "PUT", f"/practice/certificates/{hashlib.sha256(clerk.signer.certificate_der).hexdigest()}/revoked")


def test_a_revoked_certificate_is_refused_by_the_centre_and_parked(
    own_centre: RunningCentre, own_clerk: Office
) -> None:
    """Signed before the revocation was known here: the centre refuses it, it is parked with words, nothing is lost."""
    own_clerk.enrols(staff(2))
    month = own_clerk.prepares()
    enrolment = month.others[0][0]
    own_clerk.signs()
    revoke(own_clerk, own_centre.url)
    result = own_clerk.settles()  # nothing is left to wait for: the month behind the parked enrolment is stuck too
    assert own_clerk.tracks(month.declaration_id)[0] == "queued"
    assert result.tried[enrolment].code == "certificate-revoked"
    assert own_clerk.tracks(enrolment) == ("parked", None, None)
    assert result.trouble == "device-revoked", "its devices end with the certificate"
    assert at_centre(own_centre, own_clerk.unit_number) == []
    renew(own_clerk, own_centre.url)
    withdraw(own_clerk.desk, own_clerk.unit, enrolment)
    again = own_clerk.declares()
    assert own_clerk.tracks(again.declaration_id) == ("delivered", "accepted", "receipted")


def test_a_revocation_that_is_known_here_is_refused_before_queueing(
    own_centre: RunningCentre, own_clerk: Office
) -> None:
    """The list of the last sync names the key: told before anything is queued, also off line."""
    own_clerk.enrols(staff(1))
    month = own_clerk.prepares()
    revoke(own_clerk, own_centre.url)
    own_clerk.syncs()
    own_clerk.moves_to("http://127.0.0.1:9")
    own_clerk.waits(3)  # a revocation holds from a full second on, and the centre's clock is known to about one
    assert refusal(own_clerk.signs).code == "seal-certificate-revoked"
    assert own_clerk.tracks(month.declaration_id)[0] == "checked"
