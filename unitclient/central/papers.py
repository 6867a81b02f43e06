"""Papers that prove something by themselves: a signed document as a PDF with the centre's signature (PAdES).

A unit brings a document that this centre signed for it and gets the paper of it, with the signed data inside. Asked
again, the same bytes come back: they are kept as files under `home`/papers, named by what they were made from.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unitclient.central.core import Core
from unitclient.central.identity import SERVICE_NAME
from unitclient.central.paper_contents import CONTENTS
from unitclient.central.paper_parts import Books
from unitclient.central.problems import ProblemError
from unitclient.central.registry import unit_row
from unitclient.documents.certificate import render_sealed_certificate
from unitclient.documents.issued import NUMBER, certificate_data
from unitclient.documents.model import Marks, UnitHead
from unitclient.documents.proof import ProofData, render_proof
from unitclient.documents.sealing import Seal, Unsigned
from unitclient.domain.period import Period
from unitclient.domain.registers import Entry
from unitclient.drafts import draft_of, sweep
from unitclient.sync.protocol import DocumentKind, SignedDocument
from unitclient.texts import use_language

_WITH_MONEY = (DocumentKind.ASSESSMENT, DocumentKind.BILL)
"""Kinds whose amounts rest on the policy package of their period."""


def paper(core: Core, unit_number: str, signed: SignedDocument, entry: str = "") -> bytes:
    """The signed PDF of a document of this centre for the unit.

    `entry` is the key of one entry of a register document: the paper then says and carries that entry alone, so that
    whoever is handed a certificate sees nothing of other persons. ProblemError signature-invalid for what this centre
    did not sign, not-your-unit, not-found (no such entry), schema-invalid (a kind that is no proof).
    """
    core.identity.verify_own(signed)
    told = signed.content()
    if told["unit_number"] != unit_number:
        raise ProblemError("not-your-unit")
    if told["kind"] not in CONTENTS:
        raise ProblemError("schema-invalid", told["kind"])
    name = hashlib.sha256(b"\n".join((signed.document, entry.encode()))).hexdigest()
    path = core.home / "papers" / f"{name}.pdf"
    if not path.is_file():
        made = copy_context().run(_made, core, unit_number, _extract(core, signed, entry) if entry else signed)
        _keep(path, made)
    sweep(path)
    return path.read_bytes()


def _extract(core: Core, signed: SignedDocument, key: str) -> SignedDocument:
    """A register document with one entry of it alone, signed anew; itself when it holds no other."""
    told = signed.content()
    chosen = [entry for entry in told.get("entries", ()) if entry["key"] == key]
    if not chosen:
        raise ProblemError("not-found", key)
    if len(told["entries"]) == 1:
        return signed
    members = {"register": told["register"], "entries": chosen, "whole": False}
    return core.publisher.sign(DocumentKind.REGISTER, told["unit_number"], members)


def _keep(path: Path, data: bytes) -> None:
    """Write a paper that is not there yet. Of two who make the same one at once the first one's stays."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with draft_of(path) as own, suppress(FileExistsError):
        own.write_bytes(data)
        os.link(own, path)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every paper has around what it says."""

    core: Core
    signed: SignedDocument
    told: dict[str, Any]
    unit: UnitHead
    marks: Marks
    seal: Seal


def _made(core: Core, unit_number: str, signed: SignedDocument) -> bytes:
    """Papers of a Chinese centre are Chinese, whatever language this process speaks."""
    use_language("zh")
    core.identity.renew_list()
    now = core.clock.now().replace(microsecond=0)
    row = unit_row(core.database.read(), unit_number)
    told = signed.content()
    marks = Marks(SERVICE_NAME, now, _is_reference(core, row["region"], told), practice=True)
    seal = Seal(SERVICE_NAME, core.identity.subject, now, json.dumps(signed.to_wire(), indent=1).encode())
    unit = UnitHead(row["name"], row["unit_number"], row["uscc"])
    title, unsigned = _drawn(_Sheet(core, signed, told, unit, marks, seal))
    return core.identity.seal_pdf(unsigned, now, SERVICE_NAME, title)


def _is_reference(core: Core, region: str, told: dict[str, Any]) -> bool:
    """Whether amounts rest on rates that nobody has confirmed."""
    if told["kind"] not in _WITH_MONEY:
        return False
    return any(not rule.confirmed for rule in core.rulebook.month(region, Period.parse(told["period"])).rules.values())


def _drawn(sheet: _Sheet) -> tuple[str, Unsigned]:
    """(title, paper that waits for its signature)."""
    issued = _issued(sheet)
    if issued is not None:
        catalog = sheet.core.rulebook.catalog
        data = certificate_data(catalog, issued, sheet.unit, sheet.marks, sheet.signed.sha256)
        return data.title, render_sealed_certificate(data, sheet.seal)
    books = Books(sheet.core.rulebook.catalog, sheet.core.rulebook.services)
    content = CONTENTS[DocumentKind(sheet.told["kind"])](sheet.told, books)
    proof = ProofData(
        title=content.title,
        number=content.number or f"{sheet.unit.unit_number}-{sheet.signed.sha256[:12]}",
        unit=sheet.unit,
        marks=sheet.marks,
        sha256=sheet.signed.sha256,
        pairs=content.pairs,
        long_pairs=content.long_pairs,
        tables=content.tables,
        notes=content.notes,
    )
    return content.title, render_proof(proof, sheet.seal)


def _issued(sheet: _Sheet) -> Entry | None:
    """The entry of a register document that holds exactly one, when a paper was issued for it."""
    entries = sheet.told.get("entries", ())
    if len(entries) != 1 or NUMBER not in entries[0]["values"]:
        return None
    return Entry(sheet.told["register"], entries[0]["key"], entries[0]["state"], entries[0]["values"])
