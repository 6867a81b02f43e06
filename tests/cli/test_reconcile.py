"""`unitclient reconcile`: the payroll against the month, as JSON, as text, as a workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.harness import practice, read, resident_id, run, staff, this_month, workbook

TITLES = ("姓名", "身份证号", "代扣社保", "实发工资")


def test_a_payroll_is_reconciled_with_the_month(tmp_path: Path) -> None:
    month = this_month()
    people = workbook(tmp_path / "people.xlsx", staff(3, month))
    home, out = tmp_path / "home", tmp_path / "out" / "differences.xlsx"
    file = workbook(tmp_path / "payroll.xlsx", [["王伟", resident_id(0), 1, 5000]], TITLES)
    with practice(home):
        assert run(home, "reconcile", file, "--period", month).refusal == "reconcile-no-declaration"
        assert run(home, "practice", "month", "--period", month, "--staff", people).code == 0
    first = run(home, "reconcile", file, "--period", month)
    assert first.code == 1
    assert first.data["columns"] == {"total": "代扣社保"}
    assert first.data["persons"] == {"payroll": 1, "declared": 3}
    rows = [[one["name"], one["id_number"], one["declared_fen"] / 100, 5000] for one in first.data["differences"]]
    assert [one["kind"] for one in first.data["differences"]].count("declared-only") == 2
    assert first.data["money"] == []

    whole = workbook(tmp_path / "whole.xlsx", rows, TITLES)
    agreed = run(home, "reconcile", whole, "--period", month)
    assert (agreed.code, agreed.data["agrees"], agreed.data["differences"]) == (0, True, [])
    assert "全部一致" in read(home, "reconcile", whole, "--period", month).out

    written = run(home, "reconcile", file, "--period", month, "--out", out)
    assert (written.data["workbook"], written.data["moved_aside"]) == (str(out), None)
    assert load_workbook(out).active is not None
    shown = read(home, "reconcile", file, "--period", month)
    assert "已申报，工资表未扣" in shown.out
    assert "差额" in shown.out
    assert "declared, not deducted" in read(home, "reconcile", file, "--period", month, lang="en").out


@pytest.mark.parametrize(
    ("out", "code"), [("differences.csv", "reconcile-not-xlsx"), ("payroll.xlsx", "reconcile-over-payroll")]
)
def test_where_the_differences_cannot_go(tmp_path: Path, out: str, code: str) -> None:
    file = workbook(tmp_path / "payroll.xlsx", [["王伟", resident_id(0), 1, 5000]], TITLES)
    assert run(tmp_path / "home", "reconcile", file, "--out", tmp_path / out).refusal == code
    assert file.exists()
