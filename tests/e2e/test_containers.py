"""A container that somebody changed; and a submission carried out as a file, its receipt brought back as one."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.e2e.office import Office, at_centre, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.sync.protocol import CONTAINER_TYPE
from unitclient.texts import finding_texts
from unitclient.workflows.centre import trust_of
from unitclient.workflows.queueing import export, import_reply, withdraw
from unitclient.workflows.verifying import verify_file

MANIFEST, SIGNATURE, DECLARATION = "META-INF/ASiCManifest.xml", "META-INF/signature.p7s", "declaration.json"


def put(url: str, clerk: Office, submission_id: str, data: bytes) -> requests.Response:
    """Carry a file to the centre by hand."""
    path = f"{url}/v1/units/{clerk.unit_number}/submissions/{submission_id}"
    return requests.put(path, data=data, headers={"Content-Type": CONTAINER_TYPE}, timeout=30)


def parts(container: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(container)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(entries: list[tuple[str, bytes]], *, comment: bytes = b"") -> bytes:
    """A ZIP file of these entries, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
        archive.comment = comment
    return out.getvalue()


def with_entry(container: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same container with one entry's bytes changed; the ZIP itself is sound."""
    return packed([(entry, change(data) if entry == name else data) for entry, data in parts(container).items()])


def flipped(data: bytes, at: int = -1) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def other_name(declaration: bytes) -> bytes:
    return declaration.replace("员".encode(), "贠".encode())


def other_digest(manifest: bytes) -> bytes:
    return manifest.replace(b"DigestValue>", b"DigestValue>A", 1)


def other_signature(container: bytes) -> bytes:
    """The last byte of the CMS belongs to the signature value."""
    return with_entry(container, SIGNATURE, flipped)


TAMPERED: dict[str, Callable[[bytes], bytes]] = {
    "a wage in the declaration": lambda c: with_entry(c, DECLARATION, lambda d: d.replace(b"613750", b"713750", 1)),
    "a name in the declaration": lambda c: with_entry(
        c, DECLARATION, lambda d: d.replace("员".encode(), "贠".encode())
    ),
    "a digest in the manifest": lambda c: with_entry(
        c, MANIFEST, lambda d: d.replace(b"DigestValue>", b"DigestValue>A", 1)
    ),
    "a blank in the manifest": lambda c: with_entry(c, MANIFEST, lambda d: d.replace(b"?>", b"?> ", 1)),
    "the signature value": other_signature,
    "the signed attributes": lambda c: with_entry(c, SIGNATURE, lambda d: flipped(d, d.rfind(b"\x04\x20") + 5)),
    "the signature cut short": lambda c: with_entry(c, SIGNATURE, lambda d: d[:-10]),
    "no signature": lambda c: packed([(n, d) for n, d in parts(c).items() if n != SIGNATURE]),
    "no manifest": lambda c: packed([(n, d) for n, d in parts(c).items() if n != MANIFEST]),
    "no declaration": lambda c: packed([(n, d) for n, d in parts(c).items() if n != DECLARATION]),
    "an entry too many": lambda c: packed([*parts(c).items(), ("attachments/x.txt", b"x")]),
    "an entry of another folder": lambda c: packed([*parts(c).items(), ("../x.txt", b"x")]),
    "another mimetype": lambda c: with_entry(c, "mimetype", lambda _: b"application/zip"),
    "mimetype not first": lambda c: packed(list(reversed(parts(c).items()))),
    "the end of the file": lambda c: c[:-30],
    "bytes before it": lambda c: b"PK\x03\x04" + c,
    "bytes after it": lambda c: c + b"x",
    "a comment": lambda c: packed(list(parts(c).items()), comment=b"hello"),
    "no ZIP at all": lambda _: b"not a container",
    "nothing": lambda _: b"",
}


@pytest.fixture(scope="module")
def carried(centre: RunningCentre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str, bytes]]:
    """An office with one signed enrolment, and its container."""
    home = tmp_path_factory.mktemp("carried")
    with office(home / "home", centre.url, open_unit(centre.url)) as clerk:
        clerk.enrols(staff(2))
        enrolment = clerk.prepares().others[0][0]
        clerk.signs(enrolment)
        yield clerk, enrolment, clerk.queued(enrolment).container


@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_container_is_refused_here_and_there(
    centre: RunningCentre, tmp_path: Path, carried: tuple[Office, str, bytes], what: str
) -> None:
    """`verify` says no with words, the centre refuses and stores nothing."""
    clerk, enrolment, container = carried
    tampered = TAMPERED[what](container)
    assert tampered != container
    path = tmp_path / "tampered.asice"
    path.write_bytes(tampered)
    verified = verify_file(path, trust_of(clerk.unit), clerk.desk.now())
    assert not verified.ok
    assert verified.findings
    for finding in verified.findings:
        assert all(finding_texts(finding.code, finding.params))
    answer = put(centre.url, clerk, enrolment, tampered)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] in ("signature-invalid", "schema-invalid", "bad-length", "too-large")
    assert at_centre(centre, clerk.unit_number) == []


def test_the_container_as_it_was_made_holds(tmp_path: Path, carried: tuple[Office, str, bytes]) -> None:
    """The counterpart: what was not changed is verified, and packing alone changes nothing that matters."""
    clerk, enrolment, container = carried
    path = export(clerk.desk, enrolment, tmp_path)
    assert path.read_bytes() == container
    repacked = tmp_path / "repacked.asice"
    repacked.write_bytes(packed(list(parts(container).items())))
    assert verify_file(repacked, trust_of(clerk.unit), clerk.desk.now()).ok
    verified = verify_file(path, trust_of(clerk.unit), clerk.desk.now())
    assert verified.ok, verified.findings
    assert verified.content["submission_id"] == enrolment
    assert clerk.unit_number in verified.signer or clerk.unit.name in verified.signer


