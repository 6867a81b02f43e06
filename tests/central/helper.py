"""A small client for the tests of the central service: real HTTP, real signatures, no part of the program's client."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

from unitclient.catalog.policies import load_policies
from unitclient.central.numbers import uuid7
from unitclient.domain.contribution import contribution
from unitclient.domain.insurance import Insurance
from unitclient.domain.period import Period
from unitclient.paths import resources_root
from unitclient.seal.cms import build_detached
from unitclient.seal.container import build_container
from unitclient.seal.envelope import verify_document
from unitclient.seal.signer import SoftSigner
from unitclient.seal.trust import TrustStore
from unitclient.sync.protocol import (
    CONTAINER_TYPE,
    SIGNATURE_TAG,
    Declaration,
    DocumentKind,
    Header,
    SignedDocument,
    device_request,
)

PERIOD = "2026-11"
REGION = "420100"
WAIT_S = 20.0
Json = dict[str, Any]


def resident_id(serial: int, born: str = "19900307", area: str = "110000") -> str:
    """A synthetic resident number with its check digit (province-level area: no county has that code)."""
    body = f"{area}{born}{serial % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def person(serial: int, wage: int = 680000) -> Json:
    """A row of the form `enrol`."""
    day = f"{1970 + serial // 28000:04d}{serial // 28 // 1000 % 12 + 1:02d}{serial // 1000 % 28 + 1:02d}"
    return {"name": "张三", "id_number": resident_id(serial, day), "start_month": "2026-10", "wage": wage}


@dataclass
class Client:
    """One unit with its certificate and one device."""

    url: str
    unit: Json
    signer: SoftSigner
    device_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    device_id: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def unit_number(self) -> str:
        return str(self.unit["unit_number"])

    @property
    def trust(self) -> TrustStore:
        return TrustStore.from_pem(self.unit["ca_pem"].encode())

    @property
    def certificate_sha256(self) -> str:
        return hashlib.sha256(self.signer.certificate_der).hexdigest()

    def header(self, form: str, row_count: int, **members: Any) -> Header:
        header = Header(
            submission_id=uuid7(datetime.now(UTC)),
            service=self.unit["service"],
            unit_number=self.unit_number,
            uscc=self.unit["uscc"],
            form=form,
            form_version="1",
            period=PERIOD,
            prepared_at=datetime.now(UTC).isoformat(),
            operator="test",
            row_count=row_count,
        )
        return replace(header, **members)

    def container(self, form: str, rows: Sequence[Mapping[str, Any]], **members: Any) -> tuple[str, bytes]:
        """(submission id, signed container) of rows given as objects."""
        columns = tuple(rows[0]) if rows else ("id_number",)
        header = self.header(form, **{"row_count": len(rows), **members})
        declaration = Declaration(header, columns, tuple(tuple(row[name] for name in columns) for row in rows))
        return header.submission_id, self.seal(declaration)

    def seal(self, declaration: Declaration) -> bytes:
        entries = {"declaration.json": declaration.to_bytes()}
        return build_container(declaration.header.submission_id, entries, self.signer, datetime.now(UTC))

    def put(self, submission_id: str, data: bytes, **headers: str) -> requests.Response:
        path = f"{self.url}/v1/units/{self.unit_number}/submissions/{submission_id}"
        return self.session.put(path, data=data, headers={"Content-Type": CONTAINER_TYPE, **headers}, timeout=30)

    def submit(self, form: str, rows: Sequence[Mapping[str, Any]], **members: Any) -> str:
        submission_id, data = self.container(form, rows, **members)
        answer = self.put(submission_id, data)
        assert answer.status_code == 201, answer.text
        return submission_id

    def month(self, rows: Sequence[Mapping[str, Any]], **members: Any) -> str:
        return self.submit("monthly", month_lines(self.unit, rows), **members)

    def enrol_device(self) -> None:
        asked = {"unit_number": self.unit_number, "certificate_sha256": self.certificate_sha256}
        given = self.session.post(f"{self.url}/v1/devices/challenges", json=asked, timeout=10).json()
        answer = self.register(base64.b64decode(given["challenge"]))
        assert answer.status_code == 201, answer.text
        self.device_id = answer.json()["device_id"]

    def register(self, challenge: bytes) -> requests.Response:
        public = self.device_key.public_key().public_bytes_raw()
        cms = build_detached(device_request(challenge, public, "desk"), self.signer, datetime.now(UTC))
        body = {
            "challenge": base64.b64encode(challenge).decode(),
            "public_key": base64.b64encode(public).decode(),
            "device_name": "desk",
            "cms": base64.b64encode(cms).decode(),
        }
        return self.session.post(f"{self.url}/v1/devices", json=body, timeout=10)

    def read(
        self,
        path: str,
        method: str = "GET",
        created: datetime | None = None,
        nonce: str = "",
        components: Sequence[str] = ("@method", "@target-uri"),
        **parts: Any,
    ) -> requests.Response:
        return self.session.send(self.signed(path, method, created, nonce, components, **parts), timeout=60)

    def signed(
        self,
        path: str,
        method: str = "GET",
        created: datetime | None = None,
        nonce: str = "",
        components: Sequence[str] = ("@method", "@target-uri"),
        **parts: Any,
    ) -> requests.PreparedRequest:
        request = self.session.prepare_request(requests.Request(method, self.url + path, **parts))
        key = self.device_key

        class OneKey(HTTPSignatureKeyResolver):
            def resolve_private_key(self, key_id: str) -> Any:
                return key

        body = request.body if isinstance(request.body, bytes) else b""
        HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=OneKey()).sign(
            request,
            key_id=self.device_id,
            created=created or datetime.now(UTC),
            nonce=nonce or secrets.token_urlsafe(12),
            tag=SIGNATURE_TAG,
            covered_component_ids=tuple(components),
            body=body,
        )
        return request

    def unit_read(self, rest: str, method: str = "GET", **parts: Any) -> Json:
        answer = self.read(f"/v1/units/{self.unit_number}{rest}", method, **parts)
        assert answer.status_code < 300, answer.text
        told: Json = answer.json()
        return told

    def state(self, submission_id: str) -> Json:
        return self.unit_read(f"/submissions/{submission_id}")

    def settled(self, submission_id: str, until: Callable[[Json], bool] | None = None) -> Json:
        """The submission's state once it is decided (and `until` holds)."""
        ends = time.monotonic() + WAIT_S
        while True:
            state = self.state(submission_id)
            if state["state"] != "received" and (until is None or until(state)):
                return state
            assert time.monotonic() < ends, state
            time.sleep(0.05)

    def paid(self, submission_id: str) -> Json:
        return self.settled(submission_id, lambda state: state["money"] == "receipted")

    def documents(self, submission_id: str, kind: DocumentKind) -> list[Json]:
        """Contents of the submission's documents of a kind, in order, each verified."""
        links = [link for link in self.state(submission_id)["documents"] if link["kind"] == kind]
        return [self.content(self.unit_read(f"/documents/{link['ref']}")) for link in links]

    def content(self, wire: Json) -> Json:
        """What a signed document says, after its signature was verified against the centre's root."""
        signed = SignedDocument.from_wire(wire)
        check = verify_document(signed.document, signed.cms, self.trust, None)
        assert check.ok, check
        return signed.content()

    def decision(self, submission_id: str) -> Json:
        self.settled(submission_id)
        return self.documents(submission_id, DocumentKind.ACCEPTANCE)[-1]


