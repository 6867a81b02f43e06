"""What is looked at before and after signing: figures from the signed bytes, the queue's need, bills, estimates."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.e2e.office import MONTH, TODAY, Office, ask, faults, office, open_unit, practice_centre, staff
from unitclient.central.server import RunningCentre
from unitclient.domain.late_fee import late_fee
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.store.outbox import OutboxState
from unitclient.store.queue_view import QueueEntry, queue_entries
from unitclient.workflows.bills import bill_sums, bills
from unitclient.workflows.estimates import all_insurances, back_payment_estimate, late_fee_estimate
from unitclient.workflows.following import check_receipt, detail, records
from unitclient.workflows.lines import total_fen
from unitclient.workflows.queue_state import next_due, queue_need, queue_state, tries_of
from unitclient.workflows.signable import as_shown, certificate_of, signables
from unitclient.workflows.signing import to_sign


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as made:
        yield made


def test_what_is_shown_is_what_the_bytes_say(clerk: Office) -> None:
    clerk.enrols(staff(3))
    month = clerk.prepares()
    shown = signables(clerk.desk, clerk.unit)
    assert [one.form for one in shown] == ["enrol", "monthly"]
    monthly = shown[1]
    assert (monthly.persons, monthly.rows, monthly.total_fen) == (3, month.lines, total_fen(month.totals))
    assert monthly.requires == (shown[0].id,)
    waiting = {known.id: known for known in to_sign(clerk.desk, clerk.unit)}
    assert monthly.digest == hashlib.sha256(waiting[monthly.id].payload).hexdigest()
    certificate = certificate_of(clerk.unit)
    assert certificate is not None
    assert certificate.subject == clerk.unit.name
    assert certificate.days_left(certificate.not_after - timedelta(days=2)) == 2


def test_only_what_was_shown_is_signed(clerk: Office) -> None:
    clerk.enrols(staff(2))
    clerk.prepares()
    shown = {one.id: one.digest for one in signables(clerk.desk, clerk.unit)}
    assert [known.id for known in as_shown(clerk.desk, clerk.unit, shown)] == sorted(shown)
    monthly = max(shown)
    for other in ({**shown, monthly: "0" * 64}, {monthly: shown[monthly]}):
        with pytest.raises(UserError) as refused:
            as_shown(clerk.desk, clerk.unit, other)
        assert refused.value.code == "sign-not-as-shown"
    clerk.prepares()
    with pytest.raises(UserError) as refused:
        as_shown(clerk.desk, clerk.unit, shown)
    assert refused.value.code == "sign-not-as-shown"


def test_a_declaration_followed_to_its_slip(clerk: Office) -> None:
    clerk.enrols(staff(2))
    month = clerk.declares()
    listed = records(clerk.desk, clerk.unit)
    assert [one.form for one in listed] == ["monthly", "enrol"]
    assert listed[0].money == "receipted"
    told = detail(clerk.desk, clerk.unit, month.declaration_id)
    assert told.record == listed[0]
    assert told.papers
    assert told.correctable
    assert not told.voidable
    assert not told.payable
    assert [step.state for step in told.steps if step.track == "money"][-1] == "receipted"
    assert {step.document for step in told.steps if step.source == "centre"} >= {
        "receipt",
        "acceptance",
        "bill",
        "slip",
    }
    receipt = check_receipt(clerk.desk, clerk.unit, month.declaration_id)
    assert receipt.ok
    assert receipt.timely
    assert receipt.acceptance_number == listed[0].acceptance_number
    (bill,) = bills(clerk.desk, clerk.unit)
    assert (bill.total_fen, bill.declared_fen) == (total_fen(month.totals), total_fen(month.totals))
    assert bill.slip is not None
    assert not bill.payable
    sums = bill_sums([bill])
    assert (sums.paid_fen, sums.open_fen) == (bill.total_fen, 0)


def test_drafts_that_were_prepared_anew_are_not_listed(clerk: Office) -> None:
    clerk.enrols(staff(1))
    clerk.prepares()
    again = clerk.prepares()
    assert [one.id for one in records(clerk.desk, clerk.unit)] == [again.declaration_id, again.others[0][0]]
    with pytest.raises(UserError) as refused:
        check_receipt(clerk.desk, clerk.unit, again.declaration_id)
    assert refused.value.code == "papers-none-yet"


def test_a_failed_debit_has_its_reason(clerk: Office) -> None:
    ask(clerk.unit.centre_url, "PUT", f"/practice/bank/{clerk.unit_number}", {"behaviour": "insufficient"})
    clerk.enrols(staff(1))
    clerk.declares()
    (bill,) = bills(clerk.desk, clerk.unit)
    assert (bill.payable, bill.reason, bill.attempts, bill.slip) == (True, "K01", 1, None)
    assert bill_sums([bill]).failed == 1


def test_the_queue_of_a_busy_centre(centre: RunningCentre, clerk: Office) -> None:
    """The monthly declaration waits for the enrolments, and what was answered is kept with each try."""
    clerk.enrols(staff(2))
    month = clerk.prepares()
    clerk.signs()
    waiting = queue_state(clerk.desk, clerk.unit)
    by_form = {entry.form: entry for entry in waiting}
    assert by_form["monthly"].waits_for == month.requires
    assert by_form["enrol"].waits_for == ()
    faults(centre.url, unavailable=1, retry_after_s=60)
    clerk.syncs()
    busy = {entry.form: entry for entry in queue_state(clerk.desk, clerk.unit)}["enrol"]
    assert (busy.state, busy.last_code, busy.attempts) == (OutboxState.QUEUED, "intake-full", 1)
    assert [attempt.code for attempt in tries_of(clerk.desk, busy.submission_id)] == ["intake-full"]
    now = clerk.base.store.now()
    assert next_due(clerk.desk, now) == now, "the monthly declaration is due by its own clock"
    faults(centre.url)


def entry(state: OutboxState = OutboxState.QUEUED, *, size: int = 0, deadline: datetime | None = None,
          next_at: datetime | None = None, name: str = "a") -> QueueEntry:  # fmt: skip
    return QueueEntry(name, "u", "monthly", "2026-11", "original", 1, size, "", state, 0, next_at, "", None, deadline,
                      0, TODAY, ())  # fmt: skip


def test_what_the_queue_needs_before_the_deadline() -> None:
    """The next try is by our clock, the deadline by the centre's: the wait is carried over, not the instant."""
    here, centre = datetime(2026, 1, 1, tzinfo=UTC), TODAY
    waits = entry(size=640 * 1024, deadline=TODAY + timedelta(minutes=5), next_at=here + timedelta(minutes=4))
    need = queue_need([waits, entry(OutboxState.PARKED), entry(OutboxState.DELIVERED)], here, centre)
    assert (need.count, need.parked, need.needed) == (1, 1, timedelta(seconds=13))
    assert need.slack == timedelta(seconds=47)
    assert queue_need([], here, centre).slack is None


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(-100, 100)), max_size=6))
def test_more_in_the_queue_never_needs_less(sizes: list[tuple[int, int]]) -> None:
    entries = [entry(size=size, deadline=TODAY + timedelta(hours=hours)) for size, hours in sizes]
    for count in range(len(entries)):
        less, more = queue_need(entries[:count], TODAY, TODAY), queue_need(entries[: count + 1], TODAY, TODAY)
        assert more.needed > less.needed
        assert more.slack is not None
        assert less.slack is None or more.slack < less.slack


