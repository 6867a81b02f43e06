"""Signatures stamped by the authority that was set: asked over HTTP, verified before anything is queued."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.office import Office, office, open_unit, practice_centre, staff
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.seal import pki
from unitclient.seal.container import verify_container
from unitclient.seal.timestamp import LocalAuthority
from unitclient.seal.trust import TrustStore
from unitclient.store.settings import put_setting
from unitclient.workflows.centre import trust_for_signing
from unitclient.workflows.signing import sign_and_queue, to_sign
from unitclient.workflows.stamping import stamper_of


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as made:
        yield made


@pytest.fixture
def authority(clerk: Office) -> Iterator[tuple[str, TrustStore]]:
    """(address, trust) of a time-stamp authority that listens on this computer."""
    now = clerk.desk.now()
    root = pki.Authority.create_root("时间戳根", now - timedelta(days=1))
    key = pki.new_key()
    validity = pki.Validity.around(now, 365)
    issued = root.issue_timestamper(pki.name("时间戳服务"), key.public_key(), validity)
    local = LocalAuthority(root.credential_for(key, issued).signer(), clerk.desk.clock)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = local.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", TrustStore.from_pem(root.certificate_pem)
    server.shutdown()
    server.server_close()


def set_url(clerk: Office, url: str) -> None:
    with clerk.base.store.write("setting.change", subject="tsa.url"):
        put_setting(clerk.base.store, "tsa.url", url)


def test_nobody_stamps_unless_somebody_was_set(clerk: Office) -> None:
    assert stamper_of(clerk.base.store) is None
    set_url(clerk, "  ")
    assert stamper_of(clerk.base.store) is None


def test_a_stamp_is_in_the_container(clerk: Office, authority: tuple[str, TrustStore]) -> None:
    url, trust = authority
    set_url(clerk, url)
    clerk.enrols(staff(1))
    clerk.prepares()
    believed = trust_for_signing(clerk.unit).joined(trust)
    waiting = to_sign(clerk.desk, clerk.unit)
    signed = sign_and_queue(
        clerk.desk, clerk.unit, waiting, clerk.signer, believed, timestamper=stamper_of(clerk.base.store)
    )
    assert len(signed) == 2
    check = verify_container(clerk.queued(signed[0].submission_id).container, believed, clerk.desk.now())
    assert check.ok, check.code
    assert check.signature is not None
    assert check.signature.timestamp_time is not None


def test_an_authority_that_is_away_signs_nothing(clerk: Office) -> None:
    set_url(clerk, "http://127.0.0.1:9/")
    clerk.enrols(staff(1))
    clerk.prepares()
    stamper = stamper_of(clerk.base.store)
    with pytest.raises(UserError) as refused:
        sign_and_queue(
            clerk.desk,
            clerk.unit,
            to_sign(clerk.desk, clerk.unit),
            clerk.signer,
            trust_for_signing(clerk.unit),
            timestamper=stamper,
        )
    assert refused.value.code == "stamp-unreachable"
    assert len(to_sign(clerk.desk, clerk.unit)) == 2
