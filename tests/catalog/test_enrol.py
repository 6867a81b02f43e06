"""Enrolment rows: the four cells, everything that has a default, and what is refused."""

from __future__ import annotations

import pytest

from tests.catalog.people import (
    MAN,
    PERIOD,
    TODAY,
    UNIT,
    WOMAN,
    codes,
    context,
    enrolment,
    errors,
    form,
    number,
    person,
    policy,
)
from unitclient.catalog import CheckContext, check_row
from unitclient.domain.findings import Severity
from unitclient.domain.period import Period
from unitclient.domain.roster import ChangeKind, PersonState, apply_change

ENROL = form("enrol")


def test_four_cells_are_enough_and_the_rest_is_shown_as_filled_in() -> None:
    row = check_row(ENROL, enrolment(), context())
    assert row.findings == ()
    assert row.key == row.person_id == MAN
    filled = {name: value for name, value in row.values.items() if value is not None}
    assert filled == {
        "name": "王小明",
        "id_number": MAN,
        "start_month": "2026-07",
        "wage": 680_000,
        "enrol_kind": "new",
        "id_kind": "resident_id_18",
        "insurances": sorted(UNIT),
        "sex": "1",
        "birth": "1990-03-07",
    }
    assert set(row.defaulted) == {"enrol_kind", "id_kind", "insurances", "sex", "birth"}
    assert set(row.values) == set(ENROL.by_name)


def test_what_was_typed_is_not_called_filled_in() -> None:
    row = check_row(ENROL, enrolment(insurances="工伤", sex="男", enrol_kind="11 新参保", id_kind="身份证"), context())
    assert row.defaulted == ("birth",)
    assert row.values["insurances"] == ["injury"]


def test_a_taken_row_makes_a_person() -> None:
    row = check_row(ENROL, enrolment(), context())
    made = apply_change(None, ChangeKind.ENROL, row.values)
    assert made.active_in(PERIOD) == tuple(sorted(UNIT))


@pytest.mark.parametrize("name", ["name", "id_number", "start_month", "wage"])
@pytest.mark.parametrize("empty", [None, "", "　", "\xa0"])
def test_an_empty_required_cell(name: str, empty: str | None) -> None:
    assert errors(check_row(ENROL, enrolment(**{name: empty}), context())) == [("REQUIRED", name)]


def test_a_missing_column_is_an_empty_cell() -> None:
    assert {code for code, _ in errors(check_row(ENROL, {}, context()))} == {"REQUIRED"}


@pytest.mark.parametrize("cell", [110000199003070000, 1.1000019900307e17, 10**15, "1.10000199003E+17"])
def test_a_number_cell_as_id_is_refused_and_never_repaired(cell: object) -> None:
    row = check_row(ENROL, enrolment(id_number=cell), context())
    assert errors(row) == [("NUMBER_ID", "id_number")]
    assert row.values["id_number"] is None
    assert row.person_id == ""


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("110000199003070010", "CHECK"),
        ("11000019900230001X", "DATE"),
        ("1100001990030700", "LEN"),
        ("11000019900307O01X", "CHARS"),
        ("990000199003070014", "NATION"),
        ("张三", "FORMAT"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(cell: str, reason: str) -> None:
    row = check_row(ENROL, enrolment(id_number=cell), context())
    assert errors(row)[0] == ("B101", "id_number")
    finding = row.findings[0]
    assert finding.value == cell
    assert finding.params["reason"] in (reason, "AREA")
    assert finding.params["detail"]


@pytest.mark.parametrize(
    "cell", [f" {MAN} ", MAN.lower(), "１１０００019900307001Ｘ", f"{MAN[:6]} {MAN[6:14]} {MAN[14:]}", f"{MAN}\xa0"]
)
def test_a_number_as_people_write_it(cell: str) -> None:
    row = check_row(ENROL, enrolment(id_number=cell), context())
    assert row.findings == ()
    assert row.values["id_number"] == MAN


def test_kind_of_document_and_number_must_agree() -> None:
    row = check_row(ENROL, enrolment(id_kind="港澳台居民居住证"), context())
    assert errors(row)[0] == ("B106", "id_number")


def test_a_residence_permit_and_a_foreigner() -> None:
    permit = check_row(ENROL, enrolment(id_number="810000190508230028", start_month="2026-07"), context())
    assert permit.values["id_kind"] == "hmt_residence_permit"
    card = check_row(ENROL, enrolment(id_number="911398199012310021", name="TANAKA TARO"), context())
    assert card.findings == ()
    assert card.values["id_kind"] == "foreign_permanent_residence"


def test_an_old_number_only_names_somebody_on_the_roster() -> None:
    old = "110000900307001"
    assert errors(check_row(ENROL, enrolment(id_number=old), context())) == [("ID_15_UNKNOWN", "id_number")]
    known = person(state=PersonState.SUSPENDED, until=Period(2025, 1))
    row = check_row(ENROL, enrolment(id_number=old), context(known))
    assert row.values["id_number"] == MAN
    assert codes(row) == ["ID_15_UPGRADED"]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("王 小明", "王小明"),
        ("艾尔肯•吐尔逊", "艾尔肯·吐尔逊"),
        ("艾尔肯.吐尔逊", "艾尔肯·吐尔逊"),
        ("艾尔肯．吐尔逊", "艾尔肯·吐尔逊"),
    ],
)
def test_blanks_and_dots_in_names_are_folded_and_said(cell: str, read: str) -> None:
    row = check_row(ENROL, enrolment(name=cell), context())
    assert row.values["name"] == read
    assert codes(row) == ["NAME_FOLDED"]
    assert not errors(row)