def test_every_single_byte_matters(carried: tuple[Office, str, bytes], tmp_path: Path) -> None:
    """A flipped bit is found wherever it is: in names, lengths, dates, digests, text."""
    clerk, _, container = carried
    path = tmp_path / "flipped.asice"
    step = max(1, len(container) // 150)
    for at in range(0, len(container), step):
        path.write_bytes(flipped(container, at))
        verified = verify_file(path, trust_of(clerk.unit), clerk.desk.now())
        # ZIP repeats dates and lengths in its directory; what is not compared must not change what is read.
        assert not verified.ok or parts(path.read_bytes()) == parts(container), at


def exported(clerk: Office, folder: Path) -> tuple[str, bytes]:
    """A signed enrolment, carried out as a file."""
    clerk.enrols(staff(2))
    enrolment = clerk.prepares().others[0][0]
    clerk.signs(enrolment)
    return enrolment, export(clerk.desk, enrolment, folder).read_bytes()


def test_carried_by_hand_and_the_receipt_brought_back(centre: RunningCentre, clerk: Office, tmp_path: Path) -> None:
    """报盘 and 回盘: the receipt from the file counts as if it had come over the network."""
    enrolment, container = exported(clerk, tmp_path)
    answer = put(centre.url, clerk, enrolment, container)
    assert answer.status_code == 201
    reply = tmp_path / "reply.json"
    reply.write_bytes(answer.content)
    told = import_reply(clerk.desk, clerk.unit, reply)
    assert (told["id"], told["timely"]) == (enrolment, True)
    assert clerk.tracks(enrolment) == ("delivered", "received", None)
    assert clerk.status(enrolment).declaration.acceptance_number == told["acceptance_number"]
    assert import_reply(clerk.desk, clerk.unit, reply) == told, "a second time changes nothing"
    assert [state for track, state in clerk.history(enrolment) if track == "acceptance"] == ["received"]
    clerk.settles()
    assert clerk.tracks(enrolment) == ("delivered", "accepted", None)
    assert len(at_centre(centre, clerk.unit_number)) == 1, "sync did not send it again"


def test_carried_by_hand_and_sent_as_well(centre: RunningCentre, clerk: Office, tmp_path: Path) -> None:
    """Nobody brought the receipt back: the sync sends the same bytes and gets the same receipt."""
    enrolment, container = exported(clerk, tmp_path)
    first = put(centre.url, clerk, enrolment, container).json()
    clerk.settles()
    assert clerk.tracks(enrolment) == ("delivered", "accepted", None)
    assert clerk.queued(enrolment).receipt == base64.b64decode(first["receipt"]["document"])
    assert len(at_centre(centre, clerk.unit_number)) == 1


def test_withdrawn_here_but_carried_there_all_the_same(centre: RunningCentre, clerk: Office, tmp_path: Path) -> None:
    """A copy on a stick was delivered after all: the receipt tells the truth, whatever we thought."""
    enrolment, container = exported(clerk, tmp_path)
    withdraw(clerk.desk, clerk.unit, enrolment)
    reply = tmp_path / "reply.json"
    reply.write_bytes(put(centre.url, clerk, enrolment, container).content)
    import_reply(clerk.desk, clerk.unit, reply)
    assert clerk.tracks(enrolment)[:2] == ("delivered", "received")
    clerk.settles()
    assert clerk.tracks(enrolment)[:2] == ("delivered", "accepted")


def test_replies_that_do_not_count(centre: RunningCentre, clerk: Office, tmp_path: Path) -> None:
    """Changed, of another submission, of no service, no reply at all: refused by name, and no track moves."""
    enrolment, container = exported(clerk, tmp_path)
    genuine = put(centre.url, clerk, enrolment, container).json()["receipt"]
    said = base64.b64decode(genuine["document"])
    changed = {**genuine, "document": base64.b64encode(said.replace(b'"timely":true', b'"timely":null')).decode()}
    with office(tmp_path / "other", centre.url, open_unit(centre.url)) as other:
        stranger, their = exported(other, tmp_path / "their")
        theirs = put(centre.url, other, stranger, their).json()["receipt"]
    unsigned = {"document": genuine["document"], "cms": base64.b64encode(b"x").decode()}
    wrong = {
        "reply-not-believed": [changed, theirs, unsigned],
        "reply-unreadable": [{}, [], "", {"document": genuine["document"]}, {"receipt": 5}],
    }
    path = tmp_path / "reply.json"
    for code, replies in wrong.items():
        for reply in replies:
            path.write_text(json.dumps(reply))
            with pytest.raises(UserError) as refused:
                import_reply(clerk.desk, clerk.unit, path)
            assert refused.value.code == code, reply
    with pytest.raises(UserError) as refused:
        import_reply(clerk.desk, clerk.unit, tmp_path / "nothing.json")
    assert refused.value.code == "file-missing"
    assert clerk.tracks(enrolment) == ("queued", None, None)


def test_the_receipt_of_a_submission_we_never_made(centre: RunningCentre, tmp_path: Path) -> None:
    """Of our own unit, but from another computer: it is genuine, and not ours to file."""
    opened = open_unit(centre.url)
    with (
        office(tmp_path / "upstairs", centre.url, opened) as first,
        office(tmp_path / "downstairs", centre.url, opened) as second,
    ):
        enrolment, container = exported(first, tmp_path)
        path = tmp_path / "reply.json"
        path.write_bytes(put(centre.url, first, enrolment, container).content)
        with pytest.raises(UserError) as refused:
            import_reply(second.desk, second.unit, path)
        assert refused.value.code == "reply-for-another"
