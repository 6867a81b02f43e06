"""Dashboard and review over real lanes with three thousand people: the window answers all the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.stage import UNIT, Stage, make_stage
from unitclient.desktop.lanes import LaneRunner
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.dashboard import SPEC as DASHBOARD
from unitclient.desktop.pages.dashboard.view import DashboardPage
from unitclient.desktop.pages.review import SPEC as REVIEW
from unitclient.desktop.pages.review.view import ReviewPage
from unitclient.desktop.watchdog import Watchdog
from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person
from unitclient.store.staff import upsert_persons

PEOPLE = 3_000
LIMIT_MS = 30_000
JANUARY = Period(2026, 1)


@pytest.fixture
def crowd(tmp_path: Path, qapp: QApplication) -> Iterator[Stage]:
    """A unit with many people, all insured since January."""
    stage = make_stage(tmp_path / "home", with_unit=True)
    held = {name: Coverage(JANUARY) for name in UNIT.insurances}
    people = [
        Person(f"9900{n:014d}", f"员工{n}", 600_000 + n * 137, coverage=held, since=JANUARY, wage_since=JANUARY)
        for n in range(PEOPLE)
    ]
    store = stage.session.desk().store
    with store.write("test.people"):
        upsert_persons(store, UNIT.unit_number, people)
    stage.session.set_period(Period(2026, 11))
    yield stage
    stage.close()


class Program:
    """Pages over real lanes, watched for blocks of the window's thread."""

    def __init__(self, stage: Stage, qtbot: QtBot) -> None:
        self.faults: list[BaseException] = []
        self.lanes = LaneRunner(stage.session, lambda _texts: None, self.faults.append)
        self.services = replace(stage.services, tasks=self.lanes)
        self.qtbot = qtbot
        self.watchdog = Watchdog(0.25)

    def show(self, page: Page) -> None:
        """Bring a page up as the shell does, and wait until it has been filled."""
        self.qtbot.addWidget(page)
        page.resize(1190, 650)
        page.show()
        page.on_shown()
        self.idle()

    def idle(self) -> None:
        """Wait until no task is left."""
        self.qtbot.waitUntil(lambda: not self.lanes.tasks(), timeout=LIMIT_MS)


@pytest.fixture
def program(crowd: Stage, qtbot: QtBot) -> Iterator[Program]:
    made = Program(crowd, qtbot)
    yield made
    made.lanes.stop()
    assert made.faults == []


def test_a_large_month_is_prepared_and_explained_beside_the_window(program: Program) -> None:
    dashboard, review = DASHBOARD.make(program.services), REVIEW.make(program.services)
    assert isinstance(dashboard, DashboardPage)
    assert isinstance(review, ReviewPage)
    program.show(dashboard)
    program.watchdog.start()
    try:
        program.show(review)
        review.main_action()
        program.idle()
        review.refresh()
        program.idle()
        assert review.model.count() == PEOPLE
        review.table.go(PEOPLE // 2)
        program.idle()
        assert f"员工{PEOPLE // 2}" in review.why.text()
        assert "16%" in review.why.text()
        dashboard.refresh()
        program.idle()
        assert dashboard.stepper.buttons[2].view.note == f"明细 {PEOPLE * 4} 行"
    finally:
        program.watchdog.stop()
    assert program.watchdog.blocks == []
