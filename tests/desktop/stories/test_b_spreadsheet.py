"""An HR officer's bad spreadsheet: foreign titles, wrong cells, and what is to be done about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QLineEdit

from tests.desktop.import_wizard.files import BAD, GOOD, sheet
from tests.desktop.stories.conftest import Opened
from tests.desktop.stories.program import CTRL, Program
from tests.e2e.office import Office
from unitclient.desktop.dialogs.import_wizard.dialog import ImportDialog
from unitclient.domain.resident_id import check_character
from unitclient.store.items import items

Sit = Callable[..., tuple[Office, Program]]
FOREIGN = ("工号", "员工称呼", "证照编码", "何时来的", "月薪（元）")
MATCHES = {"姓名对应的列": "B", "证件号码对应的列": "C", "参保年月对应的列": "D", "缴费工资对应的列": "E"}


@pytest.fixture
def desk(sits_down: Sit) -> tuple[Office, Program]:
    """The officer has the page of businesses in front."""
    clerk, program = sits_down()
    program.go(3)
    return clerk, program


def waiting(clerk: Office) -> int:
    """How many rows wait to be declared."""
    return len(items(clerk.base.store, clerk.unit_number, "enrol"))


def open_file(program: Program, path: Path) -> ImportDialog:
    """Ctrl+I, the path, Ctrl+Enter."""
    program.press(Qt.Key.Key_I, CTRL)
    wizard = program.dialog(ImportDialog)
    program.write(program.named(QLineEdit, "文件"), str(path))
    onward(program)
    return wizard


def onward(program: Program) -> None:
    """Ctrl+Enter, and wait for the child."""
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()


def choose(program: Program, name: str, letters: str) -> None:
    """Go down a combo box by key until the column is there."""
    box = program.named(QComboBox, name)
    box.setFocus()
    for _ in range(box.count()):
        if str(box.currentData()) == letters:
            return
        program.press(Qt.Key.Key_Down)
    raise AssertionError(f"{name}: no column {letters}")


def many(path: Path, count: int) -> Path:
    """A text table of many persons."""
    lines = ["姓名,身份证号,参保年月,缴费工资"]
    for number in range(count):
        body = f"420100{1960 + number % 40}{1 + number % 12:02}{1 + number % 28:02}{number // 840 % 1000:03}"
        lines.append(f"演示员,{body}{check_character(body)},2026-11,{6000 + number % 3000}")
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_foreign_titles_are_matched_by_hand_and_remembered(desk: tuple[Office, Program], tmp_path: Path) -> None:
    clerk, program = desk
    open_file(program, sheet(tmp_path / "十一月.xlsx", *GOOD, titles=FOREIGN))
    program.sees("没有认出表头", "还没有对应的必填项：姓名")
    assert not program.button("预览").isEnabled()
    for name, letters in MATCHES.items():
        choose(program, name, letters)
    program.sees("手工对应")
    onward(program)
    program.sees("试读了前 3 行，其中 0 行有错误")
    onward(program)
    program.sees("已导入（行）")
    onward(program)
    assert waiting(clerk) == 3
    # The file of the month after has the same layout.
    open_file(program, sheet(tmp_path / "十二月.xlsx", *GOOD[:1], titles=FOREIGN))
    program.sees("沿用上次的对应")
    assert program.button("预览").isEnabled()


def test_errors_by_row_and_cell_and_the_way_back(desk: tuple[Office, Program], tmp_path: Path, opened: Opened) -> None:
    clerk, program = desk
    path = sheet(tmp_path / "名单.xlsx", *GOOD, *BAD)
    before = path.read_bytes()
    open_file(program, path)
    onward(program)
    program.sees("其中 2 行有错误")
    onward(program)
    told = {(row["行"], row["列"].split()[0]): row for row in program.rows() if row["程度"] == "错误"}
    assert set(told) == {("5", "C"), ("6", "E")}
    assert all(row["原因"] and row["怎么改"] for row in told.values())
    assert told["6", "E"]["内容"] == "面议"
    assert waiting(clerk) == 3
    program.click("打开错误表")
    (errors,) = opened.files
    mend(errors)
    program.click("导入改好的错误表")
    program.choose_file(errors)
    program.settle()
    onward(program)
    program.sees("其中 0 行有错误")
    onward(program)
    onward(program)
    assert program.top() is program.frame
    assert waiting(clerk) == 5
    assert path.read_bytes() == before, "the officer's own file is never touched"


def mend(path: Path) -> None:
    """In the spreadsheet program: the two wrong cells are put right, and saved."""
    book = load_workbook(path)
    page = book.active
    assert page is not None
    for row in page.iter_rows(min_row=2):
        if row[1].value == "孙示范":
            row[2].value = "42010019850505104X"
        elif row[1].value == "李示范":
            row[4].value = 6800
    book.save(path)


def test_an_import_stopped_in_the_middle_leaves_nothing(desk: tuple[Office, Program], tmp_path: Path) -> None:
    clerk, program = desk
    wizard = open_file(program, many(tmp_path / "很多人.csv", 20_000))
    onward(program)
    program.press(Qt.Key.Key_Return, CTRL)
    program.until(lambda: wizard.running.bar.value() > 0)
    program.press(Qt.Key.Key_Escape)
    program.settle()
    program.sees("已停止，没有写入任何数据。")
    assert waiting(clerk) == 0
    program.press(Qt.Key.Key_Escape)
    program.settle()
    assert program.top() is program.frame


def test_a_file_dropped_on_the_window(desk: tuple[Office, Program], tmp_path: Path) -> None:
    """On any page; the business is found by the titles."""
    _clerk, program = desk
    program.go(1)
    program.drop(sheet(tmp_path / "拖进来的.xlsx", *GOOD))
    program.dialog(ImportDialog)
    program.settle()
    program.sees("已按列名识别")
    assert program.top().windowTitle() == "导入表格：增员申报"
    program.press(Qt.Key.Key_Escape)
    program.settle()
    program.drop(tmp_path / "照片.jpg")
    assert program.top() is program.frame


def no_sheet(folder: Path) -> Path:
    """A picture that was named a spreadsheet."""
    path = folder / "名单.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    return path


def not_there(folder: Path) -> Path:
    """The stick was pulled out."""
    return folder / "U盘" / "名单.xlsx"


def held(folder: Path) -> Path:
    """A file that the system does not let anybody read."""
    path = folder / "占用.xlsx"
    path.symlink_to(path)
    return path


UNREADABLE: tuple[tuple[Callable[[Path], Path], Sequence[str]], ...] = (
    (no_sheet, ("这不是能导入的表格文件", "另存为")),
    (not_there, ("没有找到文件", "U 盘")),
    (held, ("无法打开文件", "请关闭正在使用它的程序")),
)


def test_files_that_cannot_be_read(desk: tuple[Office, Program], tmp_path: Path) -> None:
    """Three sentences in the wizard, which stays open for another file."""
    _clerk, program = desk
    program.press(Qt.Key.Key_I, CTRL)
    wizard = program.dialog(ImportDialog)
    for make, words in UNREADABLE:
        program.write(program.named(QLineEdit, "文件"), str(make(tmp_path)))
        onward(program)
        assert len(wizard.banner.text().splitlines()) == 3
        program.sees(*words)
    program.write(program.named(QLineEdit, "文件"), str(sheet(tmp_path / "好的.xlsx", *GOOD)))
    onward(program)
    program.sees("已按列名识别")
