"""Code tables and what clerks write for their rows."""

from __future__ import annotations

import pytest

from tests.catalog.people import catalog
from unitclient.catalog.tables import make_table
from unitclient.domain.identity import PERSON_KINDS
from unitclient.domain.insurance import Insurance
from unitclient.domain.roster import PersonState


@pytest.mark.parametrize("text", ["1", "男", "男性", "1 男", "1-男性", "男1", "１", "（男）", "MALE", "male"])
def test_a_cell_names_a_row_by_code_name_or_both(text: str) -> None:
    assert catalog().table("sex").match(text) == "1"


@pytest.mark.parametrize("text", ["", "3", "男女", "x"])
def test_what_names_no_row(text: str) -> None:
    assert catalog().table("sex").match(text) is None


def test_a_spreadsheet_may_have_dropped_the_leading_zero() -> None:
    assert catalog().table("nation").match("1") == "01" == catalog().table("nation").match("汉")


@pytest.mark.parametrize(("text", "code"), [("06 在职死亡", "211"), ("A辞职", "222"), ("222辞退", None), ("06", None)])
def test_a_number_of_another_list_before_a_name(text: str, code: str | None) -> None:
    """Unless the number is a code here and says something else."""
    assert catalog().table("change_reason").match(text) == code


def test_a_name_of_two_rows_names_neither() -> None:
    rows = [{"code": "1", "name": "甲", "aliases": ["其他"]}, {"code": "2", "name": "乙", "aliases": ["其他"]}]
    table = make_table("t", {"title": "t", "field": "", "source": "", "date": "", "rows": rows})
    assert table.match("其他") is None
    assert table.match("乙") == "2"


def test_a_code_twice_is_refused() -> None:
    rows = [{"code": "1", "name": "甲"}, {"code": "1", "name": "乙"}]
    with pytest.raises(ValueError, match="twice"):
        make_table("t", {"title": "t", "field": "", "source": "", "date": "", "rows": rows})


@pytest.mark.parametrize("name", sorted(catalog().tables))
def test_every_table_says_where_it_comes_from_and_finds_all_its_rows(name: str) -> None:
    table = catalog().table(name)
    assert table.source
    assert table.date
    for row in table.rows:
        assert table.match(row.code) == row.code
        assert table.match(row.name) == row.code, row.name
        for alias in row.aliases:
            assert table.match(alias) == row.code, alias


def test_tables_of_our_own_words_have_exactly_the_words_of_the_domain() -> None:
    assert {row.code for row in catalog().table("insurance").rows} == set(Insurance)
    assert {row.code for row in catalog().table("id_kind").rows} == PERSON_KINDS
    kinds = {row.extra["stop_kind"] for row in catalog().table("change_reason").rows}
    assert kinds == {"suspend", "terminate"} == {row.code for row in catalog().table("stop_kind").rows}
    assert PersonState.SUSPENDED


def test_labels_in_both_languages() -> None:
    table = catalog().table("insurance")
    assert (table.label("pension", "zh"), table.label("pension", "en"), table.label("x", "en")) == (
        "养老",
        "pension",
        "x",
    )