def month_lines(unit: Json, rows: Sequence[Mapping[str, Any]], period: str = PERIOD) -> list[Json]:
    """The monthly declaration of persons given as enrolment rows: right amounts by the region's package."""
    package = load_policies(resources_root()).package(unit["region"])
    assert package is not None
    policy = package.month(Period.parse(period))
    lines = []
    for row in rows:
        for insurance in unit["insurances"]:
            due = contribution(row["wage"], policy.rules[Insurance(insurance)])
            amounts = {"base": due.base_fen, "unit_amount": due.unit_fen, "person_amount": due.person_fen}
            same = {name: row[name] for name in ("name", "id_number", "wage")}
            lines.append({**same, "insurance": insurance, **amounts})
    return lines


def open_client(url: str, **unit: Any) -> Client:
    """A new practice unit with an enrolled device."""
    session = requests.Session()
    asked = {"name": "演练用人单位", "region": REGION, "key_kind": "ec", **unit}
    answer = session.post(f"{url}/practice/units", json=asked, timeout=30)
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    key = load_pem_private_key(opened["private_key_pem"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    client = Client(url, opened, signer_of(key, opened["certificate_pem"]), session=session)
    client.enrol_device()
    return client


def signer_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, certificate_pem: str) -> SoftSigner:
    """A signer in memory."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return SoftSigner(key, x509.load_pem_x509_certificate(certificate_pem.encode()).public_bytes(Encoding.DER))


def problem(answer: requests.Response) -> str:
    """The code of a problem answer, after checking its form."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    told = json.loads(answer.text)
    assert told["status"] == answer.status_code
    return str(told["code"])
