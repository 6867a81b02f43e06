"""Answers that somebody changed on the way, or gave in the centre's place: nothing of them is believed.

`wire_to` stands in for the hostile network; every request still reaches the real centre.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.office import Office, at_centre, office, open_unit, practice_centre, signer_of, staff
from tests.e2e.wire import Wire, unaltered, wire_to
from unitclient.app import open_desk
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.store.feed import cursor
from unitclient.store.units import list_units
from unitclient.sync.protocol import canonical
from unitclient.workflows.centre import open_engine
from unitclient.workflows.roster import roster
from unitclient.workflows.units import Enrolment, enrol_unit

Json = dict[str, Any]


@pytest.fixture
def wire(centre: RunningCentre) -> Iterator[Wire]:
    with wire_to(centre.url) as opened:
        yield opened


@pytest.fixture
def watched(centre: RunningCentre, wire: Wire, tmp_path: Path) -> Iterator[Office]:
    """An office that reaches the centre through the wire."""
    with office(tmp_path / "home", wire.url, open_unit(centre.url)) as clerk:
        yield clerk


def queued(clerk: Office) -> str:
    clerk.enrols(staff(2))
    enrolment = clerk.prepares().others[0][0]
    clerk.signs(enrolment)
    return enrolment


def said(change: Callable[[Json], Json]) -> Callable[[Json], Json]:
    """Changes what a signed document says and leaves its signature as it was."""

    def changed(wire: Json) -> Json:
        content = json.loads(base64.b64decode(wire["document"]))
        return {**wire, "document": base64.b64encode(canonical(change(content))).decode()}

    return changed


def unsigned(wire: Json) -> Json:
    """The CMS with one bit of the signature value flipped."""
    cms = bytearray(base64.b64decode(wire["cms"]))
    cms[-1] ^= 1
    return {**wire, "cms": base64.b64encode(bytes(cms)).decode()}


def on(path_end: str, change: Callable[[Json], Json]) -> Callable[[str, str, int, bytes], tuple[int, bytes]]:
    """Change the JSON of good answers whose path ends so."""

    def alter(_method: str, path: str, status: int, body: bytes) -> tuple[int, bytes]:
        if status >= 300 or not path.partition("?")[0].endswith(path_end):
            return status, body
        return status, json.dumps(change(json.loads(body))).encode()

    return alter


RECEIPTS: dict[str, Callable[[Json], Json]] = {
    "another time": said(lambda content: {**content, "received_at": "2026-11-01T00:00:00+08:00"}),
    "late made timely": said(lambda content: {**content, "timely": not content["timely"]}),
    "another digest": said(lambda content: {**content, "sha256": "0" * 64}),
    "a broken signature": unsigned,
    "no signature": lambda wire: {**wire, "cms": ""},
    "no document": lambda wire: {"cms": wire["cms"]},
}


@pytest.mark.parametrize("what", RECEIPTS)
def test_a_changed_receipt_leaves_the_outcome_unknown(
    centre: RunningCentre, wire: Wire, watched: Office, what: str
) -> None:
    """Not believed is not refused: the submission stays unknown, and the genuine receipt settles it later."""
    enrolment = queued(watched)
    change = RECEIPTS[what]
    wire.alter = on(f"/submissions/{enrolment}", lambda told: {**told, "receipt": change(told["receipt"])})
    with open_engine(watched.desk, watched.unit) as engine:
        engine.send_due()
    assert watched.tracks(enrolment) == ("unknown", None, None)
    assert len(at_centre(centre, watched.unit_number)) == 1
    wire.alter = unaltered
    watched.waits(30)
    watched.settles()
    assert watched.tracks(enrolment) == ("delivered", "accepted", None)


def in_feed(kind: str, change: Callable[[Json], Json]) -> Callable[[Json], Json]:
    """Change the signed documents of one kind on a page of the feed."""

    def alter(page: Json) -> Json:
        for entry in page["changes"]:
            if entry["kind"] == kind:
                entry["signed"] = change(entry["signed"])
        return page

    return alter


@pytest.mark.parametrize(
    "change",
    [
        said(lambda content: {**content, "accepted": content["accepted"] + 1}),
        said(lambda content: {**content, "state": "returned"}),
        unsigned,
    ],
)
def test_a_changed_decision_moves_nothing(wire: Wire, watched: Office, change: Callable[[Json], Json]) -> None:
    """A page with one document that does not hold is not taken: no track and no cursor moves until it is genuine."""
    enrolment = queued(watched)
    wire.alter = on("/changes", in_feed("acceptance", change))
    before = cursor(watched.base.store, watched.unit_number)
    result = watched.syncs()
    while result.trouble == "":
        assert watched.tracks(enrolment)[1] in (None, "received")
        before = cursor(watched.base.store, watched.unit_number)
        result = watched.syncs()
    assert result.trouble in ("centre-signature-invalid", "centre-content-changed", "centre-crl-missing")
    assert watched.tracks(enrolment) == ("delivered", "received", None)
    assert cursor(watched.base.store, watched.unit_number) == before
    assert {entry.state for entry in roster(watched.desk, watched.unit)} == {"pending"}
    wire.alter = unaltered
    watched.settles()
    assert watched.tracks(enrolment) == ("delivered", "accepted", None)


def test_a_changed_roster_is_not_taken_over(wire: Wire, watched: Office) -> None:
    """A person taken off the roster on the way stays on it here."""
    enrolment = queued(watched)
    wire.alter = on("/roster", said(lambda content: {**content, "persons": []}))
    result = watched.syncs()
    while watched.tracks(enrolment)[1] != "accepted":
        result = watched.syncs()
    assert result.trouble == "centre-content-changed"
    wire.alter = unaltered
    watched.settles()
    watched.syncs()
    assert len(roster(watched.desk, watched.unit)) == 2


def test_a_document_of_another_centre_is_not_believed(wire: Wire, watched: Office, tmp_path: Path) -> None:
    """Genuine, signed and complete, but by another service: an office believes its own centre only."""
    enrolment = queued(watched)
    with (
        practice_centre(tmp_path / "other") as other,
        office(tmp_path / "there", other.url, open_unit(other.url)) as stranger,
    ):
        theirs = queued(stranger)
        stranger.settles()
        receipt = stranger.queued(theirs)
    assert receipt.receipt is not None
    assert receipt.receipt_cms is not None
    foreign = {
        "document": base64.b64encode(receipt.receipt).decode(),
        "cms": base64.b64encode(receipt.receipt_cms).decode(),
    }
    wire.alter = on(f"/submissions/{enrolment}", lambda told: {**told, "receipt": foreign})
    result = watched.syncs()
    assert result.tried[enrolment].code == "centre-certificate-unknown-issuer"


def test_a_receipt_for_another_submission_of_ours_does_not_count(
    centre: RunningCentre, wire: Wire, watched: Office
) -> None:
    """Replayed: genuine, ours, and about other bytes."""
    first = queued(watched)
    watched.settles()
    old = watched.queued(first)
    assert old.receipt is not None
    assert old.receipt_cms is not None
    replay = {"document": base64.b64encode(old.receipt).decode(), "cms": base64.b64encode(old.receipt_cms).decode()}
    month = watched.prepares()
    watched.signs()
    wire.alter = on(f"/submissions/{month.declaration_id}", lambda told: {**told, "receipt": replay})
    result = watched.syncs()
    assert result.tried[month.declaration_id].code == "receipt-for-other-bytes"


def test_enrolling_at_a_centre_that_is_not_the_one_trusted(centre: RunningCentre, tmp_path: Path) -> None:
    """The centre proves itself before anything is signed for it: with other authorities there is no enrolment."""
    with practice_centre(tmp_path / "other") as other:
        opened = open_unit(other.url)
    ours = open_unit(centre.url)
    with open_desk(tmp_path / "home") as desk:
        with pytest.raises(UserError) as refused:
            enrol_unit(desk, Enrolment(centre.url, opened["ca_pem"], {}), signer_of(ours))
        assert refused.value.code == "centre-not-believed"
        assert list_units(desk.store) == []


@pytest.mark.parametrize("path_end", ["/v1/service", "/v1/devices/challenges", "/v1/devices", "/changes", "/v1/crl"])
def test_enrolling_where_an_answer_makes_no_sense(
    centre: RunningCentre, wire: Wire, tmp_path: Path, path_end: str
) -> None:
    """Whatever one request is answered with, enrolling is refused with a reason or done; never a fault of ours."""
    opened = open_unit(centre.url)
    signer = signer_of(opened)
    senseless = (*GARBAGE, b'{"unit": 7, "device_id": []}', b'{"challenge": "?"}', b'{"document": "e30=", "cms": ""}')
    for number, body in enumerate(senseless):
        wire.alter = on_bytes(path_end, body)
        with open_desk(tmp_path / f"home{number}") as desk:
            refused = refusal_of(partial(enrol_unit, desk, Enrolment(wire.url, opened["ca_pem"], {}), signer))
        known = ("centre-no-answer", "centre-not-believed", "centre-refused")
        # A revocation list that cannot be had is no reason to stop.
        assert refused in known or (refused == "" and path_end == "/v1/crl"), (body, refused)


def refusal_of(act: Callable[[], object]) -> str:
    """The code of what an act is refused with, "" when it is not."""
    try:
        act()
    except UserError as refusal:
        return refusal.code
    return ""


def on_bytes(path_end: str, body: bytes) -> Callable[[str, str, int, bytes], tuple[int, bytes]]:
    """Another body in every answer whose path ends so."""

    def alter(_method: str, path: str, status: int, genuine: bytes) -> tuple[int, bytes]:
        return (200, body) if path.partition("?")[0].endswith(path_end) else (status, genuine)

    return alter


GARBAGE = (b"", b"{}", b"[]", b"null", b"<html>login</html>", b'{"receipt": 7}', b'{"receipt": {}}', b"\xff\xfe")


@pytest.mark.parametrize("body", GARBAGE)
def test_an_answer_that_makes_no_sense_leaves_the_outcome_unknown(wire: Wire, watched: Office, body: bytes) -> None:
    """A captive portal, a broken proxy: 200 with something else in it is no receipt, no refusal, and no crash."""
    enrolment = queued(watched)
    wire.alter = lambda _method, _path, _status, _body: (200, body)
    result = watched.syncs()
    assert result.tried[enrolment].code == "answer-unreadable"
    assert result.trouble == "answer-unreadable"
    assert watched.tracks(enrolment) == ("unknown", None, None)


@pytest.mark.parametrize("status", [302, 403, 404, 407, 500, 502, 503, 504])
def test_a_refusal_that_is_not_the_centres(wire: Wire, watched: Office, status: int) -> None:
    """A gateway's own error page is no word of the centre: nothing is parked because of it."""
    enrolment = queued(watched)
    wire.alter = lambda _method, _path, _status, _body: (status, b"<html>gateway</html>")
    result = watched.syncs()
    assert watched.tracks(enrolment)[0] in ("queued", "unknown")
    assert result.trouble
    wire.alter = unaltered
    watched.waits(3600)
    watched.settles()
    assert watched.tracks(enrolment) == ("delivered", "accepted", None)
