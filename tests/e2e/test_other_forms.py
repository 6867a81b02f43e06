"""The other businesses, each from its spreadsheet to the centre's word: leaving, wages, the year, and a new one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.office import (
    ENROL_HEADERS,
    MONTH,
    Office,
    at_centre,
    id_number,
    office,
    open_unit,
    practice_centre,
    staff,
)
from unitclient.catalog.loader import load_catalog
from unitclient.central.rulebook import Rulebook
from unitclient.central.server import RunningCentre
from unitclient.domain.period import Period
from unitclient.paths import forms_root, resources_root
from unitclient.sheets.model import Cell
from unitclient.sheets.template import write_template
from unitclient.store.items import ItemState, items
from unitclient.workflows.difference import GONE
from unitclient.workflows.roster import roster

STOP = ("姓名", "证件号码", "减员类别", "减员原因", "最后缴费年月", "离职日期")
WAGE = ("姓名", "证件号码", "生效年月", "新缴费工资", "调整原因")
YEAR = ("姓名", "证件号码", "年度", "工资总额", "月数")
NEXT = MONTH + 1


@pytest.fixture
def established(clerk: Office) -> Office:
    """A unit of four whose November is paid."""
    clerk.enrols(staff(4))
    clerk.declares()
    return clerk


def states(clerk: Office) -> dict[str, tuple[str, int]]:
    """{ID number: (confirmed state, wage in fen)}."""
    return {e.person.id_number: (e.state, e.person.wage_fen) for e in roster(clerk.desk, clerk.unit)}


def in_month(clerk: Office, period: Period) -> set[str]:
    """Who is insured in a month."""
    return {entry.person.id_number for entry in roster(clerk.desk, clerk.unit, period)}


def test_somebody_leaves(established: Office) -> None:
    """Stopped with November as last paid month: still in November, out of December, and named in the difference."""
    name, number = staff(1)[0][:2]
    taken = established.imports(
        "stop", STOP, [[name, number, "停保", "在职人员辞职", "2026-11", "2026-11-08"]], period=MONTH
    )
    assert (taken.taken, taken.refused) == (1, 0), taken.findings
    prepared = established.prepares(NEXT)
    assert [(change.id_number, change.change) for change in prepared.difference] == [(number, GONE)]
    assert prepared.persons == 3
    established.signs()
    established.settles()
    assert established.tracks(prepared.declaration_id) == ("delivered", "accepted", "receipted")
    assert states(established)[str(number)][0] == "suspended"
    assert number in in_month(established, MONTH)
    assert number not in in_month(established, NEXT)


def test_somebody_who_left_comes_back(established: Office) -> None:
    """Stopped, and enrolled again for the month after: taken as resumed (续保) without being told so."""
    name, number, _, wage = staff(1)[0]
    established.imports("stop", STOP, [[name, number, "停保", "在职人员辞职", "2026-11", "2026-11-08"]])
    stop = next(done for done, form, _ in established.prepares(NEXT).others if form == "stop")
    established.signs(stop)
    established.settles()
    assert states(established)[str(number)][0] == "suspended"
    back = established.imports("enrol", ENROL_HEADERS, [[name, number, "2026-12", wage]], period=NEXT)
    assert (back.taken, back.refused) == (1, 0), back.findings
    (item,) = items(established.base.store, established.unit_number, "enrol", ItemState.PENDING)
    assert item.values["enrol_kind"] == established.desk.catalog.table("enrol_kind").match("续保")
    again = established.declares(NEXT)
    assert (again.persons, again.difference) == (4, ())
    assert established.tracks(again.declaration_id) == ("delivered", "accepted", "receipted")
    assert states(established)[str(number)][0] == "active"


def test_a_wage_changes(established: Office) -> None:
    """The new wage counts from its month on."""
    name, number = staff(1)[0][:2]
    taken = established.imports("base-change", WAGE, [[name, number, "2026-12", "9000", "工资变动"]], period=NEXT)
    assert (taken.taken, taken.refused) == (1, 0), taken.findings
    prepared = established.prepares(NEXT)
    (change,) = prepared.difference
    assert (change.id_number, change.change) == (number, "wage")
    assert change.after > change.before
    established.signs()
    established.settles()
    assert established.tracks(prepared.declaration_id) == ("delivered", "accepted", "receipted")
    assert states(established)[str(number)] == ("active", 900000)


def test_the_year_is_declared(established: Office) -> None:
    """Everybody's average of last year becomes the wage of the new year; declaring the year again is refused."""
    rows: list[list[Cell]] = [[row[0], row[1], "2027", f"{84000 + 1200 * n}", "12"] for n, row in enumerate(staff(4))]
    taken = established.imports("annual-wage", YEAR, rows, period=NEXT)
    assert (taken.taken, taken.refused) == (4, 0), taken.findings
    january = established.prepares(Period(2027, 1))
    form = next(name for name, form, _ in january.others if form == "annual-wage")
    established.signs(form)
    established.settles()
    assert established.tracks(form)[:2] == ("delivered", "accepted")
    assert states(established)[id_number(1)][1] == 700000
    again = established.imports("annual-wage", YEAR, rows, period=NEXT)
    assert (again.taken, again.refused) == (0, 4)


