"""The queue page against a real centre: busy, away, unknown, offline files both ways, withdrawing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.sign.keys import keyed
from tests.desktop.sign.office import Room
from tests.e2e.office import faults, staff
from tests.tokens.lab import PIN
from unitclient.central.server import RunningCentre
from unitclient.desktop.pages.queue.page import make_page
from unitclient.desktop.pages.queue.view import QueueView
from unitclient.desktop.session import Connection
from unitclient.store.outbox import OutboxState, claim, outcome
from unitclient.workflows.statements import write_receipt_envelope
from unitclient.workflows.verifying import known_trust, verify_file


@pytest.fixture(autouse=True)
def _healthy(centre: RunningCentre) -> Iterator[None]:
    yield
    faults(centre.url)


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> QueueView:
    """The page of a clerk with a signed month in the queue."""
    desk.clerk.enrols(staff(2))
    desk.clerk.prepares()
    desk.clerk.signs()
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.on_shown()
    return made


def words(page: QueueView, column: str) -> list[str]:
    """What a column shows."""
    place = page.model.places[column]
    return [str(page.model.index(row, place).data()) for row in range(page.model.count())]


def front(page: QueueView, form: str) -> str:
    """Put the row of a form in front; its id."""
    row = words(page, "form").index(form)
    page.table.go(row)
    return page.state.current


def test_it_lists_what_waits_and_for_what(page: QueueView) -> None:
    assert sorted(words(page, "form")) == ["增员申报", "月度申报"]
    assert set(words(page, "state")) == {"待发"}
    monthly = words(page, "form").index("月度申报")
    assert words(page, "next_at")[monthly] == "增员申报之后"
    assert "2 份待送达" in page.need_pill.text()
    assert "最近的截止时间" in page.need_why.text()
    front(page, "月度申报")
    assert "等 增员申报（2026-11） 送达后再发" in page.strip.text()


def test_sync_now_delivers(page: QueueView, desk: Room) -> None:
    page.main_action()
    assert "已送达 2 份" in page.banner.text()
    assert desk.session.connection is Connection.ONLINE
    page.refresh()
    assert page.empty.accessibleName() == "队列是空的"
    page.ended.click()
    assert set(words(page, "state")) == {"已送达"}


def test_a_busy_centre_is_told_in_words(page: QueueView, centre: RunningCentre) -> None:
    faults(centre.url, unavailable=1, retry_after_s=60)
    page.send.click()
    page.refresh()
    front(page, "增员申报")
    assert "中心繁忙" in page.strip.text()
    assert "中心繁忙" in " ".join(words(page, "last"))
    assert words(page, "attempts").count("1") == 1
    assert "中心繁忙" in page.banner.text()
    page.one.click()
    assert "已送达 2 份" in page.banner.text()


def test_unknown_is_shown_as_unknown(page: QueueView, desk: Room) -> None:
    """The answer was lost: the page says so, offers no withdrawing, and asking again settles it."""
    lost = next(entry for entry in page.state.entries if entry.form == "enrol").submission_id
    store = desk.clerk.base.store
    assert claim(store, lost, store.now())
    with store.write("test.lost"):
        outcome(store, lost, OutboxState.UNKNOWN, next_at=store.now() + timedelta(hours=1), code="timeout")
    page.refresh()
    front(page, "增员申报")
    entry = page.state.entry()
    assert entry is not None
    assert entry.state is OutboxState.UNKNOWN
    assert "结果未知" in " ".join(words(page, "state"))
    assert "不会重复申报" in page.strip.text()
    assert not page.withdraw.isEnabled()
    page.one.click()
    assert "已送达" in page.banner.text()


def test_a_centre_that_is_away(page: QueueView, desk: Room) -> None:
    desk.clerk.moves_to("http://127.0.0.1:9")
    desk.session.data_changed.emit(frozenset({"units"}))
    page.send.click()
    assert "连不上中心" in page.banner.text()
    assert desk.session.connection is Connection.OFFLINE
    page.refresh()
    assert set(words(page, "state")) == {"待发"}


def test_withdrawing_asks_and_names_what_goes_along(page: QueueView, desk: Room) -> None:
    front(page, "增员申报")
    desk.dialogs.confirms.append(False)
    page.withdraw.click()
    assert "月度申报（2026-11） 也会一并撤回" in desk.dialogs.asked[-1][1]
    assert page.model.count() == 2
    desk.dialogs.confirms.append(True)
    page.withdraw.click()
    page.refresh()
    assert "已撤回" in page.banner.text()
    assert not page.state.shown()


def test_offline_file_out_and_reply_in(page: QueueView, desk: Room, tmp_path: Path, centre: RunningCentre) -> None:
    """报盘 carries the signed bytes; another computer sends them; 回盘 brings the receipt here."""
    submission = front(page, "增员申报")
    out = tmp_path / "stick"
    desk.dialogs.files.append(out)
    page.export.click()
    container = out / f"{submission}.asice"
    assert container.read_bytes() == desk.clerk.queued(submission).container
    assert str(container) in page.banner.text()
    page.banner._next.click()
    assert desk.files.shown == [container]
    reply = tmp_path / "reply.json"
    reply.write_text(json.dumps(_receipt(desk, centre, submission)))
    assert page.drop_files([str(reply)])
    assert "回盘有效，受理单号" in page.banner.text()
    page.refresh()
    assert words(page, "form") == ["月度申报"]
    assert not page.drop_files(["staff.xlsx"])


def _receipt(desk: Room, centre: RunningCentre, submission: str) -> dict[str, object]:
    """What the centre answers whoever brings the bytes."""
    import requests

    row = desk.clerk.queued(submission)
    answer = requests.put(
        f"{centre.url}/v1/units/{desk.clerk.unit_number}/submissions/{submission}",
        data=row.container,
        headers={"Content-Type": "application/vnd.etsi.asic-e+zip"},
        timeout=30,
    )
    told: dict[str, object] = answer.json()
    return told


def test_a_reply_for_somebody_else_is_refused(page: QueueView, desk: Room, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    desk.dialogs.files.append(bad)
    page.reply.click()
    assert "不是中心的回执文件" in page.banner.text()


def test_a_receipt_that_was_here_is_taken_once_more(page: QueueView, desk: Room, tmp_path: Path) -> None:
    page.send.click()
    (row, *_) = page.state.entries
    envelope = write_receipt_envelope(desk.clerk.desk, desk.clerk.unit, row.submission_id, tmp_path)
    desk.dialogs.files.append(envelope)
    page.reply.click()
    assert "回盘有效" in page.banner.text()


def test_it_fits_a_small_window_and_can_be_used_by_keys(page: QueueView) -> None:
    assert page.minimumSizeHint().width() <= 900
    assert page.minimumSizeHint().height() <= 500
    assert page.help_text()
    for button in (page.send, page.one, page.withdraw, page.export, page.reply):
        assert button.accessibleName() or button.text()


def test_the_record_of_attempts_is_signed_and_saved(desk: Room, qtbot: QtBot, tmp_path: Path) -> None:
    """Nothing tried: refused in words. After a try the PIN dialog shows what is signed, and the PDF verifies."""
    clerk, key = desk.clerk, keyed(desk, tmp_path)
    page = make_page(desk.services, key.helper)
    qtbot.addWidget(page)
    page.on_shown()
    page.record.click()
    assert "没有报送尝试" in page.banner.text()
    clerk.signs()
    page.send.click()
    desk.dialogs.files.append(tmp_path / "out")
    desk.dialogs.pins.append(PIN)
    page.record.click()
    (line,) = desk.dialogs.summaries[-1].lines
    assert line.what == "2 次尝试，0 次未送达"
    (paper,) = (tmp_path / "out").glob("*.pdf")
    assert str(paper) in page.banner.text()
    told = verify_file(paper, known_trust(clerk.base), clerk.desk.now())
    assert (told.ok, told.content["kind"]) == (True, "attempts")
