"""The export of a unit's data: whole, readable, verifiable, never over something else, and told in the journal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.e2e.office import MONTH, Office, id_number, office, open_unit, practice_centre, staff
from unitclient.central.server import RunningCentre
from unitclient.domain.registers import Entry
from unitclient.errors import Cancelled, UserError
from unitclient.seal.trust import TrustStore
from unitclient.store.journal import entries
from unitclient.store.registers import put_entries
from unitclient.store.settings import put_setting
from unitclient.workflows import exporting
from unitclient.workflows.asking import PERSONAL_OPERATORS
from unitclient.workflows.centre import trust_of
from unitclient.workflows.export_books import Span
from unitclient.workflows.exporting import Exported, export_data
from unitclient.workflows.verifying import verify_file


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture(scope="module")
def clerk(centre: RunningCentre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose month of three people went all the way, with an appointment."""
    with office(tmp_path_factory.mktemp("office"), centre.url, open_unit(centre.url)) as made:
        made.enrols(staff(3))
        made.declares()
        booked = Entry("appointment", "20261120-A1", "booked", {"day": "2026-11-20", "matter": "退休审批"})
        with made.base.store.write("test.appointment"):
            put_entries(made.base.store, made.unit_number, [(booked, "2026-11-10T02:00:00.000Z")])
        yield made


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    return tmp_path / "usb"


def sheet(made: Exported, what: str, title: str = "") -> list[tuple[Any, ...]]:
    """The rows of a sheet of a workbook, without its heads."""
    path = next(one.path for one in made.files if one.what == what)
    book = openpyxl.load_workbook(made.folder / path)
    rows = list((book[title] if title else book.worksheets[0]).iter_rows(values_only=True))
    book.close()
    return rows[1:]


def everywhere(clerk: Office) -> TrustStore:
    return trust_of(clerk.unit)


def test_people_declarations_money_and_registers_are_in_workbooks(clerk: Office, usb: Path) -> None:
    made = export_data(clerk.desk, clerk.unit, usb)
    assert made.folder.parent == usb
    assert made.folder.name.startswith(f"单位数据-{clerk.unit_number}-20261110-")
    people = sheet(made, "roster")
    assert [row[1] for row in people] == sorted(id_number(n) for n in (1, 2, 3))
    enrolled, monthly = sheet(made, "declarations")
    assert enrolled[1] == "增员申报"
    assert monthly[5:8] == ("已送达", "已受理", "已出回单")
    lines = sheet(made, "contributions", str(MONTH))
    assert len(lines) == 12
    (bill,) = sheet(made, "bills", "结算单")
    assert bill[4] == bill[12] == monthly[4] == pytest.approx(sum(row[6] + row[7] for row in lines))
    assert [row[5] for row in sheet(made, "bills", "扣款记录")] == ["银行系统处理中", "成功"]
    ((key, state, *_rest),) = sheet(made, "register:appointment")
    assert (key, state) == ("20261120-A1", "已预约")
    assert not [one for one in made.files if one.what == "register:ticket"], "no entries, no workbook"


def test_the_index_names_every_file_with_its_digest(clerk: Office, usb: Path) -> None:
    made = export_data(clerk.desk, clerk.unit, usb)
    index = json.loads((made.folder / "index.json").read_text("utf-8"))
    assert (index["unit_number"], index["operator"]) == (clerk.unit_number, clerk.unit.operator)
    told = {one["path"]: one["sha256"] for one in index["files"]}
    there = {path.relative_to(made.folder).as_posix(): path for path in made.folder.rglob("*") if path.is_file()}
    assert there.keys() - told.keys() == {"index.json"}
    assert told == {name: hashlib.sha256(there[name].read_bytes()).hexdigest() for name in told}
    listed = {row[0]: row[4] for row in sheet(made, "index")}
    assert listed == {name: digest for name, digest in told.items() if name != "目录.xlsx"}


def test_signed_documents_are_verified_by_either_of_their_two_files(clerk: Office, usb: Path) -> None:
    made = export_data(clerk.desk, clerk.unit, usb)
    documents = [made.folder / one.path for one in made.files if one.what.startswith("document:")]
    assert len(documents) == made.documents() > 8
    for path in documents:
        answer = verify_file(path, everywhere(clerk), clerk.desk.now())
        assert answer.ok, (path, answer.findings)
        assert verify_file(path.with_name(path.name + ".p7s"), everywhere(clerk), clerk.desk.now()) == answer
    bill = next(path for path in documents if "-bill-" in path.name)
    bill.write_bytes(bill.read_bytes().replace(b'"total_fen":', b'"total_fen":1'))
    changed = verify_file(bill, everywhere(clerk), clerk.desk.now())
    assert not changed.ok
    assert changed.findings
    assert changed.content == {}


