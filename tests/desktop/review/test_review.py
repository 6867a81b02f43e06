"""The review page: prepare, compare, explain to the fen, four eyes, and on to the signature."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.desktop.month import SMALLEST, imports_of, shown_texts, unnamed
from tests.desktop.sign.office import Room, room
from tests.e2e.office import ENROL_HEADERS, MONTH, ask, id_number, practice_centre, staff
from tests.workflows.test_month_check import CHANGES
from unitclient.central.server import RunningCentre
from unitclient.desktop.pages.review import SPEC
from unitclient.desktop.pages.review.view import ReviewPage
from unitclient.desktop.theme import look
from unitclient.desktop.theme.delegates import StatusRole
from unitclient.desktop.theme.tokens import Scheme, State
from unitclient.domain.period import Period
from unitclient.store.journal import entries
from unitclient.store.overview import briefs
from unitclient.texts import use_language
from unitclient.workflows.reviewing import set_review_required

NEXT = MONTH + 1


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def desk(centre: RunningCentre, tmp_path: Path, qapp: QApplication) -> Iterator[Room]:
    with room(tmp_path / "home", centre.url) as made:
        yield made


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Room]:
    """November is declared and December prepared: one left, one joined, one earns more, two meet a limit."""
    folder = tmp_path_factory.mktemp("second")
    with practice_centre(folder / "centre") as running, room(folder / "home", running.url) as made:
        clerk = made.clerk
        low = ["员工低", id_number(9), "2026-11", "1500.00"]
        high = ["员工高", id_number(8), "2026-11", "99999.00"]
        clerk.enrols([*staff(3), low, high])
        clerk.declares()
        ask(running.url, "PUT", "/practice/clock", {"now": "2026-12-05T12:00:00+08:00"})
        clerk.syncs()
        for form, headers, row in CHANGES:
            assert clerk.imports(form, headers, [row], period=NEXT).taken == 1
        made.session.data_changed.emit(frozenset({"units"}))
        made.session.set_period(NEXT)
        clerk.prepares(NEXT)
        yield made


def opened(desk: Room, qtbot: QtBot) -> ReviewPage:
    page = SPEC.make(desk.services)
    assert isinstance(page, ReviewPage)
    qtbot.addWidget(page)
    page.resize(1190, 650)
    page.show()
    page.on_shown()
    return page


def listed(page: ReviewPage) -> list[str]:
    return [str(page.model.index(row, 0).data()) for row in range(page.model.count())]


def cell(page: ReviewPage, row: int, key: str) -> str:
    return str(page.model.index(row, page.model.places[key]).data())


@pytest.mark.parametrize("module", ["view", "panels"])
def test_views_know_no_store_no_workflow(module: str) -> None:
    rooms = ("unitclient.store", "unitclient.sync", "unitclient.tokens", "unitclient.workflows")
    assert not [name for name in imports_of(f"pages.review.{module}") if name.startswith(rooms)]


@pytest.mark.parametrize("module", ["presenter", "words", "explaining", "source"])
def test_presenters_know_no_widgets(module: str) -> None:
    assert "PyQt6.QtWidgets" not in imports_of(f"pages.review.{module}")


def test_from_nothing_to_the_signature(desk: Room, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    assert "这个月还没有生成申报" in shown_texts(page)
    desk.clerk.enrols(staff(3))
    page.main_action()
    assert "3 人，明细 12 行" in page.banner.text()
    page.refresh()
    assert page.pill.text() == "i 待签名"
    assert "增员申报 3 行，月度申报 12 行" in page.details.text()
    assert (page.main.text(), page.others[0].text()) == ("去签名", "重新生成")
    assert listed(page) == ["员工一", "员工二", "员工三"]
    page.main_action()
    assert desk.shell.went[-1] == ("sign", {"period": str(MONTH)})
    desk.clerk.signs()
    page.refresh()
    assert (page.main.text(), page.others[0].isHidden()) == ("看待发队列", True)
    page.main_action()
    assert desk.shell.went[-1][0] == "queue"
    desk.clerk.settles()
    page.refresh()
    assert (page.main.text(), page.others[0].text()) == ("看申报记录", "生成更正申报")
    page.main_action()
    monthly = briefs(desk.clerk.base.store, desk.clerk.unit_number)[-1].id
    assert desk.shell.went[-1] == ("records", {"period": str(MONTH), "declaration": monthly})


def test_a_correction_is_asked_for_first(desk: Room, qtbot: QtBot) -> None:
    desk.clerk.enrols(staff(1))
    desk.clerk.declares()
    page = opened(desk, qtbot)
    before = len(briefs(desk.clerk.base.store, desk.clerk.unit_number))
    desk.dialogs.confirms = [False, True]
    page.others[0].click()
    assert len(briefs(desk.clerk.base.store, desk.clerk.unit_number)) == before
    page.others[0].click()
    made = briefs(desk.clerk.base.store, desk.clerk.unit_number)
    assert [known.kind for known in made[before:]] == ["correction"]
    page.refresh()
    assert "更正" in page.details.text()
    page.prepare()
    assert "month-already-declared" not in page.banner.text()
    assert "已经申报" in page.banner.text() or "已报" in page.banner.text()


def test_chips_count_and_filter(second: Room, qtbot: QtBot) -> None:
    page = opened(second, qtbot)
    assert listed(page) == ["员工一", "员工二", "员工四"]
    assert "列出 3 人，共 6 人" in page.filters.summary.text()
    shown = [chip.filter for chip, widget in page.filters._chips.values() if not widget.isHidden()]
    assert shown == [
        ("change", "any"),
        ("change", "new"),
        ("change", "gone"),
        ("change", "wage"),
        ("limit", "floor"),
        ("limit", "cap"),
    ]
    page.filters.choose([("limit", "floor")])
    assert (listed(page), cell(page, 0, "limit")) == (["员工低"], "低于下限")
    page.filters.choose([("change", "gone")])
    assert (listed(page), cell(page, 0, "change"), cell(page, 0, "after")) == (["员工一"], "减少", "0.00")
    page.filters.choose((), id_number(4)[-6:])
    assert listed(page) == ["员工四"]
    page.filters.clear()
    assert len(listed(page)) == 6
    page.model.sort(page.model.places["delta"], Qt.SortOrder.DescendingOrder)
    assert listed(page)[0] == "员工四"
    assert listed(page)[-1] == "员工一"


def test_a_person_is_explained(second: Room, qtbot: QtBot) -> None:
    page = opened(second, qtbot)
    page.filters.clear()
    page.table.go(listed(page).index("员工低"))
    text = page.why.text()
    assert "缴费工资 1,500.00 低于下限，按下限" in text
    assert "单位：4,494.00 × 16% = 719.04" in text
    assert "依据：" in text
    assert "尚未核实" in text
    assert "上月：相同" in text
    assert any(pill.text() == "! 参考数据" for pill in page.why.findChildren(QLabel))
    page.table.go(listed(page).index("员工二"))
    assert "7,777.00 × 0.7% = 54.439，四舍五入到分 = 54.44" in page.why.text()
    assert "上月：基数 6,275.00" in page.why.text()
    page.table.go(listed(page).index("员工一"))
    assert "本月没有申报" in page.why.text()


def test_totals_findings_consequences(second: Room, qtbot: QtBot) -> None:
    page = opened(second, qtbot)
    last = page.totals_model.count() - 1
    assert page.totals_model.index(last, 0).data() == "合计"
    assert "比上月" in shown_texts(page)
    assert page.findings.notes
    assert page.findings.notes[0].word == "警告"
    assert page.notes.notes
    first = page.notes.notes[0]
    assert (first.word, first.detail) == ("减员申报", "涉及 员工一")
    assert "失业保险金" in first.text
    assert page.tabs.tabText(3) == f"后果 {len(page.notes.notes)}"


def test_masked_values_are_revealed_with_a_journal_entry(second: Room, qtbot: QtBot) -> None:
    second.session.set_masked(True)
    try:
        page = opened(second, qtbot)
        page.table.go(0)
        assert id_number(1) not in page.why.text()
        assert "基数" not in page.why.text()
        assert cell(page, 0, "after") == "••••"
        shows = [one for one in page.why.findChildren(QPushButton) if one.text() == "显示"]
        shows[0].click()
        assert "基数" in page.why.text()
        last = entries(second.session.desk().store)[-1]
        assert (last.act, last.subject) == ("unmask", "explanation")
    finally:
        second.session.set_masked(False)


def test_four_eyes(desk: Room, qtbot: QtBot) -> None:
    set_review_required(desk.clerk.base.store, desk.clerk.unit_number, True)
    desk.clerk.enrols(staff(2))
    desk.clerk.prepares()
    page = opened(desk, qtbot)
    assert (page.pill.text(), page.main.text()) == ("i 待复核", "送复核")
    page.main_action()
    page.refresh()
    assert page.main.text() == "复核通过"
    assert "送复核" in page.bar.text.text()
    page.main_action()
    assert "复核人" in page.banner.text()
    page.bar.name.setText("经办人甲")
    desk.dialogs.confirms = [True]
    page.bar.passes.click()
    assert "就是本次申报的经办人" in page.banner.text()
    page.bar.name.setText("复核人乙")
    desk.dialogs.confirms = [True]
    assert page.can_review()
    page.pass_review()
    assert "复核通过 2 份" in page.banner.text()
    assert desk.dialogs.asked[-1][1].startswith("复核人 复核人乙：2026-11 共 2 人")
    page.refresh()
    assert (page.pill.text(), page.main.text(), page.bar.name.isHidden()) == ("i 待签名", "去签名", True)
    assert not page.can_review()
    page.banner._next.click()
    assert desk.shell.went[-1][0] == "sign"


def test_sent_back_is_prepared_again(desk: Room, qtbot: QtBot) -> None:
    set_review_required(desk.clerk.base.store, desk.clerk.unit_number, True)
    desk.clerk.enrols(staff(1))
    desk.clerk.prepares()
    page = opened(desk, qtbot)
    page.bar.name.setText("复核人乙")
    page.bar.back.click()
    page.refresh()
    assert (page.pill.text(), page.main.text()) == ("× 已退回", "重新生成")
    assert "复核人乙" in page.headline.text()
    page.main_action()
    page.refresh()
    assert page.main.text() == "送复核"


def test_rows_left_out_say_why_and_lead_to_their_place(desk: Room, qtbot: QtBot) -> None:
    desk.clerk.enrols(staff(1))
    desk.clerk.prepares()
    desk.clerk.imports("enrol", ENROL_HEADERS, [["员工五", id_number(5), "2026-11", "6000.00"]])
    with desk.clerk.base.store.write("test.break"):
        desk.clerk.base.store.must_write().execute(
            "UPDATE item SET row_values = replace(row_values, '2026-11', '2028-11') WHERE state = 'pending'"
        )
    page = opened(desk, qtbot)
    assert page.pill.text() == "! 需重新生成"
    assert page.findings.notes is not None
    wrong = page.findings.notes[0]
    assert (wrong.state, wrong.act) == (State.ERR, "去改正")
    assert "涉及 员工五" in wrong.detail
    page.findings.acts[wrong.key].click()
    assert desk.shell.went[-1] == ("business", {"form": "enrol", "filter": "state:pending"})


def test_f8_goes_to_people_with_findings(desk: Room, qtbot: QtBot) -> None:
    people = staff(3)
    people[1][1] = id_number(2, born="19450307")
    desk.clerk.imports("enrol", ENROL_HEADERS, people)
    desk.clerk.prepares()
    page = opened(desk, qtbot)
    page.filters.clear()
    page.next_finding()
    row = page.table.current_row()
    assert row >= 0
    assert page.model.index(row, 0).data(StatusRole) is State.WARN
    assert page.model.index(row, 1).data() == id_number(2, born="19450307")
    page.next_finding()
    assert page.table.current_row() == row


def test_the_box_of_months_says_what_it_is_for(second: Room, qtbot: QtBot) -> None:
    """Its name is its value where assistive technology is AT-SPI."""
    assert opened(second, qtbot).month.accessibleDescription() == "费款所属期"


def test_months_can_be_chosen_and_led_to(second: Room, qtbot: QtBot) -> None:
    page = opened(second, qtbot)
    assert page.month.currentData() == str(NEXT)
    page.month.setCurrentIndex(page.month.findData(str(MONTH)))
    page.month.activated.emit(page.month.currentIndex())
    assert second.session.period() == MONTH
    page.receive({"period": str(NEXT), "person": id_number(4)})
    assert second.session.period() == Period.parse(str(NEXT))
    page.refresh()
    page.receive({"person": id_number(4)})
    assert "员工四" in page.why.text()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [12])
def test_it_fits_a_small_window_and_everything_has_a_name(
    language: str, size: int, second: Room, qtbot: QtBot, qapp: QApplication
) -> None:
    use_language(language)
    look.apply(qapp, Scheme.LIGHT, font_size=size)
    try:
        page = opened(second, qtbot)
        page.table.go(0)
        assert page.minimumSizeHint().width() <= SMALLEST[0]
        assert page.minimumSizeHint().height() <= SMALLEST[1]
        assert unnamed(page) == []
    finally:
        look.apply(qapp, Scheme.LIGHT)
