"""What waits for a signature, as it will be signed: every figure is read from the very bytes, not from beside them.

What a person sees before the PIN is what the signature covers: the counts and sums come from `declaration.json`, and
its SHA-256 is shown and compared again at the moment of signing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from unitclient.errors import UserError
from unitclient.store.declarations import Declaration
from unitclient.store.payloads import payload_facts
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk
from unitclient.workflows.signing import to_sign


@dataclass(frozen=True, slots=True)
class Signable:
    """One declaration that waits; money in fen, `digest` the SHA-256 of declaration.json in hex.

    `requires` names those it counts on that wait for a signature too: they are signed with it.
    """

    id: str
    unit_number: str
    form: str
    form_title: str
    period: str
    kind: str
    supersedes: str | None
    persons: int
    rows: int
    unit_fen: int
    person_fen: int
    digest: str
    size: int
    prepared_at: datetime
    operator: str
    transport: Transport
    requires: tuple[str, ...]

    @property
    def sent_back(self) -> bool:
        """Whether the reviewer sent it back: it has to be prepared anew before it can be signed."""
        return self.transport is Transport.DRAFT

    @property
    def total_fen(self) -> int:
        """Both sides together."""
        return self.unit_fen + self.person_fen


@dataclass(frozen=True, slots=True)
class Certificate:
    """The unit's certificate as a person knows it: whose, whose signature is under it, and until when it holds."""

    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    sha256: str

    def days_left(self, now: datetime) -> int:
        """Whole days until it ends; negative afterwards."""
        return (self.not_after - now).days


def signables(desk: Desk, unit: Unit, ids: Sequence[str] = ()) -> list[Signable]:
    """Everything that waits, required ones first; or those named with what they count on (`to_sign`)."""
    waiting = to_sign(desk, unit, ids)
    known = {declaration.id for declaration in waiting}
    return [_signable(desk, declaration, known) for declaration in waiting]


def _signable(desk: Desk, declaration: Declaration, waiting: set[str]) -> Signable:
    told = payload_facts(desk.store, declaration.id)
    header = told.header
    form = desk.catalog.forms.get(header["form"])
    sides = header["totals"].values()
    return Signable(
        id=header["submission_id"],
        unit_number=header["unit_number"],
        form=header["form"],
        form_title=str(form.title) if form else header["form"],
        period=header["period"],
        kind=header["kind"],
        supersedes=header["supersedes"],
        persons=told.persons,
        rows=told.rows,
        unit_fen=sum(side["unit"] for side in sides),
        person_fen=sum(side["person"] for side in sides),
        digest=digest_of(declaration),
        size=len(declaration.payload),
        prepared_at=declaration.prepared_at,
        operator=header["operator"],
        transport=declaration.transport,
        requires=tuple(other for other in header["requires"] if other in waiting),
    )


def digest_of(declaration: Declaration) -> str:
    """The SHA-256 of the bytes that are signed, in hex."""
    return hashlib.sha256(declaration.payload).hexdigest()


def as_shown(desk: Desk, unit: Unit, shown: Mapping[str, str]) -> list[Declaration]:
    """The declarations that a person saw before the PIN ({id: digest}), in the order they are signed.

    UserError sign-not-as-shown when one was prepared anew, withdrawn or signed elsewhere meanwhile.
    """
    try:
        waiting = to_sign(desk, unit, list(shown))
    except UserError as refusal:
        raise UserError("sign-not-as-shown", id=refusal.params.get("id", "")) from refusal
    found = {declaration.id: digest_of(declaration) for declaration in waiting}
    for name in found.keys() | shown.keys():
        if found.get(name) != shown.get(name):
            raise UserError("sign-not-as-shown", id=name)
    return waiting


def certificate_of(unit: Unit) -> Certificate | None:
    """The certificate under which the unit was enrolled, or None."""
    if not unit.certificate_der:
        return None
    read = x509.load_der_x509_certificate(unit.certificate_der)
    return Certificate(
        subject=_common_name(read.subject),
        issuer=_common_name(read.issuer),
        serial=f"{read.serial_number:X}",
        not_before=read.not_valid_before_utc,
        not_after=read.not_valid_after_utc,
        sha256=hashlib.sha256(unit.certificate_der).hexdigest(),
    )


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
