"""The countdown to a certificate's end as notices: one for each step, on its day, and never again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from unitclient.clock import CHINA
from unitclient.store.units import Unit

STEPS = (60, 30, 7, 1)
"""Days before the end."""


@dataclass(frozen=True, slots=True)
class StepNotice:
    """One step that was reached: its reference, how many days before the end it is, its day, the end."""

    ref: str
    days: int
    since: datetime
    until: datetime


def certificate_notices(unit: Unit, now: datetime) -> Iterator[StepNotice]:
    """The steps reached by now, the first first. Of those before this computer was enrolled only the last counts."""
    if not unit.certificate_der:
        return
    certificate = x509.load_der_x509_certificate(unit.certificate_der)
    until = certificate.not_valid_after_utc
    reached = [days for days in STEPS if until - timedelta(days=days) <= now]
    for place, days in enumerate(reached):
        since = until - timedelta(days=days)
        is_last = place == len(reached) - 1
        if is_last or unit.created_at is None or since >= unit.created_at:
            yield StepNotice(f"certificate-{certificate.serial_number:x}-{days}", days, since, until)


def day_of(moment: datetime) -> str:
    """The day in China, "YYYY-MM-DD"."""
    return moment.astimezone(CHINA).date().isoformat()
