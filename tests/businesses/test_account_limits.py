"""Limits that a unit sets for a linked account: held by the bank for every debit, told with the accounts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.businesses.asked import PAUSE
from tests.businesses.cases import load_case
from tests.businesses.doing import desk_step, does
from tests.businesses.pictures import lay_out
from tests.e2e.office import Office, id_number, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.workflows.accounts import Account, accounts, refresh
from unitclient.workflows.bills import Bill, bills
from unitclient.workflows.paying import ask_again


def test_a_time_and_a_day(centre: RunningCentre, tmp_path: Path) -> None:
    """Too much at a time is refused with K08, and so is too much on one day; a higher limit mends it."""
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        lay_out(clerk.home)
        clerk.enrols(staff(1))
        tail = account(centre, clerk, "bank").tail
        assert does(clerk, "account-link", {**load_case("account-link").row(1), "account_tail": tail}) == "accepted"
        desk_step(clerk, "linked-account", "L-1", "confirm", {})
        limits(clerk, "100", "100")
        clerk.declares()
        month = newest(clerk)
        assert (month.state, month.debits[-1].code) == ("debit-failed", "K08")
        limits(clerk, "50000", "50000")
        ask_again(clerk.desk, clerk.unit, month.declaration_id)
        clerk.settles()
        assert newest(clerk).state == "receipted"
        linked = account(centre, clerk, "linked")
        assert (linked.single_limit_fen, linked.day_limit_fen) == (5_000_000, 5_000_000)
        assert (linked.balance_fen is None, linked.origin) in ((True, ""), (False, "practice"))
        # As much as was debited today, and no more: the next bill would fit at a time, but not on this day.
        day = f"{month.total_fen / 100:.2f}"
        limits(clerk, day, day)
        row = {"name": "员工一", "id_number": id_number(1), "from_month": "2026-10", "to_month": "2026-10",
               "wage": "6000", "reason": "漏缴补收"}  # fmt: skip
        assert does(clerk, "back-payment", row) == "accepted"
        clerk.settles()
        late = newest(clerk)
        assert late.total_fen <= month.total_fen
        assert (late.state, late.debits[-1].code) == ("debit-failed", "K08")
        assert account(centre, clerk, "contribution").due_fen == late.total_fen


def limits(clerk: Office, single: str, day: str) -> None:
    """Set the limits from today on."""
    row = {"agreement_number": "L-1", "single_limit": single, "day_limit": day, "limit_from": "2026-11-10"}
    assert does(clerk, "account-limits", row) == "accepted"


def newest(clerk: Office) -> Bill:
    """The bill that came last."""
    clerk.settles()
    return bills(clerk.desk, clerk.unit)[0]


def account(centre: RunningCentre, clerk: Office, category: str) -> Account:
    """The unit's one account of a category, asked for now; the centre's clock goes on, for it to be asked again."""
    clock = centre.state.core.clock
    clock.shift(clock.now() - datetime.now(UTC) + PAUSE)
    clerk.syncs()
    assert refresh(clerk.base) == []
    (found,) = accounts(clerk.base, category)
    return found
