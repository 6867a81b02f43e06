"""The calculators through the grammar of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from tests.domain.known import identifiers, name_of, vectors
from unitclient.cli.calc import run, run_calc
from unitclient.cli.calc_grammar import add_calc
from unitclient.domain.money import Rounding
from unitclient.errors import UserError
from unitclient.texts import LANGUAGES, catalogue, use_language


class Refused(Exception):  # noqa: N818 - stands for exit code 2
    """Wrong usage."""


class Parser(argparse.ArgumentParser):
    """Says its refusal instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise Refused(message)


def parse(*words: str) -> argparse.Namespace:
    parser = Parser()
    add_calc(parser.add_subparsers())
    return parser.parse_args(["calc", *words])


def answer(*words: str) -> dict[str, Any]:
    return run_calc(parse(*words))[0]


@pytest.fixture(autouse=True)
def chinese_afterwards() -> Iterator[None]:
    yield
    use_language("zh")


@pytest.mark.parametrize("case", identifiers(), ids=name_of)
def test_identifiers_by_kind(case: Any) -> None:
    said = run(parse("id", case["value"], "--kind", case["kind"], "--today", "2025-12-31"))
    assert (said.data["ok"], said.data["code"], said.code) == (case["ok"], case["code"], 0 if case["ok"] else 1)
    assert case["info"].items() <= said.data["info"].items()


@pytest.mark.parametrize("case", [case for case in identifiers() if case["ok"]], ids=name_of)
def test_identifiers_by_shape(case: Any) -> None:
    if case["kind"] == "name_cn" or case["value"] == "620000000000000013":
        return  # names have no shape; 18 digits are read as a person's number
    said = answer("id", case["value"], "--today", "2025-12-31")
    assert (said["ok"], said["kind"]) == (True, case["kind"])


@pytest.mark.parametrize("case", [case for case in identifiers() if case["kind"] == "name_cn"], ids=name_of)
def test_names(case: Any) -> None:
    said = answer("name", case["value"])
    assert (said["ok"], said["code"]) == (case["ok"], case["code"])
    assert case["info"].items() <= said["info"].items()


@pytest.mark.parametrize(
    "case", [case for case in identifiers() if case["kind"] == "unified_social_credit_code"], ids=name_of
)
def test_credit_codes(case: Any) -> None:
    said = answer("uscc", case["value"])
    assert (said["ok"], said["code"]) == (case["ok"], case["code"])


def test_the_clock_is_today_when_none_is_given() -> None:
    assert answer("id", "11000019900307001X")["ok"]


def test_a_foreigner_may_have_a_latin_name() -> None:
    assert not answer("name", "SMITH JOHN")["ok"]
    assert answer("name", "SMITH JOHN", "--foreign")["ok"]


def test_bytes_that_are_no_text_are_refused_and_can_be_printed() -> None:
    said = answer("name", b"\xcd\xf5\xc3\xf7".decode("utf-8", "surrogateescape"))
    assert said["code"] == "CHARS"
    assert said["value"].encode("utf-8")


def test_a_wrong_name_gets_a_proposal_and_a_reason() -> None:
    said = answer("name", "艾尔肯•吐尔逊")
    assert said["proposal"] == "艾尔肯·吐尔逊"
    assert said["findings"][0]["code"] == "NAME_WRONG_DOT"
    assert "U+2022" in said["findings"][0]["why"]


@pytest.mark.parametrize("case", vectors("contribution"), ids=name_of)
def test_contributions(case: Any) -> None:
    for row in case["rows"]:
        said = answer(
            "contribution", "--base", row["base"], "--rate", row["rate"], "--fixed", row["fixed"],
            "--rounding", case["rounding"],
        )  # fmt: skip
        assert said == {"amount": row["expected"]}


@pytest.mark.parametrize("case", vectors("rounding_modes"), ids=name_of)
@pytest.mark.parametrize("mode", Rounding)
def test_rounding_modes(case: Any, mode: Rounding) -> None:
    made = answer("contribution", "--base", case["raw"], "--rate", "1", "--rounding", mode)["amount"]
    assert made == case["expected"][mode]


def test_the_rate_may_be_a_percentage() -> None:
    args = ("contribution", "--base", "1437", "--rate")
    assert answer(*args, "20%") == answer(*args, "0.2") == {"amount": "287.40"}


@pytest.mark.parametrize("case", vectors("deadline"), ids=name_of)
def test_deadlines(case: Any) -> None:
    said = answer("deadline", case["month"], "--day", str(case["nominal_day"]), "--algorithm", case["algorithm"])
    assert said == {"deadline": case["expected"], "computed": True}


def test_the_published_entry_of_a_region() -> None:
    said, lines = run_calc(parse("deadline", "2014-04", "--region", "370100"))
    assert said["computed"] is False
    assert (said["opens"], said["debit_until"]) == ("2014-04-09", "2014-04-17T17:00:00+08:00")
    assert (said["counter_until"], said["late_fee_from"]) == ("2014-04-23", "2014-04-21")
    assert len(lines) == 5


def test_without_an_entry_the_rule_of_the_region_computes_one() -> None:
    assert answer("deadline", "2024-02", "--region", "370100") == {"deadline": "2024-02-18", "computed": True}


def test_a_year_that_nobody_announced_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        answer("deadline", "2031-02", "--day", "10", "--algorithm", "workday")
    assert (caught.value.code, caught.value.params) == ("holiday-year-unknown", {"year": "2031"})