def test_the_template_with_the_roster_goes_straight_back_in(established: Office, tmp_path: Path) -> None:
    """A wage change filled into the pre-filled template is taken as it is; the example row is nobody."""
    form = established.desk.catalog.form("base-change")
    rows = [
        {"name": e.person.name, "id_number": e.person.id_number, "old_wage": e.person.wage_fen}
        for e in roster(established.desk, established.unit)
    ]
    path = tmp_path / "template.xlsx"
    write_template(form, path, prefill=rows)
    fill(path, {"新缴费工资": 9100, "生效年月": "2026-12", "调整原因": "工资变动"})
    taken = established.imports_file("base-change", path, period=NEXT)
    assert (taken.read, taken.taken, taken.refused) == (4, 4, 0), taken.findings
    established.declares(NEXT)
    assert {wage for _, wage in states(established).values()} == {910000}


def fill(path: Path, values: dict[str, Cell]) -> None:
    """Fill the same values into every row of a template that has an ID number."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rows = [[str(cell.value or "").rstrip("*（必填） ") for cell in row] for row in sheet.iter_rows()]
    top = next(place for place, row in enumerate(rows) if "证件号码" in row)
    for place in range(top + 1, len(rows)):
        if len(rows[place][rows[top].index("证件号码")]) == 18:
            for title, value in values.items():
                sheet.cell(place + 1, rows[top].index(title) + 1).value = value
    book.save(path)
    book.close()


CARD = """
id = "photo-again"
version = "1"
effect = "record"
key = ["id_number"]
source = "示例"
title = { zh = "社保卡照片补采", en = "Photo for the card" }

[[field]]
name = "name"
code = "AAC003"
type = "name"
required = true
title = { zh = "姓名", en = "Name" }

[[field]]
name = "id_number"
code = "AAC147"
type = "id_number"
required = true
title = { zh = "证件号码", en = "ID number" }

[[field]]
name = "taken_on"
type = "date"
required = true
title = { zh = "拍摄日期", en = "Taken on" }

[[check]]
name = "insured-here"

[[check]]
name = "not-future"
field = "taken_on"

[[check]]
name = "unique-rows"
"""


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """The forms of the program, and one folder more."""
    root = tmp_path / "forms"
    root.mkdir()
    for form in forms_root().iterdir():
        if form.is_dir():
            (root / form.name).symlink_to(form, target_is_directory=True)
    (root / "photo-again" / "1").mkdir(parents=True)
    (root / "photo-again" / "1" / "form.toml").write_text(CARD, "utf-8")
    return root


@pytest.fixture
def with_card(forms: Path, tmp_path: Path) -> Iterator[tuple[RunningCentre, Office]]:
    """A centre and an office that both have the new folder, and no Python more."""
    with (
        practice_centre(tmp_path / "centre", Rulebook(forms)) as running,
        office(tmp_path / "home", running.url, open_unit(running.url)) as clerk,
    ):
        clerk.base = dataclasses.replace(clerk.base, catalog=load_catalog(forms, resources_root()))
        yield running, clerk


def test_a_new_business_needs_no_python(with_card: tuple[RunningCentre, Office], tmp_path: Path) -> None:
    """A folder is dropped in: its template, import, checks, signing, sending and acceptance work."""
    running, clerk = with_card
    clerk.enrols(staff(2))
    clerk.declares()
    template = tmp_path / "card.xlsx"
    write_template(clerk.desk.catalog.form("photo-again"), template, prefill=[{"id_number": id_number(1)}])
    fill(template, {"姓名": staff(1)[0][0], "拍摄日期": "2026-11-01"})
    taken = clerk.imports_file("photo-again", template)
    assert (taken.read, taken.taken) == (1, 1), taken.findings
    wrong = clerk.imports(
        "photo-again",
        ("姓名", "证件号码", "拍摄日期"),
        [["员工二", id_number(2), "2027-01-01"], ["生人", id_number(50), "2026-11-01"]],
    )
    assert (wrong.taken, wrong.refused) == (0, 2)
    assert wrong.error_workbook is not None
    prepared = clerk.prepares(NEXT)
    card = next(name for name, form, _ in prepared.others if form == "photo-again")
    clerk.signs(card)
    clerk.settles()
    assert clerk.tracks(card) == ("delivered", "accepted", None)
    assert at_centre(running, clerk.unit_number)[-1] == ("photo-again", "original", "accepted")
    assert [item.state for item in items(clerk.base.store, clerk.unit_number, "photo-again")] == [ItemState.ACCEPTED]


def test_a_centre_without_the_new_business_returns_it(forms: Path, centre: RunningCentre, tmp_path: Path) -> None:
    """The other end does not know the form: returned with the reason, and the rows wait here."""
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        clerk.base = dataclasses.replace(clerk.base, catalog=load_catalog(forms, resources_root()))
        clerk.enrols(staff(1))
        clerk.declares()
        clerk.imports("photo-again", ("姓名", "证件号码", "拍摄日期"), [["员工一", id_number(1), "2026-11-01"]])
        card = next(name for name, form, _ in clerk.prepares(NEXT).others if form == "photo-again")
        clerk.signs(card)
        clerk.settles()
        told = clerk.status(card)
        assert (told.declaration.acceptance, told.refusals[0].finding.code) == ("returned", "FORM_UNKNOWN")
        (item,) = items(clerk.base.store, clerk.unit_number, "photo-again")
        assert item.state is ItemState.PENDING
