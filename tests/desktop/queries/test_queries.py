"""The queries page: queries as data, real answers from a declared month, export, print, masking."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from PyQt6.QtGui import QPageSize, QPdfWriter, QTextDocument
from pytestqt.qtbot import QtBot

from tests.desktop.month import SMALLEST, unnamed
from tests.desktop.sign.office import Room
from tests.e2e.office import id_number, staff
from tests.workflows.staffed import signed_in, staff_home
from unitclient.desktop.pages.documents.page import make_page as make_papers
from unitclient.desktop.pages.documents.printing import paint_text
from unitclient.desktop.pages.queries.model import InputKind, Query, load_queries
from unitclient.desktop.pages.queries.page import make_page
from unitclient.desktop.pages.queries.presenter import read_month
from unitclient.desktop.pages.queries.printing import html_of
from unitclient.desktop.pages.queries.sources import SOURCES
from unitclient.desktop.pages.queries.view import QueriesView
from unitclient.desktop.pages.queries.work import run_query
from unitclient.errors import UserError
from unitclient.paths import resources_root
from unitclient.sheets.table import write_table
from unitclient.store.answers import add_answer, list_answers
from unitclient.store.journal import entries
from unitclient.workflows.month_services import service_to_dos

KNOWN = {name: source.inputs for name, source in SOURCES.items()}


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> QueriesView:
    """The page of a unit whose month went all the way."""
    desk.clerk.enrols(staff(3))
    desk.clerk.declares()
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.resize(1100, 640)
    made.on_shown()
    return made


def cells(page: QueriesView, column: str) -> list[str]:
    place = page.model.places[column]
    return [str(page.model.index(row, place).data() or "") for row in range(page.model.count())]


def choose(page: QueriesView, title: str) -> None:
    page.list.setCurrentRow([str(one.title) for one in page.state.queries].index(title))


@pytest.mark.parametrize("folder", ["queries", "notices"])
def test_every_file_that_is_shipped_is_whole(folder: str) -> None:
    found, problems = load_queries(resources_root() / folder, KNOWN)
    assert not problems
    assert found
    for query in found:
        for text in (query.title, query.hint, *(c.said for c in query.columns), *(i.title for i in query.inputs)):
            assert text.zh
            assert text.en


def test_what_the_unit_paid_by_month_and_insurance(page: QueriesView) -> None:
    assert page.form.accessibleName() == "单位缴费明细"
    assert page.fields["since"].editor.text() == "2025-12"  # type: ignore[attr-defined]  # a line of text
    page.main_action()
    assert set(cells(page, "period")) == {"2026-11"}
    assert "养老" in "".join(cells(page, "insurance"))
    assert set(cells(page, "persons")) == {"3"}
    sums = [int(text.replace(",", "").replace(".", "")) for text in cells(page, "total_fen")]
    answer = page.state.answer
    assert answer is not None
    assert answer.sums["total_fen"] == sum(sums) > 0
    assert "已受理" in cells(page, "acceptance")
    assert f"共 {len(sums)} 行" in page.count.text()


def test_one_person_by_name_number_or_its_end(page: QueriesView) -> None:
    choose(page, "个人缴费记录")
    page.run.click()
    assert "请填写" in page.fields["person"].note.text()
    for wanted in ("员工二", id_number(2), id_number(2)[-6:], id_number(2)[-4:].lower()):
        page.fields["person"].editor.setText(wanted)  # type: ignore[attr-defined]  # a line of text
        page.run.click()
        assert set(cells(page, "id_number")) == {id_number(2)}, wanted
    page.fields["person"].editor.setText("没有这个人")  # type: ignore[attr-defined]  # a line of text
    page.run.click()
    assert page.empty.accessibleName() == "没有符合条件的记录"


def test_business_and_changes(page: QueriesView) -> None:
    choose(page, "已办业务")
    page.run.click()
    assert sorted(cells(page, "form")) == ["增员申报", "月度申报"]
    assert all(cells(page, "number"))
    choose(page, "参保人员变动")
    page.run.click()
    assert cells(page, "name") == ["员工一", "员工二", "员工三"]
    assert set(cells(page, "month")) == {"2026-11"}


def test_led_here_with_a_person(page: QueriesView) -> None:
    page.receive({"query": "person-contributions", "person": id_number(1)})
    assert set(cells(page, "name")) == {"员工一"}


def test_months_that_are_none(page: QueriesView) -> None:
    page.fields["since"].editor.setText("去年")  # type: ignore[attr-defined]  # a line of text
    page.run.click()
    assert "不是月份" in page.fields["since"].note.text()
    page.fields["since"].editor.setText("2027.1")  # type: ignore[attr-defined]  # a line of text
    page.run.click()
    assert "截止月早于起始月" in page.fields["until"].note.text()
    assert page.state.answer is None


def test_export_as_it_is_shown(page: QueriesView, desk: Room, tmp_path: Path) -> None:
    page.receive({"query": "person-contributions", "person": id_number(1)})
    for masked, wanted in ((False, id_number(1)), (True, "110***********" + id_number(1)[-4:])):
        desk.session.set_masked(masked)
        page.on_shown()
        path = tmp_path / f"{masked}.xlsx"
        desk.dialogs.files.append(path)
        page.export.click()
        sheet = load_workbook(path).active
        assert sheet is not None
        assert sheet["C3"].value == wanted
        assert ("••••" in str(sheet["F3"].value)) is masked
    assert "已保存到" in page.banner.text()


def test_a_workbook_of_questions_is_answered_row_by_row(page: QueriesView, desk: Room, tmp_path: Path) -> None:
    """Titles and states in words; a row without an answer says why; the signed answer is among the papers."""
    write_table(tmp_path / "ask.xlsx", "问", ["证件号码"], [[id_number(1)], ["不是号码"]])
    choose(page, "养老保险个人账户")
    assert not page.batch.isHidden()
    desk.dialogs.files += [tmp_path / "ask.xlsx", tmp_path / "told.xlsx"]
    page.batch.click()
    sheet = load_workbook(tmp_path / "told.xlsx").active
    assert sheet is not None
    head, first, second = [list(row) for row in sheet.iter_rows(values_only=True)][-3:]
    assert head == ["行号", "年度", "险种", "记账月数", "当年记账", "累计", "说明"]
    assert first[1:4] == ["2026", "养老", 1]
    assert (second[0], second[1], bool(second[-1])) == (4, None, True)
    assert "查了 2 行，其中 1 行没有结果" in page.banner.text()
    page.receive({"query": "unit-profile"})
    assert page.batch.isHidden()
    page.run.click()
    assert not page.signed.isHidden()
    page.signed.click()
    ((where, target),) = desk.shell.went
    assert where == "documents"
    papers = make_papers(desk.services)
    papers.on_shown()
    papers.receive(target)
    shown = papers.state.paper()
    assert shown is not None
    assert (shown.name, shown.form_title, papers.state.signed) == ("answer", "单位基本资料", True)
    papers.deleteLater()


def test_a_question_is_watched_and_what_changed_is_shown(page: QueriesView, desk: Room) -> None:
    """The button comes with an answer of the centre; what changed since it was seen stands above the new one."""
    choose(page, "应收帐")
    assert page.watch.isHidden()
    page.run.click()
    answer = page.state.answer
    assert answer is not None
    assert page.watch.text() == "关注变化"
    page.watch.click()
    assert page.watch.text() == "取消关注"
    clerk = desk.clerk
    (seen,) = list_answers(clerk.base.store, clerk.unit_number, "receivables")
    newer = dataclasses.replace(seen, rows=(), at=seen.at + timedelta(seconds=1))
    with clerk.base.store.write("test.answer"):
        add_answer(clerk.base.store, clerk.unit_number, newer)
    (told,) = [one for one in service_to_dos(clerk.desk, clerk.unit, ()) if one.code == "query-changed"]
    assert told.params["gone"] == len(seen.rows) > 0
    page.receive({name: str(value) for name, value in told.target.items()})
    assert "减少：" in page.banner.text()
    assert [one.code for one in service_to_dos(clerk.desk, clerk.unit, ())] == []
    page.watch.click()
    assert page.watch.text() == "关注变化"


@pytest.mark.parametrize(
    "query", [one for one in load_queries(resources_root() / "queries", KNOWN)[0]
              if not one.asks_centre and any(column.sensitive for column in one.columns)], ids=lambda one: one.id,
)  # fmt: skip
def test_a_personal_answer_of_this_computer_leaves_an_entry(query: Query, desk: Room) -> None:
    """Nobody without the right to ask is answered, also where no centre is asked."""
    clerk = desk.clerk
    context: Any = SimpleNamespace(desk=lambda: clerk.desk, unit=lambda: clerk.unit, progress=lambda *_: None)
    inputs = {one.name: one.default or id_number(1) for one in query.inputs if one.kind is not InputKind.MONTH}
    run_query(context, query, inputs)
    last = entries(clerk.base.store)[-1]
    assert (last.act, last.subject) == ("query.read", query.id)
    staff_home(clerk)
    with signed_in(clerk, "viewer"), pytest.raises(UserError, match="right-missing"):
        run_query(context, query, inputs)


def test_print_is_a_table_with_sums(page: QueriesView, tmp_path: Path) -> None:
    page.main_action()
    query, answer = page.state.query(), page.state.answer
    assert query is not None
    assert answer is not None
    html = html_of(query, answer, "<甲> & 公司", masked=False)
    assert "&lt;甲&gt; &amp; 公司" in html
    assert "合计：" in html
    document = QTextDocument()
    document.setHtml(html)
    writer = QPdfWriter(str(tmp_path / "q.pdf"))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    paint_text(document, writer)
    del writer
    assert (tmp_path / "q.pdf").read_bytes().startswith(b"%PDF")


def test_a_new_file_is_a_new_query_without_python(desk: Room, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'source = "business"\ntitle = {zh = "更正记录", en = "Corrections"}\n'
        '[[input]]\nname = "form"\nkind = "choice"\ntitle = {zh = "业务", en = "Business"}\n'
        '[[input.choice]]\nvalue = ""\ntitle = {zh = "全部", en = "All"}\n'
        '[[input.choice]]\nvalue = "monthly"\ntitle = {zh = "月度", en = "Monthly"}\n'
        '[[column]]\nkey = "form"\ntitle = {zh = "业务", en = "Business"}\n',
        "utf-8",
    )
    (tmp_path / "broken.toml").write_text('source = "moon"\n', "utf-8")
    desk.clerk.enrols(staff(1))
    desk.clerk.declares()
    page = make_page(desk.services, tmp_path)
    qtbot.addWidget(page)
    page.on_shown()
    assert "broken.toml" in page.banner.text()
    page.receive({"query": "mine", "form": "monthly"})
    assert cells(page, "form") == ["月度申报"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("source = [", ""),
        ('source = "business"\n', "column"),
        ('source = "business"\n[[column]]\nkey = "k"\ntitle = {zh = "a"}\n', "en"),
        ('source = "business"\ntitle = "x"\n', ""),
        (
            'source = "business"\ntitle = {zh = "a", en = "b"}\n[[input]]\nname = "weight"\ntitle={zh="a",en="b"}',
            "weight",
        ),
        ('source = "business"\ntitle = {zh = "a", en = "b"}\n', "column"),
        (
            'source = "business"\ntitle = {zh="a",en="b"}\n[[column]]\nkey="k"\nkind="moon"\ntitle={zh="a",en="b"}',
            "moon",
        ),
    ],
)
def test_a_wrong_file_hides_only_itself(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "wrong.toml").write_text(text, "utf-8")
    found, problems = load_queries(tmp_path, KNOWN)
    assert not found
    assert problems[0].code == "d-query-broken"
    assert reason in str(problems[0].params["reason"])


@given(st.integers(1990, 2099), st.integers(1, 12))
def test_months_as_people_write_them(year: int, month: int) -> None:
    wanted = f"{year}-{month:02d}"
    for text in (wanted, f"{year}{month:02d}", f"{year}.{month}", f"{year}年{month}月", f"{year}/{month:02d}"):
        assert read_month(text) == wanted


@given(st.text(max_size=12))
def test_anything_typed_is_a_month_or_none(text: str) -> None:
    found = read_month(text)
    assert found is None or len(found) == 7


def test_it_fits_and_everything_has_a_name(page: QueriesView) -> None:
    page.main_action()
    for title in ("单位缴费明细", "个人缴费记录", "参保人员变动"):
        choose(page, title)
        hint = page.minimumSizeHint()
        assert hint.width() <= SMALLEST[0]
        assert hint.height() <= SMALLEST[1]
        assert not unnamed(page)
