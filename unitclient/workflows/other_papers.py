"""What the centre signed about no declaration, as papers: answers, registers as they moved, the roster, new names.

They are listed and fetched like the papers of a declaration; who may not see persons sees none that name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from unitclient.store.documents import StoredDocument, add_document, find_by_digest
from unitclient.store.times import from_text
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind
from unitclient.sync.reading import stored
from unitclient.texts import say
from unitclient.workflows.asking import may_see_persons, services
from unitclient.workflows.centre import centre_refusals, open_engine
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import needs

_TITLES = {
    DocumentKind.ROSTER: "export-roster",
    DocumentKind.UNIT: "paper-of-unit",
    DocumentKind.NUMBER: "paper-of-number",
}
OTHER_KINDS = (DocumentKind.ANSWER, DocumentKind.REGISTER, *_TITLES)
_NEWEST = (
    "SELECT kind, coalesce(json_extract(CAST(document AS TEXT), '$.query'),"
    " json_extract(CAST(document AS TEXT), '$.register'), '') AS about, sha256, received_at, max(id) FROM document"
    " WHERE unit = ? AND kind IN (?, ?, ?, ?, ?) GROUP BY kind, about,"
    " json_extract(CAST(document AS TEXT), '$.inputs'), json_extract(CAST(document AS TEXT), '$.former')"
)


@dataclass(frozen=True, slots=True)
class OtherDocument:
    """A signed document: its kind, the query or register it is about ("" for others) and its title, its digest, and
    when it came.
    """

    kind: str
    about: str
    title: str
    sha256: str
    at: datetime


def other_documents(desk: Desk, unit: Unit) -> list[OtherDocument]:
    """The newest answer to each question, the newest word on each register, the newest roster that was asked for, and
    every change of the unit's name and of persons' numbers.
    """
    arguments = (unit.unit_number, *OTHER_KINDS)
    persons, asked = may_see_persons(desk, unit), services()
    found = []
    for kind, about, sha256, at, _ in desk.store.connection.execute(_NEWEST, arguments):
        if kind == DocumentKind.ANSWER:
            service = asked.get(about)
            title, personal = (str(service.title), service.personal) if service else (about, True)
        elif kind == DocumentKind.REGISTER:
            register = desk.catalog.registers.get(about)
            title, personal = (str(register.title), bool(register.person)) if register else (about, True)
        else:
            title, personal = say(_TITLES[DocumentKind(kind)]), kind != DocumentKind.UNIT
        if persons or not personal:
            found.append(OtherDocument(kind, about, title, sha256, from_text(at)))
    return found


def other_document(desk: Desk, unit: Unit, sha256: str) -> StoredDocument | None:
    """One of `other_documents` by its digest; None when it is not here or not for this operator."""
    if not any(one.sha256 == sha256 for one in other_documents(desk, unit)):
        return None
    return find_by_digest(desk.store, unit.unit_number, sha256)


def register_document(desk: Desk, unit: Unit, register: str) -> str:
    """The SHA-256 of the newest word on a register; "" when there is none, or none for this operator."""
    found = (one for one in other_documents(desk, unit) if one.kind == DocumentKind.REGISTER and one.about == register)
    return next((one.sha256 for one in found), "")


@needs("ask")
def ask_roster(desk: Desk, unit: Unit) -> str:
    """The roster as the centre signs it now, kept; its SHA-256. The refusals of `centre_refusals`."""
    with centre_refusals(unit), open_engine(desk, unit) as engine:
        signed = engine.read_roster()
    with desk.store.write("roster.paper", subject=unit.unit_number):
        add_document(desk.store, stored(unit.unit_number, DocumentKind.ROSTER, signed, None))
    return signed.sha256
