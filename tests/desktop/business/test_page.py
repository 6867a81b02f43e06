"""The business page as a clerk uses it: type, see what is wrong, save, edit, take back, undo."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.business.helpers import ANNA, BORIS, enter, insure, keys, notes, put, waiting
from tests.desktop.hands import key, type_in
from tests.desktop.stage import Stage, add_units, other_unit
from unitclient.desktop.pages.business.editors import ChoiceEditor, InsurancesEditor, LineEditor
from unitclient.desktop.pages.business.page import BusinessPage
from unitclient.desktop.theme.tokens import State
from unitclient.store.journal import entries


def test_every_entered_business_is_listed_in_the_order_of_the_work(page: BusinessPage) -> None:
    listed = [page.view.forms.item(place).text() for place in range(page.view.forms.count())]  # type: ignore[union-attr]  # the list has them
    usual = ["增员申报", "减员申报", "年度缴费工资申报", "基数调整申报", "补缴申报"]
    assert listed[:2] == ["参保人员", usual[0]], "the group, then its first business"
    assert [title for title in listed if title in usual] == usual


def test_a_business_is_found_by_its_name_or_initials(page: BusinessPage) -> None:
    chooser = page.view.chooser

    def shown() -> list[str]:
        items = [chooser.list.item(place) for place in range(chooser.list.count())]
        return [item.text() for item in items if item is not None and not item.isHidden()]

    type_in(chooser.search, "tgba")
    assert shown() == ["用工备案", "退工备案"]
    key(chooser.search, Qt.Key.Key_Return)
    assert page.presenter.state.form is not None
    assert page.presenter.state.form.id == "employment-end"
    chooser.search.setText("没有这项")
    assert shown() == []
    chooser.search.clear()
    assert len(shown()) == chooser.list.count()


def test_a_row_is_typed_and_saved(page: BusinessPage, office: Stage) -> None:
    entry = page.view.entry
    assert entry is not None
    put(page, name="王示范", start_month="2026-11", wage="6,500")
    keys(entry.fields["id_number"].editor.inner, ANNA["id_number"])
    assert [notes(page, name) for name in ("name", "id_number", "wage")] == ["", "", ""]
    page.main_action()
    (item,) = waiting(office)
    assert (item.values["name"], item.values["wage"], item.source_row) == ("王示范", 650000, 0)
    assert office.shell.said == ["已保存 1 条增员申报，待申报。"]
    assert entry.values()["name"] is None
    assert not page.presenter.state.entry.dirty
    assert page.view.table.model().count() == 1


def test_texts_set_by_assistive_technology_count_as_typed(page: BusinessPage, office: Stage) -> None:
    """It sets the text of a field without a key being pressed."""
    entry = page.view.entry
    assert entry is not None
    for name, text in {
        "name": "王示范",
        "id_number": ANNA["id_number"],
        "start_month": "2026-11",
        "wage": "6500",
    }.items():
        line = entry.fields[name].editor.findChild(QLineEdit)
        assert line is not None
        line.setText(text)
    assert page.presenter.state.entry.dirty
    page.main_action()
    assert [item.values["name"] for item in waiting(office)] == ["王示范"]


def test_an_empty_form_is_no_list_of_errors(page: BusinessPage) -> None:
    assert all(not notes(page, name) for name in ("name", "id_number", "start_month", "wage"))


def test_what_is_not_confirmed_is_said_below_the_form(page: BusinessPage) -> None:
    entry = page.view.entry
    assert entry is not None
    said = [each.text() for each in entry.findChildren(QLabel) if "尚未核实" in each.text()]
    assert len(said) == 1
    assert "增员类别" in said[0]
    assert "截至 2025-12-31" in entry.fields["enrol_kind"].toolTip()


def test_saving_an_empty_row_tells_all_that_is_missing_and_goes_there(page: BusinessPage, office: Stage) -> None:
    page.main_action()
    assert all("必填" in notes(page, name) for name in ("name", "id_number", "start_month", "wage"))
    assert waiting(office) == []
    assert page.presenter.state.entry.focus == "name"


def test_what_is_wrong_stands_at_its_field_while_typing(page: BusinessPage, qtbot: QtBot) -> None:
    entry = page.view.entry
    assert entry is not None
    with qtbot.waitSignal(page.presenter.changed, timeout=2000, check_params_cb=lambda state: bool(state.entry.notes)):
        keys(entry.fields["id_number"].editor.inner, "420100198505051021")
    assert "校验位不符" in notes(page, "id_number")
    assert entry.fields["id_number"].told()[0].state is State.ERR
    assert "校验位不符" in entry.fields["id_number"].editor.inner.accessibleDescription()
    assert not notes(page, "name")


def test_leaving_a_required_field_empty_is_told_once_something_was_typed(page: BusinessPage, qtbot: QtBot) -> None:
    put(page, wage="6500")
    assert not notes(page, "name")
    page.presenter.touch("name")
    page.presenter.check_now()
    assert "必填" in notes(page, "name")


def test_defaults_are_shown_as_defaults_and_not_as_values(page: BusinessPage) -> None:
    put(page, id_number=ANNA["id_number"])
    entry = page.view.entry
    assert entry is not None
    sex, insurances = entry.fields["sex"].editor, entry.fields["insurances"].editor
    assert isinstance(sex, ChoiceEditor)
    assert isinstance(insurances, InsurancesEditor)
    assert sex.value() is None
    assert sex.box.lineEdit().placeholderText() == "留空则填：女性"  # type: ignore[union-attr]  # it is editable
    assert insurances.value() is None
    assert all(box.isChecked() for box in insurances._boxes.values())
    insurances._boxes["pension"].click()
    assert "pension" not in insurances.value()
    for box in insurances._boxes.values():
        if box.isChecked():
            box.click()
    assert insurances.value() is None


def test_the_consequence_of_a_reason_stands_at_the_reason(page: BusinessPage) -> None:
    page.presenter.choose("stop")
    put(page, reason="222")
    assert "失业保险金" in notes(page, "reason")
    assert page.view.entry is not None
    assert page.view.entry.fields["reason"].told()[-1].state is State.INFO


def test_days_and_months_of_a_stop_are_never_filled_in(page: BusinessPage, office: Stage) -> None:
    insure(office, ANNA["id_number"], BORIS["id_number"])
    page.presenter.choose("stop")
    put(page, name="王示范", id_number=ANNA["id_number"], reason="222")
    entry = page.view.entry
    assert entry is not None
    assert entry.values()["last_paid_month"] is None
    assert entry.values()["end_date"] is None
    assert "end_date" not in page.presenter.state.entry.filled
    page.main_action()
    assert "必填" in notes(page, "end_date")
    assert waiting(office, "stop") == []


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)", extend=True)
def test_a_day_is_chosen_from_a_calendar_that_opens_at_the_day_typed(page: BusinessPage, qtbot: QtBot) -> None:
    page.presenter.choose("stop")
    entry = page.view.entry
    assert entry is not None
    editor = entry.fields["end_date"].editor
    assert isinstance(editor, LineEditor)
    line = editor.line
    line.setText("2026.10.5")
    calendar = line.open_calendar()  # type: ignore[attr-defined]  # a date has a calendar
    assert calendar.selectedDate().toString("yyyy-MM-dd") == "2026-10-05"
    with qtbot.waitSignal(editor.typed):
        calendar.clicked.emit(calendar.selectedDate().addDays(1))
    assert editor.value() == "2026-10-06"


def test_a_row_is_edited_and_the_table_keeps_it(page: BusinessPage, office: Stage) -> None:
    (item,) = enter(office, ANNA)
    page.refresh()
    page.view.table.go(0, 0)
    page.edit_row()
    entry = page.view.entry
    assert entry is not None
    assert entry.values()["wage"] == "6,500.00"
    put(page, wage="6600")
    page.main_action()
    (changed,) = waiting(office)
    assert (changed.id, changed.values["wage"]) == (item.id, 660000)
    assert office.shell.said[-1] == "已更新 1 条增员申报。"


def test_a_declared_row_can_only_be_looked_at(page: BusinessPage, office: Stage) -> None:
    (item,) = enter(office, ANNA)
    with office.session.desk().store.write("test.state") as _act:
        office.session.desk().store.connection.execute("UPDATE item SET state = 'refused' WHERE id = ?", (item.id,))
    page.refresh()
    page.presenter.edit(item.id)
    entry = page.view.entry
    assert entry is not None
    assert page.presenter.state.entry.locked
    assert not page.view.save.isEnabled()
    assert not entry.fields["name"].editor.isEnabled()


def test_rows_are_taken_back_after_asking_and_put_back(page: BusinessPage, office: Stage) -> None:
    enter(office, ANNA, BORIS)
    page.refresh()
    page.view.table.select_all()
    office.dialogs.confirms += [False, True]
    page.withdraw_rows()
    assert len(waiting(office)) == 2
    page.withdraw_rows()
    assert waiting(office) == []
    assert page.view.table.model().count() == 0
    assert "已撤回 2 条" in page.banner.text()
    assert page.can_undo()
    page.undo()
    assert len(waiting(office)) == 2
    assert not page.can_undo()


def test_what_was_typed_is_not_lost_without_asking(page: BusinessPage, office: Stage) -> None:
    put(page, name="王示范")
    office.dialogs.confirms.append(False)
    page.presenter.choose("stop")
    assert page.presenter.state.form is not None
    assert page.presenter.state.form.id == "enrol"
    assert page.view.entry is not None
    assert page.view.entry.values()["name"] == "王示范"
    assert page.view.forms.currentRow() == 1, "the first business, under its group"
    answers: list[bool] = []
    office.dialogs.confirms.append(True)
    page.may_leave(answers.append)
    assert answers == [True]


def test_a_search_and_chips_narrow_the_rows(page: BusinessPage, office: Stage, qtbot: QtBot) -> None:
    enter(office, ANNA, BORIS)
    page.refresh()
    with qtbot.waitSignal(page.view.filters.changed):
        page.view.filters.field.setText("赵")
    assert page.view.table.model().count() == 1
    page.view.filters.choose([("findings", "1")])
    assert page.view.table.model().count() == 1
    page.view.filters.choose([("state", "refused")])
    assert page.view.table.model().count() == 0
    assert page.view._stack.currentIndex() == 1
    page.view._on_empty()
    assert page.view.table.model().count() == 2


def test_the_next_finding_is_gone_to_and_told_below_the_table(page: BusinessPage, office: Stage) -> None:
    enter(office, BORIS, ANNA, {**ANNA, "id_number": "11000019900307001X", "name": "钱示范"})
    page.refresh()
    page.next_finding()
    assert page.view.table.current_row() == 2
    assert "最低缴费基数" in page.view.detail.text()
    page.next_finding()
    assert page.view.table.current_row() == 2
    page.view.table.go(0, 0)
    assert page.view.detail.isHidden()
    page.previous_finding()
    assert page.view.table.current_row() == 2


def test_without_findings_next_says_so(page: BusinessPage, office: Stage) -> None:
    enter(office, ANNA)
    page.refresh()
    page.next_finding()
    assert office.shell.said == ["列出的明细都没有问题。"]


def test_another_unit_begins_anew(page: BusinessPage, office: Stage) -> None:
    add_units(office.services.home, other_unit("420100000002", "第二单位"))
    enter(office, ANNA)
    page.refresh()
    put(page, name="王示范")
    office.session.data_changed.emit(frozenset({"units"}))
    office.session.set_unit("420100000002")
    page.refresh()
    assert page.view.table.model().count() == 0
    assert not page.presenter.state.entry.dirty


def test_somebody_leads_to_one_business_and_one_filter(page: BusinessPage, office: Stage) -> None:
    enter(office, BORIS)
    page.receive({"form": "stop"})
    assert page.view.forms.currentItem().text() == "减员申报"  # type: ignore[union-attr]  # one is chosen
    page.receive({"form": "enrol", "filter": "findings:1"})
    assert page.view.filters.filters() == (("findings", "1"),)
    (item,) = waiting(office)
    page.receive({"form": "enrol", "item": str(item.id)})
    assert page.presenter.state.entry.editing == item.id


def test_masked_values_are_hidden_until_shown_with_a_journal_entry(page: BusinessPage, office: Stage) -> None:
    (item,) = enter(office, BORIS)
    office.session.set_masked(True)
    page.refresh()
    assert BORIS["id_number"] not in page.view.table.model().index(0, 2).data()
    page.view.table.go(0, 4)
    assert "500.00" not in page.view.detail.text()
    page.presenter.edit(item.id)
    entry = page.view.entry
    assert entry is not None
    assert page.presenter.state.entry.hidden["id_number"] == "420***********2037"
    assert entry.fields["id_number"].editor.isHidden()
    assert "500" not in notes(page, "wage").replace("4494", "")
    page.presenter.reveal("wage")
    assert entry.values()["wage"] == "500.00"
    last = entries(office.session.desk().store)[-1]
    assert (last.act, last.subject) == ("unmask", "wage")
    put(page, wage="7000")
    page.main_action()
    (changed,) = waiting(office)
    assert (changed.values["wage"], changed.person_id) == (700000, BORIS["id_number"])


def test_the_template_is_written_with_the_roster(page: BusinessPage, office: Stage) -> None:
    insure(office, ANNA["id_number"])
    out = office.services.home / "t.xlsx"
    office.dialogs.files.append(out)
    page.presenter.choose("base-change")
    page.roster_template()
    assert "已填入 1 人" in page.banner.text()
    assert out.stat().st_size > 4000


def test_a_dropped_file_goes_to_the_import_of_the_business_in_front(page: BusinessPage, office: Stage) -> None:
    office.dialogs.wizards["import_wizard"] = [None]
    page.presenter.choose("stop")
    assert page.drop_files(["/tmp/a.xlsx"])
    assert office.dialogs.asked[-1] == ("import_wizard", {"form": "stop", "path": "/tmp/a.xlsx"})


def test_columns_sort_by_the_database(page: BusinessPage, office: Stage) -> None:
    enter(office, ANNA, BORIS)
    page.refresh()
    model = page.view.table.model()
    page.view.table.sort(model.places["wage"], Qt.SortOrder.AscendingOrder)
    assert model.index(0, model.places["name"]).data() == "赵示范"
    page.view.table.sort(model.places["wage"], Qt.SortOrder.DescendingOrder)
    assert model.index(0, model.places["name"]).data() == "王示范"


@pytest.mark.parametrize("form_id", ["enrol", "stop", "annual-wage", "base-change", "back-payment"])
def test_everything_that_takes_the_focus_has_a_name(page: BusinessPage, form_id: str) -> None:
    page.presenter.choose(form_id)
    page.main_action()
    for widget in page.view.card.findChildren(QWidget):
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and isinstance(widget, (QLineEdit, QComboBox, QAbstractButton)):
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            assert widget.accessibleName() or text, widget


def test_the_page_fits_its_smallest_size(page: BusinessPage) -> None:
    assert page.minimumSizeHint().width() <= 848
    assert page.minimumSizeHint().height() <= 456


def test_very_many_rows_are_listed_off_the_windows_thread(
    page: BusinessPage, office: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unitclient.desktop.pages.business.page.MANY", 1)
    enter(office, ANNA, BORIS)
    page.refresh()
    assert [task.title_key for task in office.runner.ran][-1] == "d-business-listing"
    assert page.view.table.model().count() == 2
    page.view.filters.choose([("findings", "1")])
    assert page.view.table.model().count() == 1
