"""Time stamps all the way: an authority over HTTP, the stamp in the container, the centre that keeps its own time."""

from __future__ import annotations

import socket
from datetime import UTC
from pathlib import Path

from tests.e2e.office import TODAY, Office, staff
from tests.sync.sockets import listening, read_request
from unitclient.clock import ShiftedClock
from unitclient.seal import pki
from unitclient.seal.container import verify_container
from unitclient.seal.timestamp import LocalAuthority
from unitclient.store.outbox import get_submission
from unitclient.store.settings import put_setting
from unitclient.sync.protocol import Acceptance
from unitclient.workflows.centre import trust_for_signing
from unitclient.workflows.settings import TSA_CA_FILE, TSA_URL
from unitclient.workflows.signing import sign_and_queue, to_sign
from unitclient.workflows.status import status
from unitclient.workflows.timestamps import timestamper, trust_with_authority


def authority(clerk: Office, folder: Path) -> LocalAuthority:
    """A time-stamp authority that the centre has never heard of; its root is in folder/tsa.pem."""
    since = TODAY.astimezone(UTC)
    root = pki.Authority.create_root("时间戳根", since)
    key = pki.new_key()
    certificate = root.issue_timestamper(pki.name("时间戳"), key.public_key(), pki.Validity.around(since, 300))
    (folder / "tsa.pem").write_bytes(root.certificate_pem)
    clock = clerk.desk.clock
    assert isinstance(clock, ShiftedClock)
    return LocalAuthority(root.credential_for(key, certificate).signer(), clock)


def test_a_month_with_time_stamps_goes_to_its_slip(own_clerk: Office, tmp_path: Path) -> None:
    """The centre counts by its own time of receipt: a stamp of an authority it does not know is no reason to refuse."""
    clerk = own_clerk
    clerk.enrols(staff(2))
    prepared = clerk.prepares()
    stamping = authority(clerk, tmp_path)

    def answer(connection: socket.socket) -> None:
        body = stamping.answer(read_request(connection).partition(b"\r\n\r\n")[2])
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {len(body)}\r\n"
        connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + body)

    with listening(answer) as url:
        with clerk.base.store.write("setting.change"):
            put_setting(clerk.base.store, TSA_URL, url)
            put_setting(clerk.base.store, TSA_CA_FILE, str(tmp_path / "tsa.pem"))
        desk, unit = clerk.desk, clerk.unit
        trust = trust_with_authority(desk, trust_for_signing(unit))
        sign_and_queue(desk, unit, to_sign(desk, unit), clerk.signer, trust, timestamper=timestamper(desk))
    clerk.settles()
    known = status(clerk.desk, clerk.unit, prepared.declaration_id).declaration
    assert (known.acceptance, known.money) == (Acceptance.ACCEPTED, "receipted")
    row = get_submission(clerk.desk.store, prepared.declaration_id)
    assert row is not None
    check = verify_container(row.container, trust, clerk.desk.now())
    assert check.signature is not None
    assert check.signature.timestamp_time is not None
