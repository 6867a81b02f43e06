"""The central service against its own OpenAPI document: schemathesis asks a running centre what the document allows.

Whatever comes, no answer is of the 5xx kind, its status and form are documented, and the centre still takes a
declaration afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms
from hypothesis import strategies as st
from requests.auth import AuthBase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.central.helper import Client, open_client, person
from tests.fuzz.running import fuzz
from unitclient.central.server import RunningCentre, in_thread
from unitclient.sync.protocol import CONTAINER_TYPE, SIGNATURE_TAG, SIGNED_COMPONENTS

HARMFUL = {"/practice/faults", "/practice/clock", "/practice/desk/upkeep", "/practice/desk/held/{step}"}
"""They break the centre on purpose: its answers, its time, its process."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@schemathesis.serializer(CONTAINER_TYPE, "application/ocsp-request", "application/timestamp-query")
def raw(_: object, value: object) -> bytes:
    """Bodies that are no JSON: whatever the document's schema makes, as bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


class DeviceAuth(AuthBase):
    """Signs every request with the device key, so that what is behind it is reached."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """See AuthBase."""
        key = self._client.device_key

        class OneKey(HTTPSignatureKeyResolver):
            def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
                return key

        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=OneKey()).sign(
            request,
            key_id=self._client.device_id,
            created=datetime.now(UTC),
            nonce=secrets.token_urlsafe(12),
            tag=SIGNATURE_TAG,
            covered_component_ids=SIGNED_COMPONENTS,
            body=body,
        )
        return request


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with in_thread(tmp_path_factory.mktemp("asked")) as running:
        yield running


def cases(centre: RunningCentre, client: Client) -> st.SearchStrategy[Any]:
    """Requests to every operation, fit and unfit; half of those about a unit are about our own."""
    found = []
    for result in schemathesis.openapi.from_url(f"{centre.url}/openapi.json").get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]  # a document that is invalid fails here, as it should
        if operation.path in HARMFUL:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            found.append(operation.as_strategy(mode))
            if "{unit_number}" in operation.path and mode is GenerationMode.POSITIVE:
                found.append(operation.as_strategy(mode, path_parameters={"unit_number": client.unit_number}))
    return st.one_of(found)


def test_no_request_brings_the_centre_down(centre: RunningCentre) -> None:
    client = open_client(centre.url)
    plain, signing = requests.Session(), requests.Session()
    signing.auth = DeviceAuth(client)

    def ask(data: tuple[Any, bool]) -> None:
        case, signed = data
        if case.path.endswith("/changes") and isinstance(case.query, dict) and case.query.get("wait_s"):
            case.query["wait_s"] = 0
        answer: Any = case.call(session=signing if signed else plain, timeout=30)
        case.validate_response(answer, checks=CHECKS)

    fuzz(ask, st.tuples(cases(centre, client), st.booleans()), 300)
    # Another unit's: ours may have been told that the desk looks at what it sends.
    after = open_client(centre.url)
    assert after.decision(after.submit("enrol", [person(1)]))["state"] == "accepted"
    for session in (plain, signing, client.session, after.session):
        session.close()
