"""What the documents page does in the lanes: list papers, make one, verify a file."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, time
from pathlib import Path

from unitclient.clock import CHINA
from unitclient.desktop.pages.documents.state import SIGNED_DOCUMENT, Checked, Paper
from unitclient.desktop.tasks import TaskContext
from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.paths import certs_root
from unitclient.seal.trust import TrustStore
from unitclient.store.documents import StoredDocument, latest_document
from unitclient.store.overview import briefs
from unitclient.store.times import from_text
from unitclient.store.units import Unit, list_units
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.bill_papers import TAKEN
from unitclient.workflows.centre import trust_of
from unitclient.workflows.desk import Desk
from unitclient.workflows.exporting import export_data
from unitclient.workflows.listing import certificates, write_certificate
from unitclient.workflows.other_papers import OTHER_KINDS, other_document, other_documents
from unitclient.workflows.papers import SIGNED_KINDS, kept_certificate, kept_paper, signed_certificate, signed_paper
from unitclient.workflows.revocation import with_lists
from unitclient.workflows.statements import write_papers, write_receipt_envelope
from unitclient.workflows.verifying import verify_file

CERTIFICATE = "certificate"
SIGNED = frozenset({CERTIFICATE, *(kind.value for kind in (*SIGNED_KINDS, *OTHER_KINDS))})
"""Papers that the centre makes and signs."""
ONLY_SIGNED = SIGNED - {CERTIFICATE, DocumentKind.RECEIPT.value}
"""Those of them that there is no print of."""
LARGEST_FILE = 200 * 1024 * 1024
"""A file to verify is read as a whole: more than any container of a real month is refused."""


def list_papers(context: TaskContext) -> tuple[Paper, ...]:
    """Every paper that can be made by now, the newest first."""
    desk, unit = context.desk(), context.unit()
    with desk.store.read():
        known = briefs(desk.store, unit.unit_number)
        signed = _signed_kinds(desk, unit.unit_number)
    papers: list[Paper] = []
    for one in known:
        kinds = signed.get(one.id, {})
        if DocumentKind.RECEIPT not in kinds:
            continue
        form = desk.catalog.form(one.form)
        names = {kind.value: kind for kind in SIGNED_KINDS if kind in kinds}
        if form.effect is not ChangeKind.ASSESS and form.print.signatures:
            names["list"] = DocumentKind.RECEIPT
        if form.effect is ChangeKind.ASSESS:
            names["summary"] = DocumentKind.RECEIPT
        if {DocumentKind.BILL, DocumentKind.ASSESSMENT} <= set(kinds):
            names["settlement"] = DocumentKind.BILL
        if one.acceptance in TAKEN:
            names |= dict.fromkeys(form.papers, DocumentKind.ACCEPTANCE)
        papers += [
            Paper(one.id, name, str(form.title), one.kind, one.period, one.acceptance_number or "",
                  from_text(kinds[source])) for name, source in names.items()
        ]  # fmt: skip
    papers += [
        Paper(f"{one.register}:{one.key}", "certificate", f"{one.title} {one.name}".strip(), "original",
              one.issued_on[:7], one.number, datetime.combine(date.fromisoformat(one.issued_on), time(), CHINA))
        for one in certificates(desk, unit)
    ]  # fmt: skip
    papers += [
        Paper(f"{SIGNED_DOCUMENT}{one.sha256}", one.kind, one.title, "original",
              f"{one.at.astimezone(CHINA):%Y-%m}", one.sha256[:12], one.at)
        for one in other_documents(desk, unit)
    ]  # fmt: skip
    return tuple(sorted(papers, key=lambda paper: (paper.at, paper.name), reverse=True))


def _signed_kinds(desk: Desk, unit_number: str) -> dict[str, dict[str, str]]:
    """{declaration: {kind: when the last document of that kind came}}."""
    query = (
        "SELECT submission_id, kind, max(received_at) FROM document"
        " WHERE unit = ? AND submission_id IS NOT NULL GROUP BY submission_id, kind"
    )
    found: dict[str, dict[str, str]] = {}
    for declaration, kind, at in desk.store.connection.execute(query, (unit_number,)):
        found.setdefault(declaration, {})[kind] = at
    return found


def make_paper(context: TaskContext, declaration_id: str, name: str) -> tuple[bytes, bool]:
    """(PDF, whether it is the centre's own) of one paper that is here or can be made here; b"" for one that has to be
    fetched. A print is made in a folder that is gone afterwards: nothing is left on the disk.
    """
    desk, unit = context.desk(), context.unit()
    kept = _kept(desk, unit, declaration_id, name)
    if kept is not None:
        return kept, True
    with tempfile.TemporaryDirectory(prefix="unitclient-") as folder:
        if name == CERTIFICATE:
            return write_certificate(desk, unit, *_entry(declaration_id), Path(folder)).read_bytes(), False
        if name in ONLY_SIGNED:
            return b"", False
        papers = write_papers(desk, unit, declaration_id, Path(folder))
        if name not in papers:
            raise UserError("papers-none-yet", id=declaration_id)
        return papers[name].read_bytes(), False


def fetch_paper(context: TaskContext, declaration_id: str, name: str) -> bytes:
    """The centre's own paper, from the centre; the refusals of `signed_paper`."""
    desk, unit = context.desk(), context.unit()
    if name == CERTIFICATE:
        return signed_certificate(desk, unit, *_entry(declaration_id))
    document = _document(desk, unit, declaration_id, name)
    if document is None:
        raise UserError("papers-none-yet", id=declaration_id)
    return signed_paper(desk, unit, document)


def _document(desk: Desk, unit: Unit, declaration_id: str, name: str) -> StoredDocument | None:
    if declaration_id.startswith(SIGNED_DOCUMENT):
        return other_document(desk, unit, declaration_id.removeprefix(SIGNED_DOCUMENT))
    return latest_document(desk.store, unit.unit_number, name, declaration_id)


def _kept(desk: Desk, unit: Unit, declaration_id: str, name: str) -> bytes | None:
    if name == CERTIFICATE:
        return kept_certificate(desk, unit, *_entry(declaration_id))
    document = _document(desk, unit, declaration_id, name) if name in SIGNED else None
    return kept_paper(desk, unit, document) if document is not None else None


def _entry(paper: str) -> tuple[str, str]:
    register, _, key = paper.partition(":")
    return register, key


def save_envelope(context: TaskContext, declaration_id: str, folder: Path) -> Path:
    """The signed receipt itself, for whoever wants to verify it."""
    return write_receipt_envelope(context.desk(), context.unit(), declaration_id, folder)


def export_unit(context: TaskContext, folder: Path) -> Path:
    """Everything of the unit in a new folder, which is told; it may be stopped between files."""
    return export_data(context.desk(), context.unit(), folder, count=context.progress).folder


def check_file(context: TaskContext, path: Path) -> Checked:
    """Verify a file against everybody this computer believes: certs/, and the centres of its units."""
    desk = context.desk()
    if path.is_dir() or (path.exists() and path.stat().st_size > LARGEST_FILE):
        raise UserError("d-verify-not-a-file", path=path)
    trust = TrustStore.from_folder(certs_root())
    for unit in list_units(desk.store):
        trust = trust.joined(trust_of(unit))
    answer = verify_file(path, with_lists(desk, trust), desk.now())
    form = desk.catalog.forms.get(str(answer.content.get("form", "")))
    return Checked(path, answer, str(form.title) if form else "")
