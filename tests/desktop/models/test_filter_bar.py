"""The filter bar: typing comes to rest before anybody is asked, chips, clearing, wrapping."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.desktop.models.samples import hand
from unitclient.desktop.widgets.filter_bar import Chip, FilterBar

CHIPS = (
    Chip(("state", "active"), "d-roster-state", "state"),
    Chip(("state", "pending"), "d-roster-wage", "state"),
    Chip(("finding", "any"), "d-roster-department"),
)


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    made = FilterBar("搜索人员", "姓名、拼音", CHIPS)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def chip(bar: FilterBar, number: int) -> object:
    return bar._chips[CHIPS[number].id][1]


def click(bar: FilterBar, number: int, qtbot: QtBot) -> None:
    hand(qtbot).mouseClick(bar._chips[CHIPS[number].id][1], Qt.MouseButton.LeftButton)


def test_the_glass_and_the_cross_in_the_field_are_told_apart(bar: FilterBar) -> None:
    glass, cross = sorted(bar.field.findChildren(QToolButton), key=lambda one: one.x())
    assert (glass.accessibleName(), cross.accessibleName()) == ("搜索人员", "清空搜索")
    bar._chips[CHIPS[0].id][1].setFocus()
    glass.click()
    assert bar.field.hasFocus()


def test_typing_is_told_once_after_it_came_to_rest(bar: FilterBar, qtbot: QtBot) -> None:
    told: list[str] = []
    bar.changed.connect(lambda: told.append(bar.text()))
    with qtbot.waitSignal(bar.changed, timeout=2000):
        hand(qtbot).keyClicks(bar.field, "zhang ")
    assert told == ["zhang"]


def test_enter_does_not_wait_and_goes_on_to_the_table(bar: FilterBar, qtbot: QtBot) -> None:
    hand(qtbot).keyClicks(bar.field, "zs")
    with qtbot.waitSignals([bar.changed, bar.onward], timeout=50):
        hand(qtbot).keyClick(bar.field, Qt.Key.Key_Return)


def test_chips_of_a_group_exclude_each_other(bar: FilterBar, qtbot: QtBot) -> None:
    click(bar, 0, qtbot)
    click(bar, 2, qtbot)
    assert bar.filters() == (("state", "active"), ("finding", "any"))
    click(bar, 1, qtbot)
    assert bar.filters() == (("state", "pending"), ("finding", "any"))


def test_counts_stand_on_the_chips_and_empty_ones_are_dimmed(bar: FilterBar, qtbot: QtBot) -> None:
    bar.set_counts({"state:active": 12345})
    widget = bar._chips["state:active"][1]
    assert widget.text() == "状态 12,345"
    assert not bar._chips["finding:any"][1].isEnabled()


def test_a_choice_narrows_by_a_value(bar: FilterBar) -> None:
    bar.set_choice("department", "所有部门", ["财务部", "生产部"])
    bar._choice.setCurrentIndex(2)
    assert bar.filters() == (("department", "生产部"),)
    bar.set_choice("department", "所有部门", ["生产部"])
    assert bar.filters() == (("department", "生产部"),)
    bar.set_choice("department", "所有部门", [])
    assert bar.filters() == ()
    assert bar._choice.isHidden()


def test_clearing_and_being_led_here(bar: FilterBar, qtbot: QtBot) -> None:
    bar.choose([("finding", "any")], "张")
    assert bar.is_narrow()
    assert (bar.text(), bar.filters()) == ("张", (("finding", "any"),))
    with qtbot.waitSignal(bar.changed):
        bar.clear()
    assert not bar.is_narrow()
    assert bar._clear.isHidden()


def test_escape_empties_the_field(bar: FilterBar, qtbot: QtBot) -> None:
    bar.field.setText("张")
    hand(qtbot).keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.text() == ""


def test_it_wraps_in_a_narrow_window(bar: FilterBar) -> None:
    layout = bar.layout()
    assert layout is not None
    assert layout.heightForWidth(320) > layout.heightForWidth(2000)
    assert bar.minimumSizeHint().width() <= 320


def test_everything_that_takes_the_focus_has_a_name(bar: FilterBar) -> None:
    assert bar.field.accessibleName() == "搜索人员"
    assert bar._choice.focusPolicy() != Qt.FocusPolicy.NoFocus
