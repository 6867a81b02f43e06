"""Papers that the centre signed: fetched when one is wanted and the centre is there, kept from then on.

A paper of our own making is a print (打印件): good to read, no proof. What is handed to others is the centre's.
"""

from __future__ import annotations

import json
from pathlib import Path

from unitclient.documents.issued import NUMBER
from unitclient.errors import UserError
from unitclient.store.declarations import get_declaration
from unitclient.store.documents import StoredDocument, find_documents, latest_document
from unitclient.store.papers import get_paper, put_paper
from unitclient.store.registers import get_entry
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind, SignedDocument
from unitclient.workflows.centre import centre_refusals, open_engine
from unitclient.workflows.desk import Desk
from unitclient.workflows.paper_files import write_file
from unitclient.workflows.rights import needs

SIGNED_KINDS = (
    DocumentKind.RECEIPT,
    DocumentKind.ACCEPTANCE,
    DocumentKind.ASSESSMENT,
    DocumentKind.BILL,
    DocumentKind.DEBIT,
    DocumentKind.POSTING,
    DocumentKind.SLIP,
    DocumentKind.REFUND,
)
"""Documents about one declaration that are proof, in the order in which they come."""


@needs("persons")
def kept_paper(desk: Desk, unit: Unit, document: StoredDocument, entry: str = "") -> bytes | None:
    """The centre's paper of a document when it is here."""
    return get_paper(desk.store, unit.unit_number, document.sha256, entry)


@needs("ask")
def signed_paper(desk: Desk, unit: Unit, document: StoredDocument, entry: str = "") -> bytes:
    """The centre's paper of a document (of one entry of a register document): kept, or fetched now.

    UserErrors of `centre_refusals` when it is not here and cannot be had; nothing that does not verify is kept.
    """
    kept = kept_paper(desk, unit, document, entry)
    if kept is not None:
        return kept
    with centre_refusals(unit), open_engine(desk, unit) as engine:
        pdf = engine.paper(SignedDocument(document.document, document.cms), entry)
    with desk.store.write("paper.keep", subject=document.ref, detail={"kind": document.kind, "bytes": len(pdf)}):
        put_paper(desk.store, unit.unit_number, document.sha256, entry, pdf)
    return pdf


def document_of_entry(desk: Desk, unit: Unit, register: str, key: str) -> StoredDocument | None:
    """The newest document of the centre that tells of an entry of a register."""
    for document in reversed(find_documents(desk.store, unit.unit_number, kind=DocumentKind.REGISTER)):
        told = json.loads(document.document)
        if told["register"] == register and any(entry["key"] == key for entry in told["entries"]):
            return document
    return None


@needs("ask")
def signed_certificate(desk: Desk, unit: Unit, register: str, key: str) -> bytes:
    """A certificate as the centre signed it, with nothing of other persons in it.

    UserError certificate-none, and those of `signed_paper`.
    """
    return signed_paper(desk, unit, _certificate(desk, unit, register, key), key)


@needs("persons")
def kept_certificate(desk: Desk, unit: Unit, register: str, key: str) -> bytes | None:
    """The centre's certificate when it is here; UserError certificate-none."""
    return kept_paper(desk, unit, _certificate(desk, unit, register, key), key)


def _certificate(desk: Desk, unit: Unit, register: str, key: str) -> StoredDocument:
    entry = get_entry(desk.store, unit.unit_number, register, key)
    document = document_of_entry(desk, unit, register, key)
    if entry is None or document is None or NUMBER not in entry.values:
        raise UserError("certificate-none")
    return document


@needs("export")
def write_signed_papers(
    desk: Desk, unit: Unit, declaration_id: str, folder: Path
) -> tuple[dict[str, Path], UserError | None]:
    """Write every paper of a declaration that the centre signed: {"signed_<kind>": path}, and why not all of them.

    With no centre what was fetched before is written. UserError declaration-unknown, file-unwritable.
    """
    known = get_declaration(desk.store, declaration_id)
    if known is None or known.unit != unit.unit_number:
        raise UserError("declaration-unknown", id=declaration_id)
    written: dict[str, Path] = {}
    refusal: UserError | None = None
    for kind in SIGNED_KINDS:
        document = latest_document(desk.store, unit.unit_number, kind, declaration_id)
        if document is None:
            continue
        pdf = kept_paper(desk, unit, document)
        if pdf is None and refusal is None:
            try:
                pdf = signed_paper(desk, unit, document)
            except UserError as failure:
                refusal = failure
        if pdf is not None:
            number = known.acceptance_number or known.id
            written[f"signed_{kind}"] = write_file(folder / f"{kind}-{number}-signed.pdf", pdf)
    return written, refusal
