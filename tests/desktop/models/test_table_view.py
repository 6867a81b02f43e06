"""The table view: two panes as one, selections as spans, clipboard, kept layout, painted area."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QPointF, Qt
from PyQt6.QtGui import QGuiApplication, QWheelEvent
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.benchmarks.desktop.tables import Painted
from tests.desktop.models.samples import COLUMNS, WRONG, MemorySource, hand
from unitclient.desktop.models.paged import PagedTableModel
from unitclient.desktop.settings import Settings
from unitclient.desktop.widgets.table_view import COPY_AT_ONCE, TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout

NAME, ID, STATE, WAGE, REMARK = range(5)
SELECT_ROW = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
TAKE_ROW_OUT = QItemSelectionModel.SelectionFlag.Deselect | QItemSelectionModel.SelectionFlag.Rows


def shown_view(qtbot: QtBot, count: int = 500, frozen: int = 2, width: int = 700) -> TableView:
    view = TableView("人员", frozen=frozen)
    qtbot.addWidget(view)
    model = PagedTableModel(COLUMNS, MemorySource(count), parent=view)
    view.set_model(model)
    view.resize(width, 400)
    with qtbot.waitExposed(view):
        view.show()
    model.refresh()
    QApplication.processEvents()
    return view


@pytest.fixture
def view(qtbot: QtBot) -> TableView:
    return shown_view(qtbot)


def clipboard() -> str:
    found = QGuiApplication.clipboard()
    assert found is not None
    return found.text()


def put(text: str) -> None:
    found = QGuiApplication.clipboard()
    assert found is not None
    found.setText(text)


def press(qtbot: QtBot, view: TableView, key: Qt.Key, with_: Qt.KeyboardModifier | None = None) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    hand(qtbot).keyClick(focus, key, with_ or Qt.KeyboardModifier.NoModifier)


def test_frozen_columns_stay_while_the_others_scroll(view: TableView) -> None:
    still, main = view.panes.panes()
    assert [still.isColumnHidden(place) for place in range(5)] == [False, False, True, True, True]
    assert [main.isColumnHidden(place) for place in range(5)] == [True, True, False, False, False]
    main.bar().setValue(100)
    assert still.bar().value() == 100
    still.bar().setValue(30)
    assert main.bar().value() == 30
    assert still.rowViewportPosition(31) == main.rowViewportPosition(31)
    assert still.screen().height() == main.screen().height()


def test_a_row_that_is_only_selected_becomes_the_current_one(view: TableView, qtbot: QtBot) -> None:
    """So assistive technology chooses a row: it selects, and moves no focus."""
    view.go(3, WAGE)
    selection, model = view.panes.selection_model(), view.model()
    with qtbot.waitSignal(view.current_changed) as told:
        selection.select(model.index(7, 0), SELECT_ROW)
    assert told.args == [7, WAGE]
    assert view.spans() == [(3, 3), (7, 7)]


def test_the_current_row_stays_when_another_one_is_taken_out(view: TableView, qtbot: QtBot) -> None:
    view.select_rows([(3, 3)])
    view.panes.selection_model().select(view.model().index(7, 0), SELECT_ROW)
    qtbot.waitUntil(lambda: view.current_row() == 7)
    view.panes.selection_model().select(view.model().index(7, 0), TAKE_ROW_OUT)
    QApplication.processEvents()
    assert view.current_row() == 7


def test_rows_stay_level_above_a_scroll_bar(qtbot: QtBot) -> None:
    view = shown_view(qtbot, width=420)
    still, main = view.panes.panes()
    bar = main.horizontalScrollBar()
    assert bar is not None
    assert bar.isVisible()
    assert still.screen().height() == main.screen().height()
    main.bar().setValue(main.bar().maximum())
    assert still.rowViewportPosition(499) == main.rowViewportPosition(499)


def test_the_arrow_keys_cross_from_pane_to_pane(view: TableView, qtbot: QtBot) -> None:
    view.go(5, ID)
    view.panes.still.setFocus()
    press(qtbot, view, Qt.Key.Key_Right)
    assert (view.current().row(), view.current().column()) == (5, STATE)
    assert view.panes.main.hasFocus()
    press(qtbot, view, Qt.Key.Key_Left)
    assert view.current().column() == ID
    assert view.panes.still.hasFocus()
    press(qtbot, view, Qt.Key.Key_End)
    assert (view.current().column(), view.panes.main.hasFocus()) == (REMARK, True)
    press(qtbot, view, Qt.Key.Key_Home)
    assert (view.current().column(), view.panes.still.hasFocus()) == (NAME, True)
    press(qtbot, view, Qt.Key.Key_Down)
    assert (view.current().row(), view.current().column()) == (6, NAME)


def test_the_whole_list_is_one_span(view: TableView) -> None:
    view.select_all()
    assert view.spans() == [(0, 499)]
    assert view.selected_count() == 500
    assert len(view.panes.selection_model().selection()) == 1


def test_selecting_a_hundred_thousand_rows_asks_for_none_of_them(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    view = shown_view(qtbot, 100_000)
    asked: list[int] = []
    flags = PagedTableModel.flags

    def count(model: PagedTableModel, index: QModelIndex) -> Qt.ItemFlag:
        asked.append(index.row())
        return flags(model, index)

    monkeypatch.setattr(PagedTableModel, "flags", count)
    view.select_all()
    QApplication.processEvents()
    view.sort(WAGE, Qt.SortOrder.AscendingOrder)
    QApplication.processEvents()
    assert len(asked) < 2000


def test_selected_rows_are_spans_that_do_not_overlap(view: TableView) -> None:
    view.select_rows([(7, 9), (1, 2), (3, 4)])
    assert view.spans() == [(1, 4), (7, 9)]
    assert view.selected_columns() == [NAME, ID, STATE, WAGE, REMARK]


def test_cells_are_copied_as_spreadsheets_take_them(view: TableView, qtbot: QtBot) -> None:
    view.select_rows([(1, 2)])
    view.panes.main.setFocus()
    press(qtbot, view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard().split("\r\n")[0] == "张测1\t110000199001000001\t在保\t5079.19\t"
    view.copy(titles=True)
    assert clipboard().split("\r\n")[0] == "姓名\t证件号码\t状态\t缴费工资\t部门"
    view.model().set_masked(True)
    view.copy()
    assert "5079.19" not in clipboard()


def test_many_rows_are_asked_for_instead_of_copied_at_once(qtbot: QtBot) -> None:
    view = shown_view(qtbot, COPY_AT_ONCE + 1)
    put("before")
    view.select_all()
    with qtbot.waitSignal(view.copy_many) as asked:
        view.copy()
    assert asked.args == [[(0, COPY_AT_ONCE)], [0, 1, 2, 3, 4], False]
    assert clipboard() == "before"


def test_pasting_is_offered_at_the_top_left_of_the_selection(view: TableView, qtbot: QtBot) -> None:
    put("6000\r\n7000")
    view.go(4, WAGE)
    with qtbot.waitSignal(view.pasted) as offered:
        view.paste()
    assert offered.args == ["6000\r\n7000", 4, WAGE]
    put("  \n")
    with qtbot.assertNotEmitted(view.pasted):
        view.paste()


def test_the_current_row_stays_the_current_one_when_the_list_is_sorted(view: TableView) -> None:
    view.go(42, WAGE)
    view.sort(WAGE, Qt.SortOrder.DescendingOrder)
    assert view.model().key_at(view.current_row()) == 42
    assert view.current().column() == WAGE
    model: Any = view.model()
    model.set_query(model.query.__class__(text="测3"))
    assert view.current_row() == -1


def test_only_the_pane_that_is_sorted_shows_an_arrow(view: TableView) -> None:
    view.sort(WAGE, Qt.SortOrder.AscendingOrder)
    assert (view.panes.main.head().sortIndicatorSection(), view.panes.still.head().sortIndicatorSection()) == (WAGE, -1)
    view.panes.still.head().setSortIndicator(NAME, Qt.SortOrder.DescendingOrder)
    assert (view.panes.main.head().sortIndicatorSection(), view.panes.still.head().sortIndicatorSection()) == (-1, NAME)
    assert str(view.model().index(0, NAME).data()) == "张测99"


def test_a_layout_is_kept_and_brought_back(qtbot: QtBot, tmp_path: Path) -> None:
    view = shown_view(qtbot)
    layout = TableLayout(Settings(tmp_path), "people@1")
    view.keep_layout(layout)
    view.panes.main.head().moveSection(4, 2)
    layout.show_column(STATE, False)
    view.panes.main.setColumnWidth(WAGE, 222)
    view.panes.still.setColumnWidth(NAME, 99)
    layout.save()
    again = shown_view(qtbot)
    other = TableLayout(Settings(tmp_path), "people@1")
    again.keep_layout(other)
    assert again.shown_columns() == [NAME, ID, REMARK, WAGE]
    assert again.panes.main.columnWidth(WAGE) == 222
    assert again.panes.still.columnWidth(NAME) == 99
    assert again.panes.still.width() >= 99
    other.reset()
    assert again.shown_columns() == [NAME, ID, STATE, WAGE, REMARK]


def test_a_kept_layout_that_no_longer_fits_does_no_harm(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.set_layout("table.odd", {"order": ["gone", "wage"], "hidden": ["gone"], "widths": {"wage": "x", "no": 5}})
    view = shown_view(qtbot)
    view.keep_layout(TableLayout(settings, "odd"))
    assert set(view.shown_columns()) == {0, 1, 2, 3, 4}
    settings.set_layout("table.odd", [1])
    view.keep_layout(TableLayout(settings, "odd"))


def test_the_menu_of_columns_leaves_the_frozen_ones_alone(qtbot: QtBot, tmp_path: Path) -> None:
    view = shown_view(qtbot)
    layout = TableLayout(Settings(tmp_path), "people")
    view.keep_layout(layout)
    menu = layout.menu()
    acts = {act.text(): act for act in menu.actions()}
    assert not acts["姓名"].isEnabled()
    acts["状态"].setChecked(False)
    assert STATE not in view.shown_columns()


@pytest.fixture
def painted(view: TableView) -> Painted:
    view.panes.main.bar().setValue(50)
    QApplication.processEvents()
    counter = Painted(view.panes.main.screen(), view.panes.still.screen())
    QApplication.processEvents()
    return counter


def wheel(view: TableView, notches: int) -> None:
    viewport = view.panes.main.screen()
    event = QWheelEvent(
        QPointF(300, 100), viewport.mapToGlobal(QPointF(300, 100)), QPoint(), QPoint(0, -120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)
    QApplication.processEvents()


def test_a_wheel_notch_moves_pixels_and_paints_little(view: TableView, painted: Painted) -> None:
    before = view.panes.main.bar().value()
    wheel(view, 1)
    rows = view.panes.main.bar().value() - before
    assert rows == 1
    whole = sum(pane.screen().width() * pane.screen().height() for pane in view.panes.panes())
    assert 0 < painted.area <= 0.15 * whole


def test_an_idle_table_paints_nothing(view: TableView, painted: Painted, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.destroyed, timeout=300, raising=False):
        pass
    assert painted.times == 0


def test_moving_the_mouse_paints_nothing(view: TableView, painted: Painted, qtbot: QtBot) -> None:
    for place in range(20):
        hand(qtbot).mouseMove(view.panes.main.screen(), QPoint(50, 10 + place * 12))
    QApplication.processEvents()
    assert painted.times == 0


def test_a_marked_cell_is_tinted_and_marked(view: TableView) -> None:
    view.panes.main.bar().setValue(0)
    QApplication.processEvents()
    picture = view.panes.main.screen().grab().toImage()

    def corner(number: int) -> str:
        rect = view.panes.main.visualRect(view.model().index(number, WAGE))
        return picture.pixelColor(rect.right() - 1, rect.top() + 1).name()

    assert corner(WRONG) != corner(WRONG + 2)


def test_the_page_may_add_to_the_menu(view: TableView, qtbot: QtBot) -> None:
    assert all(action.text() for action in view.actions())
    menus: list[QMenu] = []
    view.menu_wanted.connect(menus.append)
    assert view.panes.main.accessibleName() == "人员"
    assert view.panes.still.accessibleName() == "人员（固定列）"
