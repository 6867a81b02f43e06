"""Rows of any form, shown on enrolments: words for nothing, marks, typed values, batches."""

from __future__ import annotations

from datetime import date

import pytest

from tests.catalog.people import (
    MAN,
    WOMAN,
    context,
    enrolment,
    errors,
    form,
    person,
)
from unitclient.catalog import check_batch, check_row, recheck_row

ENROL = form("enrol")


@pytest.mark.parametrize("cell", ["/", "-", "无", "长期", "无固定期限", "——"])
def test_words_for_nothing_where_nothing_hangs_on_it(cell: str) -> None:
    assert check_row(ENROL, enrolment(contract_end=cell), context()).values["contract_end"] is None
    assert check_row(ENROL, enrolment(contract_end=cell), context()).findings == ()
    assert errors(check_row(ENROL, enrolment(insurances=cell), context())), "no insurance must not mean all of them"
    assert errors(check_row(ENROL, enrolment(start_month=cell), context()))


@pytest.mark.parametrize("cell", [f"'{MAN}", f"’{MAN}", f'="{MAN}"', f"`{MAN}"])
def test_marks_that_keep_a_number_as_text(cell: str) -> None:
    assert check_row(ENROL, enrolment(id_number=cell), context()).values["id_number"] == MAN


def test_too_long_a_text() -> None:
    assert errors(check_row(ENROL, enrolment(remark="长" * 201), context())) == [("TOO_LONG", "remark")]


def test_all_mistakes_of_a_row_are_told_at_once() -> None:
    row = check_row(ENROL, enrolment(id_number="1", start_month="x", wage="y", name=""), context())
    assert {name for _, name in errors(row)} == {"id_number", "start_month", "wage", "name"}


def test_unknown_members_are_left_alone() -> None:
    assert "colour" not in check_row(ENROL, enrolment(colour="red"), context()).values


def test_no_name_number_or_wage_in_the_parameters_of_findings() -> None:
    cells = enrolment(id_number="110000199003070010", wage="999999999", name="王 小 明", sex="女", birth="2001-01-01")
    for finding in check_row(ENROL, cells, context(person())).findings:
        for value in finding.params.values():
            assert "110000" not in value
            assert "王" not in value
            assert "9999" not in value


def test_typed_values_are_fen() -> None:
    row = check_row(ENROL, enrolment(), context())
    assert recheck_row(ENROL, row.values, context()).values["wage"] == 680_000
    assert errors(recheck_row(ENROL, {**row.values, "wage": "6800"}, context())) == [("BAD_MONEY", "wage")]
    assert errors(recheck_row(ENROL, {**row.values, "wage": -1}, context())) == [("BAD_MONEY", "wage")]


def test_a_person_twice_in_a_batch() -> None:
    rows = [check_row(ENROL, enrolment(id_number=each), context()) for each in (MAN, WOMAN, MAN.lower())]
    found = check_batch(ENROL, rows, context())
    assert [(each.row, each.finding.code, each.finding.params["first"]) for each in found] == [
        (2, "DUPLICATE_ROW", "1")
    ]


def test_a_row_does_not_share_its_lists_with_another() -> None:
    first, second = (check_row(ENROL, enrolment(), context()) for _ in range(2))
    first.values["insurances"].append("x")
    assert "x" not in second.values["insurances"]
    assert "x" not in check_row(ENROL, enrolment(), context()).values["insurances"]


def test_dates_as_a_reader_gives_them() -> None:
    row = check_row(ENROL, enrolment(start_month=date(2026, 7, 15), wage=6800.5, birth=32939), context())
    assert (row.values["start_month"], row.values["wage"], row.values["birth"]) == ("2026-07", 680_050, "1990-03-07")
