"""Believing the centre: a signed document counts only after its signature, service and unit were checked."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from unitclient.errors import UserError
from unitclient.seal.cmsread import read_crl
from unitclient.seal.envelope import verify_document
from unitclient.seal.pdfcheck import PdfCheck, verify_pdf
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.trust import TrustStore
from unitclient.store.documents import StoredDocument
from unitclient.sync.pinning import Pins, allowed, follow
from unitclient.sync.protocol import DocumentKind, SignedDocument, parsed


class NotBelieved(Exception):  # noqa: N818 - names the outcome
    """A document whose signature, service, unit or kind is not what it must be. `code` names the cause."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reader:
    """Checks documents of one centre for one unit.

    With `pins` only those keys sign for the centre. `crl_policy` says what a stale revocation list means: over the
    network a fresh one can be had, off line it cannot.
    """

    trust: TrustStore
    service: str
    unit_number: str
    crl_policy: CrlPolicy = CrlPolicy.REQUIRE
    pins: Pins = ()

    def with_list(self, crl: bytes) -> Reader:
        """The same with one more revocation list (DER), which counts only if the centre's authority signed it."""
        try:
            return replace(self, trust=self.trust.with_crls([read_crl(crl)]))
        except ValueError as broken:
            raise NotBelieved("centre-crl-stale") from broken

    def read(self, signed: SignedDocument, kind: DocumentKind | str, at: datetime) -> dict[str, Any]:
        """The content of a document that holds at the instant `at`; NotBelieved otherwise."""
        check = verify_document(signed.document, signed.cms, self.trust, at, crl_policy=self.crl_policy)
        if not check.ok:
            raise NotBelieved(f"centre-{check.code}")
        content = signed.content()
        assert check.certificate is not None, "a good signature has one"
        if self.pins and not allowed(self.pins, check.certificate, str(content.get("issued_at"))):
            raise NotBelieved("centre-key-changed")
        if content.get("service") != self.service or content.get("kind") != str(kind):
            raise NotBelieved("document-of-another-service")
        if content.get("unit_number") not in (self.unit_number, "", None):
            raise NotBelieved("document-of-another-unit")
        return content

    def check_paper(self, pdf: bytes, signed: SignedDocument, entry: str, at: datetime) -> None:
        """Whether a PDF is the centre's paper of a document, or of one entry of it; NotBelieved otherwise.

        The document was believed before, so its paper must carry the very same; of one entry, that entry alone.
        """
        check = verify_pdf(pdf, self.trust, at, crl_policy=self.crl_policy)
        inside = enclosed(check)
        if not check.ok or inside is None:
            raise NotBelieved("paper-not-believed")
        if inside.document == signed.document:
            return
        told = self.read(inside, str(signed.content()["kind"]), at)
        wanted = [one for one in signed.content().get("entries", ()) if one["key"] == entry]
        if not entry or told.get("entries") != wanted:
            raise NotBelieved("paper-not-believed")


def enclosed(check: PdfCheck) -> SignedDocument | None:
    """The centre's signed document inside a PDF that holds; its own signature is not checked here."""
    try:
        (envelope,) = check.attachments
        return SignedDocument.from_wire(parsed(envelope))
    except (ValueError, KeyError, TypeError):
        return None


def followed(reader: Reader, statements: Iterable[SignedDocument], at: datetime) -> Pins:
    """The reader's pins after every statement, oldest first, that the key in force then signed; others are passed over.

    A statement that is not believed changes nothing: what is signed by the key it names is not believed either.
    """
    for statement in statements:
        with suppress(NotBelieved, KeyError, ValueError):
            content = reader.read(statement, DocumentKind.KEY_ROLLOVER, at)
            reader = replace(reader, pins=follow(reader.pins, content["certificate"], content["issued_at"]))
    return reader.pins


def stored(unit: str, kind: DocumentKind | str, signed: SignedDocument, submission_id: str | None) -> StoredDocument:
    """For the store: named by its digest, so that the same bytes are kept once whichever way they came."""
    return StoredDocument(unit, signed.sha256, str(kind), signed.document, signed.cms, submission_id)


def issued_at(content: dict[str, Any]) -> datetime:
    """When the centre made a document; UserError centre-unreadable when it does not say."""
    try:
        return datetime.fromisoformat(str(content["issued_at"]))
    except (KeyError, ValueError) as broken:
        raise UserError("centre-unreadable", mendable=False, code="issued_at") from broken
