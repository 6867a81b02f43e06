"""The sample workbook: its good rows pass every check of the enrolment form, its wrong rows do not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.sheets.forms import form
from unitclient.catalog import CheckContext, check_row
from unitclient.domain.findings import has_errors
from unitclient.domain.period import Period
from unitclient.sheets import SourceRow, read_sheet
from unitclient.sheets.sample import HEADERS, make_sample

PERIOD = Period(2026, 7)


def refused(row: SourceRow, context: CheckContext) -> bool:
    return has_errors(row.findings) or has_errors(check_row(form(), row.values, context).findings)


@pytest.mark.parametrize("seed", [1, 2])
def test_exactly_the_wrong_rows_are_refused(tmp_path: Path, seed: int) -> None:
    sample = make_sample(tmp_path / "a.xlsx", 300, seed, PERIOD, wrong_every=10)
    context = CheckContext(date(2026, 7, 3), PERIOD, ("pension", "medical"))
    read = read_sheet(tmp_path / "a.xlsx", form(), period=PERIOD)
    rows = list(read.rows)
    assert (len(rows), len(sample.wrong), len(HEADERS)) == (300, 30, 25)
    assert {row.number for row in rows if refused(row, context)} == set(sample.wrong)
    assert {finding.code for finding in read.findings} == {
        "SHEET_UNKNOWN_COLUMNS",
        "SHEET_EXAMPLE_ROWS",
        "SHEET_TOTAL_ROWS",
        "SHEET_FOOTER_ROWS",
        "SHEET_HIDDEN_ROWS",
    }


def test_people_are_the_same_for_the_same_seed_and_nobody_comes_twice(tmp_path: Path) -> None:
    numbers = []
    for name in ("a", "b"):
        make_sample(tmp_path / f"{name}.xlsx", 5000, 7, PERIOD, wrong_every=0, unit_number="5101")
        read = read_sheet(tmp_path / f"{name}.xlsx", form(), unit_number="5101")
        numbers.append([str(row.values["id_number"]) for row in read.rows])
    assert numbers[0] == numbers[1]
    assert len(set(numbers[0])) == 5000
