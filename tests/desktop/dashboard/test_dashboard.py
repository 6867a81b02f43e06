"""The dashboard along a real month: what it says, where it leads, and what it does not do before it can be seen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.month import SMALLEST, imports_of, shown_texts, unnamed
from tests.desktop.sign.office import Room, room
from tests.desktop.stage import Stage
from tests.e2e.office import MONTH, REGION, ask, office, practice_centre, staff
from unitclient.central.server import RunningCentre
from unitclient.desktop.pages.dashboard import SPEC
from unitclient.desktop.pages.dashboard.trends import TrendsView
from unitclient.desktop.pages.dashboard.view import DashboardPage
from unitclient.desktop.pages.queue.auto_sync import AutoSync
from unitclient.desktop.theme import look
from unitclient.desktop.theme.tokens import Scheme
from unitclient.store.overview import briefs
from unitclient.texts import use_language
from unitclient.workflows.pen import GIVE, move_pen
from unitclient.workflows.pen_state import known_pen
from unitclient.workflows.safekeeping import last_backup


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def desk(centre: RunningCentre, tmp_path: Path, qapp: QApplication) -> Iterator[Room]:
    with room(tmp_path / "home", centre.url) as made:
        yield made


def opened(desk: Room | Stage, qtbot: QtBot) -> DashboardPage:
    page = SPEC.make(desk.services)
    assert isinstance(page, DashboardPage)
    qtbot.addWidget(page)
    page.resize(1190, 650)
    page.show()
    page.on_shown()
    return page


def signs_of(page: DashboardPage) -> str:
    return "".join(one.view.sign for one in page.stepper.buttons)


def test_it_is_there_before_anything_is_read(stage: Stage, qtbot: QtBot) -> None:
    page = SPEC.make(stage.services)
    qtbot.addWidget(page)
    page.resize(900, 500)
    page.show()
    assert stage.runner.ran == []
    assert "申报截止" in shown_texts(page)


def test_the_library_of_charts_is_not_needed_to_see_the_page() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, unitclient.desktop.pages.dashboard.view;"
         "print([name for name in sys.modules if 'QtCharts' in name or name.startswith(('unitclient.workflows',"
         " 'unitclient.store', 'cryptography', 'peewee', 'requests', 'unitclient.sheets'))])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["pages.dashboard.view"])
def test_views_know_no_store_no_workflow(module: str) -> None:
    rooms = ("unitclient.store", "unitclient.sync", "unitclient.tokens", "unitclient.workflows")
    assert not [name for name in imports_of(module) if name.startswith(rooms)]


@pytest.mark.parametrize("module", ["pages.dashboard.presenter", "pages.dashboard.words"])
def test_presenters_know_no_widgets(module: str) -> None:
    assert "PyQt6.QtWidgets" not in imports_of(module)


def test_the_month_goes_on_under_its_eyes(desk: Room, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    assert signs_of(page) == "123－56789"
    assert "还没有参保人员" in shown_texts(page)
    page.main_action()
    assert desk.shell.went[-1] == ("business", {"form": "enrol"})
    desk.clerk.enrols(staff(3))
    page.refresh()
    assert (signs_of(page), page.next.text()) == ("✓✓3－56789", "去核对")
    desk.clerk.prepares()
    page.refresh()
    assert (signs_of(page), page.next.text()) == ("✓✓✓－56789", "去签名")
    assert page.stepper.buttons[4].view.note == "2 份待签名"
    page.main_action()
    assert desk.shell.went[-1] == ("sign", {"period": str(MONTH)})
    desk.clerk.signs()
    page.refresh()
    assert signs_of(page) == "✓✓✓－✓…789"
    assert "2 件" in page.queue.pill.text()
    assert "截止前可以发完" in page.queue.detail.text()
    desk.clerk.settles()
    page.refresh()
    assert signs_of(page) == "✓✓✓－✓✓✓✓✓"
    assert page.countdown.number.text() == "已报送"
    assert page.next.isHidden()
    page.stepper.buttons[8].click()
    assert desk.shell.went[-1] == ("payments", {"period": str(MONTH)})


def test_the_deadline_says_where_it_comes_from(desk: Room, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    assert "按中心时钟" in page.countdown.until.text()
    assert page.countdown.source.text().startswith("依据：演练中心日历")
    assert "演练" in shown_texts(page)
    assert "推算" not in shown_texts(page)


def test_a_deadline_nobody_published_is_labelled(unit_stage: Stage, qtbot: QtBot) -> None:
    page = opened(unit_stage, qtbot)
    assert "推算" in shown_texts(page)
    assert "没有公告依据" in page.countdown.source.text()
    assert "按本机时钟" in page.countdown.until.text()


def test_trouble_comes_first_and_leads_to_its_place(centre: RunningCentre, desk: Room, qtbot: QtBot) -> None:
    ask(centre.url, "PUT", f"/practice/bank/{desk.clerk.unit_number}", {"behaviour": "insufficient"})
    desk.clerk.enrols(staff(1))
    desk.clerk.declares()
    page = opened(desk, qtbot)
    assert page.to_dos.notes is not None
    assert page.to_dos.notes[0].text == f"{MONTH} 月度申报 扣款失败。"
    page.to_dos.acts["0"].click()
    monthly = briefs(desk.clerk.base.store, desk.clerk.unit_number)[-1].id
    assert desk.shell.went[-1] == ("payments", {"declaration": monthly, "period": str(MONTH)})


def test_backing_up_from_the_card(desk: Room, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened(desk, qtbot)
    assert "没有备份" in page.backup.pill.text()
    desk.dialogs.files = [None, tmp_path / "kept.ucbackup"]
    page.back_up()
    assert not (tmp_path / "kept.ucbackup").exists()
    page.back_up()
    assert (tmp_path / "kept.ucbackup").is_file()
    assert last_backup(desk.clerk.base.store) is not None
    assert str(tmp_path / "kept.ucbackup") in page.banner.text()
    page.refresh()
    assert "今天已备份" in page.backup.pill.text()
    desk.dialogs.files = [tmp_path / "kept.ucbackup"]
    page.back_up()
    assert "kept.ucbackup" in page.banner.text()


def test_trends_can_be_read_as_a_table(desk: Room, qtbot: QtBot) -> None:
    desk.clerk.enrols(staff(4))
    desk.clerk.declares()
    page = opened(desk, qtbot)
    qtbot.waitUntil(lambda: page.trends_body is not None)
    view = page.trends_body
    assert isinstance(view, TrendsView)
    assert "4 人" in view.chart.accessibleDescription()
    view.buttons["table"].click()
    model = view.table.model()
    titles = [column.title() for column in model.columns]
    assert titles[:3] == ["费款所属期", "申报人数", "合计"]
    assert "养老" in titles
    texts = [model.index(0, place).data() for place in range(len(titles))]
    monthly = briefs(desk.clerk.base.store, desk.clerk.unit_number)[-1]
    total = sum(side["unit"] + side["person"] for side in monthly.totals.values())
    assert texts[:2] == [str(MONTH), "4"]
    assert texts[2].replace(",", "").endswith(f"{total / 100:.2f}")
    assert texts[-1] == "已报送"
    again = opened(desk, qtbot)
    qtbot.waitUntil(lambda: again.trends_body is not None)
    assert isinstance(again.trends_body, TrendsView)
    assert again.trends_body.buttons["table"].isChecked()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [12])
def test_it_fits_a_small_window_and_everything_has_a_name(
    language: str, size: int, desk: Room, qtbot: QtBot, qapp: QApplication
) -> None:
    use_language(language)
    look.apply(qapp, Scheme.LIGHT, font_size=size)
    try:
        desk.clerk.enrols(staff(2))
        desk.clerk.prepares()
        page = opened(desk, qtbot)
        qtbot.waitUntil(lambda: page.trends_body is not None)
        assert page.minimumSizeHint().width() <= SMALLEST[0]
        assert page.minimumSizeHint().height() <= SMALLEST[1]
        assert unnamed(page) == []
    finally:
        look.apply(qapp, Scheme.LIGHT)


def test_idle_it_paints_nothing_and_the_same_state_changes_nothing(desk: Room, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    state = page.presenter.state
    assert state is not None
    kept = page.to_dos.acts["0"]
    page.render_state(state)
    assert page.to_dos.acts["0"] is kept


def test_a_notice_moves_the_countdown_and_the_pen_changes_hands(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    """The automatic round brings the notice; the to-dos ask for the pen, say who asks, and give it."""
    with (
        practice_centre(tmp_path / "centre") as running,
        room(tmp_path / "home", running.url) as desk,
        office(tmp_path / "other", running.url, desk.clerk.opened) as other,
    ):
        other.enrols(staff(1))
        other.syncs()
        page, auto = opened(desk, qtbot), AutoSync(desk.services)
        auto.finished.connect(page.refresh)
        told = {"deadline": "2026-12-03", "notice": "演练公告9号"}
        ask(running.url, "PUT", f"/practice/desk/dates/{REGION}/{MONTH}", told)
        auto.run()
        auto.stop()
        texts = shown_texts(page)
        assert "2026-12-03" in texts
        assert "演练公告9号" in texts
        assert "正在为本单位办理，这里只能查看" in texts
        note = {key.code: place for place, key in enumerate(page.presenter._to_dos)}
        page.presenter.do(str(note["pen-elsewhere"]))
        assert "已请另一台电脑" in page.banner.text()
        assert "等待答复" in shown_texts(page)
        other.syncs()
        assert known_pen(other.base.store, other.unit).asked_by
        move_pen(other.desk, other.unit, GIVE)
        note = {key.code: place for place, key in enumerate(page.presenter._to_dos)}
        page.presenter.do(str(note["pen-waiting"]))
        assert page.banner.text() == "由这台电脑办理。"
        assert "只能查看" not in shown_texts(page)
