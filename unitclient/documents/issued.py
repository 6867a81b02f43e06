"""What stands on a paper that the centre issued, from the register's entry that tells of it."""

from __future__ import annotations

from unitclient.catalog.loader import Catalog
from unitclient.documents.model import CertificateData, Marks, UnitHead
from unitclient.domain.registers import Entry
from unitclient.texts import language

NUMBER = "certificate_number"
"""The value of an entry that is there as soon as a paper was issued for it."""


def certificate_data(catalog: Catalog, entry: Entry, unit: UnitHead, marks: Marks, sha256: str) -> CertificateData:
    """The certificate of an entry that has been issued; `sha256` is the digest of the signed document it stands in."""
    told, facts = entry.values, entry.values.get("facts", {})
    issue = catalog.registers[entry.register].issue
    purposes = catalog.table("certificate_purpose")
    return CertificateData(
        unit=unit,
        marks=marks,
        title=certificate_title(catalog, entry),
        number=told[NUMBER],
        code=told["verify_code"],
        issued_on=told["issued_on"],
        valid_until=told["valid_until"],
        void=issue is None or entry.state != issue.state,
        name=told.get("name", ""),
        id_number=told.get("id_number", ""),
        purpose=purposes.label(str(told.get("purpose", "")), language()),
        recipient=told.get("recipient", ""),
        span=(told.get("from_month", ""), told.get("to_month", "")),
        insured=tuple((row["insurance"], row["since"], row["until"] or "") for row in facts.get("insured", ())),
        paid=tuple(
            (row["year"], row["insurance"], row["months"], row["persons"], row["unit_fen"], row["person_fen"])
            for row in facts.get("paid", ())
        ),
        source_sha256=sha256,
    )


def certificate_title(catalog: Catalog, entry: Entry) -> str:
    """The business that the paper was applied for with."""
    for form in catalog.forms.values():
        for move in form.moves:
            if move.register == entry.register and move.fixed and move.fixed.items() <= entry.values.items():
                return str(form.title)
    return str(catalog.registers[entry.register].title)
