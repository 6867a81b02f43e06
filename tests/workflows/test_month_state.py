"""How far a month is, what is to be done next, and the trends: along a real month with a real centre."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.office import MONTH, Office, ask, id_number, office, open_unit, practice_centre, staff
from unitclient.central.server import RunningCentre
from unitclient.store.overview import active_persons, briefs, declared_persons, waiting_rows
from unitclient.store.settings import put_setting
from unitclient.workflows.month_state import MonthState, month_state
from unitclient.workflows.month_steps import Step
from unitclient.workflows.month_to_dos import BACKUP_EVERY, Weight
from unitclient.workflows.reviewing import pass_review, set_review_required
from unitclient.workflows.safekeeping import back_up, backup_name, last_backup
from unitclient.workflows.trends import trends


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as made:
        yield made


def look(clerk: Office) -> MonthState:
    return month_state(clerk.desk, clerk.unit, MONTH)


def states(told: MonthState) -> str:
    """The nine states by their first letters: d(one) n(ow) w(aiting) t(rouble) l(ater) o(ff)."""
    return "".join(info.state.value[0] for info in told.steps)


def codes(told: MonthState) -> list[str]:
    return [one.code for one in told.to_dos]


def note(told: MonthState, step: Step) -> str:
    return next(info.note for info in told.steps if info.step is step)


def test_a_month_from_nothing_to_the_receipt(clerk: Office) -> None:
    told = look(clerk)
    assert (states(told), codes(told)) == ("nllolllll", ["people"])
    assert told.to_dos[0].target == {"form": "enrol"}
    clerk.enrols(staff(3))
    told = look(clerk)
    assert (states(told), codes(told)) == ("ddnolllll", ["check"])
    assert told.steps[0].params == {"count": 0, "joining": 3, "leaving": 0}
    clerk.prepares()
    told = look(clerk)
    assert (states(told), codes(told)) == ("dddonllll", ["sign", "backup-never"])
    assert told.steps[4].params == {"count": 2}
    clerk.signs()
    told = look(clerk)
    assert (states(told), codes(told)) == ("dddodwlll", ["backup-never"])
    assert (told.queue.total, told.queue.need.count, told.delivered) == (2, 2, False)
    clerk.settles()
    told = look(clerk)
    assert (states(told), codes(told)) == ("dddoddddd", ["backup-never"])
    assert (told.queue.total, told.delivered, told.persons) == (0, True, 3)
    assert told.clock_known
    assert told.practice


def test_rows_after_preparing_and_after_sending(clerk: Office) -> None:
    clerk.enrols(staff(2))
    clerk.prepares()
    clerk.enrols(staff(1, first=3))
    told = look(clerk)
    assert (note(told, Step.CHECK), codes(told)[:1]) == ("check-stale", ["check-stale"])
    clerk.declares()
    clerk.imports("stop", ("姓名", "证件号码", "减员原因", "最后缴费年月", "离职日期"),
                  [["员工一", id_number(1), "222", "2026-11", "2026-11-05"]])  # fmt: skip
    told = look(clerk)
    assert states(told)[2:5] == "dod"
    assert "rows-after" in codes(told)


def test_four_eyes_stand_between_check_and_signature(clerk: Office) -> None:
    set_review_required(clerk.base.store, clerk.unit_number, True)
    clerk.enrols(staff(1))
    clerk.prepares()
    told = look(clerk)
    assert (states(told)[:5], codes(told)[0]) == ("dddnl", "review")
    pass_review(clerk.desk, clerk.unit, [known.id for known in briefs(clerk.base.store, clerk.unit_number)], "复核人乙")
    told = look(clerk)
    assert (states(told)[:5], codes(told)[0]) == ("ddddn", "sign")


def test_a_failed_debit_is_trouble_until_it_is_paid(centre: RunningCentre, clerk: Office) -> None:
    ask(centre.url, "PUT", f"/practice/bank/{clerk.unit_number}", {"behaviour": "insufficient"})
    clerk.enrols(staff(1))
    clerk.declares()
    told = look(clerk)
    assert states(told)[6:] == "dtl"
    failed = next(one for one in told.to_dos if one.code == "debit-failed")
    assert (failed.page, failed.weight, failed.params["form"]) == ("payments", Weight.TROUBLE, "monthly")
    assert failed.target["declaration"] == briefs(clerk.base.store, clerk.unit_number)[-1].id


def test_a_month_of_nobody_owes_nothing(clerk: Office) -> None:
    clerk.prepares()
    clerk.signs()
    clerk.settles()
    told = look(clerk)
    assert states(told)[5:] == "ddoo"


def test_the_deadline_comes_near_and_passes(clerk: Office) -> None:
    clerk.enrols(staff(1))
    until = look(clerk).deadline
    assert until is not None
    clerk.clock.wrong_by += until.until - clerk.desk.now() - timedelta(days=1)
    assert codes(look(clerk))[0] == "deadline-near"
    clerk.clock.wrong_by += timedelta(days=3)
    told = look(clerk)
    assert codes(told)[0] == "deadline-over"
    assert told.to_dos[0].params["days"] == 2


def test_certificate_and_backup(clerk: Office) -> None:
    told = look(clerk)
    assert told.certificate_until is not None
    clerk.clock.wrong_by += told.certificate_until - clerk.desk.now() - timedelta(days=20)
    assert [(one.weight, one.params["days"]) for one in look(clerk).to_dos if one.code == "certificate"] == [
        (Weight.NOW, 19)
    ]
    clerk.clock.wrong_by += timedelta(days=30)
    assert "certificate-over" in codes(look(clerk))
    back_up(clerk.desk, clerk.home / "kept.ucbackup")
    made = last_backup(clerk.base.store)
    assert made is not None
    told = look(clerk)
    assert told.backup_at is not None
    assert told.backup_age is not None
    assert told.backup_age < timedelta(minutes=1)
    assert told.now - told.backup_at == told.backup_age
    clerk.clock.wrong_by += BACKUP_EVERY + timedelta(hours=1)
    assert "backup-old" in codes(look(clerk))


def test_a_backup_has_its_place_in_the_folder_that_is_set(clerk: Office) -> None:
    assert backup_name(clerk.desk).parent == clerk.home / "exports"
    with clerk.base.store.write("setting.change", subject="backup.folder"):
        put_setting(clerk.base.store, "backup.folder", str(clerk.home / "elsewhere"))
    assert backup_name(clerk.desk).parent == clerk.home / "elsewhere"


def test_trends_count_who_was_declared(clerk: Office) -> None:
    clerk.enrols(staff(3, since="2026-11"))
    clerk.declares()
    points = trends(clerk.desk, clerk.unit, MONTH)
    assert [(str(point.period), point.persons, point.sent) for point in points] == [("2026-11", 3, True)]
    monthly = briefs(clerk.base.store, clerk.unit_number)[-1]
    assert sum(points[0].totals.values()) == sum(s["unit"] + s["person"] for s in monthly.totals.values())
    assert declared_persons(clerk.base.store, monthly.id) == active_persons(clerk.base.store, clerk.unit_number) == 3
    assert trends(clerk.desk, clerk.unit, MONTH + -1) == ()


def test_briefs_leave_the_payload_where_it_is(clerk: Office) -> None:
    clerk.enrols(staff(1))
    assert waiting_rows(clerk.base.store, clerk.unit_number, "2026-10") == {}
    assert waiting_rows(clerk.base.store, clerk.unit_number, "2026-11")["enrol"].rows == 1
    clerk.prepares()
    known = briefs(clerk.base.store, clerk.unit_number, str(MONTH))
    assert [one.form for one in known] == ["enrol", "monthly"]
    assert {one.payload for one in known} == {b""}
