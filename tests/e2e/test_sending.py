"""What can happen between the outbox and the centre's receipt: lost answers, closed doors, interrupted programs."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from tests.e2e.office import MONTH, Office, ask, at_centre, faults, office, open_unit, practice_centre, staff
from unitclient.app import open_desk
from unitclient.central.server import RunningCentre, in_thread
from unitclient.cli.queue import outbox_lines
from unitclient.errors import UserError
from unitclient.store.outbox import OutboxState, claim
from unitclient.sync.retry import Outcome
from unitclient.workflows.centre import open_engine
from unitclient.workflows.queueing import retry_now, withdraw
from unitclient.workflows.status import Light


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def queued_month(clerk: Office, people: int = 3) -> tuple[str, str]:
    """(enrolment, monthly declaration), signed and queued."""
    clerk.enrols(staff(people))
    month = clerk.prepares()
    clerk.signs()
    return month.others[0][0], month.declaration_id


def test_a_lost_answer_is_asked_for_and_not_sent_twice(own_centre: RunningCentre, own_clerk: Office) -> None:
    """The centre stores and the answer is lost: unknown, never failed. The receipt is fetched by its id."""
    enrolment, month = queued_month(own_clerk)
    faults(own_centre.url, drop_answers=1)
    first = own_clerk.syncs()
    assert first.tried[enrolment].outcome is Outcome.UNKNOWN
    assert own_clerk.tracks(enrolment)[0] in ("unknown", "delivered")
    row = own_clerk.queued(enrolment)
    if row.state is OutboxState.UNKNOWN:
        assert own_clerk.status(enrolment).light is Light.WAITING
        own_clerk.waits(30)
    own_clerk.settles()
    assert own_clerk.tracks(month) == ("delivered", "accepted", "receipted")
    assert at_centre(own_centre, own_clerk.unit_number) == [
        ("enrol", "original", "accepted"),
        ("monthly", "original", "accepted"),
    ]


def test_the_receipt_comes_by_id_before_any_bytes_go_out_again(own_centre: RunningCentre, own_clerk: Office) -> None:
    """With the intake shut to submissions, an unknown outcome is still settled: only the receipt was asked for."""
    enrolment, _ = queued_month(own_clerk)
    faults(own_centre.url, drop_answers=1, hold=["accept"])
    with open_engine(own_clerk.desk, own_clerk.unit) as engine:
        assert engine.send_due()[enrolment].outcome is Outcome.UNKNOWN
        assert own_clerk.tracks(enrolment) == ("unknown", None, None)
        assert own_clerk.queued(enrolment).next_at is not None
        faults(own_centre.url, unavailable=99, hold=["accept"])
        own_clerk.waits(30)
        assert engine.send_due()[enrolment].outcome is Outcome.DELIVERED
    assert own_clerk.tracks(enrolment) == ("delivered", "received", None)


def test_an_answer_lost_again_and_again_doubles_nothing(own_centre: RunningCentre, own_clerk: Office) -> None:
    enrolment, month = queued_month(own_clerk)
    faults(own_centre.url, drop_answers=4)
    for _ in range(4):
        own_clerk.syncs()
        own_clerk.waits(900)
    own_clerk.settles()
    assert own_clerk.tracks(month) == ("delivered", "accepted", "receipted")
    assert len(at_centre(own_centre, own_clerk.unit_number)) == 2
    states = [state for track, state in own_clerk.history(enrolment) if track == "transport"]
    assert states.count("delivered") == 1


def test_nobody_listening_means_queued_and_not_unknown(centre: RunningCentre, clerk: Office) -> None:
    """Nothing went out, so nothing is in doubt; when the centre is back, the same bytes go out."""
    enrolment, month = queued_month(clerk)
    sha256 = clerk.queued(enrolment).sha256
    clerk.moves_to(f"http://127.0.0.1:{closed_port()}")
    result = clerk.syncs()
    assert (result.tried[enrolment].outcome, result.tried[enrolment].code) == (Outcome.NOT_SENT, "no-connection")
    assert result.trouble == "no-connection"
    assert month not in result.tried, "the month waits for its enrolment"
    assert clerk.tracks(enrolment) == ("queued", None, None)
    clerk.moves_to(centre.url)
    clerk.waits(30)
    clerk.settles()
    assert clerk.tracks(month) == ("delivered", "accepted", "receipted")
    assert clerk.queued(enrolment).sha256 == sha256


def test_a_withdrawn_offer_after_no_connection_loses_nothing(clerk: Office) -> None:
    """What never went out may be taken back, and its rows wait again."""
    enrolment, _ = queued_month(clerk)
    clerk.moves_to(f"http://127.0.0.1:{closed_port()}")
    clerk.syncs()
    withdraw(clerk.desk, clerk.unit, enrolment)
    assert clerk.prepares().others[0][2] == 3


def test_retry_after_is_honoured(own_centre: RunningCentre, own_clerk: Office) -> None:
    """503 with Retry-After: back in the queue, and not due before the centre said."""
    enrolment, month = queued_month(own_clerk)
    faults(own_centre.url, unavailable=1, retry_after_s=300)
    before = own_clerk.clock.now()
    result = own_clerk.syncs()
    assert (result.tried[enrolment].outcome, result.tried[enrolment].code) == (Outcome.LATER, "intake-full")
    row = own_clerk.queued(enrolment)
    assert (row.state, row.last_code) == (OutboxState.QUEUED, "intake-full")
    assert row.next_at is not None
    assert row.next_at >= before + timedelta(seconds=300)
    assert own_clerk.syncs().tried == {}, "not due yet"
    own_clerk.waits(900)
    own_clerk.settles()
    assert own_clerk.tracks(month) == ("delivered", "accepted", "receipted")


def test_closed_for_upkeep_it_waits_and_goes_by_itself_once(own_centre: RunningCentre, own_clerk: Office) -> None:
    """Declared while the centre is shut: it waits, and the clerk reads why; once the centre is open, it goes."""
    enrolment, month = queued_month(own_clerk)
    ask(own_centre.url, "PUT", "/practice/desk/upkeep", {"minutes": 120, "notice": "夜间维护"})
    with open_engine(own_clerk.desk, own_clerk.unit) as engine:
        told = engine.client.intake(own_clerk.unit_number, 0)
    assert (told.state, 7100 < (told.retry_after_s or 0) <= 7200) == ("closed", True)
    result = own_clerk.syncs()
    assert (result.tried[enrolment].outcome, result.tried[enrolment].code) == (Outcome.LATER, "read-only")
    assert result.trouble == "", "what the centre said can still be read"
    assert own_clerk.status(enrolment).light is Light.WAITING
    shown = "".join(outbox_lines([own_clerk.queued(enrolment)]))
    assert "排队的申报自动报送" in shown
    assert "待发" in shown
    assert own_clerk.syncs().tried == {}, "not before it is open"
    assert at_centre(own_centre, own_clerk.unit_number) == []
    clock = own_centre.state.core.clock
    clock.set_to(clock.now() + timedelta(minutes=121))
    own_clerk.waits(4 * 3600)
    own_clerk.settles()
    assert own_clerk.tracks(month) == ("delivered", "accepted", "receipted")
    assert [form for form, _, _ in at_centre(own_centre, own_clerk.unit_number)] == ["enrol", "monthly"]


def test_a_clerk_may_retry_at_once(own_centre: RunningCentre, own_clerk: Office) -> None:
    enrolment, month = queued_month(own_clerk)
    faults(own_centre.url, unavailable=1, retry_after_s=3000)
    own_clerk.syncs()
    retry_now(own_clerk.desk, enrolment)
    own_clerk.settles()
    assert own_clerk.tracks(month) == ("delivered", "accepted", "receipted")


BROKEN = "CREATE TRIGGER broken BEFORE INSERT ON submission BEGIN SELECT RAISE(ABORT, 'broken'); END"
"""The centre fails while it takes the bytes in."""


def break_intake(running: RunningCentre, statement: str) -> None:
    with running.state.core.database.write() as tx:
        tx.execute(statement)


def test_an_internal_error_leaves_the_outcome_unknown(own_centre: RunningCentre, own_clerk: Office) -> None:
    """A 500 says nothing about whether the bytes were stored."""
    enrolment, month = queued_month(own_clerk)
    break_intake(own_centre, BROKEN)
    result = own_clerk.syncs()
    assert (result.tried[enrolment].outcome, result.tried[enrolment].code) == (Outcome.UNKNOWN, "internal")
    assert own_clerk.tracks(enrolment) == ("unknown", None, None)
    with pytest.raises(UserError) as refused:
        withdraw(own_clerk.desk, own_clerk.unit, enrolment)
    assert refused.value.code == "outbox-not-withdrawable"
    break_intake(own_centre, "DROP TRIGGER broken")
    own_clerk.waits(30)
    own_clerk.settles()
    assert own_clerk.tracks(month) == ("delivered", "accepted", "receipted")


def test_left_in_sending_by_a_program_that_is_gone(centre: RunningCentre, tmp_path: Path) -> None:
    """A restart between sending and receipt: the new program asks, and goes on."""
    opened = open_unit(centre.url)
    with office(tmp_path / "home", centre.url, opened) as clerk:
        enrolment, month = queued_month(clerk)
        assert claim(clerk.base.store, enrolment, clerk.base.store.now())
        assert clerk.tracks(enrolment)[0] == "sending"
        row, unit = clerk.queued(enrolment), clerk.unit
        # The bytes arrive; the program ends before the answer comes.
        answer = requests.put(
            f"{centre.url}/v1/units/{unit.unit_number}/submissions/{enrolment}",
            data=row.container,
            headers={"Content-Type": "application/vnd.etsi.asic-e+zip"},
            timeout=30,
        )
        assert answer.status_code == 201
    with open_desk(tmp_path / "home") as desk:
        again = Office(tmp_path / "home", opened, desk, clerk.clock, clerk.unit_number, clerk.signer)
        again.settles()
        assert again.tracks(month) == ("delivered", "accepted", "receipted")
        transport = [state for track, state in again.history(enrolment) if track == "transport"]
        assert transport[-4:] == ["sending", "unknown", "sending", "delivered"]
    assert len(at_centre(centre, clerk.unit_number)) == 2


def test_the_centre_is_gone_and_comes_back(tmp_path: Path) -> None:
    """Shut down in the middle of a month and started again on the same home, at another address."""
    with practice_centre(tmp_path / "centre") as running:
        opened = open_unit(running.url)
        faults(running.url, hold=["bill"])
        with office(tmp_path / "home", running.url, opened) as clerk:
            _, month = queued_month(clerk)
            clerk.syncs()
            clerk.syncs()
            unit_number = clerk.unit_number
    with open_desk(tmp_path / "home") as desk:
        clerk = Office(tmp_path / "home", opened, desk, clerk.clock, unit_number, clerk.signer)
        assert clerk.syncs().trouble == "no-connection"
        with in_thread(tmp_path / "centre") as running:
            clerk.moves_to(running.url)
            clerk.settles()
            assert clerk.tracks(month) == ("delivered", "accepted", "receipted")
            assert [form for form, _, _ in at_centre(running, unit_number)] == ["enrol", "monthly"]


def test_a_second_program_leaves_alone_what_the_first_is_sending(centre: RunningCentre, tmp_path: Path) -> None:
    """Two windows on one home: the claim of a living program stands."""
    opened = open_unit(centre.url)
    with office(tmp_path / "home", centre.url, opened) as first:
        enrolment, _ = queued_month(first)
        assert claim(first.base.store, enrolment, first.base.store.now())
        with open_desk(tmp_path / "home", first.clock) as desk:
            second = Office(tmp_path / "home", opened, desk, first.clock, first.unit_number, first.signer)
            assert second.syncs().tried == {}
            assert second.tracks(enrolment)[0] == "sending"


def test_the_month_is_the_one_that_was_asked_for(clerk: Office) -> None:
    """Signing twice is refused by name; preparing a month that is on its way as well."""
    _, month = queued_month(clerk)
    with pytest.raises(UserError) as refused:
        clerk.signs(month)
    assert refused.value.code == "already-signed"
    with pytest.raises(UserError) as refused:
        clerk.prepares(MONTH)
    assert refused.value.code == "month-on-its-way"
