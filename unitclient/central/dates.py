"""Dates that the bureau's desk sets for a month (月结时间, 顺延): they go before the practice calendar's own."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from typing import TYPE_CHECKING

from unitclient.catalog.policies import calendar_entry as read_entry
from unitclient.central.problems import ProblemError
from unitclient.central.regions import calendar_entry, entry_wire
from unitclient.domain.deadlines import CalendarEntry
from unitclient.domain.period import Period
from unitclient.errors import UserError

if TYPE_CHECKING:
    from unitclient.central.core import Core


def set_dates(core: Core, region: str, period: Period, deadline: date, late_fee_from: date | None, notice: str) -> None:
    """Publish new dates of a month and tell every unit of the region. ProblemError not-found, schema-invalid."""
    try:
        usual = calendar_entry(core.rulebook.policies_of(region), period)
    except UserError:
        raise ProblemError("not-found", region) from None
    opens = usual.opens or period.first_day
    if deadline < opens:
        raise ProblemError("schema-invalid", f"{deadline} is before {opens}")
    entry = CalendarEntry(
        period,
        deadline=deadline,
        opens=opens,
        debit_until=usual.debit_until,
        counter_until=max(deadline, opens),
        late_fee_from=late_fee_from or usual.late_fee_from,
        notice=notice,
    )
    with core.database.write() as tx:
        row = (region, str(period), json.dumps(entry_wire(entry), ensure_ascii=False))
        tx.execute("INSERT OR REPLACE INTO published_dates VALUES (?, ?, ?)", row)
        core.rulebook.dates = dates_of(tx)
        units = tx.execute("SELECT unit_number FROM unit WHERE region = ? ORDER BY unit_number", (region,)).fetchall()
        for unit in units:
            core.publications.publish_all(tx, unit[0])


def dates_of(connection: sqlite3.Connection) -> dict[str, tuple[CalendarEntry, ...]]:
    """{region: months whose dates the desk set}."""
    found: dict[str, tuple[CalendarEntry, ...]] = {}
    for region, entry in connection.execute("SELECT region, entry FROM published_dates ORDER BY region, period"):
        found[region] = (*found.get(region, ()), read_entry(json.loads(entry)))
    return found