@pytest.mark.parametrize(
    ("cell", "code"), [("王\ue863", "B103"), ("王⾃", "NAME_RADICAL"), ("王", "NAME_TOO_SHORT"), ("王1", "NAME_CHARS")]
)
def test_names_that_cannot_be_sent(cell: str, code: str) -> None:
    assert (code, "name") in errors(check_row(ENROL, enrolment(name=cell), context()))


@pytest.mark.parametrize("name", ["张𬭚", "李〇", "𠮷𠮷", "艾尔肯·吐尔逊"])
def test_rare_characters_are_names(name: str) -> None:
    row = check_row(ENROL, enrolment(name=name), context())
    assert row.values["name"] == name
    assert row.findings == ()


@pytest.mark.parametrize(
    ("birth", "found"),
    [
        ("20100701", []),
        ("20100702", ["B104"]),
        ("20080701", []),
        ("20080702", ["MINOR"]),
        ("20100630", ["MINOR"]),
    ],
)
def test_sixteen_on_the_first_of_the_month(birth: str, found: list[str]) -> None:
    """Sixteen on that very day may start; until eighteen it is a warning."""
    row = check_row(ENROL, enrolment(id_number=number(birth)), context())
    expected = found or (["MINOR"] if birth == "20100701" else [])
    assert codes(row) == expected


@pytest.mark.parametrize(
    ("birth", "sequence", "found"),
    [
        ("19600601", 1, ["B105"]),
        ("19640801", 1, ["B105"]),
        ("19650101", 1, ["B105"]),
        ("19670101", 1, []),
        ("19710701", 2, []),
        ("19710101", 2, ["B105"]),
        ("19680101", 2, ["B105"]),
    ],
)
def test_past_the_retirement_month_is_a_warning(birth: str, sequence: int, found: list[str]) -> None:
    row = check_row(ENROL, enrolment(id_number=number(birth, sequence)), context())
    assert codes(row) == found
    assert not errors(row)


@pytest.mark.parametrize(
    ("month", "found"),
    [("2026-03", "B205"), ("2026-04", ""), ("2026-07", ""), ("2026-08", ""), ("2026-09", "B204"), ("2027-07", "B204")],
)
def test_the_window_of_months(month: str, found: str) -> None:
    row = check_row(ENROL, enrolment(start_month=month), context())
    assert errors(row) == ([(found, "start_month")] if found else [])


def test_an_earlier_month_brings_back_pay_and_says_so() -> None:
    assert check_row(ENROL, enrolment(start_month="2026-05"), context()).consequences == (
        "consequence-start-backwards",
    )
    assert check_row(ENROL, enrolment(), context()).consequences == ("consequence-injury-next-day",)
    assert "滞纳金" in ENROL.say("consequence-start-backwards")


def test_nobody_is_enrolled_twice() -> None:
    assert errors(check_row(ENROL, enrolment(), context(person()))) == [("B201", "id_number")]


def test_a_suspended_person_is_resumed() -> None:
    suspended = person(state=PersonState.SUSPENDED, until=Period(2026, 3))
    row = check_row(ENROL, enrolment(), context(suspended))
    assert (row.values["enrol_kind"], row.findings) == ("resumed", ())
    assert codes(check_row(ENROL, enrolment(enrol_kind="新参保"), context(suspended))) == ["KNOWN_PERSON"]
    assert codes(check_row(ENROL, enrolment(enrol_kind="续保"), context())) == ["RESUMED_UNKNOWN"]


def test_a_month_that_was_paid_is_not_enrolled_again() -> None:
    until_june = person(state=PersonState.SUSPENDED, until=Period(2026, 6))
    assert errors(check_row(ENROL, enrolment(start_month="2026-06"), context(until_june))) == [("B201", "id_number")]
    assert not errors(check_row(ENROL, enrolment(start_month="2026-07"), context(until_june)))


def test_another_insurance_may_be_added() -> None:
    only_injury = person()
    only_injury = type(only_injury)(MAN, "王小明", 1, coverage={"injury": only_injury.coverage["injury"]})
    assert not errors(check_row(ENROL, enrolment(insurances="养老、失业"), context(only_injury)))


def test_a_terminated_person_is_pointed_out() -> None:
    gone = person(state=PersonState.TERMINATED, until=Period(2026, 3))
    assert codes(check_row(ENROL, enrolment(), context(gone))) == ["TERMINATED_BEFORE"]


