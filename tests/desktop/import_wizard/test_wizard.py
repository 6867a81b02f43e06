"""The import wizard step by step, with real files and a real store; the jobs run in this process here."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.business.helpers import ANNA, enter, waiting
from tests.desktop.import_wizard.conftest import Open
from tests.desktop.import_wizard.files import BAD, GOOD, TITLES, sheet
from tests.desktop.stage import Stage
from unitclient.desktop.dialogs.import_wizard import open_dialog, take_dropped
from unitclient.desktop.dialogs.import_wizard.dialog import ImportDialog
from unitclient.desktop.dialogs.import_wizard.state import Step
from unitclient.sheets import write_template
from unitclient.store.settings import all_settings


def step_of(dialog: ImportDialog) -> Step:
    """Where the wizard stands."""
    return dialog.presenter.state.step


def test_a_good_sheet_goes_through_with_three_steps_on(
    wizard: Open, office: Stage, tmp_path: Path, answers: list[object]
) -> None:
    dialog = wizard(path=sheet(tmp_path / "a.xlsx", *GOOD))
    assert step_of(dialog) is Step.MATCH
    assert dialog.match.origin.text().endswith("已按列名识别")
    dialog.presenter.go_on()
    assert step_of(dialog) is Step.PREVIEW
    assert "试读了前 3 行，其中 0 行有错误" in dialog.preview.summary.text()
    dialog.presenter.go_on()
    assert step_of(dialog) is Step.RESULT
    assert dialog.outcome.numbers["taken"].text() == "3"
    assert [item.values["name"] for item in waiting(office)] == ["王示范", "赵示范", "钱示范"]
    assert dialog.outcome.open.isHidden()
    dialog.presenter.go_on()
    assert answers == [3]


def test_a_path_set_by_assistive_technology_is_looked_at(wizard: Open, tmp_path: Path) -> None:
    """It sets the text of the field without a key being pressed."""
    dialog = wizard()
    assert not dialog.onward.isEnabled()
    dialog.file.path.setText(str(sheet(tmp_path / "a.xlsx", *GOOD)))
    assert dialog.onward.isEnabled()
    dialog.onward.click()
    assert step_of(dialog) is Step.MATCH


def test_rows_with_errors_come_back_mended(wizard: Open, office: Stage, tmp_path: Path) -> None:
    dialog = wizard(path=sheet(tmp_path / "a.xlsx", *GOOD, *BAD))
    dialog.presenter.go_on()
    assert dialog.presenter.state.errors_ahead() == 2
    dialog.presenter.go_on()
    result = dialog.presenter.state.result
    assert result is not None
    assert (result.taken, result.refused) == (3, 2)
    found = {(each.row, each.column, each.title) for each in result.findings if each.severity == "error"}
    assert found == {(5, "C", "证件号码"), (6, "E", "缴费工资")}
    assert dialog.outcome.model.count() == len(result.findings)
    dialog.outcome.open.click()
    errors = Path(result.error_workbook)
    assert office.files.opened == [errors]
    copy = tmp_path / "改好的.xlsx"
    office.dialogs.files.append(copy)
    dialog.outcome.save.click()
    _mend(copy)
    office.dialogs.files.append(copy)
    dialog.outcome.mended.click()
    assert step_of(dialog) is Step.MATCH
    dialog.presenter.go_on()
    assert dialog.presenter.state.errors_ahead() == 0
    dialog.presenter.go_on()
    assert len(waiting(office)) == 5


def _mend(path: Path) -> None:
    book = load_workbook(path)
    page = book.active
    assert page is not None
    for row in page.iter_rows(min_row=2):
        if row[1].value == "孙示范":
            row[2].value = "42010019850505104X"
        elif row[1].value == "李示范":
            row[4].value = 8000
    book.save(path)


def test_titles_nobody_knows_are_matched_once_and_remembered(wizard: Open, office: Stage, tmp_path: Path) -> None:
    odd = ("编", "谁", "号", "几时", "多少")
    dialog = wizard(path=sheet(tmp_path / "a.xlsx", *GOOD, titles=odd, above=["十一月名单"]))
    assert dialog.match.origin.text().endswith("没有认出表头")
    assert dialog.presenter.state.lacking == ("姓名", "证件号码", "参保年月", "缴费工资")
    assert not dialog.onward.isEnabled()
    for field, letters in (("name", "B"), ("id_number", "C"), ("start_month", "D"), ("wage", "E")):
        box = dialog.match.lines[field]
        box.setCurrentIndex(box.findData(letters))
        box.activated.emit(box.currentIndex())
    assert dialog.onward.isEnabled()
    assert dialog.match.origin.text().endswith("手工对应")
    dialog.presenter.go_on()
    dialog.presenter.go_on()
    assert len(waiting(office)) == 3
    again = wizard(path=sheet(tmp_path / "b.xlsx", *GOOD[:1], titles=odd, above=["十二月名单"]))
    assert again.presenter.state.remembered
    assert again.match.origin.text().endswith("沿用上次的对应")
    assert again.onward.isEnabled()
    again.presenter.automatic()
    assert again.presenter.state.lacking
    assert "420100" not in str(all_settings(office.session.desk().store))


def test_header_rows_chosen_by_hand_are_remembered_with_the_matching(
    wizard: Open, office: Stage, tmp_path: Path
) -> None:
    odd = ("编", "谁", "号", "几时", "多少")
    above = ["十一月名单"]
    titles = ("甲", "乙", "丙", "丁", "戊", "己", "庚")
    dialog = wizard(path=sheet(tmp_path / "a.xlsx", odd, *GOOD, titles=titles, above=above))
    assert dialog.presenter.state.look is not None
    assert dialog.presenter.state.look.header_rows == (2, 2)
    dialog.match.first.setValue(3)
    dialog.match.last.setValue(3)
    dialog.match.last.editingFinished.emit()
    assert dialog.presenter.state.look.header_rows == (3, 3)
    for field, letters in (("name", "B"), ("id_number", "C"), ("start_month", "D"), ("wage", "E")):
        dialog.presenter.match(field, letters)
    dialog.presenter.go_on()
    dialog.presenter.go_on()
    assert dialog.presenter.taken() == 3
    again = wizard(path=sheet(tmp_path / "b.xlsx", odd, *GOOD, titles=titles, above=above))
    look = again.presenter.state.look
    assert look is not None
    assert look.header_rows == (3, 3)
    assert again.presenter.state.remembered
    assert again.match.first.value() == 3


def test_one_column_for_two_fields_is_not_let_through(wizard: Open, tmp_path: Path) -> None:
    dialog = wizard(path=sheet(tmp_path / "a.xlsx", *GOOD))
    dialog.presenter.match("remark", "B")
    assert not dialog.onward.isEnabled()
    assert "备注" in dialog.match.missing.text()
    dialog.presenter.match("remark", "")
    assert dialog.onward.isEnabled()


def test_another_sheet_of_the_file_is_read(wizard: Open, office: Stage, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", *GOOD)
    book = load_workbook(path)
    page = book.create_sheet("第二批")
    page.append(TITLES)
    page.append(GOOD[0])
    book.save(path)
    dialog = wizard(path=path)
    assert [dialog.match.sheet.itemText(place) for place in range(2)] == ["名单", "第二批"]
    dialog.match.sheet.setCurrentIndex(1)
    dialog.match.sheet.activated.emit(1)
    dialog.presenter.go_on()
    assert len(dialog.presenter.state.preview) == 1
    dialog.presenter.go_on()
    assert len(waiting(office)) == 1


def test_a_file_dropped_on_the_window_finds_its_business(wizard: Open, office: Stage, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    form = office.session.desk().catalog.form("stop")
    write_template(form, path, [{"name": "王示范", "id_number": ANNA["id_number"]}])
    office.dialogs.wizards["import_wizard"] = [None]
    assert take_dropped(office.services, ["/x/readme.pdf", str(path)])
    assert office.dialogs.asked[-1] == ("import_wizard", {"form": "", "path": str(path)})
    assert not take_dropped(office.services, ["/x/readme.pdf"])
    dialog = wizard(form="", path=path)
    assert dialog.presenter.state.form_id == "stop"
    assert dialog.windowTitle() == "导入表格：减员申报"


def test_what_cannot_be_read_is_said_and_another_file_can_be_chosen(
    wizard: Open, office: Stage, tmp_path: Path
) -> None:
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"%PDF-1.7 not a sheet")
    dialog = wizard(path=broken)
    assert step_of(dialog) is Step.FILE
    assert "PDF" in dialog.banner.text()
    office.dialogs.files.append(sheet(tmp_path / "b.xlsx", *GOOD))
    dialog.file.browse.click()
    assert step_of(dialog) is Step.MATCH
    assert dialog.banner.text() == ""


def test_a_path_may_be_typed_and_steps_taken_back(wizard: Open, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", *GOOD)
    dialog = wizard()
    assert not dialog.onward.isEnabled()
    dialog.file.path.setText(str(path))
    dialog.file.path.setText(str(path))
    dialog.onward.click()
    assert step_of(dialog) is Step.MATCH
    dialog.earlier.click()
    assert step_of(dialog) is Step.FILE
    dialog.file.form.setCurrentIndex(dialog.file.form.findData("stop"))
    dialog.file.form.activated.emit(dialog.file.form.currentIndex())
    dialog.onward.click()
    assert "减员原因" in dialog.presenter.state.lacking


def test_rows_that_are_there_already_are_told_apart(wizard: Open, office: Stage, tmp_path: Path) -> None:
    enter(office, {**ANNA, "wage": "9000"})
    path = sheet(tmp_path / "a.xlsx", *GOOD)
    dialog = wizard(path=path)
    dialog.presenter.go_on()
    dialog.presenter.go_on()
    assert "其中 1 行更新了" in dialog.outcome.said.text()
    dialog = wizard(path=path)
    dialog.presenter.go_on()
    dialog.presenter.go_on()
    assert dialog.outcome.numbers["unchanged"].text() == "3"


def test_masked_values_are_nowhere_in_the_wizard(wizard: Open, office: Stage, tmp_path: Path) -> None:
    office.session.set_masked(True)
    dialog = wizard(path=sheet(tmp_path / "a.xlsx", *GOOD, *BAD))
    assert "420100198505051023" not in str(dialog.presenter.state.look)
    dialog.presenter.go_on()
    model = dialog.preview.model
    assert model is not None
    shown = [str(model.index(row, column).data()) for row in range(5) for column in range(model.columnCount())]
    assert not any("198505051" in text or "21000" in text for text in shown)
    dialog.presenter.go_on()
    assert "420100198505051021" not in str(dialog.presenter.state.result)


def test_esc_closes_and_gives_nothing(wizard: Open, answers: list[object]) -> None:
    dialog = wizard()
    escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(dialog, escape)
    assert answers == [None]


def test_everything_that_takes_the_focus_has_a_name(wizard: Open, tmp_path: Path) -> None:
    dialog = wizard(path=sheet(tmp_path / "a.xlsx", *GOOD, *BAD))
    dialog.presenter.go_on()
    dialog.presenter.go_on()
    for widget in dialog.pages.findChildren(QWidget):
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and isinstance(widget, (QLineEdit, QComboBox, QAbstractButton)):
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            inner = isinstance(widget.parent(), QComboBox) or widget.objectName().startswith("qt_")
            assert widget.accessibleName() or text or inner, widget


def test_it_fits_a_small_screen(wizard: Open, tmp_path: Path) -> None:
    dialog = wizard(path=sheet(tmp_path / "a.xlsx", *GOOD))
    assert dialog.minimumSizeHint().width() <= 900
    assert dialog.minimumSizeHint().height() <= 500


def test_it_opens_by_its_name(office: Stage, answers: list[object], qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    open_dialog(office.services, window, {"form": "stop"}, answers.append)
    (dialog,) = window.findChildren(ImportDialog)
    dialog.reject()
    assert answers == [None]
