"""What a request can end with, against real sockets: nothing sent, outcome unknown, refused, or an answer."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.sync.sockets import Serve, answering, listening, read_request, tls_server
from unitclient.clock import SystemClock
from unitclient.sync import client as module
from unitclient.sync.client import CentreClient, NetworkSettings
from unitclient.sync.device import DeviceKey, new_private_raw
from unitclient.sync.outcomes import NotSent, OutcomeUnknown, ProblemAnswer
from unitclient.sync.protocol import Problem

DOCUMENT = {"document": "e30=", "cms": "AA=="}


def problem(status: int, code: str, *headers: str, **members: Any) -> Serve:
    """A refusal of the centre."""
    told = {"type": "x", "title": "x", "status": status, "code": code, **members}
    return answering(f"{status} X", json.dumps(told).encode(), "Content-Type: application/problem+json", *headers)


def put(url: str, **settings: Any) -> object:
    """Send three bytes as a submission."""
    with CentreClient(url, SystemClock(), **settings) as client:
        return client.put_submission("1", "2", b"abc")


def failure(url: str, **settings: Any) -> NotSent | OutcomeUnknown:
    with pytest.raises((NotSent, OutcomeUnknown)) as failed:
        put(url, **settings)
    assert isinstance(failed.value, NotSent | OutcomeUnknown)
    return failed.value


def refusal(url: str, **settings: Any) -> Problem:
    """What the centre refuses a submission with."""
    with pytest.raises(ProblemAnswer) as refused:
        put(url, **settings)
    return refused.value.problem


def refused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nobody_listens() -> None:
    told = failure(f"http://127.0.0.1:{refused_port()}")
    assert (type(told), told.code) == (NotSent, "no-connection")


def test_no_such_name() -> None:
    told = failure("https://nobody.invalid:80")
    assert (type(told), told.code) == (NotSent, "no-connection")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "no scheme", "http://", "http://127.0.0.1:99999"])
def test_an_address_that_is_none(url: str) -> None:
    assert type(failure(url)) is NotSent


def test_the_proxy_does_not_answer() -> None:
    """Through a proxy that is not there nothing can have reached the centre."""
    told = failure("http://127.0.0.1:9", network=NetworkSettings(proxy=f"http://127.0.0.1:{refused_port()}"))
    assert (type(told), told.code) == (NotSent, "proxy-failed")


def test_the_line_is_cut_after_the_request() -> None:
    """Read whole and then cut: the centre may have it."""

    def serve(connection: socket.socket) -> None:
        read_request(connection)

    with listening(serve) as url:
        told = failure(url)
    assert (type(told), told.code) == (OutcomeUnknown, "connection-lost")


def test_the_line_is_cut_in_the_middle_of_the_answer() -> None:
    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b'HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"receipt":')

    with listening(serve) as url:
        told = failure(url)
    assert (type(told), told.code) == (OutcomeUnknown, "connection-lost")


def test_an_answer_that_is_no_http() -> None:
    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"SSH-2.0-OpenSSH\r\n")

    with listening(serve) as url:
        assert type(failure(url)) is OutcomeUnknown


def test_no_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read whole, and then nothing: unknown, not failed."""
    monkeypatch.setattr(module, "READ_TIMEOUT", 0.3)
    ended = threading.Event()

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        ended.wait(5)

    with listening(serve) as url:
        told = failure(url)
        ended.set()
    assert (type(told), told.code) == (OutcomeUnknown, "timeout")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", b""),
        ("200 OK", b"[]"),
        ("200 OK", b"{}"),
        ("200 OK", b'{"receipt": {"document": "not base64!", "cms": ""}}'),
        ("200 OK", b"\xff\xfe"),
        ("204 No Content", b""),
        ("403 Forbidden", b"<html>"),
        ("404 Not Found", b'{"detail": "Not Found"}'),
        ("502 Bad Gateway", b"<html>"),
        ("503 Service Unavailable", b'{"status": 200, "code": "intake-full"}'),
    ],
)
def test_an_answer_that_is_not_the_centres(status: str, body: bytes) -> None:
    """A gateway, a captive portal, another service: it says nothing about what the centre did."""
    with listening(answering(status, body, "Location: http://127.0.0.1:9/elsewhere")) as url:
        told = failure(url)
    assert (type(told), told.code) == (OutcomeUnknown, "answer-unreadable")


def test_a_refusal_of_the_centre() -> None:
    findings = [{"code": "X", "params": {}}]
    with listening(problem(422, "signature-invalid", detail="why", findings=findings)) as url:
        told = refusal(url)
    assert (told.status, told.code, told.detail, told.retryable) == (422, "signature-invalid", "why", False)
    assert told.findings == tuple(findings)


