"""Paged and small tables: what cells say, paging, sorting, masking, late answers."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

import pytest
from PyQt6.QtCore import QModelIndex, Qt
from PyQt6.QtGui import QColor
from pytestqt.modeltest import ModelTester

from tests.desktop.models.samples import COLUMNS, WRONG, MemorySource, row
from unitclient.catalog.model import FieldType
from unitclient.desktop.models.columns import ColumnSpec, Kind, of_field, yuan
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.models.paged import KEPT, PAGE, PagedTableModel
from unitclient.desktop.models.rows import QuerySpec
from unitclient.desktop.models.table_model import TableModel
from unitclient.desktop.theme.delegates import ReasonRole, StatusRole
from unitclient.desktop.theme.tokens import State
from unitclient.texts import use_language

NAME, ID, STATE, WAGE, REMARK = range(5)
Role = Qt.ItemDataRole


def paged(count: int = 1000) -> tuple[PagedTableModel, MemorySource]:
    source = MemorySource(count)
    model = PagedTableModel(COLUMNS, source)
    model.refresh()
    return model, source


def small(count: int = 20) -> ListTableModel:
    model = ListTableModel(COLUMNS)
    model.set_rows([row(number) for number in range(count)])
    return model


def texts(model: TableModel, column: int) -> list[str]:
    return [str(model.index(place, column).data()) for place in range(model.rowCount())]


@pytest.mark.parametrize("make", [lambda: paged(600)[0], small], ids=["paged", "small"])
def test_qt_finds_nothing_wrong_with_the_models(make: Callable[[], TableModel], qtmodeltester: ModelTester) -> None:
    model = make()
    check: Any = qtmodeltester.check
    check(model)
    model.sort(WAGE, Qt.SortOrder.DescendingOrder)
    model.set_masked(True)
    model.edit = lambda _row, _column, _text: True
    check(model)


def test_a_cell_says_value_state_reason_and_is_spoken() -> None:
    model, _ = paged()
    cell = model.index(WRONG, WAGE)
    assert cell.data() == "5,054.33"
    assert cell.data(StatusRole) is State.ERR
    assert cell.data(ReasonRole) == ["低于下限。", "请核对。"]
    assert cell.data(Role.ToolTipRole) == "低于下限。\n请核对。"
    assert cell.data(Role.AccessibleTextRole) == "缴费工资 5,054.33，错误：低于下限。 请核对。"
    assert model.index(1, NAME).data(Role.AccessibleTextRole) == "姓名 张测1"
    assert model.index(1, NAME).data(StatusRole) is None
    assert model.index(1, REMARK).data() == ""


def test_a_model_gives_no_colours() -> None:
    model, _ = paged(10)
    roles = [*range(20), *(int(role) for role in (StatusRole, ReasonRole))]
    given = [model.index(WRONG, column).data(role) for column in range(5) for role in roles]
    assert not [value for value in given if isinstance(value, QColor)]


def test_numbers_stand_right_with_their_titles() -> None:
    model, _ = paged(10)
    right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
    for place, side in ((WAGE, right), (NAME, left)):
        assert model.index(0, place).data(Role.TextAlignmentRole) & side
        assert model.headerData(place, Qt.Orientation.Horizontal, Role.TextAlignmentRole) & side
    assert model.headerData(WAGE, Qt.Orientation.Horizontal, Role.DisplayRole) == "缴费工资"
    use_language("en")
    assert model.headerData(WAGE, Qt.Orientation.Horizontal, Role.DisplayRole) == "Wage"


def test_pages_are_read_when_looked_at_and_only_the_last_are_kept() -> None:
    model, source = paged(PAGE * (KEPT + 3))
    for place in range(0, model.count(), PAGE // 4):
        model.index(place, NAME).data()
    assert source.reads == KEPT + 3
    model.index(model.count() - 1, WAGE).data()
    assert source.reads == KEPT + 3
    model.index(0, NAME).data()
    assert source.reads == KEPT + 4


def test_sorting_is_the_sources_and_is_asked_for_once() -> None:
    model, source = paged(50)
    model.sort(WAGE, Qt.SortOrder.DescendingOrder)
    model.sort(WAGE, Qt.SortOrder.DescendingOrder)
    model.sort(REMARK, Qt.SortOrder.AscendingOrder)
    assert len(source.asked) == 2
    wages = [float(text.replace(",", "")) for text in texts(model, WAGE)]
    assert wages == sorted(wages, reverse=True)


def test_an_answer_that_comes_late_is_dropped() -> None:
    waiting: list[tuple[QuerySpec, Callable[[array[int]], None]]] = []
    source = MemorySource(30)
    model = PagedTableModel(COLUMNS, source, lambda query, done: waiting.append((query, done)))
    model.set_query(QuerySpec(text="1"))
    model.set_query(QuerySpec(text="2"))
    (first, first_done), (second, second_done) = waiting
    second_done(source.ids(second))
    found = texts(model, NAME)
    first_done(source.ids(first))
    assert texts(model, NAME) == found
    assert all("2" in name for name in found)


def test_masked_values_are_hidden_everywhere_and_revealed_one_by_one() -> None:
    model, _ = paged(10)
    model.set_masked(True)
    assert model.index(3, WAGE).data() == "••••"
    assert model.index(3, ID).data() == "110***********0003"
    assert model.index(3, WAGE).data(Role.EditRole) == ""
    assert model.clip(3, WAGE) == "••••"
    assert "••••" in model.index(3, WAGE).data(Role.AccessibleTextRole)
    assert model.reveal(model.index(3, WAGE)) is True
    assert model.reveal(model.index(3, NAME)) is False
    assert model.index(3, WAGE).data() == yuan(500_000 + 3 * 7919 % 10_000)
    assert model.index(4, WAGE).data() == "••••"
    model.set_masked(True)
    assert model.index(3, WAGE).data() == "••••"


def test_typing_goes_to_who_takes_it_and_the_same_text_does_not() -> None:
    model, _ = paged(10)
    assert not model.flags(model.index(0, WAGE)) & Qt.ItemFlag.ItemIsEditable
    told: list[tuple[int, str, str]] = []

    def take(place: int, column: ColumnSpec, text: str) -> bool:
        told.append((place, column.key, text))
        return True

    model.edit = take
    assert model.flags(model.index(0, WAGE)) & Qt.ItemFlag.ItemIsEditable
    assert not model.flags(model.index(0, NAME)) & Qt.ItemFlag.ItemIsEditable
    assert model.setData(model.index(0, WAGE), "5000.00") is False
    assert model.setData(model.index(0, WAGE), " 6000 ") is True
    assert told == [(0, "wage", "6000")]


def test_rows_are_found_by_key_over_sorting() -> None:
    model, _ = paged(100)
    model.sort(WAGE, Qt.SortOrder.AscendingOrder)
    place = model.row_of(42)
    assert model.index(place, NAME).data() == "张测42"
    assert model.key_at(place) == 42
    assert (model.row_of(1000), model.row_of("x"), model.key_at(-1)) == (-1, -1, None)
    assert list(model.ids_of([(0, 1), (5, 5)])) == [model.ids()[0], model.ids()[1], model.ids()[5]]


def test_a_small_table_sorts_filters_and_keeps_empty_values_last() -> None:
    model = ListTableModel(COLUMNS)
    rows: list[dict[str, Any]] = [row(number) for number in range(5)]
    rows[1]["remark"], rows[3]["remark"] = "b", "a"
    model.set_rows(rows)
    model.sort(REMARK, Qt.SortOrder.AscendingOrder)
    assert texts(model, NAME)[:2] == ["张测3", "张测1"]
    model.sort(REMARK, Qt.SortOrder.DescendingOrder)
    assert texts(model, NAME)[:2] == ["张测1", "张测3"]
    model.set_text("测3")
    assert texts(model, NAME) == ["张测3"]
    model.set_masked(True)
    model.set_text("110000199001000004")
    assert texts(model, NAME) == ["张测4"]
    found = model.row(0)
    assert found is not None
    assert (found["id"], model.row(9), model.row_of(4)) == (4, None, 0)


def test_the_same_rows_again_change_nothing_on_the_screen() -> None:
    model = small(3)
    told: list[int] = []
    model.listed.connect(told.append)
    model.set_rows([row(number) for number in range(3)])
    assert told == []
    model.set_rows([row(number) for number in range(4)])
    assert told == [4]


def test_a_table_has_no_tree() -> None:
    model = small(3)
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None


def test_the_column_of_a_form_field_comes_from_its_type() -> None:
    from tests.desktop.stage import parts

    form = parts().catalog.form("enrol")
    wage, number = of_field(form.field("wage")), of_field(form.field("id_number"), editable=True)
    assert (wage.kind, wage.sensitive, wage.title()) == (Kind.MONEY, True, "缴费工资")
    assert (number.kind, number.sensitive, number.editable) == (Kind.ID, True, True)
    assert form.field("name").type is FieldType.NAME
    assert of_field(form.field("name")).sensitive is False


def test_amounts_are_shown_with_separators_and_copied_without() -> None:
    column = ColumnSpec("wage", "d-roster-wage", Kind.MONEY)
    assert (column.text(-123456789), column.plain_text(-123456789)) == ("-1,234,567.89", "-1234567.89")
    assert (column.text(None), column.plain_text("abc")) == ("", "abc")
    assert ColumnSpec("x", "d-roster-name").text(["养老", "医疗"]) == "养老、医疗"
