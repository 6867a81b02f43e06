"""Checks against a register's entry and against the months that a code holds, on real forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.people import MAN, codes, context, errors, form
from tests.catalog.test_new_business import FORM
from unitclient.catalog import CheckContext, check_row, load_catalog
from unitclient.domain.registers import ABSENT, Entry, Move
from unitclient.errors import UserError
from unitclient.paths import resources_root

PAYMENT = form("individual-payment")
ROW = {"name": "王小明", "id_number": MAN, "tier": "最低档", "from_month": "2014-04", "to_month": "2014-06"}
KEPT = {"name": "王小明", "tier": "201440", "to_month": "2014-03"}


def knowing(values: Mapping[str, Any] | None) -> CheckContext:
    """A context whose register has this entry of the person, and nothing else."""
    key = f"{MAN}|flexible"
    entry = None if values is None else Entry("individual-insurance", key, "insured", values)
    return replace(context(), entry=lambda _register, asked: entry if asked == key else None)


@pytest.mark.parametrize(
    ("change", "kept", "found"),
    [
        ({}, {}, []),
        ({"tier": "一档"}, {}, [("ENTRY_DIFFERS", "tier")]),
        ({}, {"name": "李四"}, [("ENTRY_DIFFERS", "name")]),
        ({"from_month": "2014-03"}, {}, [("ENTRY_LATER", "from_month")]),
        ({"from_month": "2014-01"}, {"to_month": None}, []),
    ],
)
def test_a_row_against_the_entry(change: dict[str, str], kept: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert errors(check_row(PAYMENT, {**ROW, **change}, knowing({**KEPT, **kept}))) == found


def test_without_an_entry_only_the_register_speaks() -> None:
    assert errors(check_row(PAYMENT, ROW, knowing(None))) == [("REGISTER_ABSENT", "id_number")]


def test_the_finding_names_what_is_registered_in_words() -> None:
    told = check_row(PAYMENT, {**ROW, "tier": "一档"}, knowing(KEPT)).findings
    assert next(one.params for one in told if one.code == "ENTRY_DIFFERS") == {"known": "2014年最低档（40%）"}


@pytest.mark.parametrize(
    ("change", "found"),
    [({"post": "质检员"}, []), ({"post": "装配工"}, [("ENTRY_SAME", "post")]),
     ({"changed_on": "2025-09-30"}, [("ENTRY_LATER", "changed_on")]), ({"changed_on": "2025-10-01"}, [])],
)  # fmt: skip
def test_what_changes_is_another_and_not_before_it_began(change: dict[str, str], found: list[tuple[str, str]]) -> None:
    entry = Entry("employment", MAN, "registered", {"post": "装配工", "start_date": "2025-10-01"})
    row = {"name": "王小明", "id_number": MAN, "changed_on": "2026-07-01", "contract_change": "岗位", "post": "质检员"}
    known = replace(context(), entry=lambda _register, _key: entry)
    assert errors(check_row(form("contract-change"), {**row, **change}, known)) == found


@pytest.mark.parametrize(("month", "found"), [("2014-12", False), ("2015-01", True)])
def test_a_standard_of_another_year_is_pointed_out(month: str, found: bool) -> None:
    row = check_row(PAYMENT, {**ROW, "from_month": month, "to_month": month}, knowing({**KEPT, "to_month": None}))
    assert ("CODE_OUT_OF_FORCE" in codes(row)) is found


@pytest.mark.parametrize(("month", "found"), [("1996-01", []), ("1995-12", [("TOO_EARLY", "from_month")])])
def test_records_begin_somewhere(month: str, found: list[tuple[str, str]]) -> None:
    row = {"from_month": month, "to_month": "2026-06", "purpose": "贷款"}
    assert errors(check_row(form("unit-rights-record"), row, context())) == found


def test_a_day_is_compared_with_a_month_as_its_month() -> None:
    row = {
        "name": "王小明", "id_number": MAN, "start_date": "2026-07-08", "contract_term": "无固定期限", "post": "装配工",
        "wage": "6800",
    }  # fmt: skip
    one = form("enrol-with-employment")
    assert errors(check_row(one, {**row, "start_month": "2026-07"}, context())) == []
    assert errors(check_row(one, {**row, "start_month": "2026-06"}, context())) == [("ORDER", "start_month")]


def test_the_same_month_is_refused_where_the_two_must_be_apart() -> None:
    row = {"name": "王小明", "id_number": MAN, "card_number": "42010000011", "employee_start": "2026-07"}
    one = form("resident-medical-stop")
    assert errors(check_row(one, {**row, "stop_month": "2026-06"}, context())) == []
    assert errors(check_row(one, {**row, "stop_month": "2026-07"}, context())) == [("ORDER", "employee_start")]


def test_values_that_the_business_sets_are_part_of_the_key_and_kept() -> None:
    move = Move("paper", ("id", "kind"), frozenset({ABSENT}), "issued", ("name",), {"kind": "paid"})
    assert move.key_fields == ("id",)
    assert move.key_of({"id": "7"}) == "7|paid"
    assert move.key_of({"id": None}) == ""
    assert move.apply(None, {"id": "7", "name": "甲"}).values == {"name": "甲", "kind": "paid"}


REGISTER = """
[[register]]
name = "certificate"
key = ["id_number", "kind"]
set = { kind = "insured" }
from = ["none"]
to = "issued"
keep = ["address"]
"""
CHECK = """
[[check]]
name = "entry-value"
field = "address"
register = "certificate"
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('register = "certificate"', 'register = "employment"'),  # not one that the form moves
        ('field = "address"\n', 'field = "address"\nmust = "bigger"\n'),
        ('key = ["id_number", "kind"]', 'key = ["kind"]'),
        ('key = ["id_number", "kind"]', 'key = ["id_number", "nobody"]'),
        ('kind = "insured"', 'kind = ""'),
    ],
)
def test_a_form_with_a_wrong_register_is_refused_when_it_is_loaded(tmp_path: Path, old: str, new: str) -> None:
    folder = tmp_path / "card-photo" / "2026.1"
    folder.mkdir(parents=True)
    right = FORM + REGISTER + CHECK
    (folder / "form.toml").write_text(right, "utf-8")
    assert load_catalog(tmp_path, resources_root()).form("card-photo").moves[0].fixed == {"kind": "insured"}
    assert right.count(old) == 1
    (folder / "form.toml").write_text(right.replace(old, new), "utf-8")
    with pytest.raises(UserError) as refusal:
        load_catalog(tmp_path, resources_root())
    assert refusal.value.code == "form-broken"
