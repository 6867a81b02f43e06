"""The intake: what it takes, what it refuses, and that the same bytes always get the same receipt."""

from __future__ import annotations

import concurrent.futures
import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.central.helper import PERIOD, Client, open_client, person, problem, signer_of
from unitclient.central.numbers import uuid7
from unitclient.central.server import RunningCentre
from unitclient.seal.envelope import verify_document
from unitclient.sync.protocol import MAX_CONTAINER_BYTES, Declaration, SignedDocument


def stored(client: Client) -> int:
    return len(client.unit_read("/submissions")["submissions"])


def test_a_new_submission_is_receipted_and_the_receipt_checks_off_line(client: Client) -> None:
    submission_id, data = client.container("enrol", [person(1)])
    answer = client.put(submission_id, data)
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(submission_id)
    signed = SignedDocument.from_wire(answer.json()["receipt"])
    assert verify_document(signed.document, signed.cms, client.trust, None).ok
    receipt = signed.content()
    assert receipt["sha256"] == hashlib.sha256(data).hexdigest()
    assert receipt["size"] == len(data)
    assert receipt["signer_cert_sha256"] == client.certificate_sha256
    assert receipt["period"] == PERIOD


def test_the_same_bytes_get_the_same_receipt_bit_for_bit(client: Client) -> None:
    submission_id, data = client.container("enrol", [person(1)])
    first = client.put(submission_id, data)
    client.settled(submission_id)
    again = client.put(submission_id, data)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_the_receipt_can_be_asked_for_by_id_and_digest(client: Client) -> None:
    submission_id, data = client.container("enrol", [person(1)])
    url = f"{client.url}/v1/units/{client.unit_number}/submissions/{submission_id}/receipt"
    right = {"sha256": hashlib.sha256(data).hexdigest()}
    assert problem(requests.get(url, params=right, timeout=10)) == "not-found"
    receipt = client.put(submission_id, data).json()["receipt"]
    assert requests.get(url, params=right, timeout=10).json() == receipt
    assert requests.head(url, params=right, timeout=10).status_code == 200
    assert problem(requests.get(url, params={"sha256": "0" * 64}, timeout=10)) == "not-found"


def test_other_bytes_under_the_same_id_are_refused(client: Client) -> None:
    submission_id, data = client.container("enrol", [person(1)])
    assert client.put(submission_id, data).status_code == 201
    other = client.container("enrol", [person(2)], submission_id=submission_id)[1]
    refused = client.put(submission_id, other)
    assert (refused.status_code, problem(refused)) == (409, "id-reused")
    assert client.put(submission_id, data).status_code == 200


def test_twins_at_once_get_one_receipt(client: Client) -> None:
    submission_id, data = client.container("enrol", [person(1)])
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.put(submission_id, data), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["receipt"]["document"] for answer in answers}) == 1
    assert stored(client) == 1


def test_a_lost_answer_is_made_good_by_sending_again(own_centre: RunningCentre, own_client: Client) -> None:
    submission_id, data = own_client.container("enrol", [person(1)])
    requests.put(f"{own_centre.url}/practice/faults", json={"drop_answers": 2}, timeout=10)
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            own_client.put(submission_id, data)
    receipt = own_client.put(submission_id, data)
    assert receipt.status_code == 200
    assert own_client.settled(submission_id)["state"] == "accepted"
    assert stored(own_client) == 1


def test_an_unavailable_service_says_when_to_come_again(own_centre: RunningCentre, own_client: Client) -> None:
    requests.put(f"{own_centre.url}/practice/faults", json={"unavailable": 1, "retry_after_s": 7}, timeout=10)
    state = requests.get(f"{own_client.url}/v1/intake", params={"unit_number": own_client.unit_number}, timeout=10)
    assert (state.json()["state"], state.json()["retry_after_s"]) == ("busy", 7)
    submission_id, data = own_client.container("enrol", [person(1)])
    refused = own_client.put(submission_id, data)
    assert (refused.status_code, problem(refused), refused.headers["Retry-After"]) == (503, "intake-full", "7")
    assert refused.json()["retryable"] is True
    assert stored(own_client) == 0
    assert own_client.put(submission_id, data).status_code == 201


