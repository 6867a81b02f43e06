"""国密, from the certificate to the receipt: a month signed with SM2 through the real centre, in every way there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.office import Office, ask, at_centre, credential_of, office, open_unit, practice_centre, staff
from tests.gm import openssl
from tests.tokens.lab import PIN, Prompt
from tests.tokens.skf_device import build_with_openssl, make_device
from unitclient.central.database import set_meta
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.gm.sm2 import Sm2PublicKey
from unitclient.seal import cmsread
from unitclient.seal.container import read_container
from unitclient.seal.suites import GM_DATA, ID_DATA, SM2_SIGN, SM2_WITH_SM3, SM3, Sm2Form
from unitclient.store.documents import latest_document
from unitclient.sync.protocol import DocumentKind
from unitclient.texts import error_texts
from unitclient.tokens.keyref import KeyKind, KeyRef
from unitclient.tokens.keys import KeyHelper
from unitclient.workflows.signature_form import form_in, sm2_form
from unitclient.workflows.unit_keys import choose_key
from unitclient.workflows.units import Enrolment, enrol_unit

Json = dict[str, Any]
DONE = ("delivered", "accepted", "receipted")


def asks_for(centre: RunningCentre, form: str) -> None:
    """The shape in which the centre wants SM2 signatures from now on."""
    with centre.state.core.database.write() as tx:
        set_meta(tx, "sm2_form", form)


@pytest.fixture
def gm_centre(tmp_path: Path) -> Iterator[RunningCentre]:
    """A centre of the test's own: what it asks for is changed."""
    with practice_centre(tmp_path / "centre") as running:
        yield running


@contextmanager
def clerk_with_file(url: str, folder: Path, kind: str = "p12") -> Iterator[Office]:
    """A unit with an SM2 key in a file, opened in the helper process."""
    opened = open_unit(url, key_kind="sm2")
    credential = credential_of(opened)
    path = folder / f"unit.{kind}"
    if kind == "p12":
        path.write_bytes(credential.to_pkcs12(PIN))
    else:
        protected = openssl.openssl("pkcs8", "-topk8", "-passout", f"pass:{PIN}", data=credential.key_pem)
        path.write_bytes(protected + credential.certificate_pem)
    with (
        KeyHelper() as keys,
        keys.open_signer(choose_key(keys, path, None), Prompt()) as signer,
        office(folder / "home", url, opened, signer=signer) as clerk,
    ):
        yield clerk


def sent(clerk: Office, submission_id: str) -> cmsread.ParsedCms:
    """The signature of what was sent; that it rests on SM3 throughout, and openssl accepts it, is checked here."""
    container = read_container(clerk.queued(submission_id).container)
    assert f"urn:oid:{SM3}".encode() in container.manifest
    parsed = cmsread.parse(container.cms)
    public = Sm2PublicKey.of_certificate(parsed.certificate_der)
    assert public is not None
    assert openssl.verifies(public.spki, parsed.signed_der, parsed.signature, clerk.home)
    return parsed


@pytest.mark.parametrize("kind", ["p12", "pem"])
@pytest.mark.parametrize("form", list(Sm2Form))
def test_the_whole_month(gm_centre: RunningCentre, tmp_path: Path, form: Sm2Form, kind: str) -> None:
    """Enrolled, signed in the shape that the centre asks for, sent, accepted, paid; an ECDSA root issues to SM2."""
    asks_for(gm_centre, form)
    with clerk_with_file(gm_centre.url, tmp_path, kind) as clerk:
        assert sm2_form(clerk.desk, clerk.unit) is form
        clerk.enrols(staff(3))
        month = clerk.declares()
        assert clerk.tracks(month.declaration_id) == DONE
        parsed = sent(clerk, month.declaration_id)
        expected = {Sm2Form.CMS: (ID_DATA, SM2_WITH_SM3), Sm2Form.GMT0010: (GM_DATA, SM2_SIGN)}[form]
        assert (parsed.content_type, parsed.signature_algorithm) == expected


