"""Sign what was prepared and queue it: one PIN for a batch, and nothing queued that we would not accept ourselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography import x509

from unitclient.domain.findings import Finding
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.seal.cms import Timestamper
from unitclient.seal.container import DECLARATION, build_container, verify_container
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.signer import Signer
from unitclient.seal.trust import TrustStore, Usage
from unitclient.store.declarations import Declaration, get_declaration, set_transport
from unitclient.store.outbox import queue
from unitclient.store.overview import briefs
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.workflows.attachments import attachments_of
from unitclient.workflows.calendar import deadline_of
from unitclient.workflows.certificate_roles import refuse_role
from unitclient.workflows.desk import Desk
from unitclient.workflows.elsewhere import refuse_doubled
from unitclient.workflows.lasting import lasting
from unitclient.workflows.lines import total_fen
from unitclient.workflows.pen_state import refuse_without_pen
from unitclient.workflows.reviewing import refuse_unreviewed
from unitclient.workflows.revocation import with_lists
from unitclient.workflows.rights import needs
from unitclient.workflows.signature_form import sm2_form

UNSIGNED = (Transport.DRAFT, Transport.CHECKED, Transport.REVIEWED)
Told = Callable[[Declaration], None]


@dataclass(frozen=True, slots=True)
class Signed:
    """One signed and queued submission."""

    submission_id: str
    form: str
    period: str
    rows: int
    total_fen: int
    sha256: str
    findings: tuple[Finding, ...] = ()
    """Warnings about the signature: a revocation list that is stale or lacks."""

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "id": self.submission_id,
            "form": self.form,
            "period": self.period,
            "rows": self.rows,
            "total": self.total_fen,
            "sha256": self.sha256,
            "warnings": [one.code for one in self.findings],
        }


def to_sign(desk: Desk, unit: Unit, ids: Sequence[str] = ()) -> list[Declaration]:
    """What waits for a signature, required declarations first: all, or those named and what they count on.

    UserError declaration-unknown for an id that is not there, already-signed for one that was signed before.
    """
    waiting = {
        known.id: known
        for brief in briefs(desk.store, unit.unit_number)
        if brief.transport in UNSIGNED and brief.acceptance is None and (known := get_declaration(desk.store, brief.id))
    }
    if not ids:
        return _in_order(waiting.values())
    for wanted in ids:
        if wanted not in waiting:
            known = get_declaration(desk.store, wanted)
            raise UserError("already-signed" if known else "declaration-unknown", id=wanted)
    return _in_order(_with_required(waiting, ids))


def _with_required(waiting: dict[str, Declaration], ids: Iterable[str]) -> Iterable[Declaration]:
    chosen: dict[str, Declaration] = {}
    todo = list(ids)
    while todo:
        wanted = todo.pop()
        if wanted in waiting and wanted not in chosen:
            chosen[wanted] = waiting[wanted]
            todo += waiting[wanted].requires
    return chosen.values()


def _in_order(declarations: Iterable[Declaration]) -> list[Declaration]:
    """What a declaration requires before itself; else as they were prepared."""
    waiting = sorted(declarations, key=lambda declaration: declaration.id)
    ordered: list[Declaration] = []
    while waiting:
        ahead = {declaration.id for declaration in waiting}
        ordered += [declaration for declaration in waiting if ahead.isdisjoint(declaration.requires)]
        waiting = [declaration for declaration in waiting if not ahead.isdisjoint(declaration.requires)]
    return ordered


@needs("sign")
def sign_and_queue(
    desk: Desk,
    unit: Unit,
    declarations: Sequence[Declaration],
    signer: Signer,
    trust: TrustStore,
    *,
    timestamper: Timestamper | None = None,
    told: Told = lambda _: None,
) -> list[Signed]:
    """Sign each, verify it as a stranger would, and queue it; each is safe before the next begins.

    UserError key-of-another-unit when the key's certificate is not the unit's, review-missing where the unit wants four
    eyes and one was not passed; those of `elsewhere.refuse_doubled`, pen-elsewhere; already-signed or sign-not-as-shown
    when another program on this home was quicker; a SealRefused when our own check of the container fails: then nothing
    of it is queued.
    """
    refuse_unreviewed(desk, unit, declarations)
    refuse_without_pen(desk, unit)
    refuse_doubled(desk, unit, declarations)
    refuse_role(desk, unit, declarations)
    if unit.certificate_der and signer.certificate_der != unit.certificate_der:
        raise UserError("key-of-another-unit", unit=unit.name, subject=_subject(signer.certificate_der))
    believed, form = with_lists(desk, trust), sm2_form(desk, unit)
    _refuse_unfit(signer, believed, desk.now())
    finish = lasting(desk, unit, believed, stamped=timestamper is not None)
    signed = []
    for declaration in declarations:
        _refuse_moved(desk, declaration)
        told(declaration)
        now = desk.now()
        entries = {DECLARATION: declaration.payload, **attachments_of(desk, declaration)}
        container = build_container(
            declaration.id, entries, signer, now, timestamper=timestamper, sm2_form=form, finish=finish
        )
        check = verify_container(container, believed, now)
        if check.need().declaration != declaration.payload:
            raise AssertionError("the container holds another declaration")
        done = _queue(desk, unit, declaration, container, check.need().sha256)
        signed.append(replace(done, findings=check.findings))
    return signed


def _refuse_moved(desk: Desk, declaration: Declaration) -> None:
    """Whether it still waits for a signature: another program on this home may have signed or dropped it meanwhile."""
    known = get_declaration(desk.store, declaration.id)
    if known is None or known.transport is Transport.WITHDRAWN:
        raise UserError("sign-not-as-shown", id=declaration.id)
    if known.transport not in UNSIGNED:
        raise UserError("already-signed", id=declaration.id)


def _refuse_unfit(signer: Signer, trust: TrustStore, now: datetime) -> None:
    """Before the key is used: a certificate that is revoked, as far as is known here, or has ended, signs nothing."""
    certificate = x509.load_der_x509_certificate(signer.certificate_der)
    chain = [x509.load_der_x509_certificate(one) for one in signer.chain_der]
    trust.check(certificate, at=now, usage=Usage.UNIT, crl_policy=CrlPolicy.WARN, extra=chain)


def _queue(desk: Desk, unit: Unit, declaration: Declaration, container: bytes, sha256: str) -> Signed:
    total = total_fen(declaration.totals)
    deadline = deadline_of(desk, unit, Period.parse(declaration.period))
    with desk.store.write("declaration.sign", subject=declaration.id, detail={"sha256": sha256}):
        _refuse_moved(desk, declaration)
        set_transport(desk.store, declaration.id, Transport.SIGNED, note="signed")
        queue(
            desk.store,
            declaration.id,
            unit.unit_number,
            container,
            deadline=deadline.until if deadline else None,
            total_fen=total,
        )
    return Signed(declaration.id, declaration.form, declaration.period, declaration.row_count, total, sha256)


def _subject(certificate_der: bytes) -> str:
    return x509.load_der_x509_certificate(certificate_der).subject.rfc4514_string()
