"""A desk without a network: a home with a unit whose certificate a practice authority issued, and nobody to send to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from tests.e2e.office import Office, OfficeClock
from unitclient.app import Parts, load_parts, open_desk
from unitclient.clock import CHINA
from unitclient.domain.roster import Person
from unitclient.seal import pki
from unitclient.store.staff import replace_roster
from unitclient.store.units import Unit, add_unit, select_unit

NUMBER = "4201009001"
INSURANCES = ("maternity", "medical", "pension", "unemployment")
"""Those of 武汉 for which the policy package has rates."""
NOON = datetime(2026, 11, 10, 12, tzinfo=CHINA)


@cache
def parts() -> Parts:
    """Catalogue and policies, read once for all tests."""
    return load_parts()


class FixedClock(OfficeClock):
    """Always the same moment, unless the test moves it."""

    def now(self) -> datetime:
        """Noon of 10 November 2026, and what was waited."""
        return NOON + self.wrong_by


@contextmanager
def bench(home: Path) -> Iterator[Office]:
    """An office of a unit in 武汉 with an empty roster."""
    root = pki.Authority.create_root("演练根", NOON)
    key = pki.new_key("ec")
    validity = pki.Validity.around(NOON, 365)
    certificate = root.issue_unit(pki.name("演练单位", unit_number=NUMBER), key.public_key(), validity)
    credential = root.credential_for(key, certificate)
    unit = Unit(
        unit_number=NUMBER,
        uscc="91420100MAPX000109",
        name="演练单位",
        region="420100",
        centre_url="http://127.0.0.1:9",
        service="practice-0",
        ca_pem=root.certificate_pem.decode(),
        practice=True,
        certificate_der=credential.certificate_der,
        insurances=INSURANCES,
        operator="经办人甲",
    )
    clock = FixedClock()
    with open_desk(home, clock, parts=parts()) as desk:
        with desk.store.write("unit.enrol", subject=NUMBER):
            add_unit(desk.store, unit)
            select_unit(desk.store, NUMBER)
        yield Office(home, {"credential": credential}, desk, clock, NUMBER, credential.signer())


def confirm(clerk: Office, people: list[Person]) -> None:
    """Make this the roster that the centre confirmed."""
    with clerk.base.store.write("roster.read"):
        replace_roster(clerk.base.store, clerk.unit_number, people)
