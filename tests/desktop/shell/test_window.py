"""The window: pages, unit, period, masking, keyboard, files dropped, closing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtCore import QItemSelectionModel, Qt
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.desktop.hands import click, type_in
from tests.desktop.hands import key as key_click
from tests.desktop.shell.plain import page, press, shown
from tests.desktop.stage import UNIT, Stage, add_units, make_stage, other_unit
from tests.desktop.walker import cut_off, unnamed
from unitclient.desktop.dialogs.fake import FakeDialogs
from unitclient.desktop.session import Connection
from unitclient.desktop.shell.main_window import MainWindow
from unitclient.desktop.shell.palette import Palette
from unitclient.desktop.tasks import Lane, TaskHandle
from unitclient.domain.period import Period
from unitclient.store.units import select_unit
from unitclient.texts import use_language


def test_a_page_is_made_when_it_is_first_shown_and_kept(window: MainWindow) -> None:
    made: list[object] = []
    window.host.made.connect(made.append)
    window.go("two", person="7")
    window.go("one")
    window.go("two")
    assert made == [page(window, "two")]
    assert page(window, "two").did == ["refresh", "target {'person': '7'}"]


def test_a_page_just_made_is_filled_by_an_event_of_its_own(window: MainWindow, qtbot: QtBot) -> None:
    window.host.in_steps = True
    window.go("two", person="7")
    assert page(window, "two").did == []
    qtbot.waitUntil(lambda: page(window, "two").did == ["refresh", "target {'person': '7'}"])
    window.go("hidden")
    window.go("one")
    qtbot.waitUntil(lambda: window.host.current_id() == "one")
    assert page(window, "hidden").did == []


def test_a_page_that_is_not_there_is_not_gone_to(window: MainWindow) -> None:
    window.go("nowhere")
    assert window.host.current_id() == "one"


def test_a_page_refreshes_when_its_topic_changed_at_once_or_when_next_shown(window: MainWindow) -> None:
    session = window.services.session
    session.data_changed.emit(frozenset({"outbox"}))
    assert page(window).did == ["refresh"]
    session.data_changed.emit(frozenset({"items"}))
    assert page(window).did == ["refresh"] * 2
    window.go("two")
    session.data_changed.emit(frozenset({"items"}))
    assert page(window).did == ["refresh"] * 2
    window.go("one")
    assert page(window).did == ["refresh"] * 3


def test_unsaved_work_keeps_its_page(window: MainWindow) -> None:
    page(window).stays = True
    window.go("two")
    assert window.host.current_id() == "one"
    assert window.nav._list.currentRow() == 0
    window.commands.close_window()
    assert window.isVisible()


NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.mark.parametrize(
    ("key", "modifiers", "did"),
    [
        (Qt.Key.Key_F5, NONE, "refresh"),
        (Qt.Key.Key_F, CTRL, "find"),
        (Qt.Key.Key_Return, CTRL, "main"),
        (Qt.Key.Key_F8, NONE, "next"),
        (Qt.Key.Key_F8, SHIFT, "previous"),
        (Qt.Key.Key_B, CTRL, "special"),
    ],
)
def test_keys_reach_the_page(
    window: MainWindow, qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier, did: str
) -> None:
    page(window).field.setFocus()
    press(window, qtbot, key, modifiers)
    assert page(window).did[-1] == did


def test_esc_takes_the_message_away(window: MainWindow, qtbot: QtBot) -> None:
    from unitclient.desktop.theme.tokens import State

    page(window).banner.tell(State.OK, "已保存")
    page(window).field.setFocus()
    press(window, qtbot, Qt.Key.Key_Escape)
    assert page(window).banner.text() == ""


def test_ctrl_and_a_digit_leads_to_the_page_of_that_place(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.host.current_id() == "two"


def test_an_entry_that_is_only_selected_leads_to_its_page(window: MainWindow) -> None:
    """So assistive technology chooses: it selects, and moves no focus."""
    entries = window.nav._list
    model = entries.model()
    selection = entries.selectionModel()
    assert model is not None
    assert selection is not None
    selection.select(model.index(1, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert window.host.current_id() == "two"
    assert entries.currentRow() == 1


def test_arrows_in_the_navigation_lead_through_the_pages(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_F6)
    press(window, qtbot, Qt.Key.Key_Down)
    assert window.host.current_id() == "two"


def test_title_strip_and_banner_name_the_unit_and_the_practice(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    real = other_unit("420100000002", "真实单位")
    add_units(tmp_path, UNIT, real)
    stage = make_stage(tmp_path)
    window = shown(stage, qtbot)
    assert UNIT.name in window.windowTitle()
    assert window.strip.property("practice") == "true"
    assert any("演练中心" in text for text in window.notices.texts())
    stage.session.set_unit(real.unit_number)
    assert "真实单位" in window.windowTitle()
    assert window.strip.property("practice") == "false"
    assert window.notices.texts() == []
    stage.close()


def test_without_a_unit_pages_that_need_one_say_what_to_do(stage: Stage, qtbot: QtBot) -> None:
    window = shown(stage, qtbot)
    window.go("two")
    assert window.host.current_page() is None
    assert window.top.period.isHidden()
    assert isinstance(stage.dialogs, FakeDialogs)
    stage.dialogs.wizards["first_run"] = [None]
    window.host._no_unit._do()
    assert stage.dialogs.asked == [("first_run", {})]


def test_a_session_that_opens_later_fills_the_page_in_front(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    from tests.desktop.stage import parts

    add_units(tmp_path, UNIT)
    stage = make_stage(tmp_path, opened=False)
    window = shown(stage, qtbot)
    window.go("two", person="7")
    assert page(window, "two").did == []
    stage.session.open(parts())
    assert page(window, "two").did == ["refresh", "target {'person': '7'}"]
    stage.close()


def test_the_period_is_stepped_and_chosen(window: MainWindow, qtbot: QtBot) -> None:
    session = window.services.session
    session.set_period(Period(2026, 11))
    click(window.top.earlier)
    assert session.period() == Period(2026, 10)
    press(window, qtbot, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert session.period() == Period(2026, 11)
    window.commands.choose_period()
    menu = window.findChildren(QMenu)[-1]
    menu.actions()[0].trigger()
    assert session.period() > Period(2026, 11)
    menu.close()


def test_the_unit_menu_switches_units(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    other = other_unit("420100000002", "甲 & 乙")
    add_units(tmp_path, UNIT, other)
    stage = make_stage(tmp_path)
    window = shown(stage, qtbot)
    window.commands.choose_unit()
    menu = window.findChildren(QMenu)[-1]
    marked = [action for action in menu.actions() if action.isChecked()]
    assert [action.text().split("    ")[1] for action in marked] == [UNIT.unit_number]
    next(action for action in menu.actions() if "甲 && 乙" in action.text()).trigger()
    assert stage.session.unit_number() == other.unit_number
    menu.close()
    stage.close()


def test_unsaved_work_keeps_its_unit_and_many_units_are_searched(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    others = [other_unit(f"4201000001{number:02}", f"第{number}家") for number in range(15)]
    add_units(tmp_path, UNIT, *others)
    stage = make_stage(tmp_path)
    window = shown(stage, qtbot)
    page(window).stays = True
    window.commands.switch_unit(others[0].unit_number)
    assert stage.session.unit_number() == UNIT.unit_number
    page(window).stays = False
    window.commands.choose_unit()
    palette = QApplication.activeModalWidget()
    assert isinstance(palette, Palette)
    type_in(palette.line, others[7].unit_number)
    key_click(palette.line, Qt.Key.Key_Return)
    assert stage.session.unit_number() == others[7].unit_number
    stage.close()


def test_masking_is_one_switch(window: MainWindow, qtbot: QtBot) -> None:
    click(window.top.masking)
    assert window.services.session.masked()
    press(window, qtbot, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert not window.services.session.masked()
    assert not window.top.masking.isChecked()


def test_the_bar_tells_of_the_centre(window: MainWindow) -> None:
    for connection in Connection:
        window.services.session.note_connection(connection)
        assert window.top.connection.text()
    assert "离线" in window.top.connection.text()


def test_dropped_files_go_to_the_page_then_to_the_handlers(window: MainWindow) -> None:
    taken: list[list[str]] = []

    def take(paths: list[str]) -> bool:
        taken.append(paths)
        return True

    window.add_drop_handler(take)
    assert window.drop(["a.xlsx"])
    assert taken == []
    assert window.drop(["a.pdf"])
    assert taken == [["a.pdf"]]


def test_running_tasks_are_asked_about_before_closing(
    window: MainWindow, unit_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = TaskHandle(Lane.NET, "d-diag-task")
    monkeypatch.setattr(unit_stage.runner, "tasks", lambda: [handle])
    unit_stage.dialogs.confirms = [False, True]
    window.commands.close_window()
    assert window.isVisible()
    window.commands.close_window()
    assert window.isHidden()
    assert "诊断" in unit_stage.dialogs.asked[0][1]


def test_names_and_room_at_every_width(window: MainWindow, qtbot: QtBot) -> None:
    for language in ("zh", "en"):
        use_language(language)
        window.top.render_session()
        for width in (1400, 1000, 900):
            window.resize(width, 560)
            qtbot.wait(1)
            assert unnamed(window) == []
            assert [text for text in cut_off(window) if "▾" not in text] == []
    assert window.minimumSizeHint().width() <= 900


def test_the_navigation_collapses_in_a_narrow_window(window: MainWindow, qtbot: QtBot) -> None:
    wide = window.nav.width()
    window.resize(900, 560)
    qtbot.waitUntil(lambda: window.nav.width() < wide)


def test_the_queue_is_counted_without_reading_it(window: MainWindow, unit_stage: Stage) -> None:
    assert window.top.queue.text() == "待发 0"
    with unit_stage.session.desk().store.write("test"):
        select_unit(unit_stage.session.desk().store, UNIT.unit_number)
    unit_stage.session.data_changed.emit(frozenset({"outbox", "units"}))
    assert window.top.queue.accessibleName() == "待发队列：0 件"