def test_a_failing_commit_is_no_success(
    own_centre: RunningCentre, own_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a fault on purpose")

    submission_id, data = own_client.container("enrol", [person(1)])
    # The last write of the transaction fails: what came before it must be gone, and the answer must not be a receipt.
    intake = own_centre.state.intake
    monkeypatch.setattr(intake, "_insert", fail)
    refused = own_client.put(submission_id, data)
    monkeypatch.undo()
    assert (refused.status_code, problem(refused)) == (500, "internal")
    assert stored(own_client) == 0
    receipt = SignedDocument.from_wire(own_client.put(submission_id, data).json()["receipt"]).content()
    assert receipt["prev_receipt_sha256"] is None
    assert [change["seq"] for change in own_client.unit_read("/changes")["changes"]][:3] == [1, 2, 3]


def test_receipts_of_a_unit_are_a_chain(client: Client) -> None:
    before = None
    for n in range(3):
        submission_id, data = client.container("enrol", [person(n)])
        signed = SignedDocument.from_wire(client.put(submission_id, data).json()["receipt"])
        assert signed.content()["prev_receipt_sha256"] == before
        before = signed.sha256


def test_a_late_submission_is_taken_and_said_late(client: Client) -> None:
    submission_id, data = client.container("enrol", [person(1)], period="2024-01")
    receipt = SignedDocument.from_wire(client.put(submission_id, data).json()["receipt"]).content()
    assert receipt["timely"] is False
    assert receipt["deadline"].startswith("2024-01-31T23:59:59.999")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"service": "somewhere-else"}, "wrong-audience"),
        ({"unit_number": "4201009999"}, "path-mismatch"),
        ({"uscc": "91420100MA00000000"}, "path-mismatch"),
        ({"period": "2026-13"}, "schema-invalid"),
        ({"kind": "perhaps"}, "schema-invalid"),
        ({"kind": "correction"}, "schema-invalid"),
        ({"row_count": 2}, "schema-invalid"),
        ({"requires": ("not-an-id",)}, "schema-invalid"),
    ],
)
def test_a_wrong_header_is_refused_and_not_kept(client: Client, changed: dict[str, Any], code: str) -> None:
    submission_id, data = client.container("enrol", [person(1)], **changed)
    refused = client.put(submission_id, data)
    assert (refused.status_code, problem(refused)) == (422, code)
    assert refused.json()["submission_id"] == submission_id
    assert stored(client) == 0


def test_the_address_must_be_the_signed_one(client: Client) -> None:
    _, data = client.container("enrol", [person(1)])
    assert problem(client.put(uuid7(datetime.now(UTC)), data)) == "path-mismatch"
    assert problem(client.put("018f4b6e-0000-4000-8000-000000000000", data)) == "id-not-uuidv7"


def test_a_broken_declaration_is_refused(client: Client) -> None:
    header = client.header("enrol", 1)
    rows: tuple[tuple[Any, ...], ...] = (("only one cell",),)
    data = client.seal(Declaration(header, ("id_number", "name"), rows))
    assert problem(client.put(header.submission_id, data)) == "schema-invalid"


@pytest.mark.parametrize("entry", ["declaration.json", "META-INF/ASiCManifest.xml", "META-INF/signature.p7s"])
def test_a_tampered_container_is_refused(client: Client, entry: str) -> None:
    submission_id, data = client.container("enrol", [person(1)])
    archive = zipfile.ZipFile(io.BytesIO(data))
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as out:
        for info in archive.infolist():
            content = archive.read(info)
            if info.filename == entry:
                content = content.replace(b"680000", b"680001") if entry.endswith("json") else content[:-1] + b"!"
            out.writestr(info, content)
    refused = client.put(submission_id, changed.getvalue())
    assert refused.status_code == 422
    assert problem(refused) in {"signature-invalid", "schema-invalid"}
    assert stored(client) == 0


def test_a_certificate_of_another_unit_is_refused(client: Client, shared_centre: RunningCentre) -> None:
    other = open_client(shared_centre.url)
    header = replace(client.header("enrol", 0))
    data = other.seal(Declaration(header, ("id_number",), ()))
    refused = client.put(header.submission_id, data)
    assert (refused.status_code, problem(refused)) == (403, "certificate-not-authorised")
    other.session.close()


def test_a_certificate_of_another_authority_is_refused(client: Client, own_client: Client) -> None:
    header = client.header("enrol", 0)
    data = own_client.seal(Declaration(header, ("id_number",), ()))
    assert problem(client.put(header.submission_id, data)) == "certificate-not-authorised"


