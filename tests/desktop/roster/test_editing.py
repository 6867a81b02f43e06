"""Changing the roster in place: typing, pasting from a spreadsheet, many at once, undo, what is not taken."""

from __future__ import annotations

from fractions import Fraction

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.desktop.roster.crowd import people
from tests.desktop.roster.test_page import find, place, shown
from tests.desktop.stage import Stage
from unitclient.desktop.dialogs.roster_bulk import BulkDialog
from unitclient.desktop.pages.roster import columns as col
from unitclient.desktop.pages.roster.page import RosterPage
from unitclient.desktop.pages.roster.paste import cells_of, lines_of, one_cell
from unitclient.desktop.pages.roster.state import BulkAsk, BulkChoice
from unitclient.desktop.theme.delegates import ReasonRole, StatusRole
from unitclient.desktop.theme.tokens import State
from unitclient.errors import UserError
from unitclient.store.items import ItemState, items
from unitclient.workflows.roster_lines import PasteLine, WageRule, Way

UNIT = "420100000001"
BEFORE = 9
"""Raises that wait in the crowd already."""


def pending(office: Stage, form: str = "base-change") -> dict[str, int]:
    rows = items(office.session.desk().store, UNIT, form, ItemState.PENDING)
    return {row.person_id: row.values["wage"] for row in rows}


def idle(page: RosterPage, count: int) -> list[int]:
    """Rows of insured people without a change, from the top."""
    model = page.presenter.model
    states, changes = shown(page, col.STATE), shown(page, col.CHANGE)
    return [row for row in range(model.count()) if states[row] == "参保中" and not changes[row]][:count]


def type_into(page: RosterPage, row: int, key: str, text: str) -> bool:
    return page.presenter.model.setData(page.presenter.model.index(row, place(page, key)), text)


def cell(page: RosterPage, row: int, key: str) -> str:
    return str(page.presenter.model.index(row, place(page, key)).data())


def paste(page: RosterPage, text: str, row: int = -1, key: str = "") -> None:
    """Paste as the table does: at a selected cell, or without one."""
    if row >= 0:
        page.view.table.go(row, place(page, key))
    else:
        page.view.table.panes.selection_model().clear()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    clipboard.setText(text)
    page.view.table.paste()


def test_a_typed_wage_waits_to_be_declared_and_the_row_stays(page: RosterPage, office: Stage) -> None:
    page.view.table.sort(place(page, col.WAGE), Qt.SortOrder.AscendingOrder)
    (row,) = idle(page, 1)
    number = page.presenter.id_number_at(row)
    assert type_into(page, row, col.NEW_WAGE, "9,876.50")
    assert pending(office)[number] == 987_650
    assert page.presenter.id_number_at(row) == number
    assert (cell(page, row, col.NEW_WAGE), cell(page, row, col.EFFECT)) == ("9,876.50", "2026-11")
    assert cell(page, row, col.CHANGE) == "基数调整申报（待申报）"
    assert office.shell.said == ["已暂存，待申报。"]
    assert page.can_undo()
    page.undo()
    assert number not in pending(office)
    assert cell(page, page.presenter.model.row_of(page.presenter.model.key_at(row)), col.NEW_WAGE) == ""
    page.redo()
    assert pending(office)[number] == 987_650


def test_a_typed_wage_that_is_wrong_stays_in_its_cell_with_the_reason(page: RosterPage, office: Stage) -> None:
    (row,) = idle(page, 1)
    page.view.table.go(row, place(page, col.NEW_WAGE))
    before = pending(office)
    assert type_into(page, row, col.NEW_WAGE, "很多")
    index = page.presenter.model.index(row, place(page, col.NEW_WAGE))
    assert (index.data(), index.data(StatusRole)) == ("很多", State.ERR)
    assert index.data(ReasonRole)
    assert pending(office) == before
    assert page.presenter.state.detail is not None
    assert page.presenter.state.detail.reasons[0].state is State.ERR
    assert not page.can_undo()
    page.view.table.go(0, 0)
    page.previous_finding()
    page.next_finding()
    rows = set()
    for _ in range(10):
        page.next_finding()
        rows.add(page.view.table.current_row())
    assert row in rows
    assert type_into(page, row, col.NEW_WAGE, "9000")
    assert index.data(StatusRole) is not State.ERR
    assert cell(page, row, col.NEW_WAGE) == "9,000.00"


def test_delete_takes_the_pending_wage_back(page: RosterPage, office: Stage) -> None:
    row = shown(page, col.CHANGE).index("基数调整申报（待申报）")
    number = page.presenter.id_number_at(row)
    wage = pending(office)[number]
    page.view.table.go(row, place(page, col.NEW_WAGE))
    page.view.table.cleared.emit()
    assert number not in pending(office)
    page.undo()
    assert pending(office)[number] == wage
    assert type_into(page, row, col.NEW_WAGE, "")
    assert number not in pending(office)
    page.view.table.go(row, place(page, col.NAME))
    page.view.table.cleared.emit()


