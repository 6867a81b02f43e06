"""Half a character: JSON can say "\\ud800", and neither a database nor a signature can hold it."""

from __future__ import annotations

from typing import Any

from tests.attacks.test_wrapping import challenge_of
from tests.central.helper import Client, problem

HALF = r"\ud800"
JSON = {"Content-Type": "application/json"}


def bodies(client: Client) -> dict[str, str]:
    """{path: body} where such a text goes into the database or under a signature."""
    unit = client.unit_number
    return {
        "/v1/verify": f'{{"acceptance_number": "{HALF}", "sha256": "{"0" * 64}"}}',
        "/v1/devices/challenges": f'{{"unit_number": "{HALF}", "certificate_sha256": "{client.certificate_sha256}"}}',
        f"/practice/units/{unit}/certificates": f'{{"csr_pem": "{HALF}"}}',
        "/practice/announcements": f'{{"title": "{HALF}", "body": "x"}}',
        f"/practice/desk/units/{unit}/steps": f'{{"register_name": "{HALF}", "key": "x", "step": "x"}}',
    }


def test_it_is_refused_as_what_it_is(client: Client) -> None:
    codes = {}
    for path, body in bodies(client).items():
        codes[path] = problem(client.session.post(client.url + path, data=body, headers=JSON, timeout=10))
    assert set(codes.values()) <= {"schema-invalid", "certificate-not-authorised"}, codes


def test_a_device_of_that_name_leaves_nothing(client: Client) -> None:
    import base64

    fields: dict[str, Any] = {"challenge": base64.b64encode(challenge_of(client)).decode()}
    fields |= {"public_key": base64.b64encode(bytes(32)).decode(), "cms": ""}
    body = "{" + ", ".join(f'"{name}": "{text}"' for name, text in fields.items()) + f', "device_name": "{HALF}"}}'
    answer = client.session.post(f"{client.url}/v1/devices", data=body, headers=JSON, timeout=10)
    assert problem(answer) == "schema-invalid"
