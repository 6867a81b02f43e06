"""The desk a clerk sits at: everything the workflows need, opened once by the composition root."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from unitclient.catalog import policies as policy_files
from unitclient.catalog.loader import Catalog
from unitclient.clock import CHINA, Clock
from unitclient.domain.areas import AreaTable
from unitclient.domain.deadlines import HolidayTable
from unitclient.domain.period import Period
from unitclient.domain.policy import MonthPolicy, PolicyBook
from unitclient.errors import UserError
from unitclient.store.documents import newest_document
from unitclient.store.store import Store
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind

Count = Callable[[int, int], None]
"""Told (done, total) while something long is under way; the total is 0 while it is not known."""


def no_count(_done: int, _total: int) -> None:
    """For callers that do not show progress."""


@contextmanager
def unhindered() -> Iterator[None]:
    """Bulk work makes many values and no cycles: the collector of cycles would only walk over them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True)
class Desk:
    """Store, catalogue, policies, calendar data and clock of one home."""

    home: Path
    store: Store
    catalog: Catalog
    policies: PolicyBook
    holidays: HolidayTable
    areas: AreaTable
    clock: Clock

    @property
    def exports(self) -> Path:
        """Folder of the files a clerk takes away; made when first asked for."""
        folder = self.home / "exports"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def now(self) -> datetime:
        """The time by the clock given (the centre's where it is known)."""
        return self.clock.now()

    def today(self) -> date:
        """The day in China."""
        return self.clock.now().astimezone(CHINA).date()

    def policies_of(self, unit: Unit) -> PolicyBook:
        """The packages shipped with the program, overlaid with those the unit's centre published."""
        book = self.policies
        published = newest_document(self.store, unit.unit_number, DocumentKind.POLICIES)
        if published is not None:
            for told in json.loads(published.document)["packages"]:
                book = book.with_package(policy_files.from_json(told))
        return book

    def policy(self, unit: Unit, period: Period) -> MonthPolicy:
        """The rules of a month in the unit's region; UserError policy-unknown-region."""
        package = self.policies_of(unit).package(unit.region)
        if package is None:
            raise UserError("policy-unknown-region", region=unit.region)
        return package.month(period)
