"""The roster page: finding people, findings, the strip, the life line, masking, empty states, looks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTableView, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.desktop.roster.conftest import COUNT, show_page
from tests.desktop.roster.crowd import November
from tests.desktop.stage import Stage, add_units, make_stage, other_unit
from unitclient.desktop.pages.roster import columns as col
from unitclient.desktop.pages.roster.page import RosterPage
from unitclient.desktop.pages.roster.state import Emptiness
from unitclient.desktop.theme.delegates import ReasonRole, StatusRole
from unitclient.desktop.theme.tokens import SMALLEST_PAGE, State
from unitclient.pinyin import search_words
from unitclient.store.journal import entries
from unitclient.texts import use_language

ARRIVING = 2


def place(page: RosterPage, key: str) -> int:
    return page.presenter.model.places[key]


def shown(page: RosterPage, key: str) -> list[str]:
    model = page.presenter.model
    return [str(model.index(row, place(page, key)).data()) for row in range(model.count())]


def find(page: RosterPage, text: str, qtbot: QtBot) -> list[str]:
    with qtbot.waitSignal(page.presenter.model.listed, timeout=2000):
        page.view.filters.field.setText(text)
    return shown(page, col.NAME)


def test_everybody_is_listed_and_counted(page: RosterPage) -> None:
    state = page.presenter.state
    assert (state.listed, state.total, state.emptiness) == (COUNT + ARRIVING, COUNT + ARRIVING, Emptiness.NO)
    assert page.view.filters.summary.text() == "共 62 人"
    assert state.counts["state:pending"] == ARRIVING
    assert sum(state.counts[f"state:{name}"] for name in ("active", "suspended", "terminated")) == COUNT
    assert state.departments == ("财务部", "仓储部", "技术部", "生产部", "销售部", "行政部")


def test_people_are_found_as_one_types(page: RosterPage, qtbot: QtBot) -> None:
    everybody = shown(page, col.NAME)
    assert find(page, "单", qtbot) == [name for name in everybody if "单" in name]
    assert find(page, "z", qtbot) == [name for name in everybody if " z" in search_words(name)]
    by_initials = find(page, "sha", qtbot)
    assert by_initials
    assert all(name[0] == "单" for name in by_initials)
    number = shown(page, col.ID)[0]
    assert shown(page, col.ID)
    find(page, number[-4:], qtbot)
    assert all(one.endswith(number[-4:]) for one in shown(page, col.ID))
    find(page, "财务", qtbot)
    assert set(shown(page, col.DEPARTMENT)) == {"财务部"}
    assert page.view.filters.summary.text() == f"{len(shown(page, col.ID))} / 62 人"
    assert find(page, "qqq", qtbot) == []
    assert page.presenter.state.emptiness is Emptiness.NO_MATCH
    with qtbot.waitSignal(page.presenter.model.listed):
        page.view.clear_wanted.emit()
    assert page.presenter.state.listed == COUNT + ARRIVING


def test_what_is_empty_takes_no_focus(page: RosterPage) -> None:
    number = page.view.strip.number
    assert number.isHidden()
    page.view.table.go(0)
    assert number.text()
    assert not number.isHidden()


def test_the_page_can_be_led_to_with_a_filter_or_a_person(page: RosterPage) -> None:
    page.receive({"filter": "state:pending"})
    assert set(shown(page, col.STATE)) == {"待增员"}
    number = shown(page, col.ID)[1]
    page.receive({"person": number})
    assert page.presenter.state.listed == COUNT + ARRIVING
    assert page.presenter.id_number_at(page.view.table.current_row()) == number


def test_columns_are_sorted_by_the_store(page: RosterPage) -> None:
    page.view.table.sort(place(page, col.WAGE), Qt.SortOrder.DescendingOrder)
    wages = [float(text.replace(",", "")) for text in shown(page, col.WAGE)]
    assert wages == sorted(wages, reverse=True)


def test_cells_carry_findings_and_states(page: RosterPage) -> None:
    page.receive({"filter": "show:findings"})
    model = page.presenter.model
    cell = model.index(0, place(page, col.NEW_WAGE))
    assert cell.data(StatusRole) is State.WARN
    assert "请核对" in cell.data(ReasonRole)[0]
    page.receive({"filter": "state:pending"})
    state = model.index(0, place(page, col.STATE))
    assert (state.data(StatusRole), state.data()) == (State.INFO, "待增员")
    assert "增员申报（待申报）" in shown(page, col.CHANGE)


def test_the_base_says_when_a_limit_made_it(page: RosterPage) -> None:
    model, bases = page.presenter.model, place(page, col.BASE)
    told = [model.index(row, bases).data(ReasonRole) for row in range(model.count())]
    limited = [reasons[0] for reasons in told if reasons]
    assert limited
    assert all("作为缴费基数" in reason for reason in limited)


def test_f8_goes_from_finding_to_finding_and_around(page: RosterPage) -> None:
    count = page.presenter.state.counts["show:findings"]
    assert count > 2
    rows = []
    for _ in range(count + 1):
        page.next_finding()
        rows.append(page.view.table.current_row())
    assert rows[:-1] == sorted(set(rows))
    assert rows[-1] == rows[0]
    page.previous_finding()
    assert page.view.table.current_row() == rows[-2]
    assert page.presenter.state.detail is not None
    assert page.presenter.state.detail.reasons[0].state is State.WARN


def test_without_findings_f8_says_so(page: RosterPage, office: Stage, qtbot: QtBot) -> None:
    find(page, "qqq", qtbot)
    page.next_finding()
    assert office.shell.said == ["列表里没有需要处理的问题。"]


def test_the_strip_tells_of_the_current_person(page: RosterPage) -> None:
    page.view.table.go(3, 0)
    detail = page.presenter.state.detail
    assert detail is not None
    assert (page.view.strip.name.text(), page.view.strip.number.text()) == (shown(page, col.NAME)[3], detail.id_number)
    assert "部门：" in page.view.strip.facts.text()
    assert detail.name in page.view.strip.accessibleDescription()


def test_the_life_line_follows_the_current_person(page: RosterPage) -> None:
    page.view.table.go(0, 0)
    page.toggle_life()
    assert page.view.life.isVisible()
    assert page.presenter.state.life_name == shown(page, col.NAME)[0]
    assert "开始参保" in [row.what for row in page.presenter.state.life][-1]
    page.view.table.go(1, 0)
    assert page.presenter.state.life_name == shown(page, col.NAME)[1]
    assert page.view.life.whole.text()
    page.toggle_life()
    assert not page.view.life.isVisible()


def test_masked_values_are_revealed_cell_by_cell_with_a_journal_entry(page: RosterPage, office: Stage) -> None:
    page.view.table.go(0, 0)
    plain = shown(page, col.ID)[0]
    office.session.set_masked(True)
    page.refresh()
    assert shown(page, col.ID)[0] == plain[:3] + "*" * 11 + plain[-4:]
    assert set(shown(page, col.WAGE)) == {"••••"}
    assert page.view.strip.number.text() == shown(page, col.ID)[0]
    page.view.table.go(0, place(page, col.ID))
    page.reveal_cell()
    assert shown(page, col.ID)[0] == plain
    assert shown(page, col.ID)[1] != plain
    last = entries(office.session.desk().store)[-1]
    assert (last.act, last.subject) == ("unmask", "id_number")
    page.presenter.copy_many([(0, 1)], [place(page, col.WAGE)], True)
    assert office.files.copied == ["缴费工资\r\n••••\r\n••••"]


def test_an_empty_roster_leads_on(tmp_path: Path, qtbot: QtBot) -> None:
    office = make_stage(tmp_path, with_unit=True, clock=November())
    page = show_page(office, qtbot)
    assert page.presenter.state.emptiness is Emptiness.NOBODY
    office.dialogs.wizards["import_wizard"] = [None]
    page.view.import_wanted.emit()
    assert office.dialogs.asked == [("import_wizard", {"form": "enrol"})]
    page.main_action()
    page.next_finding()
    office.close()


def test_another_unit_is_another_list_with_its_own_layout(page: RosterPage, office: Stage) -> None:
    page.view.table.panes.main.setColumnWidth(place(page, col.CHANGE), 333)
    add_units(office.services.home, other_unit("420100000002", "另一家"))
    office.session.data_changed.emit(frozenset({"units"}))
    assert office.session.unit_number() == "420100000002"
    page.refresh()
    assert page.presenter.state.emptiness is Emptiness.NOBODY
    assert page.view.table.panes.main.columnWidth(place(page, col.CHANGE)) != 333
    office.session.set_unit("420100000001")
    page.refresh()
    assert page.view.table.panes.main.columnWidth(place(page, col.CHANGE)) == 333


def test_what_others_wrote_is_noted_before_it_is_listed(page: RosterPage, office: Stage) -> None:
    from unitclient.store.items import ItemState, cancel, items

    store = office.session.desk().store
    waiting = [row.id for row in items(store, "420100000001", "enrol", ItemState.PENDING)]
    with store.write("test.cancel"):
        cancel(store, waiting)
    office.session.data_changed.emit(frozenset({"items"}))
    assert page.presenter.state.listed == COUNT


def test_the_model_is_a_good_one(page: RosterPage, qtmodeltester: ModelTester) -> None:
    check: Any = qtmodeltester.check
    check(page.presenter.model)


def unnamed(page: QWidget) -> list[str]:
    """Widgets that take the focus and have no name."""
    kinds = (QAbstractButton, QLineEdit, QComboBox, QTableView)
    found = []
    for widget in page.findChildren(QWidget):
        if isinstance(widget, kinds) and widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            if not (widget.accessibleName() or text) and widget.objectName() != "qt_spinbox_lineedit":
                found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


def test_everything_has_a_name_and_fits_a_small_screen(page: RosterPage) -> None:
    page.toggle_life()
    assert unnamed(page) == []
    width, height = SMALLEST_PAGE
    page.editor.paste("姓名\t身份证号\n张三\t1", [], -1, [])
    assert page.view.refused.isVisible()
    hint = page.minimumSizeHint()
    assert (hint.width() <= width, hint.height() <= height) == (True, True), hint


def test_it_speaks_english(office: Stage, qtbot: QtBot) -> None:
    use_language("en")
    page = show_page(office, qtbot)
    assert page.title() == "Roster"
    assert page.view.filters.summary.text() == "62 people"
    assert "pinyin initials" in page.help_text()


def test_acts_have_handlers_names_and_help(page: RosterPage) -> None:
    from unitclient.texts import catalogue

    for act in page.page_actions():
        assert callable(getattr(page, act.handler_id))
        assert not act.enabled_when or isinstance(getattr(page, act.enabled_when)(), bool)
        assert {act.title_key, act.help_key} <= catalogue()["text"].keys()
