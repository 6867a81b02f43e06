"""The signing page: what it shows, keys and buttons, banners with the next step, and sending live."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.desktop.sign.hands import press
from tests.desktop.sign.keys import Keyed, keyed
from tests.desktop.sign.office import Room
from tests.tokens.conftest import shim
from tests.tokens.lab import PIN
from unitclient.desktop.session import Connection
from unitclient.workflows.reviewing import set_review_required

__all__ = ["shim"]


@pytest.fixture
def token(desk: Room, tmp_path: Path) -> Keyed:
    """A bare token."""
    return keyed(desk, tmp_path)


def test_sign_and_send_to_the_slip(token: Keyed, qtbot: QtBot) -> None:
    page = token.page()
    qtbot.addWidget(page)
    page.show()
    assert page.act.text() == "签名（2 份）"
    assert page.sums.total.text() != "¥0.00"
    assert page.certificate.subject.text() == token.room.clerk.unit.name
    token.room.dialogs.pins.append(PIN)
    page.main_action()
    assert "已签名 2 份" in page.banner.text()
    page.refresh()
    assert page.send.text() == "报送（2 份）"
    page.banner._next.click()
    assert "全部办结" in page.banner.text()
    assert page.work.steps.count() >= 10
    assert token.room.session.connection is Connection.ONLINE
    assert token.transports() == ["delivered", "delivered"]
    page.banner._next.click()
    assert token.room.shell.went == [("records", {})]


def test_a_wrong_pin_may_be_entered_again_by_the_person_only(token: Keyed, qtbot: QtBot) -> None:
    page = token.page()
    qtbot.addWidget(page)
    token.room.dialogs.pins.append("000000")
    page.act.click()
    assert "PIN 码不正确" in page.banner.text()
    assert len(token.room.dialogs.summaries) == 1
    token.room.dialogs.pins.append(PIN)
    page.banner._next.click()
    assert token.room.dialogs.asked[-1][1].retry
    assert "已签名 2 份" in page.banner.text()


def test_a_missing_key_is_told_with_what_waits(desk: Room, tmp_path: Path, shim: str, qtbot: QtBot) -> None:
    token = keyed(desk, tmp_path, shim)
    token.lab.control("empty")
    page = token.page()
    qtbot.addWidget(page)
    page.act.click()
    assert "2 份申报都还在等待签名" in page.banner.text()
    token.lab.control()
    token.room.dialogs.pins.append(PIN)
    page.banner._next.click()
    assert "已签名 2 份" in page.banner.text()


def test_a_missing_key_in_a_remote_session_may_be_at_the_other_computer(
    desk: Room, tmp_path: Path, shim: str, qtbot: QtBot
) -> None:
    token = keyed(desk, tmp_path, shim)
    token.lab.control("empty")
    desk.services.settings.set("remote_mode", "on")
    page = token.page()
    qtbot.addWidget(page)
    page.act.click()
    assert "插在您面前的电脑上" in page.banner.text()


def test_a_missing_review_is_said_and_leads_there(token: Keyed, qtbot: QtBot) -> None:
    set_review_required(token.room.clerk.base.store, token.room.clerk.unit_number, True)
    page = token.page()
    qtbot.addWidget(page)
    page.show()
    assert page.hint.isVisible()
    assert not page.act.isEnabled()
    page.hint.findChildren(QPushButton)[0].click()
    assert token.room.shell.went == [("review", {})]


def test_space_takes_a_declaration_in_and_out(token: Keyed, qtbot: QtBot) -> None:
    page = token.page()
    qtbot.addWidget(page)
    page.resize(1100, 640)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.table.panes.main.setFocus()
    page.table.go(1)
    assert "SHA-256" in page.strip.text()
    assert "依据" in page.strip.text()
    press(page.table.panes.main, Qt.Key.Key_Space)
    assert page.act.text() == "签名（1 份）"
    press(page.table.panes.main, Qt.Key.Key_Space)
    assert page.act.text() == "签名（2 份）"


def test_a_declaration_led_to_is_chosen_alone(token: Keyed, qtbot: QtBot) -> None:
    page = token.page()
    qtbot.addWidget(page)
    page.receive({"declaration": page.state.waiting[0].id})
    assert page.state.chosen == {page.state.waiting[0].id}


def test_a_centre_that_is_away_leads_to_the_queue(token: Keyed, qtbot: QtBot) -> None:
    page = token.page()
    qtbot.addWidget(page)
    token.room.dialogs.pins.append(PIN)
    page.act.click()
    token.room.clerk.moves_to("http://127.0.0.1:9")
    token.room.session.data_changed.emit(frozenset({"units"}))
    page.send.click()
    assert "连不上中心" in page.banner.text()
    assert token.room.session.connection is Connection.OFFLINE
    page.banner._next.click()
    assert token.room.shell.went == [("queue", {})]


def test_nothing_waits(desk: Room, qtbot: QtBot) -> None:
    from unitclient.desktop.pages.sign import SPEC

    page = SPEC.make(desk.services)
    qtbot.addWidget(page)
    page.on_shown()
    assert page.help_text()
    page.show()
    assert page.findChild(type(page)) is None
    page.resize(900, 500)
    assert page.minimumSizeHint().width() <= 900
    assert page.minimumSizeHint().height() <= 500
