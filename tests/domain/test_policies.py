"""Policy packages: every shipped row, choosing a month's rules, and the JSON both ends exchange."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from unitclient.catalog.areas import load_areas
from unitclient.catalog.calendar import holidays_from_json, holidays_to_json, load_holidays
from unitclient.catalog.policies import from_json, load_policies, read_package, sealed, to_json
from unitclient.domain.contribution import contribution
from unitclient.domain.deadlines import deadline_for
from unitclient.domain.insurance import Insurance
from unitclient.domain.money import to_ppm
from unitclient.domain.period import Period
from unitclient.domain.policy import InsuranceRule, PolicyBook, PolicyPackage
from unitclient.errors import UserError
from unitclient.paths import resources_root

BOOK = load_policies(resources_root())
REGIONS = ("110000", "320500", "320583", "370100", "420100", "430700", "510100")


def package(region: str) -> PolicyPackage:
    found = BOOK.package(region)
    assert found is not None
    return found


def shipped() -> list[Any]:
    rows = []
    for region in REGIONS:
        data = json.loads((resources_root() / "policies" / f"{region}.json").read_text("utf-8"))
        for place, row in enumerate(data["rules"]):
            rows.append(pytest.param(region, row, id=f"{region}-{place}-{row['insurance']}"))
    return rows


def test_the_regions() -> None:
    assert BOOK.regions() == REGIONS
    assert BOOK.package("999999") is None
    assert len(shipped()) == 200


@pytest.mark.parametrize(("region", "row"), shipped())
def test_every_row_is_sound_and_says_where_it_is_from(region: str, row: dict[str, Any]) -> None:
    assert row["source"]
    assert row["confidence"] in {"high", "medium", "low"}
    assert row["confirmed"] is False
    rule = next(r for r in package(region).rules if _same(r, row, region))
    assert rule.until is None or rule.since <= rule.until
    assert rule.base_min_fen is not None
    assert rule.base_max_fen is None or rule.base_min_fen <= rule.base_max_fen
    assert (rule.unit_rate_ppm or 0) <= 200_000
    assert (rule.person_rate_ppm or 0) <= 200_000
    if rule.complete:
        made = contribution(500_000, rule)
        assert made.unit_fen + made.person_fen > 0 or rule.category == "rural"
        assert rule.base_min_fen <= made.base_fen


def _same(rule: InsuranceRule, row: dict[str, Any], region: str) -> bool:
    return (
        rule.insurance == row["insurance"]
        and str(rule.since) == row["since"]
        and rule.category == row["category"]
        and rule.tier == row.get("tier", "")
        and (rule.until is None) == ("until" not in row)
        and rule.region in ("", region)
    )


@pytest.mark.parametrize(
    ("region", "month", "insurance", "rates", "limits"),
    [
        ("510100", "2019-06", "pension", (160_000, 80_000), (269_700, 1_617_900)),
        ("510100", "2021-06", "pension", (160_000, 80_000), (372_600, 1_863_000)),
        ("510100", "2021-06", "medical", (69_000, 20_000), (346_300, 1_731_700)),
        ("510100", "2024-03", "pension", (160_000, 80_000), (451_100, 2_255_400)),
        ("420100", "2015-09", "pension", (200_000, 80_000), (259_900, 1_299_480)),
        ("420100", "2025-01", "medical", (80_000, 20_000), (449_400, 2_246_700)),
        ("370100", "2023-05", "medical_incl_maternity", (80_000, 20_000), (398_000, 1_989_900)),
        ("370100", "2023-05", "pension", (160_000, 80_000), (437_800, 2_188_800)),
        ("110000", "2013-07", "pension", (200_000, 80_000), (208_900, 1_566_900)),
        ("110000", "2013-07", "medical", (90_000, 20_000), (313_400, 1_566_900)),
        ("110000", "2025-12", "unemployment", (5_000, 5_000), (716_200, 3_581_100)),
        ("320500", "2019-05", "medical", (70_000, 20_000), (336_800, 1_684_200)),
        ("430700", "2023-02", "unemployment", (7_000, 3_000), (394_500, 1_972_500)),
    ],
)
def test_the_rules_of_a_month(
    region: str, month: str, insurance: str, rates: tuple[int, int], limits: tuple[int, int]
) -> None:
    rule = package(region).month(Period.parse(month)).rules[Insurance(insurance)]
    assert (rule.unit_rate_ppm, rule.person_rate_ppm) == rates
    assert (rule.base_min_fen, rule.base_max_fen) == limits


def test_maternity_is_not_counted_beside_medical_that_holds_it() -> None:
    for region, month in (("110000", "2022-01"), ("370100", "2021-01"), ("370100", "2024-01")):
        rules = package(region).month(Period.parse(month)).rules
        assert Insurance.MEDICAL_INCL_MATERNITY in rules
        assert not {Insurance.MEDICAL, Insurance.MATERNITY, Insurance.LARGE_MEDICAL} & rules.keys()


def test_large_medical_inside_medical_is_not_counted_twice() -> None:
    assert Insurance.LARGE_MEDICAL in package("110000").month(Period(2018, 8)).rules
    assert Insurance.LARGE_MEDICAL not in package("110000").month(Period(2019, 6)).rules


def test_a_rural_employee_of_beijing_pays_no_unemployment_insurance() -> None:
    beijing = package("110000")
    town = beijing.month(Period(2014, 1)).rules
    rural = beijing.month(Period(2014, 1), "rural").rules
    assert town[Insurance.UNEMPLOYMENT].person_rate_ppm == 2_000
    assert rural[Insurance.UNEMPLOYMENT].person_rate_ppm == 0
    assert rural[Insurance.PENSION] == town[Insurance.PENSION]


def test_flexible_workers_choose_a_tier() -> None:
    chengdu = package("510100")
    amounts = {
        tier: contribution(1, chengdu.month(Period(2014, 3), "flexible", tier).rules[Insurance.PENSION]).person_fen
        for tier in ("40%", "60%", "80%", "100%")
    }
    assert amounts == {"40%": 28_740, "60%": 43_120, "80%": 57_480, "100%": 71_860}
    assert Insurance.PENSION not in chengdu.month(Period(2014, 3), "flexible").rules


def codes(region: str, month: str) -> list[tuple[str, str]]:
    found = package(region).month(Period.parse(month)).findings
    return [(each.code, each.params.get("insurance", "")) for each in found]


def test_reference_data_is_always_said() -> None:
    for region in REGIONS:
        for month in ("2023-01", "2025-06"):
            assert "POLICY_REFERENCE" in {code for code, _ in codes(region, month)}


def test_a_row_whose_span_is_over_or_unknown_is_said() -> None:
    assert ("POLICY_STALE", "pension") in codes("510100", "2025-01")
    assert ("POLICY_STALE", "pension") not in codes("510100", "2024-01")
    assert ("POLICY_STALE", "medical") in codes("510100", "2024-01")  # its end is not known
    assert ("POLICY_STALE", "pension") in codes("420100", "2025-01")  # its start was assumed


def test_an_unknown_rate_leaves_the_insurance_out_and_says_so() -> None:
    assert ("POLICY_RATE_UNKNOWN", "injury") in codes("420100", "2024-01")
    assert Insurance.INJURY not in package("420100").month(Period(2024, 1)).rules


def test_two_rows_for_one_month_are_said() -> None:
    assert ("POLICY_TWO_ROWS", "pension") in codes("510100", "2021-06")


def test_a_month_before_all_rows() -> None:
    assert codes("430700", "2001-01") == [("POLICY_NONE", "")]


def test_confirmed_rows_are_no_reference_data() -> None:
    beijing = package("110000")
    checked = replace(beijing, rules=tuple(replace(rule, confirmed=True) for rule in beijing.rules))
    assert checked.month(Period(2025, 1)).findings == ()


def test_kunshan_falls_back_on_suzhou_where_it_has_none() -> None:
    kunshan, suzhou = package("320583"), package("320500")
    own = kunshan.month(Period(2018, 1)).rules[Insurance.MEDICAL]
    assert (own.unit_rate_ppm, own.region) == (80_000, "")
    for month in (Period(2015, 6), Period(2019, 6), Period(2024, 1)):
        taken = kunshan.month(month).rules[Insurance.PENSION]
        assert taken.region == "320500"
        assert replace(taken, region="") == suzhou.month(month).rules[Insurance.PENSION]


def test_packages_survive_json_and_keep_their_digest() -> None:
    for region in REGIONS:
        original = package(region)
        again = from_json(json.loads(json.dumps(to_json(original))))
        assert again == original
        assert len(again.sha256) == 64


def test_the_digest_covers_every_row() -> None:
    original = package("510100")
    changed = replace(original.rules[0], base_min_fen=1)
    assert sealed(replace(original, rules=(changed, *original.rules[1:]))).sha256 != original.sha256


def test_a_changed_package_does_not_pass_for_the_published_one() -> None:
    data = to_json(package("510100"))
    data["rules"][0]["unit_rate"] = "0.01"
    with pytest.raises(ValueError, match="sha256"):
        from_json(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"region": "1"}',
        '{"region":"1","region_name":"x","id":"1","rules":[{"insurance":"luck"}]}',
        '{"region":"1","region_name":"x","id":"1","rules":[{"insurance":"pension","category":"employee",'
        '"since":"2024-13","source":"s","confidence":"low"}]}',
        '{"region":"1","region_name":"x","id":"1","rules":[{"insurance":"pension","category":"employee",'
        '"since":"2024-01","unit_rate":16,"source":"s","confidence":"low"}]}',
    ],
)
def test_a_broken_package_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "999999.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError, match="policy-broken") as caught:
        read_package(path)
    assert caught.value.params["file"] == "999999.json"
    assert caught.value.params["reason"]


def test_a_parent_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "1.json").write_text(
        '{"region":"1","region_name":"x","id":"1","parent":"2","rules":[]}', "utf-8"
    )
    with pytest.raises(UserError, match="policy-broken"):
        load_policies(tmp_path)


def test_a_book_takes_a_published_package() -> None:
    published = replace(package("510100"), id="510100-2")
    book = BOOK.with_package(published)
    assert book.package("510100") == published
    assert BOOK.package("510100") != published
    assert PolicyBook([]).regions() == ()


def test_jinan_april_2014() -> None:
    jinan = package("370100")
    entry = deadline_for(Period(2014, 4), jinan.extensions, jinan.deadline, load_holidays(resources_root()))
    assert not entry.computed
    assert entry.opens == date(2014, 4, 9)
    assert entry.debit_until is not None
    assert entry.debit_until.replace(tzinfo=None) == datetime(2014, 4, 17, 17)
    assert entry.debit_until.utcoffset() == timedelta(hours=8)
    assert (entry.deadline, entry.late_fee_from, entry.counter_until) == (
        date(2014, 4, 20),
        date(2014, 4, 21),
        date(2014, 4, 23),
    )
    assert entry.notice


def test_holidays_survive_json() -> None:
    table = load_holidays(resources_root())
    assert holidays_from_json(json.loads(json.dumps(holidays_to_json(table)))) == table


@pytest.mark.parametrize("text", ["", "{}", '{"years": {"x": {}}}', '{"years": {"2024": {"runs": [["a", "b"]]}}}'])
def test_a_broken_table_of_holidays_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "holidays.json").write_text(text, "utf-8")
    with pytest.raises(UserError, match="holidays-broken"):
        load_holidays(tmp_path)


def test_the_table_of_areas_keeps_history() -> None:
    areas = load_areas(resources_root())
    assert len(areas.codes) > 7000
    assert all(areas.knows(code) for code in ("110000", "430702", "320583", "110103"))  # 崇文区, withdrawn in 2010
    assert not areas.knows("119999")


def test_rates_are_exact_in_json() -> None:
    from fractions import Fraction

    for ppm in (0, 1, 1_600, 98_000, 160_000, 999_999, 1_000_000):
        rule = InsuranceRule(Insurance.PENSION, "employee", Period(2024, 1), ppm, ppm, source="s", confidence="low")
        text = to_json(sealed(PolicyPackage("1", "x", "1", (rule,))))["rules"][0]["unit_rate"]
        assert to_ppm(Fraction(text)) == ppm
