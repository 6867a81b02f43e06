"""Announcements: read once, with one receipt that goes along with the next declaration; and to-dos of the services."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.office import MONTH, Office, office, open_unit, practice_centre, staff
from unitclient.central.server import RunningCentre
from unitclient.domain.registers import Entry
from unitclient.errors import UserError
from unitclient.store.items import ItemState, items
from unitclient.store.journal import entries
from unitclient.store.registers import get_entry, put_entries
from unitclient.workflows.announcements import announcements, mark_read, read_announcement
from unitclient.workflows.certificate_notices import certificate_notices
from unitclient.workflows.month_services import appointments
from unitclient.workflows.month_state import certificate_end, month_state
from unitclient.workflows.month_to_dos import ToDo, Weight
from unitclient.workflows.pending import discard, pending_rows

FORM = "announcement-read"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as made:
        yield made


def announced(clerk: Office, centre: RunningCentre, title: str) -> str:
    """An announcement that came with a sync; its reference."""
    centre.state.core.publications.announce(title, "正文。")
    clerk.syncs()
    return announcements(clerk.desk, clerk.unit)[0].ref


def to_dos(clerk: Office) -> list[ToDo]:
    return list(month_state(clerk.desk, clerk.unit, MONTH).to_dos)


def put(clerk: Office, *told: Entry) -> None:
    with clerk.base.store.write("test.entries"):
        put_entries(clerk.base.store, clerk.unit_number, [(one, "2026-11-10T02:00:00.000Z") for one in told])


def test_the_receipt_goes_with_the_next_declaration(clerk: Office, centre: RunningCentre) -> None:
    ref = announced(clerk, centre, "关于缴费基数的公告")
    told, staged = read_announcement(clerk.desk, clerk.unit, ref)
    assert (told.title, told.read, staged) == ("关于缴费基数的公告", False, True)
    (row,) = items(clerk.base.store, clerk.unit_number, FORM)
    assert (row.state, row.values["announcement_id"], str(row.values["read_on"])) == (
        ItemState.PENDING, told.id, "2026-11-10")  # fmt: skip
    assert row.values["reader"] == (clerk.unit.operator or clerk.unit.name)
    clerk.enrols(staff(1))
    clerk.declares()
    entry = get_entry(clerk.base.store, clerk.unit_number, FORM, told.id)
    assert entry is not None
    assert entry.state == "read"
    assert read_announcement(clerk.desk, clerk.unit, told.id) == (announcements(clerk.desk, clerk.unit)[0], False)


def test_there_is_one_receipt_an_announcement(clerk: Office, centre: RunningCentre) -> None:
    first, second = (announced(clerk, centre, title) for title in ("公告甲", "公" * 200))
    assert mark_read(clerk.desk, clerk.unit, [first, second, first]) == 2
    before = len(entries(clerk.base.store))
    assert mark_read(clerk.desk, clerk.unit, [first, second]) == 0
    assert len(entries(clerk.base.store)) == before
    discard(clerk.desk, clerk.unit, [row.id for row in pending_rows(clerk.desk, clerk.unit, FORM)])
    assert mark_read(clerk.desk, clerk.unit, [first]) == 0
    assert pending_rows(clerk.desk, clerk.unit, FORM) == []
    with pytest.raises(UserError) as refusal:
        read_announcement(clerk.desk, clerk.unit, "nothing")
    assert refusal.value.code == "notice-unknown"


def test_reading_makes_no_month_stale(clerk: Office, centre: RunningCentre) -> None:
    ref = announced(clerk, centre, "公告乙")
    clerk.enrols(staff(1))
    clerk.prepares()
    before = [one.code for one in to_dos(clerk)]
    assert mark_read(clerk.desk, clerk.unit, [ref]) == 1
    assert [one.code for one in to_dos(clerk)] == before
    clerk.signs()
    assert "rows-after" not in [one.code for one in to_dos(clerk)]


@pytest.mark.parametrize(("ahead", "code"), [(-1, ""), (0, "appointment-today"), (3, "appointment"), (4, "")])
def test_an_appointment_is_told_within_three_days(clerk: Office, ahead: int, code: str) -> None:
    day = clerk.desk.today() + timedelta(days=ahead)
    values = {"day": day.isoformat(), "slot": "03", "office": "02", "matter": "退休审批"}
    put(clerk, Entry("appointment", "A1", "booked", values), Entry("appointment", "A2", "cancelled", values))
    put(clerk, Entry("appointment", "A3", "booked", {**values, "day": ""}))
    (one,) = appointments(clerk.desk, clerk.unit)
    assert (one.day, one.slot, one.office) == (day, "10:00-10:30", "演练北区社保处")
    told = [one for one in to_dos(clerk) if one.code.startswith("appointment")]
    assert [one.code for one in told] == ([code] if code else [])
    for to_do in told:
        assert (to_do.page, to_do.target, to_do.params["days"]) == ("notices", {"tab": "appointments"}, ahead)


def test_an_answer_is_told_until_the_ticket_is_closed(clerk: Office) -> None:
    put(clerk, Entry("ticket", "T1", "answered", {"subject": "扣款失败"}), Entry("ticket", "T2", "district", {}))
    (told,) = (one for one in to_dos(clerk) if one.code == "ticket-answered")
    assert (told.weight, told.page, told.target) == (Weight.NOW, "notices", {"tab": "tickets"})
    assert told.params["subject"] == "扣款失败"
    with clerk.base.store.write("test.entries"):
        closed = Entry("ticket", "T1", "closed", {"subject": "扣款失败"})
        put_entries(clerk.base.store, clerk.unit_number, [(closed, "2026-11-10T03:00:00.000Z")])
    assert "ticket-answered" not in [one.code for one in to_dos(clerk)]


def test_the_countdown_of_the_certificate_is_told_once_a_step(clerk: Office) -> None:
    """60, 30, 7, 1: each on its day, read once, without a receipt; the to-do grows more pressing meanwhile."""
    until = certificate_end(clerk.unit)
    assert until is not None

    def told_with(days: float) -> tuple[list[str], list[tuple[str, Weight]]]:
        clerk.clock.wrong_by += until - timedelta(days=days) - clerk.desk.now()
        own = [one for one in announcements(clerk.desk, clerk.unit) if one.own]
        unread = [one.ref.rpartition("-")[2] for one in own if not one.read]
        assert mark_read(clerk.desk, clerk.unit, [one.ref for one in own]) == 0
        pressing = [(one.code, one.weight) for one in to_dos(clerk) if one.code.startswith("certificate")]
        return unread, pressing

    assert told_with(61.5) == ([], [])
    assert told_with(59.5) == (["60"], [("certificate", Weight.NOTICE)])
    assert told_with(45.0) == ([], [("certificate", Weight.NOTICE)])
    assert told_with(29.5) == (["30"], [("certificate", Weight.NOW)])
    assert told_with(6.5) == (["7"], [("certificate", Weight.TROUBLE)])
    assert told_with(0.5) == (["1"], [("certificate-last-day", Weight.TROUBLE)])
    assert told_with(-0.5) == ([], [("certificate-over", Weight.TROUBLE)])
    assert pending_rows(clerk.desk, clerk.unit, FORM) == []


def test_an_old_certificate_at_enrolment_is_told_of_once(clerk: Office) -> None:
    """Steps from before this computer was enrolled are not told one by one."""
    until = certificate_end(clerk.unit)
    assert until is not None
    late = dataclasses.replace(clerk.unit, created_at=until - timedelta(days=5))
    assert [one.days for one in certificate_notices(late, until - timedelta(days=4))] == [7]
    assert [one.days for one in certificate_notices(late, until - timedelta(hours=4))] == [1]
