"""The centre put together: what the HTTP side, the worker and the practice functions share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from unitclient.central.acceptance import Acceptor
from unitclient.central.bank import SimulatedBank
from unitclient.central.billing import Billing
from unitclient.central.clock import CentreClock
from unitclient.central.database import CentreDatabase
from unitclient.central.dates import dates_of
from unitclient.central.documents import Publisher
from unitclient.central.feed import Feed
from unitclient.central.identity import Identity
from unitclient.central.key_changes import KeyChanges
from unitclient.central.messages import tell_subscribers
from unitclient.central.publications import Publications
from unitclient.central.rulebook import Rulebook
from unitclient.clock import Clock


@dataclass(frozen=True)
class Core:
    """Everything of one centre. Several may be open on one home: the database orders their writes."""

    home: Path
    database: CentreDatabase
    clock: CentreClock
    identity: Identity
    publisher: Publisher
    rulebook: Rulebook
    publications: Publications
    bank: SimulatedBank
    billing: Billing
    acceptor: Acceptor
    feed: Feed
    key_changes: KeyChanges


@contextmanager
def open_core(home: Path, rulebook: Rulebook | None = None, clock: Clock | None = None) -> Iterator[Core]:
    """Open the centre in `home`, making it on first use; closed at the end."""
    database = CentreDatabase(home)
    try:
        yield _core(home, database, rulebook or Rulebook(), clock)
    finally:
        database.close()


def _core(home: Path, database: CentreDatabase, rulebook: Rulebook, base: Clock | None) -> Core:
    clock = CentreClock(database, base)
    rulebook.dates = dates_of(database.read())
    identity = Identity(home, database, clock)
    publisher = Publisher(identity, clock, tell_subscribers)
    billing = Billing(publisher, clock)
    return Core(
        home=home,
        database=database,
        clock=clock,
        identity=identity,
        publisher=publisher,
        rulebook=rulebook,
        publications=Publications(database, publisher, rulebook, clock),
        bank=SimulatedBank(database),
        billing=billing,
        acceptor=Acceptor(database, publisher, rulebook, clock, billing),
        feed=Feed(database),
        key_changes=KeyChanges(database, publisher, identity),
    )