def test_a_department_is_kept_here_and_undone(page: RosterPage, office: Stage, qtbot: QtBot) -> None:
    before = cell(page, 0, col.DEPARTMENT)
    assert type_into(page, 0, col.DEPARTMENT, "研发中心")
    assert cell(page, 0, col.DEPARTMENT) == "研发中心"
    page.presenter.count_now()
    assert "研发中心" in page.presenter.state.departments
    assert find(page, "研发", qtbot)
    page.undo()
    assert shown(page, col.DEPARTMENT) == []
    page.view.filters.clear()
    assert cell(page, 0, col.DEPARTMENT) == before


def test_a_column_is_pasted_downwards_in_one_step(page: RosterPage, office: Stage) -> None:
    rows = idle(page, 40)
    start = next(row for row in rows if {row + 1, row + 2} <= set(rows))
    numbers = [page.presenter.id_number_at(start + step) for step in range(3)]
    paste(page, "7000\r\n7,100.50\r\nx\r\n", start, col.NEW_WAGE)
    assert [pending(office).get(number) for number in numbers] == [700_000, 710_050, None]
    (refused,) = page.presenter.state.refused
    assert (refused.label, refused.id_number, refused.typed) == ("第 3 行", numbers[2], "x")
    assert page.view.refused.isVisible()
    assert "已暂存 2 行" in page.banner.text()
    assert cell(page, start + 2, col.NEW_WAGE) == "x"
    page.undo()
    assert not set(numbers) & pending(office).keys()
    assert page.presenter.state.refused == ()


def test_one_cell_fills_the_selection(page: RosterPage, office: Stage) -> None:
    rows = idle(page, 40)
    start = next(row for row in rows if row + 1 in rows)
    page.view.table.select_rows([(start, start + 1)])
    page.editor.paste("8800", page.view.table.spans(), start, [col.NEW_WAGE])
    numbers = [page.presenter.id_number_at(start + step) for step in range(2)]
    assert [pending(office)[number] for number in numbers] == [880_000, 880_000]
    page.editor.paste("后勤部", page.view.table.spans(), start, [col.DEPARTMENT])
    assert [cell(page, start + step, col.DEPARTMENT) for step in range(2)] == ["后勤部", "后勤部"]
    page.editor.paste("x", page.view.table.spans(), start, [col.STATE])
    assert len(office.dialogs.refusals) == 1


def test_a_block_with_titles_changes_and_brings_in_people(page: RosterPage, office: Stage) -> None:
    known = list(people(60))[7]
    paste(
        page,
        "序号\t部门\t姓名\t身份证号\t参保时间\t缴费工资\n"
        f"1\t财务部\t{known.name}\t{known.id_number}\t2026-11\t6789\n"
        "2\t财务部\t钱示范\t110000199003070036\t2026-11\t7000\n"
        "3\t财务部\t孙示范\t110000199003070037\t2026-11\t7000\n",
    )
    assert pending(office)[known.id_number] == 678_900
    assert pending(office, "enrol")["110000199003070036"] == 700_000
    assert [one.name for one in page.presenter.state.refused] == ["孙示范"]
    assert "校验" in page.presenter.state.refused[0].reasons
    assert "钱示范" in shown(page, col.NAME)
    page.undo()
    assert "110000199003070036" not in pending(office, "enrol")
    assert "钱示范" not in shown(page, col.NAME)


def test_what_was_copied_here_can_be_pasted_back(page: RosterPage, office: Stage) -> None:
    before = pending(office)
    page.view.table.select_rows([(0, 20)])
    page.view.table.copy(titles=True)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    paste(page, clipboard.text())
    assert pending(office) == before
    assert page.presenter.state.refused == ()


@pytest.mark.parametrize(
    ("text", "keys", "code"),
    [
        ("7000", (), "roster-paste-place"),
        ("7000", (col.STATE,), "roster-paste-nothing"),
        ("1\n" * 20_001, (col.NEW_WAGE,), "roster-paste-long"),
    ],
)
def test_what_cannot_be_pasted_is_refused_whole(page: RosterPage, text: str, keys: tuple[str, ...], code: str) -> None:
    assert page.presenter.source is not None
    with pytest.raises(UserError) as refusal:
        lines_of(text, page.presenter.source.desk.catalog, keys, lambda _number: None)
    assert refusal.value.code == code


def test_cells_are_read_as_spreadsheets_write_them() -> None:
    assert cells_of('a\t"b\nc"\t\r\n\r\n"d ""e"""\tf\r\n') == [["a", "b c", ""], ['d "e"', "f"]]
    assert (one_cell("a\n"), one_cell("a\tb"), one_cell("a\nb")) == ("a", None, None)


def test_of_two_wage_columns_the_new_one_counts(page: RosterPage) -> None:
    assert page.presenter.source is not None
    text = "证件号码\t缴费工资\t新缴费工资\t养老缴费基数\n1\t2\t3\t4"
    (line,) = lines_of(text, page.presenter.source.desk.catalog, (), lambda _number: None)
    assert line == PasteLine("第 2 行", {"id_number": "1", "wage": "3"})


