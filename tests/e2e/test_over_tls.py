"""The real centre over TLS: a unit enrolled and a month sent through it, a request replayed, servers in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.e2e.office import Office, OfficeClock, at_centre, open_unit, practice_centre, signer_of, staff
from unitclient.app import open_desk
from unitclient.central.server import RunningCentre, TlsFiles, in_thread
from unitclient.seal import pki
from unitclient.workflows.units import Enrolment, enrol_unit

NOW = datetime.now(UTC)
Serve = Callable[..., AbstractContextManager[RunningCentre]]


@pytest.fixture
def root() -> pki.Authority:
    """The authority in certs/."""
    return pki.Authority.create_root("机关内部 CA", NOW)


@pytest.fixture
def serve(tmp_path: Path, root: pki.Authority, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Serves one centre's home on one port, with a certificate that fits or one that does not."""
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "root.pem").write_bytes(root.certificate_pem)
    monkeypatch.setattr("unitclient.workflows.centre.certs_root", lambda: tmp_path / "certs")
    ports = [0]

    @contextmanager
    def serving(host: str = "localhost", authority: pki.Authority = root, days: int = 9) -> Iterator[RunningCentre]:
        key, life = pki.new_key(), pki.Validity(NOW - timedelta(days=20), NOW + timedelta(days=days))
        pki.Credential(key, authority.issue_server(host, key.public_key(), life)).save(tmp_path, "server")
        files = TlsFiles(tmp_path / "server.pem", tmp_path / "server.key")
        with in_thread(tmp_path / "centre", ports[0], tls=files) as running:
            ports[0] = urlsplit(running.url).port or 0
            yield running

    return serving


@contextmanager
def enrolled(home: Path, url: str, opened: dict[str, str]) -> Iterator[Office]:
    """An office of a unit that does not rehearse, enrolled over TLS: nothing but certs/ says whom to believe."""
    clock, signer = OfficeClock(), signer_of(opened)
    with open_desk(home, clock) as desk:
        unit = enrol_unit(desk, Enrolment(url, opened["ca_pem"], {}, "经办人甲", practice=False), signer)
        yield Office(home, opened, desk, clock, unit.unit_number, signer)


def test_a_month_and_everybody_who_stands_in_the_way(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever else answers at the centre's address reads nothing of the month; the queue waits for the centre."""
    with practice_centre(tmp_path / "centre") as plain:
        opened = open_unit(plain.url)
    with serve() as running:
        assert running.url.startswith("https://localhost:")
        with enrolled(tmp_path / "home", running.url, opened) as clerk:
            clerk.enrols(staff(2))
            month = clerk.prepares()
            clerk.signs()
    with open_desk(tmp_path / "home", clerk.clock) as desk:
        clerk.base = desk
        for code, wrong in WRONG.items():
            with serve(**wrong) as false:
                told = clerk.syncs()
                assert {one.code for one in told.tried.values()} == {code}
                assert at_centre(false, clerk.unit_number) == []
            clerk.waits(3600)
        with serve(), monkeypatch.context() as patched:
            sent: list[requests.PreparedRequest] = []
            patched.setattr(requests.Session, "send", noting(sent))
            clerk.settles()
            assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
            replayed(next(one for one in sent if "Signature" in one.headers), tmp_path / "certs" / "root.pem")


WRONG: dict[str, dict[str, Any]] = {
    "tls-unknown-issuer": {"authority": pki.Authority.create_root("机关内部 CA", NOW)},
    "tls-wrong-host": {"host": "centre.example"},
    "tls-expired": {"days": -2},
}


def noting(sent: list[requests.PreparedRequest]) -> Callable[..., requests.Response]:
    """Requests go out as they are, and a copy of each is kept."""
    plain = requests.Session.send

    def send(session: requests.Session, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        sent.append(request.copy())
        return plain(session, request, **how)

    return send


def replayed(request: requests.PreparedRequest, anchor: Path) -> None:
    """Somebody who got hold of a signed request, word for word, sends it within the five minutes."""
    with requests.Session() as thief:
        answer = thief.send(request, verify=str(anchor), timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature-refused")
