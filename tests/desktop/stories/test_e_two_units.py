"""Two units on one computer: each has its name, its queue, its columns, and nothing typed is lost by changing over."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLineEdit, QMenu

from tests.desktop.stories.conftest import Rooms
from tests.desktop.stories.program import CTRL, Program
from tests.e2e.office import Office, at_centre, open_unit, signer_of, staff
from tests.tokens.lab import PIN
from unitclient.central.server import RunningCentre
from unitclient.desktop.dialogs.confirm import Confirm
from unitclient.desktop.dialogs.pin import PinDialog
from unitclient.store.units import select_unit
from unitclient.workflows.units import Enrolment, enrol_unit

FIRST, SECOND = "东湖制造有限公司", "南岸餐饮有限公司"


@dataclass
class Two:
    """The clerk of the first unit, the second one beside it in the same home, and the program over both."""

    first: Office
    second: Office
    program: Program

    def put_in_front(self, name: str) -> None:
        """Ctrl+U, and the unit in the menu."""
        self.program.press(Qt.Key.Key_U, CTRL)
        menu = self.program.top()
        assert isinstance(menu, QMenu)
        action = next(one for one in menu.actions() if one.text().startswith(name))
        menu.setActiveAction(action)
        self.program.press(Qt.Key.Key_Return)
        self.program.settle()


@pytest.fixture
def two(rooms: Rooms, centre: RunningCentre) -> Two:
    """The first unit is in front; each has people and a month that waits for its signature."""
    first = rooms.office(centre.url, name=FIRST)
    opened = open_unit(centre.url, name=SECOND)
    unit = enrol_unit(
        first.base, Enrolment(centre.url, opened["ca_pem"], {}, "经办人乙", practice=True), signer_of(opened)
    )
    second = Office(first.home, opened, first.base, first.clock, unit.unit_number, signer_of(opened))
    rooms.give_key(second)
    with first.base.store.write("test.select"):
        select_unit(first.base.store, first.unit_number)
    for clerk, people in ((first, staff(3)), (second, staff(2, first=5))):
        clerk.enrols(people)
        clerk.prepares()
    return Two(first, second, rooms.start(first))


def test_the_unit_in_front_is_named_everywhere(two: Two) -> None:
    program = two.program
    assert FIRST in program.frame.windowTitle()
    program.go(5)
    program.sees("签名（2 份）")
    two.put_in_front(SECOND)
    assert SECOND in program.frame.windowTitle()
    program.sees(SECOND, "经办人乙")
    program.press(Qt.Key.Key_Return, CTRL)
    program.dialog(PinDialog)
    program.sees(SECOND)
    assert FIRST not in program.seen()
    program.keys(PIN)
    program.press(Qt.Key.Key_Return)
    program.settle()
    assert "已签名 2 份" in program.banner()
    two.put_in_front(FIRST)
    program.sees("签名（2 份）")
    assert "已签名" not in program.banner(), "what was told of the other unit is not told of this one"


def test_the_queue_of_the_other_unit_goes_on(two: Two, centre: RunningCentre) -> None:
    program = two.program
    two.first.signs()
    program.press(Qt.Key.Key_F5)
    program.sees("待发 2")
    two.put_in_front(SECOND)
    program.sees("待发 0")
    program.next_round()
    assert len(at_centre(centre, two.first.unit_number)) == 2
    two.put_in_front(FIRST)
    program.sees("待发 0")


def test_columns_are_kept_for_each_unit(two: Two) -> None:
    program = two.program
    program.go(2)
    wide = program.table().panes.main
    usual = wide.columnWidth(4)
    wide.setColumnWidth(4, usual + 77)
    two.put_in_front(SECOND)
    assert program.table().panes.main.columnWidth(4) == usual
    two.put_in_front(FIRST)
    assert program.table().panes.main.columnWidth(4) == usual + 77


def test_what_is_typed_is_asked_about(two: Two) -> None:
    program = two.program
    program.go(3)
    program.write(program.named(QLineEdit, "姓名"), "周示范")
    two.put_in_front(SECOND)
    program.dialog(Confirm)
    program.press(Qt.Key.Key_Escape)
    program.settle()
    assert FIRST in program.frame.windowTitle()
    assert program.named(QLineEdit, "姓名").text() == "周示范"
    two.put_in_front(SECOND)
    dialog = program.dialog(Confirm)
    program.click(dialog.yes.text())
    program.settle()
    assert SECOND in program.frame.windowTitle()
    assert program.named(QLineEdit, "姓名").text() == ""


def test_all_units_in_one_table(two: Two) -> None:
    program = two.program
    two.first.signs()
    program.press(Qt.Key.Key_K, CTRL)
    program.keys("单位与账户")
    program.press(Qt.Key.Key_Return)
    program.settle()
    assert program.page().page_id == "units"
    rows = {row["单位"]: row for row in program.rows()}
    assert set(rows) == {FIRST, SECOND}
    assert rows[FIRST]["签名"] != rows[SECOND]["签名"]
    program.cell(list(rows).index(SECOND), "单位", twice=True)
    program.settle()
    assert program.page().page_id == "dashboard"
    assert SECOND in program.frame.windowTitle()


def test_one_month_for_both_from_one_page(two: Two, centre: RunningCentre) -> None:
    program = two.program
    program.press(Qt.Key.Key_K, CTRL)
    program.keys("单位与账户")
    program.press(Qt.Key.Key_Return)
    program.settle()
    program.sees("全部 2 个单位")
    program.click("批量签名")
    first = program.dialog(PinDialog)
    program.keys(PIN)
    program.press(Qt.Key.Key_Return)
    program.until(lambda: program.app.activeModalWidget() is not first)
    program.dialog(PinDialog)
    program.keys(PIN)
    program.press(Qt.Key.Key_Return)
    program.settle()
    assert {row["批量结果"] for row in program.rows()} == {"已签名 2 份，进入待发队列。"}
    program.click("批量报送")
    program.settle()
    assert "办好 2 个单位" in program.banner()
    for clerk in (two.first, two.second):
        assert [form for form, _, _ in at_centre(centre, clerk.unit_number)] == ["enrol", "monthly"]
    program.cell(0, "单位")
    program.sees("选中 1 个单位")
