"""A good signature put where it was not meant to be: over other bytes, under another id, before another reader."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from tests.central.helper import Client, open_client, person, problem
from tests.seal.practice import NOW, world
from unitclient.central.server import RunningCentre
from unitclient.seal import manifest as manifests
from unitclient.seal.cms import build_detached
from unitclient.seal.container import MIMETYPE, build_container, read_container, verify_container
from unitclient.seal.csr import build_csr
from unitclient.seal.envelope import verify_document
from unitclient.seal.ziparchive import write_zip
from unitclient.sync.protocol import certificate_request, device_request

ID = "0195e0f0-0000-7000-8000-000000000001"
GOOD, EVIL = {"declaration.json": b'{"rows":[1]}'}, {"declaration.json": b'{"rows":[9]}'}


def packed(entries: dict[str, bytes], manifest: bytes, cms: bytes) -> bytes:
    return write_zip(MIMETYPE, {**entries, manifests.PATH: manifest, manifests.SIGNATURE_PATH: cms}.items())


def code_of(data: bytes) -> str:
    return verify_container(data, world().trust, NOW).code


def test_the_signature_of_one_container_in_another() -> None:
    good = read_container(build_container(ID, GOOD, world().unit.signer(), NOW))
    evil = manifests.build_manifest(ID, EVIL)
    assert code_of(packed(GOOD, good.manifest, good.cms)) == ""
    assert code_of(packed(EVIL, evil, good.cms)) == "content-changed"
    assert code_of(packed(EVIL, good.manifest, good.cms)) == "container-entry-changed"


def test_the_signed_manifest_kept_beside_one_that_is_read() -> None:
    """XML signature wrapping: the signed element stays somewhere, the reader takes another."""
    good = read_container(build_container(ID, GOOD, world().unit.signer(), NOW))
    evil = manifests.build_manifest(ID, EVIL)
    inside = good.manifest.partition(b"?>")[2]
    both = evil.replace(b"</asic:ASiCManifest>", inside + b"</asic:ASiCManifest>")
    assert code_of(packed(EVIL, both, good.cms)) != ""
    assert code_of(packed({**EVIL, "META-INF/ASiCManifest2.xml": good.manifest}, evil, good.cms)) != ""


def test_what_the_unit_signed_is_no_word_of_the_centre() -> None:
    told = b'{"kind":"receipt"}'
    signed = build_detached(told, world().unit.signer(), NOW)
    assert verify_document(told, signed, world().trust, NOW).code == "certificate-wrong-usage"


def test_a_submission_under_another_id_or_of_another_unit(client: Client, shared_centre: RunningCentre) -> None:
    submission_id, data = client.container("enrol", [person(1)])
    other_id, _ = client.container("enrol", [person(1)])
    assert problem(client.put(other_id, data)) == "path-mismatch"
    other = open_client(shared_centre.url)
    assert problem(other.put(submission_id, data)) == "certificate-not-authorised"
    other.session.close()


def test_a_declaration_that_one_unit_wraps_for_another(client: Client, shared_centre: RunningCentre) -> None:
    """Well signed by a registered unit, about somebody else."""
    other = open_client(shared_centre.url)
    submission_id, data = client.container(
        "enrol", [person(1)], unit_number=other.unit_number, uscc=str(other.unit["uscc"])
    )
    assert problem(client.put(submission_id, data)) == "path-mismatch"
    assert problem(other.put(submission_id, data)) == "certificate-not-authorised"
    other.session.close()


def challenge_of(client: Client) -> bytes:
    asked = {"unit_number": client.unit_number, "certificate_sha256": client.certificate_sha256}
    given = client.session.post(f"{client.url}/v1/devices/challenges", json=asked, timeout=10).json()
    return base64.b64decode(given["challenge"])


def test_signatures_of_one_act_for_another(client: Client) -> None:
    """What was signed to declare, to enrol a device and to renew a certificate never passes for one another."""
    public = client.device_key.public_key().public_bytes_raw()
    csr = build_csr(client.signer)
    manifest = read_container(client.container("enrol", [person(1)])[1]).manifest

    def cms(content: bytes) -> str:
        return base64.b64encode(build_detached(content, client.signer, datetime.now(UTC))).decode()

    def device(challenge: bytes, signature: str) -> str:
        body = {"challenge": base64.b64encode(challenge).decode(), "device_name": "x", "cms": signature,
                "public_key": base64.b64encode(public).decode()}  # fmt: skip
        return problem(client.session.post(f"{client.url}/v1/devices", json=body, timeout=10))

    def upgrade(challenge: bytes, signature: str) -> str:
        body = {"act": "upgrade", "challenge": base64.b64encode(challenge).decode(), "csr_pem": csr.decode(),
                "cms": signature}  # fmt: skip
        return problem(client.session.post(f"{client.url}/v1/certificates", json=body, timeout=10))

    first, second = challenge_of(client), challenge_of(client)
    assert device(first, cms(certificate_request(first, "upgrade", csr))) == "signature-invalid"
    assert upgrade(second, cms(device_request(second, public, "x"))) == "signature-invalid"
    third, fourth = challenge_of(client), challenge_of(client)
    assert device(third, cms(manifest)) == "signature-invalid"
    assert upgrade(fourth, cms(certificate_request(fourth, "renew", csr))) == "signature-invalid"
