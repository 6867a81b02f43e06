"""Renewal, upgrade and change of a unit's certificate: three acts through the real centre, on a token and in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.cli.harness import read
from tests.e2e.office import TODAY, Office, ask, credential_of, office, open_unit, practice_centre, staff
from tests.e2e.test_keys import needs_softhsm
from tests.tokens.lab import PIN, SO_PIN, Prompt
from unitclient.central.server import RunningCentre
from unitclient.cli.parser import KEY_STRENGTHS
from unitclient.errors import UserError
from unitclient.seal.gmcert import public_key_of, spki_of
from unitclient.seal.trust import strength_of
from unitclient.store.units import add_unit
from unitclient.texts import error_texts
from unitclient.tokens.keyref import KeyKind, KeyRef
from unitclient.tokens.softhsm import init_softhsm_token
from unitclient.workflows import certificate_acts
from unitclient.workflows.centre_process import practice_home
from unitclient.workflows.certificate_acts import change, renew, upgrade
from unitclient.workflows.month_state import certificate_end
from unitclient.workflows.unit_keys import unit_signer

Keep = Callable[[Path, Office], KeyRef]


def in_a_file(home: Path, clerk: Office) -> KeyRef:
    credential = credential_of(clerk.opened)
    path = home / "unit.p12"
    path.write_bytes(credential.to_pkcs12(PIN))
    return KeyRef(KeyKind.PKCS12, credential.certificate.fingerprint(SHA256()).hex(), path=str(path))


def on_a_token(home: Path, clerk: Office) -> KeyRef:
    credential = credential_of(clerk.opened)
    key = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    folder = practice_home(home) / "softhsm"
    return init_softhsm_token(folder, "单位密钥", PIN, SO_PIN, key, credential.certificate_der).ref


class World:
    """A centre, and an office whose certificate ends `days` after the day of the tests."""

    def __init__(self, running: RunningCentre, clerk: Office) -> None:
        self.running, self.clerk = running, clerk

    def signs_a_month(self) -> tuple[str, str | None, str | None]:
        """A month signed with the key that is the unit's now, whatever place it is in."""
        clerk = self.clerk
        clerk.enrols(staff(2))
        with unit_signer(clerk.home, clerk.unit, Prompt()) as signer:
            clerk.signer = signer
            month = clerk.declares()
        return clerk.tracks(month.declaration_id)

    def revoked(self, certificate_der: bytes) -> bool:
        serial = f"{x509.load_der_x509_certificate(certificate_der).serial_number:x}"
        query = "SELECT revoked_at FROM certificate WHERE serial = ?"
        row = self.running.state.core.database.read().execute(query, (serial,)).fetchone()
        return row["revoked_at"] is not None

    def passes(self, days: int) -> None:
        """Days pass at the centre; the office hears of it with the next answer."""
        ask(self.running.url, "PUT", "/practice/clock", {"now": (TODAY + timedelta(days=days)).isoformat()})
        self.clerk.syncs()


@contextmanager
def world(tmp_path: Path, keep: Keep, days: int = 40, key_kind: str = "rsa") -> Iterator[World]:
    with ExitStack() as stack:
        running = stack.enter_context(practice_centre(tmp_path / "centre"))
        opened = open_unit(running.url)
        span = {"until": (TODAY + timedelta(days=days)).isoformat(), "since": (TODAY - timedelta(days=800)).isoformat()}
        path = f"/practice/units/{opened['unit_number']}/certificates"
        opened |= ask(running.url, "POST", path, {**span, "key_kind": key_kind})
        clerk = stack.enter_context(office(tmp_path / "home", running.url, opened))
        unit = replace(clerk.unit, key_ref=keep(clerk.home, clerk).to_dict())
        with clerk.base.store.write("unit.key"):
            add_unit(clerk.base.store, unit)
        yield World(running, clerk)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(UserError) as told:
        act()
    assert all(error_texts(told.value.code, told.value.params))
    return told.value.code


@needs_softhsm
@pytest.mark.parametrize(("keep", "key_kind"), [(on_a_token, "rsa"), (in_a_file, "ec"), (in_a_file, "sm2")])
def test_renewal_keeps_the_key_and_the_device(tmp_path: Path, keep: Keep, key_kind: str) -> None:
    """更新: one PIN, the same key in the same place, a later end; the old certificate ends by itself."""
    with world(tmp_path, keep, key_kind=key_kind) as here:
        clerk, before = here.clerk, here.clerk.unit
        prompt = Prompt()
        done = renew(clerk.desk, clerk.unit, prompt)
        assert len(prompt.asked) == 1
        after = clerk.unit
        assert after.device_id == before.device_id
        old, new = (x509.load_der_x509_certificate(one.certificate_der) for one in (before, after))
        assert spki_of(public_key_of(new)) == spki_of(public_key_of(old))
        assert new.subject == old.subject
        assert done.until == certificate_end(after) == new.not_valid_after_utc > old.not_valid_after_utc
        assert (done.old_revoked, here.revoked(before.certificate_der)) == (False, False)
        assert here.signs_a_month() == ("delivered", "accepted", "receipted")
        here.passes(90)  # past the old certificate's end: the device lives on with the new one
        assert clerk.syncs().trouble == ""


def test_renewal_after_the_end(tmp_path: Path) -> None:
    """Within 30 days the certificate that ended still speaks for its own renewal, and for nothing else."""
    with world(tmp_path, in_a_file) as here:
        clerk = here.clerk
        here.passes(55)
        assert refused(here.signs_a_month) == "seal-certificate-expired"
        renew(clerk.desk, clerk.unit, Prompt())
        assert clerk.syncs().trouble == ""


