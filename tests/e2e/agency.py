"""An agency: one computer that works for several units of a centre, each with a key of its own (in memory)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.e2e.office import Office, office, open_unit, signer_of
from unitclient.errors import Cancelled
from unitclient.seal.signer import Signer
from unitclient.store.units import add_unit
from unitclient.tokens.keyref import KeyKind, KeyRef
from unitclient.workflows.desk import Desk
from unitclient.workflows.many_keys import KeyBatch
from unitclient.workflows.unit_outcomes import UnitOutcome, UnitResult
from unitclient.workflows.units import Enrolment, enrol_unit


@dataclass
class Agency:
    """Offices of one home by their names, and what was asked at the PIN."""

    clerks: dict[str, Office]
    asked: list[list[str]] = field(default_factory=list)
    """Names of the units that each PIN was asked for."""
    gives_up: set[str] = field(default_factory=set)
    """Units at whose key the person gives up."""

    @property
    def desk(self) -> Desk:
        """The desk of the computer, by its own clock."""
        return next(iter(self.clerks.values())).base

    def key(self, batch: KeyBatch) -> _Key:
        """Opens the key of a batch, as `sign_units` wants it."""
        names = [one.unit.name for one in batch.units]
        self.asked.append(names)
        if self.gives_up.intersection(names):
            raise Cancelled
        return _Key(self.clerks[names[0]].signer)


@dataclass
class _Key:
    signer: Signer

    def __enter__(self) -> Signer:
        return self.signer

    def __exit__(self, *_: object) -> None:
        """Nothing to log out of."""


@contextmanager
def agency(home: Path, url: str, names: Sequence[str]) -> Iterator[Agency]:
    """A home whose computer is enrolled for a new unit of each name; the first is in front."""
    with office(home, url, open_unit(url, name=names[0])) as first:
        made = {names[0]: first, **{name: _beside(first, url, name) for name in names[1:]}}
        for clerk in made.values():
            give_key(clerk, clerk.opened["unit_number"])
        yield Agency(made)


def _beside(first: Office, url: str, name: str) -> Office:
    opened = open_unit(url, name=name)
    signer = signer_of(opened)
    unit = enrol_unit(first.base, Enrolment(url, opened["ca_pem"], {}, "经办人甲", practice=True), signer)
    return Office(first.home, opened, first.base, first.clock, unit.unit_number, signer)


def give_key(clerk: Office, serial: str) -> None:
    """Remember for a unit that its key is on the token of that serial number."""
    ref = KeyRef(KeyKind.PKCS11, "", library="token.so", token_serial=serial)
    with clerk.base.store.write("test.key"):
        add_unit(clerk.base.store, replace(clerk.unit, key_ref=ref.to_dict()))


def told(outcomes: Sequence[UnitOutcome]) -> dict[str, tuple[UnitResult, int, str]]:
    """{name: (result, count, code)}."""
    return {one.unit_name: (one.result, one.count, one.code) for one in outcomes}
