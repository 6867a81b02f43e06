"""A unit's certificate at the real centre: revoked on both ends, long-term proof, roles."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256

from tests.businesses.cases import load_case
from tests.businesses.walk import Walk
from tests.e2e.office import Office, ask, credential_of, office, open_unit, staff
from tests.e2e.test_keys import needs_softhsm, on_token
from tests.tokens.lab import Prompt
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.seal.container import read_container, verify_container
from unitclient.seal.longterm import ocsp_answers
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.signer import Signer
from unitclient.seal.trust import TrustStore
from unitclient.store.outbox import OutboxState, list_submissions
from unitclient.store.revocations import ANSWER, LIST, forget_statements, statements
from unitclient.texts import error_texts
from unitclient.tokens.keys import KeyHelper
from unitclient.tokens.softhsm import softhsm_environment
from unitclient.workflows import signing
from unitclient.workflows.centre import open_engine, trust_for_signing, trust_of
from unitclient.workflows.certificate_acts import renew
from unitclient.workflows.queueing import withdraw
from unitclient.workflows.revocation import refresh_lists
from unitclient.workflows.signing import Signed, sign_and_queue, to_sign
from unitclient.workflows.timestamps import timestamper


def signs(clerk: Office) -> list[Signed]:
    """As the command does: with the stamps that can be had."""
    desk, unit = clerk.desk, clerk.unit
    trust = trust_for_signing(unit)
    return sign_and_queue(desk, unit, to_sign(desk, unit), clerk.signer, trust, timestamper=timestamper(desk, unit))


def revoke(clerk: Office) -> None:
    sha256 = credential_of(clerk.opened).certificate.fingerprint(SHA256()).hex()
    ask(clerk.unit.centre_url, "PUT", f"/practice/certificates/{sha256}/revoked")


class Counting:
    """A signer that counts."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self.certificate_der, self.chain_der, self.algorithm = (
            signer.certificate_der,
            signer.chain_der,
            signer.algorithm,
        )
        self.signed = 0

    def sign(self, data: bytes) -> bytes:
        self.signed += 1
        return self._signer.sign(data)


@needs_softhsm
def test_a_revoked_certificate_is_refused_on_both_ends(centre: RunningCentre, tmp_path: Path) -> None:
    """On a token. The centre refuses at intake; once this computer has heard of it, the key is not even used."""
    opened = open_unit(centre.url)
    info = on_token(tmp_path / "tokens", opened)
    with (
        KeyHelper(env=softhsm_environment(tmp_path / "tokens")) as keys,
        keys.open_signer(info.ref, Prompt()) as signer,
        office(tmp_path / "home", centre.url, opened, signer=signer) as clerk,
    ):
        clerk.enrols(staff(2))
        clerk.prepares()
        counting = Counting(signer)
        clerk.signer = counting
        signs(clerk)
        assert counting.signed == 2
        revoke(clerk)
        told = clerk.syncs()
        assert {attempt.code for attempt in told.tried.values()} == {"certificate-revoked"}
        for name in told.tried:
            withdraw(clerk.desk, clerk.unit, name)
        clerk.prepares()
        with pytest.raises(UserError) as refused:
            signs(clerk)
        assert refused.value.code == "seal-certificate-revoked"
        assert counting.signed == 2
        assert all(error_texts(refused.value.code, refused.value.params))


def test_an_ocsp_answer_alone_is_enough(centre: RunningCentre, clerk: Office) -> None:
    """The list has not been fetched; the answer about this certificate says revoked."""
    kept = statements(clerk.base.store, ANSWER)
    assert [one.name for one in kept] == [credential_of(clerk.opened).certificate.fingerprint(SHA256()).hex()]
    assert kept[0].next_update is not None
    assert kept[0].next_update > kept[0].this_update
    revoke(clerk)
    clerk.enrols(staff(1))
    clerk.prepares()
    with clerk.base.store.write("revocation.forget"):
        forget_statements(clerk.base.store, ANSWER)
    with open_engine(clerk.base, clerk.unit) as engine:
        for _ in range(10):  # an answer that does not come waits for the next contact, and says nothing
            refresh_lists(clerk.base, clerk.unit, engine.client)
            if statements(clerk.base.store, ANSWER):
                break
    assert statements(clerk.base.store, ANSWER)
    with clerk.base.store.write("revocation.forget"):
        forget_statements(clerk.base.store, LIST)
    with pytest.raises(UserError) as refused:
        signs(clerk)
    assert refused.value.code == "seal-certificate-revoked"


