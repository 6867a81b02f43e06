"""The automatic sync: a round for every unit, troubles that stop nobody else, and when the next round comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.sign.office import Room
from tests.e2e.office import staff
from unitclient.desktop.pages.queue.auto_sync import EVERY, FIRST, SOONEST, AutoSync, install, pause_until
from unitclient.desktop.session import Connection
from unitclient.desktop.tasks import Lane, TaskHandle, TaskState
from unitclient.store.units import add_unit

NOW = datetime(2026, 11, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "wait"),
    [
        (None, EVERY),
        (NOW + timedelta(minutes=1), timedelta(minutes=1)),
        (NOW + timedelta(hours=1), EVERY),
        (NOW - timedelta(hours=1), SOONEST),
    ],
)
def test_the_next_round_respects_the_next_try(due: datetime | None, wait: timedelta) -> None:
    assert pause_until(due, NOW) == wait


def test_a_round_sends_what_waits_and_tells_the_pages(desk: Room) -> None:
    desk.clerk.enrols(staff(1))
    month = desk.clerk.prepares()
    desk.clerk.signs()
    told: list[frozenset[str]] = []
    desk.session.data_changed.connect(told.append)
    auto = AutoSync(desk.services)
    auto.run()
    assert auto.last is not None
    assert auto.last.moved
    assert desk.clerk.tracks(month.declaration_id)[0] == "delivered"
    assert desk.session.connection is Connection.ONLINE
    assert "outbox" in told[0]
    assert timedelta() < auto.waits() <= EVERY * 1.1
    auto.stop()


def test_a_quiet_round_repaints_nothing(desk: Room) -> None:
    auto = AutoSync(desk.services)
    auto.run()
    told: list[frozenset[str]] = []
    desk.session.data_changed.connect(told.append)
    auto.run()
    assert told == []
    auto.stop()


def test_a_unit_whose_centre_is_away_holds_nobody_up(desk: Room) -> None:
    desk.clerk.enrols(staff(1))
    month = desk.clerk.prepares()
    desk.clerk.signs()
    away = replace(desk.clerk.unit, unit_number="1", name="另一单位", centre_url="http://127.0.0.1:9")
    with desk.clerk.base.store.write("test.unit"):
        add_unit(desk.clerk.base.store, away)
    auto = AutoSync(desk.services)
    auto.run()
    assert auto.last is not None
    assert auto.last.troubles == {"1": "no-connection"}
    assert desk.clerk.tracks(month.declaration_id)[0] == "delivered"
    assert desk.session.connection is Connection.ONLINE
    auto.stop()


def test_it_waits_while_the_person_sends(desk: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = TaskHandle(Lane.NET, "d-auto-sync")
    handle.tell(state=TaskState.RUNNING)
    monkeypatch.setattr(desk.runner, "tasks", lambda: [handle])
    auto = AutoSync(desk.services)
    auto.run()
    assert desk.runner.ran == []
    handle.tell(state=TaskState.DONE)
    auto.run()
    assert len(desk.runner.ran) == 1
    auto.stop()
    auto.run()
    assert auto.paused


def test_the_window_gets_one(desk: Room, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    auto = install(desk.services, window)
    assert auto.parent() is window
    assert timedelta() < auto.waits() <= FIRST * 1.1
    auto.stop()
