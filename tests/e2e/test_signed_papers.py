"""Signed papers from a real centre: fetched, kept, written, verified by whoever gets them; nothing unsound is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.documents.papers import text_of
from tests.e2e.office import Office, staff
from unitclient.errors import UserError
from unitclient.seal.pdffile import PdfFile
from unitclient.store.documents import latest_document
from unitclient.store.papers import get_paper
from unitclient.sync.client import CentreClient
from unitclient.sync.outcomes import NotSent
from unitclient.sync.protocol import DocumentKind, SignedDocument
from unitclient.workflows.centre import trust_of
from unitclient.workflows.papers import SIGNED_KINDS, signed_paper, write_signed_papers
from unitclient.workflows.verifying import Verified, known_trust, verify_file


@pytest.fixture
def month(clerk: Office) -> str:
    """A month that went all the way; its declaration."""
    clerk.enrols(staff(2))
    return clerk.declares().declaration_id


def checked(clerk: Office, path: Path, data: bytes | None = None) -> Verified:
    if data is not None:
        path.write_bytes(data)
    return verify_file(path, known_trust(clerk.desk), clerk.desk.now())


def gone(*_: object) -> bytes:
    raise NotSent("no-connection")


def test_every_signed_paper_of_a_month_is_written_and_holds(clerk: Office, month: str, tmp_path: Path) -> None:
    papers, refusal = write_signed_papers(clerk.desk, clerk.unit, month, tmp_path)
    assert refusal is None
    assert list(papers) == [f"signed_{kind}" for kind in SIGNED_KINDS if kind is not DocumentKind.REFUND]
    for name, path in papers.items():
        answer = checked(clerk, path)
        assert answer.ok, (name, answer.findings)
        assert answer.content["kind"] == name.removeprefix("signed_")
        assert answer.content["pages"] == 1
        assert answer.content["submission_id"] == month
        assert "practice-" in answer.signer
        assert clerk.unit.name in text_of(path.read_bytes(), tmp_path)


def test_without_a_centre_what_was_fetched_before_is_there(
    clerk: Office, month: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bill = latest_document(clerk.desk.store, clerk.unit_number, DocumentKind.BILL, month)
    assert bill is not None
    first = signed_paper(clerk.desk, clerk.unit, bill)
    monkeypatch.setattr(CentreClient, "paper", gone)
    papers, refusal = write_signed_papers(clerk.desk, clerk.unit, month, tmp_path)
    assert list(papers) == ["signed_bill"]
    assert papers["signed_bill"].read_bytes() == first
    assert refusal is not None
    assert refusal.code == "centre-unreachable"
    with pytest.raises(UserError) as unknown:
        write_signed_papers(clerk.desk, clerk.unit, "0", tmp_path)
    assert unknown.value.code == "declaration-unknown"


def test_a_paper_of_another_document_is_not_kept(clerk: Office, month: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A genuine paper of the centre in the place of another one, and one that was changed on the way."""
    store, unit = clerk.desk.store, clerk.unit
    bill = latest_document(store, clerk.unit_number, DocumentKind.BILL, month)
    slip = latest_document(store, clerk.unit_number, DocumentKind.SLIP, month)
    assert bill is not None
    assert slip is not None
    genuine = signed_paper(clerk.desk, unit, bill)
    for given in (genuine, genuine + b"\n", b"<html>proxy</html>", b""):
        monkeypatch.setattr(CentreClient, "paper", lambda *_, given=given: given)
        with pytest.raises(UserError) as refusal:
            signed_paper(clerk.desk, unit, slip)
        assert refusal.value.code == "centre-not-believed"
        assert get_paper(store, clerk.unit_number, slip.sha256) is None


def test_what_somebody_did_to_a_paper_is_told(clerk: Office, month: str, tmp_path: Path) -> None:
    papers, _ = write_signed_papers(clerk.desk, clerk.unit, month, tmp_path)
    good = papers["signed_slip"].read_bytes()
    file = PdfFile(good)
    page = good.find(b"stream\n", good.find(b"%d 0 obj" % file.pages()[0])) + 20
    inside = good.find(b"stream\n", good.find(b"application#2Fjson")) + 20
    path = tmp_path / "handed-over.pdf"
    flipped = [good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :] for place in (page, inside)]
    cases = {
        "SEAL_CONTENT_CHANGED": flipped,
        "SEAL_PDF_ADDED_TO": [good + b"1 0 obj\n<< /Type /Catalog >>\nendobj\n"],
        "SEAL_PDF_CUT": [good[:-40], good[: len(good) // 2]],
        "SEAL_PDF_BROKEN": [b"", b"not a PDF at all"],
    }
    for code, files in cases.items():
        for data in files:
            answer = checked(clerk, path, data)
            assert not answer.ok
            assert [finding.code for finding in answer.findings] == [code]
            assert answer.content == {}


def test_a_print_is_no_proof(clerk: Office, month: str, tmp_path: Path) -> None:
    from unitclient.workflows.statements import write_papers

    printed = write_papers(clerk.desk, clerk.unit, month, tmp_path)["receipt"]
    assert [finding.code for finding in checked(clerk, printed).findings] == ["SEAL_PDF_UNSIGNED"]
    assert "打印件" in text_of(printed.read_bytes(), tmp_path)


def test_another_centres_paper_is_not_believed(clerk: Office, month: str, tmp_path: Path) -> None:
    papers, _ = write_signed_papers(clerk.desk, clerk.unit, month, tmp_path)
    answer = verify_file(papers["signed_slip"], replace(known_trust(None), crls=()), clerk.desk.now())
    assert [finding.code for finding in answer.findings] == ["SEAL_CERTIFICATE_UNKNOWN_ISSUER"]
    assert verify_file(papers["signed_slip"], trust_of(clerk.unit), clerk.desk.now()).ok, "with nothing but its root"


def test_the_document_inside_is_the_one_that_came_by_the_feed(clerk: Office, month: str, tmp_path: Path) -> None:
    papers, _ = write_signed_papers(clerk.desk, clerk.unit, month, tmp_path)
    slip = latest_document(clerk.desk.store, clerk.unit_number, DocumentKind.SLIP, month)
    assert slip is not None
    (inside,) = PdfFile(papers["signed_slip"].read_bytes()).attachments()
    assert SignedDocument.from_wire(json.loads(inside)) == SignedDocument(slip.document, slip.cms)
