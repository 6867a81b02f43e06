"""The days before a deadline: what is sent first, how long it takes, notices, wrong clocks, no network."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import requests

from tests.e2e.office import MONTH, REGION, Office, at_centre, faults, office, open_unit, practice_centre, staff
from tests.e2e.test_clocks import centre_time
from tests.e2e.wire import wire_to
from unitclient.central.server import RunningCentre
from unitclient.clock import CHINA
from unitclient.store.attempts import measured
from unitclient.store.outbox import OutboxState
from unitclient.store.units import add_unit
from unitclient.sync.retry import Outcome
from unitclient.texts import say_outcome
from unitclient.workflows.calendar import deadline_of
from unitclient.workflows.centre import open_engine
from unitclient.workflows.countdown import countdown
from unitclient.workflows.declaring import prepare_form
from unitclient.workflows.month_state import month_state, queue_card
from unitclient.workflows.queue_state import queue_state
from unitclient.workflows.queueing import export, import_reply

NOTICE = "演练公告〔2026〕9号：11月申报期顺延"


def extends(running: RunningCentre, until: str) -> None:
    """The bureau moves the month's deadline."""
    told = {"deadline": until, "notice": NOTICE}
    answer = requests.put(f"{running.url}/practice/desk/dates/{REGION}/{MONTH}", json=told, timeout=30)
    assert answer.status_code < 300, answer.text


def changes_its_telephone(clerk: Office) -> str:
    """A change of the unit's telephone, signed: money does not depend on it."""
    taken = clerk.imports("unit-info-change", ("变更日期", "联系电话"), [["2026-11-09", "13900000001"]])
    assert taken.refused == 0, taken.findings
    made = prepare_form(clerk.desk, clerk.unit, "unit-info-change", MONTH)
    clerk.signs()
    return made.declaration_id


def test_the_money_goes_before_a_change_of_telephone(own_centre: RunningCentre, own_clerk: Office) -> None:
    """Both are due the same day and the telephone was signed first; the enrolments go with the money they belong to."""
    phone = changes_its_telephone(own_clerk)
    own_clerk.enrols(staff(2))
    month = own_clerk.prepares()
    own_clerk.signs()
    enrolment = month.others[0][0]
    planned = [entry.submission_id for entry in queue_state(own_clerk.desk, own_clerk.unit)]
    assert planned == [enrolment, month.declaration_id, phone]
    assert list(own_clerk.syncs().tried) == planned
    assert [form for form, _, _ in at_centre(own_centre, own_clerk.unit_number)] == [
        "enrol",
        "monthly",
        "unit-info-change",
    ]


def test_the_queue_says_how_long_it_needs_from_measured_times(own_centre: RunningCentre, own_clerk: Office) -> None:
    """A slow line is noticed, and counted with the next time."""
    own_clerk.enrols(staff(1))
    own_clerk.prepares()
    own_clerk.signs()
    need = queue_card(own_clerk.desk, own_clerk.unit).need
    assert (need.count, need.measured, need.needed >= timedelta(seconds=6)) == (2, 0, True)
    faults(own_centre.url, delay_ms=400)
    own_clerk.syncs()
    times = measured(own_clerk.base.store)
    assert len(times) == 2
    assert all(0.4 <= seconds < 5 and size > 1000 for size, seconds in times)
    faults(own_centre.url)
    changes_its_telephone(own_clerk)
    need = queue_card(own_clerk.desk, own_clerk.unit).need
    assert (need.count, need.measured) == (1, 2)
    assert timedelta(seconds=0.4) <= need.needed < timedelta(seconds=5)


def test_the_centres_slot_is_met(centre: RunningCentre, clerk: Office) -> None:
    """The centre's clock says when: what waits is due within the slot by this computer's clock, and not before."""
    clerk.syncs()
    begin = clerk.desk.now() + timedelta(minutes=20)
    slot = {"not_before": begin.isoformat(), "not_after": (begin + timedelta(minutes=2)).isoformat()}
    busy = {"status": 425, "code": "slot-not-yet", "retryable": True, "retry_after_s": 5, "slot": slot}
    with wire_to(centre.url) as wire:
        wire.alter = lambda method, _path, status, body: (
            (425, json.dumps(busy).encode()) if method == "PUT" else (status, body)
        )
        clerk.moves_to(wire.url)
        clerk.enrols(staff(1))
        enrolment = clerk.prepares().others[0][0]
        clerk.signs(enrolment)
        with open_engine(clerk.desk, clerk.unit) as engine:
            assert engine.send_due()[enrolment].code == "slot-not-yet"
            assert engine.send_due() == {}
        assert say_outcome("slot-not-yet") != "slot-not-yet"
        due = clerk.queued(enrolment).next_at
        assert due is not None
        due += clerk.desk.now() - clerk.base.store.now()
        assert begin <= due <= begin + timedelta(minutes=2)


