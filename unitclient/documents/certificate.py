"""A certificate that the centre issued (证明): whom it is about, what it says, and how to verify it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.documents import parts
from unitclient.documents.capital import figures
from unitclient.documents.model import CertificateData
from unitclient.documents.sealing import Seal, Unsigned, sealed
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.documents.page import Page


def render_certificate(data: CertificateData) -> bytes:
    """The certificate as a PDF, in the language in use. UserError("font-missing") without a Chinese font."""
    page = certificate_page(data)
    page.note(say("document-certificate-verify", number=data.number, code=data.code, day=data.issued_on))
    page.note(say("document-print-only"))
    return page.finished()


def render_sealed_certificate(data: CertificateData, seal: Seal) -> Unsigned:
    """The certificate to be signed by the centre."""
    page = certificate_page(data)
    page.note(say("document-certificate-verify-sealed", number=data.number, code=data.code, day=data.issued_on))
    return sealed(page, seal)


def certificate_page(data: CertificateData) -> Page:
    """Everything that the certificate says, with the code to verify it by."""
    from unitclient.documents.page import Page

    page = Page(data.title, data.unit, data.marks, data.number)
    page.grid(
        [
            (say("document-unit"), data.unit.name),
            (say("document-unit-number"), data.unit.unit_number),
            *(
                [(say("document-column-name"), data.name), (say("document-column-id-number"), data.id_number)]
                if data.name
                else ()
            ),
            *([(say("document-span"), say("document-span-of", **_span(data)))] if data.span[0] else ()),
            (say("document-purpose"), data.purpose),
            (say("document-recipient"), data.recipient or "—"),
            (say("document-issued-on"), data.issued_on),
            (say("document-valid-until"), say("document-void") if data.void else data.valid_until),
        ]
    )
    if data.insured:
        _insured(page, data)
    _paid(page, data)
    code = f"{data.number}|{data.code}|{data.issued_on}|{data.source_sha256}"
    lines = [say("document-number", number=data.number), say("document-code", code=data.code)]
    page.proof_block(code, [*lines, say("document-source-digest"), data.source_sha256])
    return page


def _span(data: CertificateData) -> dict[str, str]:
    return {"first": data.span[0], "last": data.span[1]}


def _insured(page: Page, data: CertificateData) -> None:
    from unitclient.documents.page import WIDTH, Column

    page.section(say("document-certificate-insured"))
    names = ("insurance", "since", "until")
    columns = [Column(say(f"document-column-{name}"), WIDTH / 3) for name in names]
    page.rows(columns, [(parts.label("insurance", name), since, until or "—") for name, since, until in data.insured])


def _paid(page: Page, data: CertificateData) -> None:
    from unitclient.documents.page import WIDTH, Column

    page.section(say("document-certificate-paid"))
    if not data.paid:
        page.note(say("document-certificate-nothing-paid"))
        return
    names = ("year", "insurance", "months", "unit-amount", "person-amount")
    widths = (18.0, 58.0, 24.0)
    rest = (WIDTH - sum(widths)) / 2
    columns = [
        Column(say(f"document-column-{name}"), width, "L" if name in ("year", "insurance") else "R")
        for name, width in zip(names, (*widths, rest, rest), strict=True)
    ]
    rows = [
        (year, parts.label("insurance", name), str(months), figures(unit_fen), figures(person_fen))
        for year, name, months, _, unit_fen, person_fen in data.paid
    ]
    page.rows(columns, rows)