def test_many_wages_are_raised_in_one_undo_step(page: RosterPage, office: Stage) -> None:
    page.view.table.select_all()
    office.dialogs.wizards["roster_bulk"] = [BulkChoice(WageRule(Way.ADD, Fraction(10_000)), "2026-11", "wage-change")]
    before = pending(office)
    page.bulk_edit()
    ask = office.dialogs.asked[-1][1]["ask"]
    assert (ask.count, len(ask.examples), ask.month) == (62, 3, "2026-11")
    after = pending(office)
    assert len(after) > 40
    refused = {one.id_number for one in page.presenter.state.refused}
    assert refused
    assert all(after[number] == wage + 10_000 for number, wage in before.items() if number not in refused)
    assert page.editor.stack.count() == 1
    assert page.presenter.state.undo
    page.undo()
    assert pending(office) == before


def test_many_are_moved_to_a_department(page: RosterPage, office: Stage) -> None:
    page.view.table.select_rows([(0, 9)])
    office.dialogs.wizards["roster_bulk"] = [None, BulkChoice(department="总务部")]
    page.bulk_edit()
    assert "总务部" not in shown(page, col.DEPARTMENT)
    page.bulk_edit()
    assert shown(page, col.DEPARTMENT)[:10] == ["总务部"] * 10
    assert "10 人" in page.banner.text()


def test_the_bulk_dialog_shows_what_comes_out(qtbot: QtBot) -> None:
    ask = BulkAsk(5, (("张三", 666_667), ("李四", None)), "2026-11", ("2026-11", "2026-12"),
                  (("wage-change", "工资变动"),), ("财务部",))  # fmt: skip
    answers: list[BulkChoice | None] = []
    dialog = BulkDialog(ask, answers.append)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.apply.isEnabled()
    dialog.what.setCurrentIndex(2)
    dialog._editor().setText("3.5%")
    assert "张三：6,666.67 → 6,900.00" in dialog.preview.text()
    assert "李四：— → —" in dialog.preview.text()
    assert "另外 3 人" in dialog.preview.text()
    dialog.month.setCurrentIndex(1)
    dialog._accept()
    assert answers == [BulkChoice(WageRule(Way.PERCENT, Fraction("3.5")), "2026-12", "wage-change")]


@pytest.mark.parametrize(("what", "typed"), [(0, "0"), (0, "-5"), (1, "x"), (2, "-100"), (2, "")])
def test_the_bulk_dialog_takes_no_nonsense(qtbot: QtBot, what: int, typed: str) -> None:
    ask = BulkAsk(5, (), "2026-11", ("2026-11",), (("wage-change", "工资变动"),), ())
    dialog = BulkDialog(ask, lambda _choice: None)
    qtbot.addWidget(dialog)
    dialog.what.setCurrentIndex(what)
    dialog._editor().setText(typed)
    assert dialog.choice() is None
    assert not dialog.apply.isEnabled()
    dialog._accept()
    assert dialog.value.note.text()


def test_the_bulk_dialog_moves_people(qtbot: QtBot) -> None:
    ask = BulkAsk(5, (("张三", 1),), "2026-11", ("2026-11",), (), ("财务部",), masked=True)
    dialog = BulkDialog(ask, lambda _choice: None)
    qtbot.addWidget(dialog)
    dialog._editor().setText("5")
    assert "••••" in dialog.preview.text()
    dialog.what.setCurrentIndex(3)
    assert dialog.choice() == BulkChoice()
    dialog.department.setEditText("财务部")
    assert dialog.choice() == BulkChoice(department="财务部")
    assert "财务部" in dialog.preview.text()


def test_an_undo_that_comes_too_late_touches_nothing(page: RosterPage, office: Stage) -> None:
    from tests.desktop.roster.crowd import MONTH
    from unitclient.workflows.prepare import prepare_month

    (row,) = idle(page, 1)
    number = page.presenter.id_number_at(row)
    type_into(page, row, col.NEW_WAGE, "9000")
    session = office.session
    prepare_month(session.desk(), session.need_unit(), MONTH)
    session.data_changed.emit(frozenset({"items"}))
    assert cell(page, row, col.CHANGE) == "基数调整申报（申报中）"
    page.undo()
    declared = items(session.desk().store, UNIT, "base-change", ItemState.DECLARED)
    assert number in {one.person_id for one in declared}
    assert "恢复 0 项" in page.banner.text()


def test_a_masked_value_is_not_put_into_an_editor(page: RosterPage, office: Stage) -> None:
    row = shown(page, col.CHANGE).index("基数调整申报（待申报）")
    office.session.set_masked(True)
    page.refresh()
    index = page.presenter.model.index(row, place(page, col.NEW_WAGE))
    assert index.data(Qt.ItemDataRole.EditRole) == ""
    before = pending(office)
    assert page.presenter.model.setData(index, "") is False
    assert pending(office) == before


def test_the_menu_of_the_cells_has_the_pages_acts(page: RosterPage) -> None:
    menu = QMenu()
    page.view.table.menu_wanted.emit(menu)
    assert "批量修改选中人员" in [act.text() for act in menu.actions()]
