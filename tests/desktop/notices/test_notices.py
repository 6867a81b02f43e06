"""The notices page: announcements of a real centre, read state, and lists that other services may bring."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.businesses.doing import does
from tests.desktop.month import SMALLEST, unnamed
from tests.desktop.sign.office import Room
from unitclient.central.server import RunningCentre
from unitclient.desktop.pages.notices.page import make_page
from unitclient.desktop.pages.notices.view import NoticesView
from unitclient.domain.registers import Entry
from unitclient.store.items import items
from unitclient.store.journal import entries
from unitclient.store.registers import put_entries


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> NoticesView:
    """The page, not yet filled."""
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    return made


def test_nothing_yet_is_said_in_words(page: NoticesView, desk: Room) -> None:
    page.on_shown()
    names = [page.tabs.tabText(place) for place in range(page.tabs.count())]
    assert names[1:] == ["消息", "预约", "问题反馈", "知识库"]
    for model, pages in page.lists.values():
        assert model.count() == 0
        assert pages.currentWidget().accessibleDescription()  # type: ignore[union-attr]  # there is a page
    assert not unnamed(page)


def test_an_announcement_comes_with_a_sync_and_is_read(page: NoticesView, desk: Room, centre: RunningCentre) -> None:
    centre.state.core.publications.announce("关于十一月申报期顺延的公告", "因系统维护，申报期顺延至 11 月 27 日。")
    desk.clerk.syncs()
    page.on_shown()
    assert "未读" in page.tabs.tabText(0)
    row = next(place for place in range(page.model.count()) if "顺延" in str(page.model.row(place)))
    unread = page.state.unread()
    page.table.go(row)
    assert "11 月 27 日" in page.text.text()
    assert page.state.unread() == unread - 1
    assert entries(desk.session.desk().store)[-1].act == "notice.read"
    assert desk.shell.said == ["已生成 1 份已读回执，随下一次申报报送。"]
    (receipt,) = items(desk.session.desk().store, desk.clerk.unit_number, "announcement-read")
    assert receipt.values["title"] == "关于十一月申报期顺延的公告"
    page.refresh()
    assert page.state.unread() == unread - 1
    page.main_action()
    assert page.state.unread() == 0
    assert not page.mark_all.isEnabled()


def test_what_the_centre_keeps_is_listed_in_words(page: NoticesView, desk: Room) -> None:
    booked = Entry("appointment", "1", "booked", {"office": "示例网点", "day": "2026-11-20", "matter": "退休待遇"})
    store = desk.session.desk().store
    with store.write("test.appointment"):
        put_entries(store, desk.clerk.unit_number, [(booked, "2026-11-10T02:00:00.000Z")])
    page.on_shown()
    model, pages = page.lists["appointments"]
    assert pages.currentIndex() == 1
    shown = [str(model.index(0, place).data()) for place in range(model.columnCount())]
    assert {"示例网点", "2026-11-20", "退休待遇"} <= set(shown)
    assert any("已预约" in text for text in shown)


def test_a_to_do_leads_to_its_list(page: NoticesView) -> None:
    page.on_shown()
    page.receive({"tab": "tickets"})
    assert page.tabs.tabText(page.tabs.currentIndex()) == "问题反馈"
    page.receive({"tab": "appointments"})
    assert page.tabs.tabText(page.tabs.currentIndex()) == "预约"
    page.receive({"tab": "nothing"})
    assert page.tabs.tabText(page.tabs.currentIndex()) == "预约"


def test_a_new_list_is_a_new_tab(desk: Room, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "courses.toml").write_text(
        'source = "documents"\ntitle = {zh = "培训", en = "Courses"}\nhint = {zh = "暂无。", en = "None."}\n'
        '[[input]]\nname = "kind"\ndefault = "course"\ntitle = {zh = "种类", en = "Kind"}\n'
        '[[column]]\nkey = "title"\ntitle = {zh = "名称", en = "Title"}\n',
        "utf-8",
    )
    page = make_page(desk.services, tmp_path)
    qtbot.addWidget(page)
    assert page.tabs.tabText(1) == "培训"


def test_it_fits(page: NoticesView) -> None:
    hint = page.minimumSizeHint()
    assert hint.width() <= SMALLEST[0]
    assert hint.height() <= SMALLEST[1]


def test_articles_are_found_and_read(page: NoticesView, desk: Room, centre: RunningCentre) -> None:
    """By words and pinyin initials; and beside a ticket about the finding code."""
    article = {"article_id": "name-differs", "title": "姓名不符的处理", "body": "按身份证填写。", "words": ["B102"],
               "forms": ["enrol"], "findings": ["B102"], "withdrawn": False}  # fmt: skip
    centre.state.core.publications.publish_article(article)
    asked = {"ticket_number": "T-7", "category": "其他", "subject": "退回", "question": "B102 是什么？",
             "contact": "李经办", "phone": "13800000000"}  # fmt: skip
    assert does(desk.clerk, "ticket", asked) == "accepted"
    page.on_shown()
    page.knowledge.intent_find.emit("xmbf")
    assert page.knowledge.model.count() == 1
    assert page.knowledge.heading.text() == "姓名不符的处理"
    assert "身份证" in page.knowledge.text.toPlainText()
    page.knowledge.intent_find.emit("没有的词")
    assert page.knowledge.model.count() == 0
    model, _pages = page.lists["tickets"]
    row = model.row(0)
    assert row is not None
    assert row["suggested"] == "姓名不符的处理"