def test_entries_carry_no_container(clerk: Office) -> None:
    clerk.enrols(staff(1))
    clerk.prepares()
    clerk.signs()
    for one in queue_entries(clerk.base.store):
        assert one.size == len(clerk.queued(one.submission_id).container)


def test_late_fee_by_the_rule_of_the_region(clerk: Office) -> None:
    """Counted from the day after the published deadline, both days in, at 0.05 % a day."""
    period = Period(2026, 10)
    told = late_fee_estimate(clerk.desk, clerk.unit, period, 1_000_000, date(2026, 12, 31))
    assert told.first_day > period.last_day - timedelta(days=31)
    assert told.days == (told.last_day - told.first_day).days + 1
    assert told.fee_fen == late_fee(1_000_000, told.first_day, told.last_day).fee_fen
    in_time = late_fee_estimate(clerk.desk, clerk.unit, period, 1_000_000, date(2026, 10, 1))
    assert (in_time.days, in_time.fee_fen) == (0, 0)


def test_back_payment_month_by_month(clerk: Office) -> None:
    names = all_insurances(clerk.desk, clerk.unit, MONTH)
    told = back_payment_estimate(clerk.desk, clerk.unit, MONTH + -3, MONTH + -2, 800_000, names, date(2026, 11, 30))
    assert {row.period for row in told.rows} == {MONTH + -3, MONTH + -2}
    assert told.total_fen == sum(row.contribution.unit_fen + row.contribution.person_fen for row in told.rows)
    assert told.fee_fen > 0
    only = back_payment_estimate(clerk.desk, clerk.unit, MONTH + -3, MONTH + -2, 800_000, ["pension"], TODAY.date())
    assert {row.insurance.value for row in only.rows} == {"pension"}
    for first, last in ((MONTH, MONTH + -1), (MONTH + -600, MONTH)):
        with pytest.raises(UserError) as refused:
            back_payment_estimate(clerk.desk, clerk.unit, first, last, 1, names, TODAY.date())
        assert refused.value.code == "estimate-bad-span"
