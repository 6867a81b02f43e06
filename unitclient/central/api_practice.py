"""Routes that only a practice centre has: open units, and rehearse what a bank, a network or a calendar may do."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from fastapi import APIRouter, Depends, Request

from unitclient.central import wire
from unitclient.central.bank import BankSettings
from unitclient.central.faults import FaultPlan
from unitclient.central.numbers import instant
from unitclient.central.practice import CertificateWish, issue_certificate, new_epoch, open_unit_in, revoke_certificate
from unitclient.central.problems import ProblemError
from unitclient.central.registry import unit_row
from unitclient.central.state import Centre


def no_browser(request: Request) -> None:
    """A web page that is open on the same computer must not steer the rehearsal."""
    if "origin" in request.headers:
        raise ProblemError("not-your-unit", "not for browsers")


router = APIRouter(prefix="/practice", tags=["practice"], dependencies=[Depends(no_browser)])


@router.post("/units", response_model=wire.OpenedPracticeUnit, status_code=201)
def open_unit(centre: Centre, asked: wire.PracticeUnit) -> wire.OpenedPracticeUnit:
    """Open a unit with an empty roster."""
    wish = CertificateWish(csr_pem=asked.csr_pem.encode() if asked.csr_pem else None, key_kind=asked.key_kind)
    unit = open_unit_in(centre.core, asked.name, asked.region, asked.insurances, wish)
    return wire.OpenedPracticeUnit(
        unit_number=unit.unit_number,
        uscc=unit.uscc,
        name=unit.name,
        region=unit.region,
        insurances=list(unit.insurances),
        service=unit.service,
        ca_pem=unit.ca_pem.decode(),
        certificate_pem=_pem(unit.certificate_der),
        private_key_pem=unit.key_pem.decode() if unit.key_pem else None,
    )


@router.post("/units/{unit_number}/certificates", response_model=wire.IssuedCertificate, status_code=201)
def further_certificate(centre: Centre, unit_number: str, asked: wire.PracticeCertificate) -> wire.IssuedCertificate:
    """A further certificate for a unit."""
    unit_row(centre.core.database.read(), unit_number)
    wish = CertificateWish(
        csr_pem=asked.csr_pem.encode() if asked.csr_pem else None,
        key_kind=asked.key_kind,
        since=_instant(asked.since) if asked.since else None,
        until=_instant(asked.until) if asked.until else None,
        role=asked.role,
    )
    certificate, key = issue_certificate(centre.core, unit_number, wish)
    return wire.IssuedCertificate(certificate_pem=_pem(certificate), private_key_pem=key.decode() if key else None)


@router.put("/certificates/{sha256}/revoked", response_model=wire.Health)
def revoke(centre: Centre, sha256: str) -> wire.Health:
    """Revoke a certificate as of now."""
    if not revoke_certificate(centre.core, sha256):
        raise ProblemError("not-found")
    return wire.Health(ok=True)


@router.put("/bank/{unit_number}", response_model=wire.PracticeBank)
def bank(centre: Centre, unit_number: str, asked: wire.PracticeBank) -> wire.PracticeBank:
    """Decide how the simulated bank treats the unit's next debits."""
    unit_row(centre.core.database.read(), unit_number)
    settings = BankSettings(asked.behaviour, asked.balance_fen, asked.resolves_to, asked.resolve_after_ms)
    centre.core.bank.set_behaviour(unit_number, settings)
    return asked


@router.put("/faults", response_model=wire.PracticeFaults)
def faults(centre: Centre, asked: wire.PracticeFaults) -> wire.PracticeFaults:
    """Decide what goes wrong next. An empty object makes the service healthy again."""
    told = asked.model_dump()
    centre.faults.replace(FaultPlan(**{**told, "hold": tuple(told["hold"])}))
    centre.worker.wake()
    return asked


@router.put("/clock", response_model=wire.ServiceTime)
def clock(centre: Centre, asked: wire.PracticeClock) -> wire.ServiceTime:
    """Set the service's clock."""
    if asked.now is not None:
        centre.core.clock.set_to(_instant(asked.now))
    else:
        centre.core.clock.shift(timedelta(seconds=asked.offset_s or 0))
    _ = centre.core.identity.crl  # a leap may have ended the list in force
    return wire.ServiceTime(now=instant(centre.core.clock.now()))


@router.post("/announcements", response_model=wire.Reference, status_code=201)
def announce(centre: Centre, asked: wire.PracticeAnnouncement) -> wire.Reference:
    """Announce something to every unit."""
    return wire.Reference(ref=centre.core.publications.announce(asked.title, asked.body, asked.topic))


@router.put("/epoch", response_model=wire.Health)
def epoch(centre: Centre) -> wire.Health:
    """Behave as after a restore from a back-up: every cursor is void."""
    new_epoch(centre.core)
    return wire.Health(ok=True)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ProblemError("schema-invalid", text) from None
    if at.tzinfo is None:
        raise ProblemError("schema-invalid", "an instant needs an offset")
    return at


def _pem(certificate_der: bytes) -> str:
    return x509.load_der_x509_certificate(certificate_der).public_bytes(Encoding.PEM).decode()
