"""The record of attempts: what it says, that it says nothing about persons, and that nobody can change or forge it."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.office import MONTH, Office, at_centre, faults, id_number, open_unit, signer_of, staff
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.seal.cms import build_detached
from unitclient.seal.signer import Signer
from unitclient.sync.protocol import SignedDocument, canonical
from unitclient.workflows.outage import attempt_record, write_record
from unitclient.workflows.verifying import known_trust, verify_file


def verified(clerk: Office, path: Path) -> tuple[bool, dict[str, object]]:
    told = verify_file(path, known_trust(clerk.base), clerk.desk.now())
    return told.ok, told.content


def forged(path: Path, document: bytes, signer: Signer, at: datetime) -> Path:
    """A file in the form of a signed document."""
    wire = SignedDocument(document, build_detached(document, signer, at)).to_wire()
    path.write_text(json.dumps(wire), "utf-8")
    return path


def test_the_record_of_an_evening(own_centre: RunningCentre, own_clerk: Office, tmp_path: Path) -> None:
    """No line, then a full intake, then delivered; the times are the centre's, whatever this computer's clock says."""
    with pytest.raises(UserError) as refused:
        attempt_record(own_clerk.desk, own_clerk.unit, MONTH)
    assert refused.value.code == "no-attempts"
    own_clerk.enrols(staff(1))
    own_clerk.prepares()
    own_clerk.signs()
    url = own_clerk.unit.centre_url
    own_clerk.moves_to("http://127.0.0.1:9")
    own_clerk.syncs()
    own_clerk.moves_to(url)
    faults(own_centre.url, unavailable=1, retry_after_s=20)
    own_clerk.waits(30)
    own_clerk.syncs()
    own_clerk.waits(60)
    own_clerk.settles()
    record = attempt_record(own_clerk.desk, own_clerk.unit, MONTH)
    told = record.content()
    assert [(one["answer_of"], one["code"]) for one in told["attempts"]] == [
        ("network", "no-connection"),
        ("centre", "intake-full"),
        ("centre", "receipt"),
        ("centre", "receipt"),
    ]
    assert (record.attempts, record.failed) == (4, 2)
    assert {one["clock"] for one in told["attempts"]} == {"centre"}
    centre_now = own_centre.state.core.clock.now()
    assert all(abs(datetime.fromisoformat(one["at"]) - centre_now) < timedelta(minutes=3) for one in told["attempts"])
    assert [form for form, _, _ in at_centre(own_centre, own_clerk.unit_number)] == ["enrol", "monthly"]
    assert all(one["received_at"] and one["deadline"] for one in told["submissions"])
    for personal in (id_number(1), "员工", "经办人"):
        assert personal not in record.document.decode()

    files = write_record(own_clerk.desk, own_clerk.unit, record, own_clerk.signer, tmp_path / "out")
    for path in files.values():
        ok, content = verified(own_clerk, path)
        assert ok
        assert (content["kind"], content["unit_number"]) == ("attempts", own_clerk.unit_number)
        broken = bytearray(path.read_bytes())
        broken[len(broken) // 2] ^= 1
        path.write_bytes(broken)
        assert not verified(own_clerk, path)[0]


def test_nobody_forges_a_record_or_the_centres_word(clerk: Office, tmp_path: Path) -> None:
    """A unit signs records of attempts and nothing else; a stranger's key signs nothing."""
    at = clerk.desk.now()
    record = canonical({"v": 1, "kind": "attempts", "unit_number": clerk.unit_number})
    receipt = canonical({"v": 1, "kind": "receipt", "unit_number": clerk.unit_number, "timely": True})
    assert verified(clerk, forged(tmp_path / "own.json", record, clerk.signer, at))[0]
    assert not verified(clerk, forged(tmp_path / "receipt.json", receipt, clerk.signer, at))[0]
    swapped = json.loads((tmp_path / "own.json").read_text("utf-8"))
    swapped["document"] = base64.b64encode(canonical({"v": 1, "kind": "attempts", "unit_number": "9"})).decode()
    (tmp_path / "swapped.json").write_text(json.dumps(swapped), "utf-8")
    assert not verified(clerk, tmp_path / "swapped.json")[0]


def test_another_units_key_is_refused(clerk: Office, tmp_path: Path) -> None:
    clerk.enrols(staff(1))
    clerk.prepares()
    clerk.signs()
    clerk.syncs()
    record = attempt_record(clerk.desk, clerk.unit)
    stranger = signer_of(open_unit(clerk.unit.centre_url, "别的单位"))
    with pytest.raises(UserError) as refused:
        write_record(clerk.desk, clerk.unit, record, stranger, tmp_path)
    assert refused.value.code == "key-of-another-unit"
    assert list(tmp_path.glob("*.pdf")) == []