@pytest.mark.parametrize("case", vectors("late_fee"), ids=name_of)
def test_late_fees(case: Any) -> None:
    words = ("late-fee", case["principal"], case["start"], case["end"])
    expected = {"days": case["days"], "fee": case["expected"]}
    assert answer(*words) == answer(*words, "--rate", case["daily_rate"]) == expected


@pytest.mark.parametrize("case", vectors("retirement"), ids=name_of)
def test_retirement(case: Any) -> None:
    said = answer("retirement", "--birth", case["birth"], "--category", case["category"])
    expected = {"month": case["retirement_month"], "age": case["age"], "delay_months": case["delay_months"]}
    assert expected.items() <= said.items()


def test_back_payment_takes_each_month_by_its_policy() -> None:
    words = ["--region", "510100", "--from", "2022-11", "--to", "2023-02", "--wage", "3000", "--insurance", "pension"]
    said, lines = run_calc(parse("back-payment", *words, "--paid-on", "2023-03-20"))
    assert [(row["period"], row["base"], row["clamped"]) for row in said["rows"]] == [
        ("2022-11", "4071.00", "floor"),
        ("2022-12", "4071.00", "floor"),
        ("2023-01", "4246.00", "floor"),
        ("2023-02", "4246.00", "floor"),
    ]
    assert said["rows"][0]["unit_formula"] == "4071.00 × 16%"
    assert all(not row["confirmed"] and row["source"] for row in said["rows"])
    assert (said["unit"], said["person"], said["total"]) == ("2661.44", "1330.72", "3992.16")
    # deadlines 10 November, 12 December, 10 January, 10 February: 130, 98, 69 and 38 days
    assert (said["late_fee"], said["late_fee_unknown"]) == ("165.90", [])
    assert {each["code"] for each in said["findings"]} == {"POLICY_REFERENCE"}
    assert lines[1 + 4 + 2].startswith("  [提示] ")


def test_a_late_fee_whose_deadline_is_unknown_is_left_out_and_said() -> None:
    said = answer(
        "back-payment", "--region", "510100", "--from", "2021-12", "--to", "2022-01", "--wage", "8000",
        "--insurance", "pension", "--paid-on", "2022-03-01",
    )  # fmt: skip
    assert said["late_fee_unknown"] == ["2021-12"]


def test_an_unknown_region_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UserError, match="policy-region-unknown") as caught:
        answer("back-payment", "--region", "999999", "--from", "2024-01", "--to", "2024-01", "--wage", "1")
    assert "510100" in caught.value.params["known"]


@pytest.mark.parametrize(
    "words",
    [
        ("contribution", "--base", "-5", "--rate", "0.2"),
        ("contribution", "--base", "many", "--rate", "0.2"),
        ("contribution", "--base", "5", "--rate", "20"),
        ("contribution", "--base", "5", "--rate", "0.2", "--rounding", "bankers"),
        ("contribution", "--base", "5", "--rate", "0.2", "--fixed", "1.005"),
        ("contribution", "--base", "5"),
        ("deadline", "2024-13", "--day", "10", "--algorithm", "workday"),
        ("deadline", "2024-02", "--day", "32", "--algorithm", "workday"),
        ("deadline", "2024-02", "--day", "10", "--algorithm", "lunar"),
        ("late-fee", "-1", "2024-01-01", "2024-01-02"),
        ("late-fee", "1", "20240101", "2024-01-02"),
        ("late-fee", "1", "2024-02-30", "2024-03-02"),
        ("late-fee", "1", "2024-01-02", "2024-01-01"),
        ("late-fee", "1", "2024-01-01", "2024-01-02", "--rate", "0.00000001"),
        ("retirement", "--birth", "1970", "--category", "male"),
        ("retirement", "--birth", "1970-01", "--category", "cat"),
        ("retirement", "--birth", "2190-01", "--category", "male"),
        ("id", "1", "--kind", "passport"),
        ("id", "1", "--today", "tomorrow"),
        ("back-payment", "--region", "510100", "--from", "2024-02", "--to", "2024-01", "--wage", "1"),
        ("back-payment", "--region", "510100", "--from", "1950-02", "--to", "2024-01", "--wage", "1"),
        ("horoscope",),
        (),
    ],
)
def test_wrong_usage_is_refused_before_anything_is_computed(words: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as caught:
        answer(*words)
    assert str(caught.value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "words",
    [
        ("id", "430702190501010110"),
        ("id", "nothing"),
        ("id", "320583980101996"),
        ("name", "王 小•明"),
        ("uscc", "91350100M000100Y43"),
        ("contribution", "--base", "123.4004", "--rate", "0.5‰", "--fixed", "7"),
        ("deadline", "2024-02"),
        ("deadline", "2014-04", "--region", "370100"),
        ("late-fee", "1000", "2020-06-01", "2020-06-15"),
        ("retirement", "--birth", "1970-05", "--category", "female_cadre"),
        ("back-payment", "--region", "420100", "--from", "2023-12", "--to", "2024-01", "--wage", "6000"),
    ],
)
def test_people_get_sentences_in_their_language(language: str, words: tuple[str, ...]) -> None:
    use_language(language)
    lines = run_calc(parse(*words))[1]
    assert lines
    assert all(line and "{" not in line for line in lines)


def test_every_reason_has_its_sentences() -> None:
    found = catalogue()["finding"]
    reasons = {"ID_" + case["code"] for case in identifiers() if case["code"] and case["kind"] != "name_cn"}
    reasons |= {"NAME_" + case["code"] for case in identifiers() if case["code"] and case["kind"] == "name_cn"}
    assert reasons <= found.keys()