def test_a_month_with_an_skf_device(centre: RunningCentre, tmp_path: Path) -> None:
    """The key never leaves the device; its library is chosen like any other."""
    library = build_with_openssl(tmp_path, "skf.c")
    if library is None:
        pytest.skip("no C compiler or no libssl-dev")
    opened = open_unit(centre.url, key_kind="sm2")
    device = make_device(tmp_path / "device", library, credential_of(opened))
    prompt = Prompt()
    with device.helper() as keys:
        ref = choose_key(keys, Path(library), None)
        assert ref == device.ref
        with (
            keys.open_signer(ref, prompt) as signer,
            office(tmp_path / "home", centre.url, opened, signer=signer) as clerk,
        ):
            clerk.enrols(staff(2))
            assert clerk.tracks(clerk.declares().declaration_id) == DONE
    assert len(prompt.asked) == device.calls("SKF_VerifyPIN") == 1


def test_a_device_that_signs_wrongly_loses_nothing(centre: RunningCentre, tmp_path: Path) -> None:
    """Nothing is queued, the month stays prepared, and the same device signs it when it works again."""
    library = build_with_openssl(tmp_path, "skf.c")
    if library is None:
        pytest.skip("no C compiler or no libssl-dev")
    opened = open_unit(centre.url, key_kind="sm2")
    device = make_device(tmp_path / "device", library, credential_of(opened))
    home = tmp_path / "home"
    with (
        device.helper() as keys,
        keys.open_signer(device.ref, Prompt()) as signer,
        office(home, centre.url, opened, signer=signer) as clerk,
    ):
        clerk.enrols(staff(2))
        month = clerk.prepares()
        device.control("SKF_ECCSignData wrong")
        with pytest.raises(UserError) as refused:
            clerk.signs()
        assert refused.value.code == "key-signature-wrong"
        assert at_centre(centre, clerk.unit_number) == []
    device.control()
    with (
        device.helper() as keys,
        keys.open_signer(device.ref, Prompt()) as signer,
        office(home, centre.url, opened, signer=signer) as clerk,
    ):
        clerk.signs()
        clerk.settles()
        assert clerk.tracks(month.declaration_id) == DONE


def test_the_centre_refuses_a_revoked_sm2_certificate(gm_centre: RunningCentre, tmp_path: Path) -> None:
    """Signed before the revocation was known here; after a new certificate the month goes on."""
    with clerk_with_file(gm_centre.url, tmp_path) as clerk:
        clerk.enrols(staff(2))
        enrolment = clerk.prepares().others[0][0]
        clerk.signs()
        fingerprint = credential_of(clerk.opened).certificate_sha256
        ask(gm_centre.url, "PUT", f"/practice/certificates/{fingerprint}/revoked")
        assert clerk.settles().tried[enrolment].code == "certificate-revoked"
        assert clerk.tracks(enrolment) == ("parked", None, None)
        assert at_centre(gm_centre, clerk.unit_number) == []


def test_a_unit_goes_over_from_rsa_to_sm2(centre: RunningCentre, tmp_path: Path) -> None:
    """A further certificate, this computer enrolled with it, and the next declaration is signed with SM2."""
    opened = open_unit(centre.url, key_kind="rsa")
    with office(tmp_path / "home", centre.url, opened) as clerk:
        clerk.enrols(staff(1))
        path = f"/practice/units/{clerk.unit_number}/certificates"
        issued = ask(centre.url, "POST", path, {"key_kind": "sm2"})
        clerk.signer = credential_of({**opened, **issued}).signer()
        enrol_unit(clerk.base, Enrolment(centre.url, opened["ca_pem"], {}, "经办人甲", practice=True), clerk.signer)
        month = clerk.declares()
        assert clerk.tracks(month.declaration_id) == DONE
        assert sent(clerk, month.declaration_id).signature_algorithm == SM2_WITH_SM3