@pytest.mark.parametrize(
    ("headers", "members", "seconds"),
    [
        (["Retry-After: 7"], {}, 7),
        ([], {"retry_after_s": 9}, 9),
        (["Retry-After: 7"], {"retry_after_s": 9}, 9),
        (["Retry-After: soon"], {}, None),
        (["Retry-After: Wed, 25 Nov 2026 10:00:00 GMT"], {}, None),
        (["Retry-After: -5"], {}, 0),
        ([], {"retry_after_s": None}, None),
        ([], {}, None),
    ],
)
def test_when_the_centre_asks_to_come_again(headers: list[str], members: dict[str, Any], seconds: int | None) -> None:
    with listening(problem(503, "intake-full", *headers, retryable=True, **members)) as url:
        told = refusal(url)
    assert told.retry_after_s == seconds
    assert told.retryable


def test_no_receipt_there() -> None:
    """`not-found` of the centre is an answer; a gateway's 404 is not."""
    with listening(problem(404, "not-found")) as url, CentreClient(url, SystemClock()) as client:
        assert client.receipt("1", "2", "0" * 64) is None
    gateway = answering("404 Not Found", b"<html>")
    with (
        listening(gateway) as url,
        CentreClient(url, SystemClock()) as client,
        pytest.raises(OutcomeUnknown),
    ):
        client.receipt("1", "2", "0" * 64)


def test_reading_needs_a_device() -> None:
    with CentreClient("http://127.0.0.1:9", SystemClock()) as client, pytest.raises(NotSent) as failed:
        client.changes("1", None)
    assert failed.value.code == "device-required"


AHEAD = datetime(2027, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("status", ["201 Created", "422 X"])
def test_the_centres_time_is_learnt_from_every_answer(status: str) -> None:
    """From a receipt and from a refusal alike."""
    refused = {"status": 422, "code": "schema-invalid"}
    body = json.dumps({"receipt": DOCUMENT} if status.startswith("201") else refused).encode()
    with (
        listening(answering(status, body, f"Service-Time: {AHEAD.isoformat()}")) as url,
        CentreClient(url, SystemClock()) as client,
    ):
        assert abs(client.centre_clock().now() - datetime.now(UTC)) < timedelta(seconds=5)
        with contextlib.suppress(ProblemAnswer):
            client.put_submission("1", "2", b"abc")
        assert abs(client.centre_clock().now() - AHEAD) < timedelta(seconds=5)


def test_a_clock_that_is_off_is_asked_for_once_more_and_not_for_ever() -> None:
    """The refusal tells the time; when the second try is refused as well, that is the answer."""
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        told = json.dumps({"status": 401, "code": "clock-off", "title": "x"}).encode()
        head = f"HTTP/1.1 401 X\r\nService-Time: 2027-01-01T00:00:00+08:00\r\nContent-Length: {len(told)}\r\n"
        connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + told)

    device = DeviceKey("d", new_private_raw())
    with (
        listening(serve) as url,
        CentreClient(url, SystemClock(), device=device) as client,
        pytest.raises(ProblemAnswer) as refused,
    ):
        client.changes("1", None)
    assert refused.value.problem.code == "clock-off"
    assert len(seen) == 2


def test_a_private_authority_must_be_set(tmp_path: Path) -> None:
    """Without it nothing is sent; with it the same server is believed."""
    body = json.dumps({"receipt": DOCUMENT}).encode()
    with tls_server(tmp_path, answering("201 Created", body)) as (url, ca_file):
        told = failure(url)
        assert (type(told), told.code) == (NotSent, "tls-unknown-issuer")
        assert put(url, network=NetworkSettings(ca_file=str(ca_file)))


def test_a_certificate_file_that_is_not_there(tmp_path: Path) -> None:
    """A setting that went stale is a refusal to send, not a crash."""
    told = failure("https://localhost:9", network=NetworkSettings(ca_file=str(tmp_path / "gone.pem")))
    assert (type(told), told.code) == (NotSent, "tls-failed")


def test_the_environment_does_not_replace_the_authority_that_was_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REQUESTS_CA_BUNDLE is for other programs; what the clerk set holds here."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "elsewhere.pem"))
    body = json.dumps({"receipt": DOCUMENT}).encode()
    with tls_server(tmp_path, answering("201 Created", body)) as (url, ca_file):
        assert put(url, network=NetworkSettings(ca_file=str(ca_file)))


def test_tls_that_breaks_after_the_request_leaves_the_outcome_unknown(tmp_path: Path) -> None:
    """The certificate was good and the bytes went out; then garbage came. Nothing sent would be a lie."""

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        os.write(connection.fileno(), b"garbage beneath the encryption")

    with tls_server(tmp_path, serve) as (url, ca_file):
        told = failure(url, network=NetworkSettings(ca_file=str(ca_file)))
    assert (type(told), told.code) == (OutcomeUnknown, "connection-lost")
