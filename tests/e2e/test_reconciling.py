"""One month with the real centre, and its payroll: before it is sent, with the debit failing, and paid."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.e2e.office import MONTH, Office, ask, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.sheets.table import write_table
from unitclient.store.declarations import get_declaration
from unitclient.sync import protocol
from unitclient.workflows.lines import total_fen
from unitclient.workflows.paying import ask_again
from unitclient.workflows.prepare import Prepared
from unitclient.workflows.reconciling import Reconciled, reconcile
from unitclient.workflows.reconciling_table import write_differences

TITLES = {"pension": "养老保险个人", "medical": "医疗个人", "unemployment": "失业个人"}

STOP = ("姓名", "证件号码", "减员类别", "减员原因", "最后缴费年月", "离职日期")


def deducted(clerk: Office, month: Prepared) -> dict[str, dict[str, Any]]:
    """What a payroll office that makes no mistakes deducts: {ID number: {title: yuan}}."""
    known = get_declaration(clerk.base.store, month.declaration_id)
    assert known is not None
    people: dict[str, dict[str, Any]] = {}
    for number, name, insurance, _wage, _base, _unit, own in protocol.Declaration.from_bytes(known.payload).rows:
        row = people.setdefault(number, {"姓名": name, "身份证号": number})
        title = TITLES["medical" if insurance.startswith("medical") else insurance] if own else ""
        if title:
            row[title] = own / 100
    return people


def payroll(path: Path, people: Mapping[str, Mapping[str, Any]]) -> Path:
    """The payroll workbook of these people."""
    headers = ["姓名", "身份证号", *TITLES.values(), "实发工资"]
    write_table(path, "工资表", headers, [[row.get(title, "") for title in headers] for row in people.values()])
    return path


def told(found: Reconciled) -> tuple[list[str], list[str]]:
    """Kinds of the differences of persons and of the money."""
    return [one.kind.value for one in found.persons], [one.kind.value for one in found.money]


def test_a_month_and_its_payroll(clerk: Office, tmp_path: Path) -> None:
    file = tmp_path / "payroll.xlsx"
    write_table(file, "工资表", ["姓名", "身份证号", "养老个人"], [["某人", "1", 1]])
    with pytest.raises(UserError) as refused:
        reconcile(clerk.desk, clerk.unit, file, MONTH)
    assert refused.value.code == "reconcile-no-declaration"

    ask(clerk.unit.centre_url, "PUT", f"/practice/bank/{clerk.unit_number}", {"behaviour": "insufficient"})
    clerk.enrols(staff(4))
    month = clerk.prepares()
    people = deducted(clerk, month)
    payroll(file, people)
    before = reconcile(clerk.desk, clerk.unit, file, MONTH)
    assert (before.agrees, before.persons_payroll, before.persons_declared) == (True, 4, 4)

    clerk.signs()
    clerk.settles()
    failed = reconcile(clerk.desk, clerk.unit, file, MONTH)
    assert told(failed) == ([], ["debit-failed", "not-posted"])
    assert failed.money[0].code == "K01"
    assert -failed.money[0].difference_fen == total_fen(month.totals)

    ask(clerk.unit.centre_url, "PUT", f"/practice/bank/{clerk.unit_number}", {"behaviour": "ok"})
    ask_again(clerk.desk, clerk.unit, month.declaration_id)
    clerk.syncs()
    clerk.settles()
    paid = reconcile(clerk.desk, clerk.unit, file, MONTH)
    assert paid.agrees, told(paid)
    assert paid.paid.debit_fen == paid.paid.bill_fen == total_fen(month.totals)
    declared = sum(sides["person"] for sides in month.totals.values())
    assert sum(one.payroll_fen for one in paid.sums) == sum(one.declared_fen for one in paid.sums) == declared


def test_mistakes_of_a_payroll_are_named_and_written(clerk: Office, tmp_path: Path) -> None:
    clerk.enrols(staff(4))
    month = clerk.declares()
    people = deducted(clerk, month)
    first, second, third, _ = people
    people[first]["养老保险个人"] += 0.01
    del people[second]["失业个人"]
    stranger = staff(1, first=40)[0]
    people["stranger"] = {"姓名": stranger[0], "身份证号": stranger[1], "医疗个人": 100}
    gone = people.pop(third)
    found = reconcile(clerk.desk, clerk.unit, payroll(tmp_path / "payroll.xlsx", people), MONTH)
    kinds = sorted((one.kind.value, one.id_number) for one in found.persons)
    lines = sum(title in gone for title in TITLES.values())
    assert kinds == sorted(
        [("amount", first), ("declared-only", second), ("payroll-only", stranger[1])]
        + [("declared-only", third)] * lines
    )
    assert sum(one.difference_fen for one in found.persons) == sum(one.difference_fen for one in found.sums)
    assert found.money == ()

    out = tmp_path / "differences.xlsx"
    assert write_differences(clerk.desk, clerk.unit, found, out) is None
    sheet = load_workbook(out).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert len(rows) == len(found.persons) + len(found.sums)
    amount = next(row for row in rows if row[0] == "金额不一致")
    assert (amount[2], amount[3], amount[-1]) == (first, "养老", 0.01)
    sums = sum(Decimal(str(row[-1])) for row in rows if row[0] == "合计") * 100
    assert sums == sum(one.difference_fen for one in found.persons)
    assert write_differences(clerk.desk, clerk.unit, found, out) is not None


def test_somebody_whom_the_centre_refused(centre: RunningCentre, tmp_path: Path) -> None:
    """Another computer stops a person after we prepared: still in the payroll, refused by the centre, in no bill."""
    opened = open_unit(centre.url)
    with office(tmp_path / "one", centre.url, opened) as ours, office(tmp_path / "two", centre.url, opened) as other:
        ours.enrols(staff(3))
        ours.declares()
        month = ours.prepares(MONTH + 1)
        people = deducted(ours, month)
        name, gone = staff(1)[0][:2]
        other.syncs()
        row = [name, gone, "停保", "在职人员辞职", "2026-11", "2026-11-08"]
        assert other.imports("stop", STOP, [row]).refused == 0
        other.prepares(MONTH + 1)
        other.signs(next(done for done, form, _ in other.prepares(MONTH + 1).others if form == "stop"))
        other.settles()
        ours.signs()
        ours.settles()
        assert ours.tracks(month.declaration_id)[1] == "partly-accepted"
        found = reconcile(ours.desk, ours.unit, payroll(tmp_path / "payroll.xlsx", people), MONTH + 1)
    assert {(one.kind.value, one.id_number, one.declared_fen) for one in found.persons} == {("refused", gone, 0)}
    assert found.money == ()
    assert found.paid.debit_fen == found.paid.bill_fen
    assert found.persons_declared == 2
