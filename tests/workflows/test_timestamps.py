"""Time stamps from an authority that was set: over HTTP and TLS, in the container, or a refusal with nothing queued."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.e2e.office import Office, staff
from tests.sync.sockets import Serve, answering, listening, read_request, tls_server
from tests.workflows.bench import NOON
from unitclient.errors import UserError
from unitclient.seal import pki
from unitclient.seal.container import verify_container
from unitclient.seal.timestamp import LocalAuthority
from unitclient.store.outbox import list_submissions
from unitclient.store.settings import put_setting
from unitclient.workflows.centre import trust_for_signing
from unitclient.workflows.settings import NETWORK_CA_FILE, TSA_CA_FILE, TSA_URL
from unitclient.workflows.signing import Signed, sign_and_queue, to_sign
from unitclient.workflows.timestamps import timestamper, trust_with_authority


def settings(clerk: Office, **values: str) -> None:
    names = {"url": TSA_URL, "ca": TSA_CA_FILE, "network_ca": NETWORK_CA_FILE}
    with clerk.base.store.write("setting.change"):
        for name, value in values.items():
            put_setting(clerk.base.store, names[name], value)


def stamped(clerk: Office) -> list[Signed]:
    """Sign as the command does, with the time stamps that were set."""
    desk, unit = clerk.desk, clerk.unit
    trust = trust_with_authority(desk, trust_for_signing(unit))
    return sign_and_queue(desk, unit, to_sign(desk, unit), clerk.signer, trust, timestamper=timestamper(desk))


@pytest.fixture
def prepared(clerk: Office) -> Office:
    clerk.enrols(staff(1))
    clerk.prepares()
    return clerk


@pytest.fixture
def serve(clerk: Office, tmp_path: Path) -> Serve:
    """What a time-stamp authority does; its root certificate is in tsa.pem."""
    root = pki.Authority.create_root("时间戳根", NOON)
    key = pki.new_key()
    certificate = root.issue_timestamper(pki.name("时间戳"), key.public_key(), pki.Validity.around(NOON, 300))
    authority = LocalAuthority(root.credential_for(key, certificate).signer(), clerk.clock)
    (tmp_path / "tsa.pem").write_bytes(root.certificate_pem)

    def answer(connection: socket.socket) -> None:
        body = authority.answer(read_request(connection).partition(b"\r\n\r\n")[2])
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {len(body)}\r\n"
        connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + body)

    return answer


def test_no_authority_no_stamp(prepared: Office) -> None:
    assert timestamper(prepared.desk) is None
    assert len(stamped(prepared)) == 2


def test_the_stamp_is_in_the_container(prepared: Office, serve: Serve, tmp_path: Path) -> None:
    with listening(serve) as url:
        settings(prepared, url=url, ca=str(tmp_path / "tsa.pem"))
        signed = stamped(prepared)
    trust = trust_with_authority(prepared.desk, trust_for_signing(prepared.unit))
    for one in signed:
        check = verify_container(prepared.queued(one.submission_id).container, trust, NOON)
        assert check.signature is not None
        assert check.signature.timestamp_time == NOON


def test_an_authority_behind_a_private_certificate(
    prepared: Office, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The authority file that was set holds, whatever the environment names for other programs."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "elsewhere.pem"))
    with tls_server(tmp_path, serve) as (url, ca_file):
        settings(prepared, url=url, ca=str(tmp_path / "tsa.pem"), network_ca=str(ca_file))
        assert len(stamped(prepared)) == 2


@pytest.mark.parametrize(
    ("serve_so", "code"),
    [
        (None, "tsa-unreachable"),
        (answering("503 Busy", b""), "tsa-answer-wrong"),
        (answering("200 OK", b"<html>"), "tsa-answer-wrong"),
        (answering("200 OK", b"\x30\x05\x30\x03\x02\x01\x02"), "tsa-answer-wrong"),
    ],
)
def test_an_authority_that_fails_stops_the_signing(prepared: Office, serve_so: Serve | None, code: str) -> None:
    """No stamp, no container: nothing is queued, and it can be signed again later."""
    with listening(serve_so or answering("200 OK", b"")) as url:
        settings(prepared, url=url if serve_so else "http://127.0.0.1:9")
        with pytest.raises(UserError) as refused:
            stamped(prepared)
    assert refused.value.code == code
    assert list_submissions(prepared.base.store, prepared.unit_number) == []


def test_a_stamp_of_nobody_known_is_not_queued(prepared: Office, serve: Serve) -> None:
    """Without the authority's certificate our own check refuses the stamp."""
    with listening(serve) as url:
        settings(prepared, url=url)
        with pytest.raises(UserError) as refused:
            stamped(prepared)
    assert refused.value.code == "seal-timestamp-invalid"
    assert list_submissions(prepared.base.store, prepared.unit_number) == []