def test_months_narrow_what_belongs_to_months(clerk: Office, usb: Path) -> None:
    made = export_data(clerk.desk, clerk.unit, usb, Span(until=MONTH + -1))
    assert sheet(made, "declarations") == sheet(made, "contributions") == sheet(made, "bills") == []
    assert len(sheet(made, "roster")) == 3
    assert made.documents() == 0
    assert export_data(clerk.desk, clerk.unit, usb, Span(since=MONTH, until=MONTH)).documents() > 8
    with pytest.raises(UserError) as refusal:
        export_data(clerk.desk, clerk.unit, usb, Span(since=MONTH, until=MONTH + -1))
    assert refusal.value.code == "export-span"


@pytest.mark.parametrize(("most", "parts"), [(5, 3), (6, 2), (12, 1)])
def test_more_than_a_sheet_holds_goes_on_in_another(
    clerk: Office, usb: Path, monkeypatch: pytest.MonkeyPatch, most: int, parts: int
) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", most)
    made = export_data(clerk.desk, clerk.unit, usb)
    path = next(one.path for one in made.files if one.what == "contributions")
    book = openpyxl.load_workbook(made.folder / path)
    lines = [row for part in book.worksheets for row in list(part.iter_rows(values_only=True))[1:]]
    assert (len(book.worksheets), len(lines), len(set(lines))) == (parts, 12, 12)
    book.close()


def test_nothing_is_written_over_and_it_is_told(clerk: Office, usb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = clerk.desk.now()
    monkeypatch.setattr(type(clerk.clock), "now", lambda _clock: at)
    first, second = (export_data(clerk.desk, clerk.unit, usb) for _ in range(2))
    assert second.folder.name == f"{first.folder.name}-2"
    entry = entries(clerk.base.store)[-1]
    assert (entry.act, entry.subject) == ("data.export", clerk.unit_number)
    assert entry.detail["files"] == sum(path.is_file() for path in second.folder.rglob("*"))


def test_the_journal_knows_of_an_export_before_it_has_its_name(
    clerk: Office, usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the power fail between the two, the journal names data that never left; never the other way round."""
    told: list[str] = []

    def dies(_self: Path, _target: Path) -> Path:
        told.append(entries(clerk.base.store)[-1].act)
        assert not clerk.base.store.connection.in_transaction
        raise OSError("the power fails")

    monkeypatch.setattr(Path, "rename", dies)
    with pytest.raises(UserError):
        export_data(clerk.desk, clerk.unit, usb)
    assert told == ["data.export"]


def test_half_an_export_leaves_nothing_behind(clerk: Office, usb: Path) -> None:
    before = len(entries(clerk.base.store))

    def stopped(done: int, total: int) -> None:
        if total and done > 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        export_data(clerk.desk, clerk.unit, usb, count=stopped)
    assert list(usb.iterdir()) == []
    usb.rmdir()
    usb.write_text("a file where a folder should be")
    with pytest.raises(UserError) as refusal:
        export_data(clerk.desk, clerk.unit, usb)
    assert refusal.value.code == "export-unwritable"
    assert len(entries(clerk.base.store)) == before


def test_who_may_not_see_persons_exports_nothing(clerk: Office, usb: Path) -> None:
    with clerk.base.store.write("setting.change"):
        put_setting(clerk.base.store, PERSONAL_OPERATORS, "另一位")
    try:
        with pytest.raises(UserError) as refusal:
            export_data(clerk.desk, clerk.unit, usb)
    finally:
        with clerk.base.store.write("setting.change"):
            put_setting(clerk.base.store, PERSONAL_OPERATORS, None)
    assert refusal.value.code == "export-no-right"
    assert not usb.exists()


def test_what_was_not_sent_is_no_contribution(centre: RunningCentre, tmp_path: Path, usb: Path) -> None:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as other:
        other.enrols(staff(1))
        other.prepares()
        made = export_data(other.desk, other.unit, usb)
        assert [row[5] for row in sheet(made, "declarations")] == ["已校验，待签名"] * 2
        assert sheet(made, "contributions") == []