def test_the_name_must_be_the_rosters() -> None:
    suspended = person(name="王大明", state=PersonState.SUSPENDED, until=Period(2026, 3))
    assert errors(check_row(ENROL, enrolment(), context(suspended))) == [("B102", "name")]


@pytest.mark.parametrize("opened", [("enrol", MAN), ("stop", MAN)])
def test_no_second_open_item(opened: tuple[str, str]) -> None:
    assert errors(check_row(ENROL, enrolment(), context(opened={opened}))) == [("B203", "id_number")]
    assert not errors(check_row(ENROL, enrolment(id_number=WOMAN), context(opened={opened})))


@pytest.mark.parametrize(
    ("wage", "found"), [("4499.99", ["B301"]), ("4500", []), ("22500", []), ("22500.01", ["B302"])]
)
def test_a_wage_outside_the_limits_is_a_notice(wage: str, found: list[str]) -> None:
    row = check_row(ENROL, enrolment(wage=wage), context())
    assert codes(row) == found
    assert all(each.severity is Severity.NOTICE for each in row.findings)


@pytest.mark.parametrize(("wage", "found"), [("400", ["WAGE_UNUSUAL", "B301"]), ("680000", ["WAGE_UNUSUAL", "B302"])])
def test_a_wage_far_outside_looks_like_a_slip(wage: str, found: list[str]) -> None:
    assert codes(check_row(ENROL, enrolment(wage=wage), context())) == found


def test_limits_are_those_of_the_month_the_person_starts() -> None:
    asked: list[Period] = []

    def by_month(period: Period) -> object:
        asked.append(period)
        return policy(period, floor=400_000 if period < PERIOD else 500_000)

    july = CheckContext(TODAY, PERIOD, UNIT, policy=by_month)  # type: ignore[arg-type]  # the helper is typed loosely
    assert codes(check_row(ENROL, enrolment(wage="4500", start_month="2026-06"), july)) == []
    assert codes(check_row(ENROL, enrolment(wage="4500"), july)) == ["B301"]
    check_row(ENROL, enrolment(wage="4400"), july)
    assert asked == [Period(2026, 6), PERIOD], "once a month, not once a row"


def test_without_a_policy_nothing_is_said_of_limits() -> None:
    assert check_row(ENROL, enrolment(wage="1"), CheckContext(TODAY, PERIOD, UNIT)).findings == ()


@pytest.mark.parametrize(
    ("cell", "chosen"),
    [
        ("养老、医疗、失业、工伤", list(UNIT)),
        ("养老保险,失业保险;工伤保险", ["pension", "unemployment", "injury"]),
        ("110/210/410", ["pension", "unemployment", "injury"]),
        ("养老 失业 工伤 生育", ["pension", "unemployment", "injury", "medical_incl_maternity"]),
        ("全部", list(UNIT)),
        ("医疗（含生育）", ["medical_incl_maternity"]),
        (["pension", "injury", "unemployment"], ["pension", "unemployment", "injury"]),
        (410, ["injury"]),
    ],
)
def test_lists_of_insurances(cell: object, chosen: list[str]) -> None:
    assert check_row(ENROL, enrolment(insurances=cell), context()).values["insurances"] == sorted(chosen)


@pytest.mark.parametrize(("cell", "code"), [("养老、大病", "INSURANCE_NOT_OF_UNIT"), ("养老、车险", "BAD_INSURANCE")])
def test_insurances_that_cannot_be(cell: str, code: str) -> None:
    row = check_row(ENROL, enrolment(insurances=cell), context())
    assert errors(row) == [(code, "insurances")]
    assert row.values["insurances"] is None
    assert "insurances" not in row.defaulted, "what cannot be read is not replaced by a default"


def test_an_unusual_combination_is_a_warning_and_injury_alone_is_not() -> None:
    assert codes(check_row(ENROL, enrolment(insurances="养老、工伤"), context())) == ["B305"]
    assert codes(check_row(ENROL, enrolment(insurances="工伤"), context())) == []


def test_what_the_row_says_against_what_the_number_says() -> None:
    row = check_row(ENROL, enrolment(sex="女", birth="1990-03-08"), context())
    assert sorted(codes(row)) == ["BIRTH_DIFFERS", "SEX_DIFFERS"]


def test_codes_in_cells_and_a_bad_one() -> None:
    row = check_row(ENROL, enrolment(nation=1, education="大专", household="城镇", phone=13800000000.0), context())
    assert [row.values[name] for name in ("nation", "education", "household", "phone")] == [
        "01",
        "31",
        "10",
        "13800000000",
    ]
    assert errors(check_row(ENROL, enrolment(education="仙学"), context())) == [("BAD_CODE", "education")]


def test_a_doubtful_telephone_is_kept_with_a_warning() -> None:
    row = check_row(ENROL, enrolment(phone="12345"), context())
    assert (row.values["phone"], codes(row)) == ("12345", ["BAD_PHONE"])


def test_a_contract_ends_after_it_begins() -> None:
    row = check_row(ENROL, enrolment(contract_start="2026-07-01", contract_end="2026-06-30"), context())
    assert errors(row) == [("ORDER", "contract_end")]
