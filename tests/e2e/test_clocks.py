"""Time: a computer whose clock is wrong, long absences, a device that has run out."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from tests.e2e.office import MONTH, TODAY, Office, OfficeClock, ask, faults, office, open_unit, staff
from unitclient.app import open_desk
from unitclient.central.server import RunningCentre
from unitclient.clock import CHINA
from unitclient.store.documents import latest_document
from unitclient.sync.protocol import Declaration, DocumentKind
from unitclient.texts import say_outcome
from unitclient.workflows.calendar import deadline_of
from unitclient.workflows.centre import centre_offset, open_engine, with_centre_clock
from unitclient.workflows.queueing import import_reply
from unitclient.workflows.syncing import sync_until_settled
from unitclient.workflows.units import Enrolment, enrol_unit


def centre_time(url: str, at: datetime) -> None:
    """Set the centre's clock."""
    ask(url, "PUT", "/practice/clock", {"now": at.isoformat()})


@pytest.mark.parametrize("wrong_by", [timedelta(days=-400), timedelta(hours=-3), timedelta(days=3000)])
def test_a_computer_whose_clock_is_wrong(centre: RunningCentre, tmp_path: Path, wrong_by: timedelta) -> None:
    """The centre's clock is learnt with the first answer and used: for signing, for deadlines, for the month."""
    clock = OfficeClock(wrong_by)
    with office(tmp_path / "home", centre.url, open_unit(centre.url), clock=clock) as clerk:
        assert abs(clerk.desk.now() - centre.state.core.clock.now()) < timedelta(seconds=5)
        clerk.enrols(staff(2))
        month = clerk.declares()
        assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        declared = Declaration.from_bytes(clerk.status(month.declaration_id).declaration.payload)
        prepared_at = datetime.fromisoformat(declared.header.prepared_at)
        assert abs(prepared_at - centre.state.core.clock.now()) < timedelta(minutes=5)


def test_the_offset_outlives_the_program(centre: RunningCentre, tmp_path: Path) -> None:
    """Off line after a restart the centre's time is still known."""
    clock = OfficeClock(timedelta(days=77))
    with office(tmp_path / "home", centre.url, open_unit(centre.url), clock=clock) as clerk:
        unit = clerk.unit
    with open_desk(tmp_path / "home", clock) as desk:
        assert abs(with_centre_clock(desk, unit).now() - centre.state.core.clock.now()) < timedelta(seconds=10)


def test_a_clock_that_is_set_while_we_work(clerk: Office) -> None:
    """Somebody corrects the computer's clock by a day: the next sync learns it and is not refused."""
    clerk.enrols(staff(2))
    month = clerk.prepares()
    clerk.signs()
    clerk.clock.wrong_by += timedelta(days=1)
    result = clerk.syncs()
    assert result.trouble == ""
    clerk.settles()
    assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
    offset = centre_offset(clerk.base.store, clerk.unit_number)
    assert offset is not None
    assert abs(clerk.clock.now() + offset - clerk.desk.now()) < timedelta(seconds=3)


def test_a_clock_that_was_ahead_and_is_set_right(clerk: Office) -> None:
    """Signed, and tried in vain, while the computer thought it was next year: that does not put sending off a year."""
    clerk.enrols(staff(2))
    month = clerk.prepares()
    clerk.clock.wrong_by += timedelta(days=365)
    clerk.signs()
    url = clerk.unit.centre_url
    clerk.moves_to("http://127.0.0.1:9")
    assert clerk.syncs().trouble == "no-connection"
    clerk.clock.wrong_by -= timedelta(days=365)
    clerk.moves_to(url)
    clerk.settles()
    assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")


def test_tries_come_quicker_as_the_centres_deadline_comes_near(own_centre: RunningCentre, own_clerk: Office) -> None:
    """Four minutes left by the centre's clock, whatever ours says: no wait is longer than a quarter of that."""
    own_clerk.enrols(staff(1))
    enrolment = own_clerk.prepares().others[0][0]
    own_clerk.signs(enrolment)
    own_clerk.clock.wrong_by += timedelta(days=30)
    centre_time(own_centre.url, datetime(2026, 11, 30, 23, 55, 59, tzinfo=CHINA))
    faults(own_centre.url, unavailable=99)
    for _ in range(9):
        own_clerk.waits(700)
        own_clerk.syncs()
    row = own_clerk.queued(enrolment)
    assert row.attempts == 9
    assert row.next_at is not None
    assert row.next_at - own_clerk.clock.now() <= timedelta(minutes=1)