def test_a_stale_cache_warns_and_signs(clerk: Office) -> None:
    """Off line since long: the centre checks again."""
    clerk.enrols(staff(1))
    clerk.prepares()
    clerk.waits(timedelta(days=40).total_seconds())
    clerk.moves_to("http://127.0.0.1:9")
    (signed, *_) = signs(clerk)
    assert {one.code for one in signed.findings} == {"SEAL_CRL_STALE"}
    assert signed.to_json()["warnings"] == ["SEAL_CRL_STALE"]


def test_a_declaration_proves_itself_for_years(clerk: Office, tmp_path: Path) -> None:
    """Stamped by the centre, with chain, list and OCSP answer in it: openssl needs the root and nothing else."""
    clerk.enrols(staff(2))
    clerk.prepares()
    (signed, *_) = signs(clerk)
    row = clerk.queued(signed.submission_id)
    container = read_container(row.container)
    assert len(ocsp_answers(container.cms)) == 1
    root = trust_of(clerk.unit)
    later = verify_container(row.container, TrustStore(root.anchors), None, crl_policy=CrlPolicy.REQUIRE)
    assert later.ok, later.code
    assert later.signature is not None
    stamped = later.signature.timestamp_time
    assert stamped is not None
    (tmp_path / "s.p7s").write_bytes(container.cms)
    (tmp_path / "manifest").write_bytes(container.manifest)
    (tmp_path / "root.pem").write_text(clerk.opened["ca_pem"])
    words = "openssl cms -verify -binary -inform DER -in s.p7s -content manifest -CAfile root.pem -out out -cades"
    more = ["-crl_check_all", "-purpose", "any", "-attime", str(int(stamped.timestamp()))]
    told = subprocess.run([*words.split(), *more], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    clerk.settles()


def test_no_stamp_when_the_centre_does_not_answer(clerk: Office) -> None:
    """Signing goes on off line; only an authority that was set is waited for."""
    clerk.enrols(staff(1))
    clerk.prepares()
    clerk.moves_to("http://127.0.0.1:9")
    for one in signs(clerk):
        check = verify_container(clerk.queued(one.submission_id).container, trust_for_signing(clerk.unit), None)
        assert check.signature is not None
        assert check.signature.timestamp_time is None
    assert len(list_submissions(clerk.base.store, clerk.unit_number)) == 2


def test_an_authorised_certificate_declares_and_changes_no_agreement(
    centre: RunningCentre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """授权: the month goes through, the bank account does not; the chief certificate files it."""
    opened = open_unit(centre.url)
    path = f"/practice/units/{opened['unit_number']}/certificates"
    second = ask(centre.url, "POST", path, {"role": "authorised", "key_kind": "ec"})
    other = {**opened, **second}
    with office(tmp_path / "second", centre.url, other) as clerk:
        clerk.enrols(staff(2))
        month = clerk.declares()
        assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        account = Walk(clerk, load_case("bank-account"))
        account.imports([account.case.row(1)])
        with pytest.raises(UserError) as told:
            account.sends()
        assert told.value.code == "certificate-role-form"
        assert all(error_texts(told.value.code, told.value.params))
        assert str(clerk.desk.catalog.forms["bank-account"].title) in error_texts(told.value.code, told.value.params)[1]
        with pytest.raises(UserError) as act:
            renew(clerk.desk, clerk.unit, Prompt())
        assert act.value.code == "certificate-role-act"
        monkeypatch.setattr(signing, "refuse_role", lambda *_: None)  # a client that does not look is refused as well
        with pytest.raises(AssertionError):
            account.sends()
        parked = list_submissions(clerk.base.store, clerk.unit_number, OutboxState.PARKED)
        assert [row.last_code for row in parked] == ["certificate-role"]
    with office(tmp_path / "first", centre.url, opened) as chief:
        account = Walk(chief, load_case("bank-account"))
        account.imports([account.case.row(2)])
        assert account.sends() == "accepted"
