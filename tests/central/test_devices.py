"""Device keys: enrolled by a signed challenge, and what a signed request must be."""

from __future__ import annotations

import base64
import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.central.helper import Client, open_client, problem
from unitclient.central.nonces import NonceCache
from unitclient.central.rulebook import Rulebook
from unitclient.central.server import RunningCentre, in_thread
from unitclient.sync.protocol import CHALLENGE_PREFIX

JSON = {"Content-Type": "application/json"}


def challenge(client: Client, **changed: Any) -> requests.Response:
    asked = {"unit_number": client.unit_number, "certificate_sha256": client.certificate_sha256, **changed}
    return requests.post(f"{client.url}/v1/devices/challenges", json=asked, timeout=10)


def test_enrolment_tells_what_the_centre_knows_of_the_unit(client: Client) -> None:
    given = challenge(client, unit_number=None).json()
    raw = base64.b64decode(given["challenge"])
    assert raw.startswith(CHALLENGE_PREFIX)
    answer = client.register(raw)
    assert answer.status_code == 201
    unit = answer.json()["unit"]
    assert {name: unit[name] for name in unit} == {name: client.unit[name] for name in unit}


def test_a_challenge_is_good_once(client: Client) -> None:
    raw = base64.b64decode(challenge(client).json()["challenge"])
    assert client.register(raw).status_code == 201
    assert problem(client.register(raw)) == "challenge-unknown"
    assert problem(client.register(CHALLENGE_PREFIX + b"{}")) == "challenge-unknown"


def test_a_challenge_ends(own_client: Client) -> None:
    raw = base64.b64decode(challenge(own_client).json()["challenge"])
    requests.put(f"{own_client.url}/practice/clock", json={"offset_s": 130}, timeout=10)
    assert problem(own_client.register(raw)) == "challenge-unknown"


def test_only_a_certificate_of_the_unit_gets_a_challenge(client: Client) -> None:
    assert problem(challenge(client, certificate_sha256="0" * 64)) == "certificate-not-authorised"
    assert problem(challenge(client, unit_number="4201009999")) == "certificate-not-authorised"
    assert problem(challenge(client, certificate_sha256="x")) == "schema-invalid"
    broken = requests.post(f"{client.url}/v1/devices/challenges", data="{", headers=JSON, timeout=10)
    assert problem(broken) == "malformed-json"


def test_the_challenge_of_one_certificate_cannot_be_signed_by_another(
    client: Client, shared_centre: RunningCentre
) -> None:
    other = open_client(shared_centre.url)
    raw = base64.b64decode(challenge(client).json()["challenge"])
    assert problem(other.register(raw)) == "certificate-not-authorised"
    other.session.close()


def test_reading_needs_a_device(client: Client) -> None:
    path = f"/v1/units/{client.unit_number}/roster"
    assert problem(requests.get(client.url + path, timeout=10)) == "device-required"
    stranger = dataclasses.replace(client, device_id="nobody")
    assert problem(stranger.read(path)) == "device-revoked"
    forger = dataclasses.replace(client, device_key=Ed25519PrivateKey.generate())
    assert problem(forger.read(path)) == "signature-refused"
    assert client.read(path).status_code == 200


def test_a_device_reads_its_own_unit_only(client: Client, shared_centre: RunningCentre) -> None:
    other = open_client(shared_centre.url)
    refused = client.read(f"/v1/units/{other.unit_number}/roster")
    assert (refused.status_code, problem(refused)) == (403, "not-your-unit")
    other.session.close()


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_clock_that_is_off_is_told(client: Client, minutes: int) -> None:
    created = datetime.now(UTC) + timedelta(minutes=minutes)
    refused = client.read(f"/v1/units/{client.unit_number}/roster", created=created)
    assert (refused.status_code, problem(refused)) == (401, "clock-off")
    told = datetime.fromisoformat(refused.headers["Service-Time"])
    assert client.read(f"/v1/units/{client.unit_number}/roster", created=told).status_code == 200


def test_the_service_goes_by_its_own_clock(own_client: Client) -> None:
    requests.put(f"{own_client.url}/practice/clock", json={"now": "2027-03-01T09:00:00+08:00"}, timeout=10)
    path = f"/v1/units/{own_client.unit_number}/roster"
    assert problem(own_client.read(path)) == "clock-off"
    assert own_client.read(path, created=datetime.fromisoformat("2027-03-01T09:01:00+08:00")).status_code == 200


def test_a_replayed_request_is_refused(client: Client) -> None:
    request = client.signed(f"/v1/units/{client.unit_number}/roster")
    assert client.session.send(request, timeout=10).status_code == 200
    assert problem(client.session.send(request, timeout=10)) == "signature-refused"


def test_a_changed_request_is_refused(client: Client) -> None:
    request = client.signed(f"/v1/units/{client.unit_number}/changes?limit=1")
    assert request.url is not None
    request.url = request.url.replace("limit=1", "limit=2")
    assert problem(client.session.send(request, timeout=10)) == "signature-refused"


def test_a_request_must_cover_its_address(client: Client) -> None:
    refused = client.read(f"/v1/units/{client.unit_number}/roster", components=("@method",))
    assert problem(refused) == "signature-refused"


def test_the_encoded_address_is_what_is_signed(client: Client) -> None:
    cursor = "a%2Fb%3D"
    assert problem(client.read(f"/v1/units/{client.unit_number}/changes?cursor={cursor}")) == "cursor-expired"


def test_a_device_can_be_ended(client: Client) -> None:
    assert client.read(f"/v1/devices/{client.device_id}", "DELETE").status_code == 204
    assert problem(client.read(f"/v1/units/{client.unit_number}/roster")) == "device-revoked"


def test_nonces_survive_a_restart_and_are_forgotten_in_time(tmp_path: Path) -> None:
    cache = NonceCache(tmp_path, 1000, 600)
    assert cache.take("d", "n", 1000, 1000)
    again = NonceCache(tmp_path, 1100, 600)
    assert not again.take("d", "n", 1000, 1100)
    assert again.take("other", "n", 1000, 1100)
    again.close()
    later = NonceCache(tmp_path, 1701, 600)
    assert later.take("d", "n", 1700, 1701)
    later.close()
    cache.close()


def test_a_bureau_takes_certificates_under_its_policies_only(tmp_path: Path) -> None:
    """What resources/certificates/rules.toml names is asked of every unit's certificate, here at enrolment."""
    rulebook = Rulebook()
    vars(rulebook)["certificates"] = dataclasses.replace(rulebook.certificates, policies=frozenset({"1.2.156.1"}))
    with in_thread(tmp_path, rulebook=rulebook) as running, pytest.raises(AssertionError) as refused:
        open_client(running.url)
    assert "certificate-not-authorised" in str(refused.value)