def test_the_deadline_is_the_published_one_by_the_centres_clock(clerk: Office) -> None:
    """The queue's deadline and the receipt's are the same instant, whatever this computer's day is."""
    told = deadline_of(clerk.desk, clerk.unit, MONTH)
    assert told is not None
    assert not told.computed
    assert told.until.astimezone(CHINA).date() == MONTH.last_day
    clerk.enrols(staff(1))
    month = clerk.declares()
    receipt = latest_document(clerk.base.store, clerk.unit_number, DocumentKind.RECEIPT, month.declaration_id)
    assert receipt is not None
    content = json.loads(receipt.document)
    assert content["timely"] is True
    assert abs(datetime.fromisoformat(content["deadline"]) - told.until) < timedelta(seconds=1)
    queued = clerk.queued(month.declaration_id).deadline
    assert queued is not None
    assert abs(queued - told.until) < timedelta(seconds=1)


def test_feedback_is_read_after_two_months_away(own_centre: RunningCentre, own_clerk: Office) -> None:
    """The decisions waiting in the feed are older than the revocation list inside them: a fresh list is read."""
    own_clerk.enrols(staff(2))
    month = own_clerk.prepares()
    own_clerk.signs()
    with open_engine(own_clerk.desk, own_clerk.unit) as engine:
        engine.send_due()
    wait_until_paid(own_centre, month.declaration_id)
    centre_time(own_centre.url, TODAY + timedelta(days=62))
    own_clerk.clock.wrong_by += timedelta(days=62)
    own_clerk.settles()
    assert own_clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")


def wait_until_paid(running: RunningCentre, submission_id: str) -> None:
    """Until the centre is through with a submission."""
    for _ in range(400):
        query = "SELECT money FROM submission WHERE submission_id = ?"
        row = running.state.core.database.read().execute(query, (submission_id,)).fetchone()
        if row is not None and row["money"] == "receipted":
            return
        time.sleep(0.05)
    raise AssertionError("not paid")


def test_an_unknown_outcome_is_settled_after_two_months(own_centre: RunningCentre, own_clerk: Office) -> None:
    """The receipt that the centre gave then is the one it gives now, and it is believed now."""
    own_clerk.enrols(staff(1))
    enrolment = own_clerk.prepares().others[0][0]
    own_clerk.signs(enrolment)
    faults(own_centre.url, drop_answers=1)
    with open_engine(own_clerk.desk, own_clerk.unit) as engine:
        engine.send_due()
    assert own_clerk.tracks(enrolment)[0] == "unknown"
    centre_time(own_centre.url, TODAY + timedelta(days=62))
    own_clerk.clock.wrong_by += timedelta(days=62)
    with open_engine(own_clerk.desk, own_clerk.unit) as engine:
        assert engine.send_due()[enrolment].code == "receipt"
    assert own_clerk.tracks(enrolment)[0] == "delivered"


def test_a_reply_carried_in_after_two_months(own_centre: RunningCentre, own_clerk: Office) -> None:
    """An office without a network takes the receipt from the stick, however long it lay there."""
    own_clerk.enrols(staff(1))
    enrolment = own_clerk.prepares().others[0][0]
    own_clerk.signs(enrolment)
    container = own_clerk.queued(enrolment).container
    path = f"/v1/units/{own_clerk.unit_number}/submissions/{enrolment}"
    kind = {"Content-Type": "application/vnd.etsi.asic-e+zip"}
    answer = requests.put(own_centre.url + path, data=container, headers=kind, timeout=30)
    reply = own_clerk.home / "reply.json"
    reply.write_bytes(answer.content)
    own_clerk.clock.wrong_by += timedelta(days=62)
    assert import_reply(own_clerk.desk, own_clerk.unit, reply)["id"] == enrolment
    assert own_clerk.tracks(enrolment) == ("delivered", "received", None)


def test_the_device_has_run_out_after_a_long_absence(own_centre: RunningCentre, own_clerk: Office) -> None:
    """A device key ends with its year: said in words, submissions still go out, and enrolling again mends it."""
    own_clerk.enrols(staff(2))
    month = own_clerk.prepares()
    own_clerk.signs()
    centre_time(own_centre.url, TODAY + timedelta(days=800))
    own_clerk.clock.wrong_by += timedelta(days=800)
    pauses: list[float] = []
    result = sync_until_settled(own_clerk.desk, own_clerk.unit, 30, sleep=pauses.append)
    assert (result.trouble, result.settled, pauses) == ("device-revoked", False, [])
    assert say_outcome(result.trouble) != result.trouble
    assert own_clerk.tracks(month.declaration_id)[0] == "delivered", "sending needs no device key"
    wish = Enrolment(own_centre.url, own_clerk.opened["ca_pem"], {}, "经办人乙", practice=True)
    enrol_unit(own_clerk.base, wish, own_clerk.signer)
    own_clerk.settles()
    assert own_clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
