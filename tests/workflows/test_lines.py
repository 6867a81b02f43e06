"""The lines of a month and what changed since the last: sums to the fen, everybody once, nothing invented."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.e2e.office import id_number
from unitclient.catalog.policies import load_policies
from unitclient.domain.period import Period
from unitclient.domain.policy import MonthPolicy
from unitclient.domain.roster import Coverage, Person, PersonState
from unitclient.paths import resources_root
from unitclient.workflows.difference import AMOUNT, BASE, GONE, INSURANCES, NEW, WAGE, difference
from unitclient.workflows.lines import COLUMNS, Row, month_lines, person_count, total_fen

MONTH = Period(2026, 11)
SINCE = Coverage(Period(2026, 1), None)


@cache
def policy(region: str = "420100") -> MonthPolicy:
    package = load_policies(resources_root()).package(region)
    assert package is not None
    return package.month(MONTH)


def person(serial: int = 1, wage: int = 700_000, insurances: tuple[str, ...] = ("pension", "medical")) -> Person:
    return Person(id_number(serial), "王小明", wage, coverage=dict.fromkeys(insurances, SINCE))


wages = st.lists(st.integers(min_value=0, max_value=10_000_000), max_size=12)


@given(wages)
def test_the_totals_are_the_sums_of_the_lines(amounts: list[int]) -> None:
    """By insurance and side, to the fen; one line for each person and insurance."""
    people = [person(serial, wage) for serial, wage in enumerate(amounts)]
    lines = month_lines(people, policy())
    assert len(lines.rows) == 2 * len(people) == len({(row[0], row[2]) for row in lines.rows})
    assert person_count(lines.rows) == len(people)
    for side, column in (("unit", 5), ("person", 6)):
        for insurance, sides in lines.totals.items():
            assert sides[side] == sum(row[column] for row in lines.rows if row[2] == insurance)
    assert total_fen(lines.totals) == sum(row[5] + row[6] for row in lines.rows)


@given(wages)
def test_the_order_of_people_does_not_matter(amounts: list[int]) -> None:
    """The signed bytes depend on what is declared and not on how it came."""
    people = [person(serial, wage) for serial, wage in enumerate(amounts)]
    assert month_lines(people, policy()).rows == month_lines(reversed(people), policy()).rows


def test_a_row_is_what_the_form_says() -> None:
    (row,) = month_lines([person(insurances=("pension",))], policy()).rows
    assert dict(zip(COLUMNS, row, strict=True)) == {
        "id_number": id_number(1),
        "name": "王小明",
        "insurance": "pension",
        "wage": 700_000,
        "base": 700_000,
        "unit_amount": 112_000,
        "person_amount": 56_000,
    }


def test_who_is_not_insured_this_month_has_no_line() -> None:
    ended = Person(id_number(1), "甲", 700_000, coverage={"pension": Coverage(Period(2026, 1), MONTH + -1)})
    starts = Person(id_number(2), "乙", 700_000, coverage={"pension": Coverage(MONTH + 1, None)})
    gone = Person(id_number(3), "丙", 700_000, state=PersonState.TERMINATED, coverage={})
    last = Person(id_number(4), "丁", 700_000, coverage={"pension": Coverage(Period(2026, 1), MONTH)})
    assert [row[0] for row in month_lines([ended, starts, gone, last], policy()).rows] == [id_number(4)]


def test_an_insurance_without_a_rate_is_told_and_not_guessed() -> None:
    lines = month_lines([person(1, insurances=("pension", "large_medical")), person(2)], policy())
    (told,) = [finding for finding in lines.findings if finding.code == "LINES_NO_RATE"]
    assert told.params == {"insurance": "large_medical", "persons": "1"}
    assert "large_medical" not in lines.totals


def rows(*people: Person) -> tuple[Row, ...]:
    return month_lines(people, policy()).rows


@given(wages)
def test_nothing_changed_is_no_difference(amounts: list[int]) -> None:
    month = rows(*(person(serial, wage) for serial, wage in enumerate(amounts)))
    assert difference(month, month) == ()


@given(wages, wages)
def test_the_differences_add_up(before: list[int], after: list[int]) -> None:
    """What changed person by person is what changed in all."""
    old = rows(*(person(serial, wage) for serial, wage in enumerate(before)))
    new = rows(*(person(serial + 3, wage) for serial, wage in enumerate(after)))
    moved = sum(change.after - change.before for change in difference(old, new))
    assert moved == sum(row[5] + row[6] for row in new) - sum(row[5] + row[6] for row in old)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (None, person(), NEW),
        (person(), None, GONE),
        (person(), person(wage=800_000), WAGE),
        (person(), person(insurances=("pension", "medical", "unemployment")), INSURANCES),
    ],
)
def test_each_kind_of_change_has_its_name(before: Person | None, after: Person | None, change: str) -> None:
    old, new = (rows(one) if one else () for one in (before, after))
    assert [one.change for one in difference(old, new)] == [change]


def test_a_base_or_an_amount_that_moved_by_itself_is_seen() -> None:
    """The same wage under other limits or rates: nobody did anything, and the clerk must see it all the same."""
    (row,) = rows(person(insurances=("pension",)))
    other_base = (*row[:4], row[4] + 100, *row[5:])
    other_amount = (*row[:5], row[5] + 1, row[6])
    assert [one.change for one in difference([row], [other_base])] == [BASE]
    (moved,) = difference([row], [other_amount])
    assert (moved.change, moved.after - moved.before) == (AMOUNT, 1)