def test_renewal_has_its_time(tmp_path: Path) -> None:
    """Too early and too late are said before the PIN is asked; the centre says the same to whoever asks it."""
    with world(tmp_path, in_a_file, days=100) as here:
        clerk = here.clerk
        prompt = Prompt()
        assert refused(lambda: renew(clerk.desk, clerk.unit, prompt)) == "act-too-early-renew"
        here.passes(131)
        assert refused(lambda: renew(clerk.desk, clerk.unit, prompt)) == "act-too-late-renew"
        assert refused(lambda: upgrade(clerk.desk, clerk.unit, prompt)) == "act-too-late-upgrade"
        assert prompt.asked == []
        assert "不能签名" in read(clerk.home, "status").out


def test_the_countdown_stands_under_the_status(tmp_path: Path) -> None:
    with world(tmp_path, in_a_file, days=100) as here:
        near = {}
        for days in (30, 45, 95):
            here.passes(days)
            near[days] = [line for line in read(here.clerk.home, "status").out.splitlines() if "天到期" in line]
        assert near[30] == []
        assert [len(near[days]) for days in (45, 95)] == [1, 1]
        assert "还有 55 天" in near[45][0].replace("54", "55")
        assert "unit renew" in read(here.clerk.home, "unit", "show").out


def test_the_centre_keeps_its_own_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that does not look beforehand is refused all the same."""
    monkeypatch.setattr(certificate_acts, "refuse_act", lambda *_: None)
    with world(tmp_path, in_a_file, days=100) as here:
        clerk = here.clerk
        with pytest.raises(UserError) as told:
            renew(clerk.desk, clerk.unit, Prompt())
        assert told.value.code == "centre-refused"
        monkeypatch.setattr(certificate_acts, "UPGRADE", "renew")  # a renewal that brings another kind of key
        here.passes(60)
        with pytest.raises(UserError) as told:
            upgrade(clerk.desk, clerk.unit, Prompt())
        assert told.value.code == "centre-refused"


MADE = [(on_a_token, "ec-256"), (in_a_file, "rsa-3072"), (in_a_file, "sm2-256")]


@needs_softhsm
@pytest.mark.parametrize(("keep", "strength"), MADE)
def test_upgrade_gives_a_stronger_key_and_revokes_the_old(tmp_path: Path, keep: Keep, strength: str) -> None:
    """升级: at any time of the certificate's life; the device stays."""
    with world(tmp_path, keep, days=300) as here:
        clerk, before = here.clerk, here.clerk.unit
        done = upgrade(clerk.desk, clerk.unit, Prompt(), strength)
        assert strength_of(public_key_of(x509.load_der_x509_certificate(clerk.unit.certificate_der))) == strength
        assert (clerk.unit.device_id, done.old_revoked) == (before.device_id, True)
        assert here.revoked(before.certificate_der)
        assert here.signs_a_month() == ("delivered", "accepted", "receipted")


def test_upgrade_does_not_go_down(tmp_path: Path) -> None:
    with world(tmp_path, in_a_file, days=300, key_kind="ec") as here:
        clerk = here.clerk
        assert refused(lambda: upgrade(clerk.desk, clerk.unit, Prompt(), "rsa-3072")) == "centre-refused"
        assert not here.revoked(clerk.unit.certificate_der)


@needs_softhsm
@pytest.mark.parametrize("keep", [on_a_token, in_a_file])
def test_change_after_a_loss(tmp_path: Path, keep: Keep) -> None:
    """换证: the key is gone. The desk's code, a new key, the old certificate and its devices at an end."""
    with world(tmp_path, keep, days=300) as here:
        clerk, before = here.clerk, here.clerk.unit
        sha256 = before.key_ref["certificate_sha256"]
        code = ask(here.running.url, "POST", f"/practice/certificates/{sha256}/change-codes")["code"]
        assert refused(lambda: change(clerk.desk, before, "000000000000", Prompt())) == "centre-refused"
        done = change(clerk.desk, before, code, Prompt())
        assert clerk.unit.device_id != before.device_id
        assert done.old_revoked
        assert here.revoked(before.certificate_der)
        devices = here.running.state.core.database.read().execute("SELECT device_id, revoked_at FROM device")
        assert {row[0]: row[1] is None for row in devices}[before.device_id] is False
        assert refused(lambda: change(clerk.desk, before, code, Prompt())) == "centre-refused"  # good once
        assert here.signs_a_month() == ("delivered", "accepted", "receipted")


def test_an_authorised_certificate_proves_no_act(tmp_path: Path) -> None:
    """授权: its renewal is the chief's, or the desk's, business."""
    with world(tmp_path, in_a_file) as here:
        database = here.running.state.core.database
        sha256 = here.clerk.unit.key_ref["certificate_sha256"]
        with database.write() as tx:
            tx.execute("INSERT INTO certificate_role VALUES (?, 'authorised')", (sha256,))  # since the enrolment
        with pytest.raises(UserError) as told:
            renew(here.clerk.desk, here.clerk.unit, Prompt())
        assert told.value.code == "centre-refused"
        assert "授权" in error_texts(told.value.code, told.value.params)[1]


def test_a_key_on_somebody_elses_token(tmp_path: Path) -> None:
    """Not a practice token and no file: its maker's program makes new keys."""
    with world(tmp_path, in_a_file, days=300) as here:
        clerk = here.clerk
        unit = replace(clerk.unit, practice=False, key_ref={**clerk.unit.key_ref, "kind": "pkcs11"})
        assert refused(lambda: upgrade(clerk.desk, unit, Prompt())) == "act-key-elsewhere"
        assert refused(lambda: change(clerk.desk, unit, "1", Prompt())) == "act-key-elsewhere"


def test_the_command_line_offers_the_keys_that_can_be_made() -> None:
    assert KEY_STRENGTHS == certificate_acts.STRENGTHS