def test_the_centre_refuses_what_was_changed(centre: RunningCentre, tmp_path: Path) -> None:
    """One bit of the signature: 422, and nothing is stored."""
    import requests

    with clerk_with_file(centre.url, tmp_path) as clerk:
        clerk.enrols(staff(2))
        clerk.prepares()
        waiting = clerk.signs()[0].submission_id
        good = clerk.queued(waiting).container
        proof = cmsread.parse(read_container(good).cms).signature
        assert proof not in good  # it is deflated: the container is written anew below
        changed = _resealed(good, proof)
        url = f"{centre.url}/v1/units/{clerk.unit_number}/submissions/{waiting}"
        told = requests.put(url, data=changed, headers={"Content-Type": "application/vnd.etsi.asic-e+zip"}, timeout=30)
        assert (told.status_code, told.json()["code"]) == (422, "signature-invalid")
        assert at_centre(centre, clerk.unit_number) == []


def _resealed(container: bytes, proof: bytes) -> bytes:
    """The container with one bit of the signature's s turned over."""
    from unitclient.seal.container import LIMITS, MIMETYPE
    from unitclient.seal.manifest import SIGNATURE_PATH
    from unitclient.seal.ziparchive import read_zip, write_zip

    entries = dict(read_zip(container, LIMITS))
    entries.pop("mimetype")
    cms = entries[SIGNATURE_PATH]
    entries[SIGNATURE_PATH] = cms.replace(proof, proof[:-1] + bytes((proof[-1] ^ 1,)))
    return write_zip(MIMETYPE, entries.items())


def test_a_request_made_by_openssl_gets_a_certificate(centre: RunningCentre, tmp_path: Path) -> None:
    """The unit makes its own key; the practice authority only ever sees the request."""
    key = openssl.new_key(tmp_path / "key")
    request = openssl.openssl(
        *("req", "-new", "-key", key, "-sm3", "-sigopt", f"distid:{openssl.ID}", "-subj", "/C=CN/CN=unit")
    )
    opened = open_unit(centre.url, csr_pem=request.decode())
    assert opened["private_key_pem"] is None
    (tmp_path / "unit.pem").write_text(opened["certificate_pem"])
    path = tmp_path / "unit.p12"
    openssl.openssl(
        *("pkcs12", "-export", "-inkey", key, "-in", tmp_path / "unit.pem", "-out", path, "-passout", f"pass:{PIN}")
    )
    ref = KeyRef(KeyKind.PKCS12, "", path=str(path))
    with (
        KeyHelper() as keys,
        keys.open_signer(ref, Prompt()) as signer,
        office(tmp_path / "home", centre.url, opened, signer=signer) as clerk,
    ):
        clerk.enrols(staff(1))
        assert clerk.tracks(clerk.declares().declaration_id) == DONE


def test_a_request_signed_by_another_key_is_refused(centre: RunningCentre, tmp_path: Path) -> None:
    import requests

    key = openssl.new_key(tmp_path / "key")
    forged = openssl.openssl("req", "-new", "-key", key, "-sm3", "-sigopt", "distid:other", "-subj", "/CN=unit")
    asked = {"name": "演练", "region": "420100", "csr_pem": forged.decode()}
    told = requests.post(f"{centre.url}/practice/units", json=asked, timeout=30)
    assert told.status_code in (400, 422)


def test_a_form_of_a_later_version_is_said(gm_centre: RunningCentre, tmp_path: Path) -> None:
    """Nothing is signed in a shape that the centre does not read."""
    with pytest.raises(UserError) as refused:
        form_in({"sm2_form": "gmt9999"})
    assert refused.value.code == "signature-form-unknown"
    assert "gmt9999" in error_texts(refused.value.code, refused.value.params).why
    asks_for(gm_centre, "gmt9999")
    opened = open_unit(gm_centre.url, key_kind="sm2")
    with pytest.raises(UserError) as told, office(tmp_path / "home", gm_centre.url, opened):
        raise AssertionError("it was enrolled")
    assert told.value.code == "signature-form-unknown"


def test_the_description_is_the_centres_own_word(gm_centre: RunningCentre, tmp_path: Path) -> None:
    """The shape comes from a signed document that is kept, so that it is known off line too."""
    asks_for(gm_centre, Sm2Form.GMT0010)
    with clerk_with_file(gm_centre.url, tmp_path) as clerk:
        kept = latest_document(clerk.base.store, clerk.unit_number, DocumentKind.SERVICE)
        assert kept is not None
        assert b'"sm2_form":"gmt0010"' in kept.document.replace(b": ", b":")