def test_a_notice_moves_the_countdown_with_the_next_contact(own_centre: RunningCentre, own_clerk: Office) -> None:
    """Signed before the notice came: month, countdown, queue and the waits of the retry go by the new deadline."""
    own_clerk.enrols(staff(1))
    enrolment = own_clerk.prepares().others[0][0]
    own_clerk.signs()
    before = countdown(own_clerk.desk, own_clerk.unit)
    assert before.left is not None
    extends(own_centre, "2026-12-03")
    faults(own_centre.url, unavailable=9)
    result = own_clerk.syncs()
    until = datetime(2026, 12, 3, 23, 59, 59, tzinfo=CHINA)
    assert [(one.period, one.until, one.notice) for one in result.moved] == [(MONTH, until, NOTICE)]
    after = countdown(own_clerk.desk, own_clerk.unit)
    assert after.left is not None
    assert timedelta(days=2, hours=23) < after.left - before.left <= timedelta(days=3)
    state = month_state(own_clerk.desk, own_clerk.unit, MONTH)
    assert state.deadline is not None
    assert (state.deadline.until, state.deadline.notice, state.queue.need.deadline) == (until, NOTICE, until)
    assert own_clerk.queued(enrolment).deadline == until
    assert own_clerk.syncs().moved == ()


def test_the_newest_notice_counts_in_whatever_order_they_come(own_centre: RunningCentre, own_clerk: Office) -> None:
    """The calendar was asked for and is here; the one before it comes later, from the feed, and counts for nothing."""
    extends(own_centre, "2026-12-05")
    extends(own_centre, "2026-12-03")
    with open_engine(own_clerk.desk, own_clerk.unit) as engine:
        engine.refresh(force=True)
    own_clerk.syncs()
    told = deadline_of(own_clerk.desk, own_clerk.unit, MONTH)
    assert told is not None
    assert (told.until.astimezone(CHINA).date().isoformat(), told.notice) == ("2026-12-03", NOTICE)


def test_a_wrong_clock_is_found_and_said(own_centre: RunningCentre, own_clerk: Office) -> None:
    """Three hours fast: said on the dashboard and beside the countdown, which goes by the centre's clock."""
    own_clerk.syncs()
    right = countdown(own_clerk.desk, own_clerk.unit)
    own_clerk.clock.wrong_by += timedelta(hours=3)
    own_clerk.syncs()
    with own_clerk.base.store.write("unit.moved", subject=own_clerk.unit_number):
        add_unit(own_clerk.base.store, replace(own_clerk.unit, practice=False))
    # The practice centre lives on a day of its own; what this computer is off beside that counts as wrong here.
    told = countdown(own_clerk.desk, own_clerk.unit)
    assert told.clock_error is not None
    assert right.left is not None
    assert told.left is not None
    assert abs(told.left - right.left) < timedelta(minutes=1)
    codes = [one.code for one in month_state(own_clerk.desk, own_clerk.unit, MONTH).to_dos]
    assert "clock-slow" in codes or "clock-fast" in codes
    assert right.clock_error is None


def test_without_a_network_on_the_last_day(tmp_path: Path) -> None:
    """23:30, the line is down: the file is carried there, the receipt says in time, and nothing is sent twice later."""
    with ExitStack() as stack:
        running = stack.enter_context(practice_centre(tmp_path / "centre"))
        wire = stack.enter_context(wire_to(running.url))
        clerk = stack.enter_context(office(tmp_path / "home", running.url, open_unit(running.url)))
        clerk.enrols(staff(2))
        month = clerk.prepares()
        clerk.signs()
        centre_time(running.url, datetime(2026, 11, 30, 23, 30, tzinfo=CHINA))
        with open_engine(clerk.desk, clerk.unit) as engine:
            engine.fetch()
        clerk.moves_to("http://127.0.0.1:9")
        tried = clerk.syncs().tried
        assert {attempt.outcome for attempt in tried.values()} == {Outcome.NOT_SENT}
        card = queue_card(clerk.desk, clerk.unit)
        assert card.need.deadline is not None
        assert card.need.deadline - clerk.desk.now() < timedelta(minutes=31)
        for submission_id in (month.others[0][0], month.declaration_id):
            file = export(clerk.desk, submission_id, tmp_path / "stick")
            reply = tmp_path / "stick" / f"{submission_id}.json"
            reply.write_bytes(handed_in(running, clerk, submission_id, file.read_bytes()))
            told = import_reply(clerk.desk, clerk.unit, reply)
            assert (told["id"], told["timely"]) == (submission_id, True)
            assert clerk.queued(submission_id).state is OutboxState.DELIVERED
        clerk.moves_to(wire.url)
        clerk.settles()
        assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        assert not [path for method, path in wire.seen if method == "PUT"]
        assert len(at_centre(running, clerk.unit_number)) == 2


def handed_in(running: RunningCentre, clerk: Office, submission_id: str, container: bytes) -> bytes:
    """What the counter gives back for a file that is brought."""
    address = f"{running.url}/v1/units/{clerk.unit_number}/submissions/{submission_id}"
    kind = {"Content-Type": "application/vnd.etsi.asic-e+zip"}
    answer = requests.put(address, data=container, headers=kind, timeout=30)
    assert answer.status_code == 201, answer.text
    assert json.loads(answer.content)["receipt"]
    return answer.content
