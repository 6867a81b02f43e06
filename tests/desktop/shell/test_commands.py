"""What the window itself offers: palette, help, task centre, about, menu."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.desktop.hands import key as key_click
from tests.desktop.hands import type_in
from tests.desktop.shell.plain import page, press, shown
from tests.desktop.stage import Stage
from tests.desktop.walker import unnamed
from unitclient.desktop.shell.help_sheet import HelpSheet
from unitclient.desktop.shell.main_window import MainWindow
from unitclient.desktop.shell.palette import Palette
from unitclient.desktop.tasks import Lane, TaskHandle


def test_the_palette_does_what_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = QApplication.activeModalWidget()
    assert isinstance(palette, Palette)
    assert unnamed(palette) == []
    type_in(palette.line, "cxjc")
    assert palette.titles()[0] == "重新检查"
    key_click(palette.line, Qt.Key.Key_Return)
    assert page(window).did[-1] == "special"


def test_the_palette_is_walked_by_arrows_and_says_when_nothing_fits(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.open_palette()
    palette = QApplication.activeModalWidget()
    assert isinstance(palette, Palette)
    key_click(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 1
    key_click(palette.line, Qt.Key.Key_Up)
    key_click(palette.line, Qt.Key.Key_Up)
    assert palette.list.currentRow() == 0
    palette.line.setText("☃")
    assert palette.titles() == []
    assert not palette._none.isHidden()
    key_click(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.close()


def test_f1_shows_the_page_s_help_and_every_shortcut(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_F1)
    sheet = next(widget for widget in window.findChildren(HelpSheet))
    keys = {sheet.table.item(row, 0).text() for row in range(sheet.table.rowCount())}  # type: ignore[union-attr]  # filled
    assert {"F1", "F5", "Ctrl+K", "Ctrl+B", "Ctrl+1"} <= keys
    assert unnamed(sheet) == []
    sheet.close()


def test_the_task_centre_shows_what_runs_and_stops_it(window: MainWindow, qtbot: QtBot) -> None:
    from unitclient.desktop.tasks import TaskState
    from unitclient.desktop.widgets.task_center import _TaskList

    handles = [TaskHandle(Lane.PROC, "d-diag-task") for _ in range(8)]
    for handle in handles:
        window.tasks.add(handle)
    handles[0].tell(state=TaskState.RUNNING, progress=(1, 4))
    assert window.tasks._button.text() == "诊断 · 1 / 4，另有 7 项"
    window.commands.open_tasks()
    panel = window.tasks._panel
    assert isinstance(panel, _TaskList)
    assert unnamed(panel) == []
    panel.close()
    for handle in handles:
        handle.tell(state=TaskState.DONE)
    assert window.tasks._button.text() == "没有进行中的任务"
    window.tasks.add(TaskHandle(Lane.PROC, "d-diag-task"))
    assert len(window.tasks._handles) == 6


def test_about_names_licence_and_libraries(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.open_about()
    about = QApplication.activeModalWidget()
    assert isinstance(about, QDialog)
    assert unnamed(about) == []
    about.close()


def test_the_menu_greys_what_cannot_be_done(stage: Stage, qtbot: QtBot) -> None:
    window = shown(stage, qtbot)
    menu = window.menu_button.menu()
    assert menu is not None
    menu.popup(QPoint(0, 0))
    states = {action.objectName(): action.isEnabled() for action in menu.actions()}
    menu.close()
    assert states["period-later"] is False
    assert states["palette"] is True