def test_an_expired_certificate_is_refused(client: Client) -> None:
    asked = {"since": "2020-01-01T00:00:00+08:00", "until": "2021-01-01T00:00:00+08:00"}
    expired = with_certificate(client, asked)
    submission_id, data = expired.container("enrol", [person(1)])
    assert problem(expired.put(submission_id, data)) == "certificate-expired"


def test_a_revoked_certificate_is_refused_and_its_old_receipts_stay(own_client: Client) -> None:
    old_id, old = own_client.container("enrol", [person(1)])
    receipt = own_client.put(old_id, old).json()
    url = f"{own_client.url}/practice/certificates/{own_client.certificate_sha256}/revoked"
    assert requests.put(url, timeout=10).status_code == 200
    submission_id, data = own_client.container("enrol", [person(2)])
    assert problem(own_client.put(submission_id, data)) == "certificate-revoked"
    assert own_client.put(old_id, old).json() == receipt
    assert problem(own_client.read(f"/v1/units/{own_client.unit_number}/roster")) == "device-revoked"
    renewed = with_certificate(own_client, {})
    renewed.enrol_device()
    assert renewed.put(submission_id, renewed.container("enrol", [person(2)], submission_id=submission_id)[1]).ok


def with_certificate(client: Client, asked: dict[str, str]) -> Client:
    url = f"{client.url}/practice/units/{client.unit_number}/certificates"
    given = requests.post(url, json=asked, timeout=10).json()
    key = load_pem_private_key(given["private_key_pem"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    return replace(client, signer=signer_of(key, given["certificate_pem"]))


def test_transport_rules(client: Client) -> None:
    submission_id, data = client.container("enrol", [person(1)])
    assert problem(client.put(submission_id, data, **{"Content-Type": "application/zip"})) == "media-type"
    assert problem(client.put(submission_id, bytes(MAX_CONTAINER_BYTES + 1))) == "too-large"
    url = f"{client.url}/v1/units/{client.unit_number}/submissions/{submission_id}"
    chunked = requests.put(
        url, data=iter([data]), headers={"Content-Type": "application/vnd.etsi.asic-e+zip"}, timeout=10
    )
    assert problem(chunked) == "length-required"
    assert problem(requests.put(f"{client.url}/v1/units/1/submissions/{submission_id}", data=b"", timeout=10)) in {
        "media-type",
        "length-required",
    }
    assert problem(requests.get(f"{client.url}/nowhere", timeout=10)) == "not-found"
    wrong = requests.patch(url, timeout=10)
    assert problem(wrong) == "method-not-allowed"
    assert set(wrong.headers["Allow"].split(", ")) == {"GET", "PUT"}


def test_every_answer_tells_the_time_and_the_request_id(client: Client) -> None:
    answer = requests.get(f"{client.url}/healthz", headers={"Request-Id": "abc"}, timeout=10)
    assert answer.headers["Request-Id"] == "abc"
    told = datetime.fromisoformat(answer.headers["Service-Time"])
    assert abs((told - datetime.now(UTC)).total_seconds()) < 10


def test_browsers_may_not_steer_the_rehearsal(client: Client) -> None:
    answer = requests.put(
        f"{client.url}/practice/faults", json={"unavailable": 9}, headers={"Origin": "https://example.org"}, timeout=10
    )
    assert answer.status_code == 403


def test_anyone_can_verify_what_they_hold(client: Client) -> None:
    submission_id, data = client.container("enrol", [person(1)])
    signed = SignedDocument.from_wire(client.put(submission_id, data).json()["receipt"])
    number = signed.content()["acceptance_number"]

    def verify(sha256: str, said: str = number) -> Any:
        asked = {"acceptance_number": said, "sha256": sha256}
        return requests.post(f"{client.url}/v1/verify", json=asked, timeout=10).json()

    assert verify(hashlib.sha256(data).hexdigest())["kind"] == "submission"
    assert verify(signed.sha256)["kind"] == "receipt"
    assert verify(signed.sha256)["in_force"] is True
    assert (
        verify("0" * 64)
        == verify(signed.sha256, "nobody's")
        == {"known": False, "kind": "", "at": "", "in_force": False}
    )
