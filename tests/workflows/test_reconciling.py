"""Reconciliation: payroll against lines, lines against the bill, the bill against debit and posting. Sums come out."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.office import id_number
from tests.sheets.forms import form, workbook
from unitclient.sync.protocol import Acceptance
from unitclient.workflows.lines import Row
from unitclient.workflows.payroll import Deducted, PayrollRead, read_payroll, signed_money
from unitclient.workflows.reconciling import KindSum, PersonDifference, PersonKind, compare_persons
from unitclient.workflows.reconciling_money import MoneyKind, Paid, charged_by, compare_money

HEAD = ("姓名", "身份证号", "养老个人", "医疗个人", "失业个人")
ONE, TWO, THREE = (id_number(serial) for serial in (1, 2, 3))


def line(number: str, insurance: str, own: int, unit: int = 0) -> Row:
    """A line of a declaration."""
    return (number, f"员工{number[-4]}", insurance, 600000, 600000, unit, own)


def payroll(tmp_path: Path, rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD) -> PayrollRead:
    """What is read from a payroll workbook."""
    return read_payroll(workbook(tmp_path / "payroll.xlsx", [head, *rows], "工资表"), form())


def differences(found: Sequence[PersonDifference]) -> list[tuple[str, str, str, int]]:
    """Kind, person, insurance, difference in fen."""
    return [(one.kind.value, one.id_number, one.insurance, one.difference_fen) for one in found]


def test_what_agrees_is_not_told(tmp_path: Path) -> None:
    read = payroll(tmp_path, [["王一", ONE, 480.1, "¥120.00", ""], ["李二", TWO, "1,480.10", 120, 0]])
    lines = [line(ONE, "pension", 48010), line(ONE, "medical_incl_maternity", 12000), line(ONE, "injury", 0, 1200),
             line(TWO, "pension", 148010), line(TWO, "medical_incl_maternity", 12000)]  # fmt: skip
    sums, found = compare_persons(read, lines, [])
    assert found == ()
    assert sums == (
        KindSum("pension", 196020, 196020), KindSum("medical", 24000, 24000),
        KindSum("unemployment", 0, 0), KindSum("injury", 0, 0),
    )  # fmt: skip


def test_each_difference_has_its_name(tmp_path: Path) -> None:
    read = payroll(
        tmp_path,
        [["王一", ONE, 480, 120.05, ""], ["李二", TWO, 400, "一百", ""], ["张三", THREE, 300, "", 30]],
    )
    lines = [line(ONE, "pension", 48000), line(ONE, "medical", 12000), line(ONE, "unemployment", 3000),
             line(TWO, "medical", 9000), line(THREE, "pension", 30000)]  # fmt: skip
    sums, found = compare_persons(read, lines, [line(THREE, "unemployment", 3000)])
    assert differences(found) == [
        ("refused", THREE, "unemployment", 3000),
        ("payroll-only", TWO, "pension", 40000),
        ("unreadable", TWO, "medical", -9000),
        ("amount", ONE, "medical", 5),
        ("declared-only", ONE, "unemployment", -3000),
    ]
    assert [(f.code, f.place.row if f.place else 0) for f in read.findings] == [("BAD_MONEY", 3)]
    assert {one.insurance: one.difference_fen for one in sums} == {
        "pension": 40000,
        "medical": -8995,
        "unemployment": 0,
    }


def test_somebody_who_is_in_one_of_both_only(tmp_path: Path) -> None:
    read = payroll(tmp_path, [["王一", ONE, 480, 120, 30], ["张三", THREE, "", "-", ""]])
    _, found = compare_persons(read, [line(TWO, "pension", 48000)], [])
    assert {(one.kind, one.id_number) for one in found} == {
        (PersonKind.PAYROLL_ONLY, ONE), (PersonKind.DECLARED_ONLY, TWO),
    }  # fmt: skip
    assert next(one.name for one in found if one.id_number == TWO) == line(TWO, "pension", 0)[1]


def test_one_column_of_everything(tmp_path: Path) -> None:
    read = payroll(tmp_path, [["王一", ONE, 630], ["李二", TWO, 600]], ("姓名", "身份证号", "代扣社保"))
    lines = [line(who, word, fen) for who in (ONE, TWO) for word, fen in (("pension", 48000), ("medical", 15000))]
    sums, found = compare_persons(read, lines, [])
    assert sums == (KindSum("total", 123000, 126000),)
    assert differences(found) == [("amount", TWO, "total", -3000)]


def test_a_total_that_is_not_the_sum_of_its_columns(tmp_path: Path) -> None:
    """Beside columns of its own the total stands for the insurances that have none, and for what nobody can explain."""
    head = ("姓名", "身份证号", "养老个人", "社保个人合计")
    read = payroll(tmp_path, [["王一", ONE, 480, 600], ["李二", TWO, 480, 610], ["张三", THREE, 480, ""]], head)
    lines = [line(who, word, fen) for who in (ONE, TWO) for word, fen in (("pension", 48000), ("medical", 12000))]
    _, found = compare_persons(read, [*lines, line(THREE, "pension", 48000)], [])
    assert differences(found) == [("amount", TWO, "rest", 1000)]


def test_an_unreadable_cell_is_named_once(tmp_path: Path) -> None:
    head = ("姓名", "身份证号", "养老个人", "社保个人合计")
    read = payroll(tmp_path, [["王一", ONE, "?", 480], ["李二", TWO, 480, "?"]], head)
    lines = [line(who, "pension", 48000) for who in (ONE, TWO)]
    assert differences(compare_persons(read, lines, [])[1]) == [
        ("unreadable", TWO, "rest", 0), ("unreadable", ONE, "pension", -48000),
    ]  # fmt: skip


def test_a_supplement_counts_with_the_medical_insurance_unless_it_has_a_column(tmp_path: Path) -> None:
    lines = [line(ONE, "medical", 12000), line(ONE, "large_medical", 300)]
    together = payroll(tmp_path, [["王一", ONE, 123]], ("姓名", "身份证号", "医疗个人"))
    assert compare_persons(together, lines, [])[1] == ()
    apart = payroll(tmp_path, [["王一", ONE, 120, 3]], ("姓名", "身份证号", "医疗个人", "大额医疗个人"))
    assert compare_persons(apart, lines, [])[1] == ()


def test_rows_of_one_person_are_added_and_minus_signs_are_a_way_of_writing(tmp_path: Path) -> None:
    read = payroll(tmp_path, [["王一", ONE, -400, -120, 0], ["王一", ONE.lower(), "-80.00", "", ""]])
    assert read.persons[ONE].amounts == {"pension": 48000, "medical": 12000, "unemployment": 0}
    assert [(finding.code, finding.params) for finding in read.findings] == [("PAYROLL_ROWS_ADDED", {"rows": "2、3"})]
    mixed = payroll(tmp_path, [["王一", ONE, 480, -20, ""]])
    assert mixed.persons[ONE].amounts["medical"] == -2000


def test_a_number_that_lost_its_digits_is_told_and_not_guessed(tmp_path: Path) -> None:
    read = payroll(tmp_path, [["王一", int(id_number(8)[:17] + "0"), 480, 120, 30], ["李二", "", 480, 120, 30]])
    assert [finding.code for finding in read.findings] == ["NUMBER_ID", "REQUIRED"]
    assert read.persons == {}


@pytest.mark.parametrize(
    ("cell", "fen"), [(None, 0), ("", 0), ("-", 0), ("—", 0), ("无", 0), (480, 48000), (-1.5, -150), ("-1.50", -150)]
)
def test_cells_of_money(cell: Any, fen: int) -> None:
    assert signed_money(cell) == (fen, False)


def test_sums_come_out_whatever_differs() -> None:
    """Over random months: by insurance, the named differences add up to payroll less declared."""
    chance = random.Random(20261110)
    people = [id_number(serial) for serial in range(1, 60)]
    words = ("pension", "medical", "unemployment", "serious_illness", "injury")
    for _ in range(50):
        held = {word: word for word in (*words[:3], "total") if chance.random() < 0.7}
        rows = {
            number: Deducted(number, "员工", {kind: chance.choice((0, 100, 101)) for kind in held},
                             {kind for kind in held if chance.random() < 0.1})
            for number in people if chance.random() < 0.9
        }  # fmt: skip
        lines = [line(number, word, chance.choice((0, 100))) for number in people for word in words
                 if chance.random() < 0.8]  # fmt: skip
        sums, found = compare_persons(PayrollRead("工资表", held, rows, ()), lines, [])
        assert sum(one.declared_fen for one in sums) == sum(row[6] for row in lines)
        for total in sums:
            named = sum(one.difference_fen for one in found if one.insurance == total.insurance)
            assert named == total.difference_fen


# The money.

LINES = [line(ONE, "pension", 48000, 96000), line(TWO, "pension", 40000, 80000), line(ONE, "medical", 12000, 48000)]
CHARGED = {"pension": {"unit": 176000, "person": 88000}, "medical": {"unit": 48000, "person": 12000}}
WHOLE = Paid(
    bill_number="B1", charged=CHARGED, bill_fen=324000, debit_state="debited", debit_code="K00", debit_fen=324000,
    posted={"pension": 88000, "medical": 12000},
)  # fmt: skip


def money(paid: Paid, acceptance: str | None = "accepted") -> list[tuple[str, str, str, int]]:
    """Kind, insurance, side and difference of what differs."""
    return [(d.kind.value, d.insurance, d.side, d.difference_fen) for d in compare_money(LINES, paid, acceptance)]


def test_money_that_agrees() -> None:
    assert money(WHOLE) == []


def test_nothing_is_compared_before_the_declaration_is_accepted() -> None:
    assert money(Paid(), None) == money(Paid(), "returned") == []


@pytest.mark.parametrize(
    ("paid", "told"),
    [
        (Paid(), [("not-billed", "", "", -324000)]),
        (Paid(charged=CHARGED), [("not-billed", "", "", -324000)]),
        (
            replace(WHOLE, charged={**CHARGED, "pension": {"unit": 176001, "person": 88000}}, bill_fen=324001,
                    debit_fen=324001),
            [("bill", "pension", "unit", 1)],
        ),
        (
            replace(WHOLE, charged={"pension": CHARGED["pension"]}, bill_fen=264000, debit_fen=264000,
                    posted={"pension": 88000}),
            [("bill", "medical", "unit", -48000), ("bill", "medical", "person", -12000)],
        ),
        (replace(WHOLE, late_fee_fen=162, bill_fen=324162, debit_fen=324162), [("late-fee", "", "", 162)]),
        (replace(WHOLE, debit_fen=323999), [("debit", "", "", -1)]),
        (
            replace(WHOLE, debit_state="debit-failed", debit_code="K01", posted=None),
            [("debit-failed", "", "", -324000), ("not-posted", "", "person", -100000)],
        ),
        (
            replace(WHOLE, debit_state="debiting", posted=None),
            [("not-debited", "", "", -324000), ("not-posted", "", "person", -100000)],
        ),
        (replace(WHOLE, posted=None), [("not-posted", "", "person", -100000)]),
        (replace(WHOLE, posted={"pension": 87999, "medical": 12000}), [("posting", "pension", "person", -1)]),
        (replace(WHOLE, posted={"pension": 88000}), [("posting", "medical", "person", -12000)]),
    ],
)  # fmt: skip
def test_each_difference_of_the_money_has_its_name(paid: Paid, told: list[tuple[str, str, str, int]]) -> None:
    assert money(paid) == told


def test_a_bill_differs_by_what_is_named() -> None:
    """Declared, the differences of the bill and the late fee together are the bill."""
    items = [
        {"pay_kind": "normal", "insurance": "pension", "unit_fen": 175000, "person_fen": 88002},
        {"pay_kind": "normal", "insurance": "injury", "unit_fen": 77, "person_fen": 0},
        {"pay_kind": "late-fee", "insurance": "", "unit_fen": 50, "person_fen": 0},
    ]
    bill = 175000 + 88002 + 77 + 50
    paid = Paid(charged=charged_by(items), late_fee_fen=50, bill_fen=bill, debit_state="debited", debit_fen=bill)
    found = compare_money(LINES, paid, Acceptance.PARTLY)
    named = sum(one.difference_fen for one in found if one.kind in (MoneyKind.BILL, MoneyKind.LATE_FEE))
    assert 324000 + named == bill
