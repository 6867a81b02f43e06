"""What the centre decides on rows, corrections and voids, after checking everything again itself."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.central.helper import PERIOD, Client, Json, month_lines, person
from unitclient.sync.protocol import DocumentKind

STAFF = [person(n, 500000 + 12345 * n) for n in range(4)]


@pytest.fixture
def staffed(client: Client) -> Client:
    client.settled(client.submit("enrol", STAFF))
    return client


def reasons(decision: Json) -> list[tuple[int, str, str]]:
    return [(entry["row"], entry["code"], entry["field"]) for entry in decision["refused"]]


def codes(decision: Json) -> list[str]:
    return [finding["code"] for finding in decision["findings"]]


def roster(client: Client) -> dict[str, Json]:
    return {entry["id_number"]: entry for entry in client.content(client.unit_read("/roster"))["persons"]}


def hold(client: Client, *steps: str) -> None:
    requests.put(f"{client.url}/practice/faults", json={"hold": list(steps)}, timeout=10)


def test_enrolment_reaches_the_roster(staffed: Client) -> None:
    persons = roster(staffed)
    assert set(persons) == {row["id_number"] for row in STAFF}
    first = persons[STAFF[0]["id_number"]]
    assert first["wage_fen"] == STAFF[0]["wage"]
    assert set(first["insurances"]) == set(staffed.unit["insurances"])
    assert {span["since"] for span in first["insurances"].values()} == {"2026-10"}


def test_wrong_rows_are_refused_and_the_others_taken(client: Client) -> None:
    rows = [person(1), {**person(2), "id_number": "110000199003070000"}, {**person(3), "name": ""}, person(1)]
    decision = client.decision(client.submit("enrol", rows))
    assert decision["state"] == "partly-accepted"
    assert decision["accepted"] == 1
    assert [(row, code) for row, code, _ in reasons(decision)] == [(1, "B101"), (2, "REQUIRED"), (3, "DUPLICATE_ROW")]
    assert set(roster(client)) == {rows[0]["id_number"]}


def test_nothing_right_means_returned(client: Client) -> None:
    submission_id = client.submit("enrol", [{**person(1), "id_number": "1"}])
    assert client.decision(submission_id)["state"] == "returned"
    assert roster(client) == {}


def test_a_second_enrolment_of_the_same_person_is_refused(staffed: Client) -> None:
    decision = staffed.decision(staffed.submit("enrol", STAFF[:1]))
    assert reasons(decision)[0][1] == "B201"


def test_a_wrong_amount_is_refused_with_the_right_one(staffed: Client) -> None:
    lines = month_lines(staffed.unit, STAFF)
    right = lines[3]["unit_amount"]
    lines[3]["unit_amount"] += 1
    decision = staffed.decision(staffed.submit("monthly", lines))
    assert decision["state"] == "partly-accepted"
    (refused,) = decision["refused"]
    assert (refused["row"], refused["code"], refused["field"]) == (3, "AMOUNT_DIFFERS", "unit_amount")
    assert refused["params"]["expected"] == f"{right // 100}.{right % 100:02d}"
    assert "MISSING_LINE" not in codes(decision)


def test_wage_and_name_must_be_those_of_the_roster(staffed: Client) -> None:
    lines = month_lines(staffed.unit, STAFF)
    lines[0]["wage"] += 100
    lines[1]["name"] = "李四"
    told = reasons(staffed.decision(staffed.submit("monthly", lines)))
    assert (0, "WAGE_DIFFERS", "wage") in told
    assert (1, "B102", "name") in told


def test_somebody_not_insured_is_refused_and_somebody_missing_is_told(staffed: Client) -> None:
    stranger = person(50)
    decision = staffed.decision(staffed.month([*STAFF[1:], stranger]))
    assert decision["state"] == "partly-accepted"
    assert {code for _, code, _ in reasons(decision)} == {"NOT_ENROLLED"}
    (missing,) = [finding for finding in decision["findings"] if finding["code"] == "MISSING_PERSON"]
    assert missing["params"]["person"] == STAFF[0]["id_number"]


def test_a_missing_insurance_is_told(staffed: Client) -> None:
    lines = month_lines(staffed.unit, STAFF)[1:]
    decision = staffed.decision(staffed.submit("monthly", lines))
    assert (decision["state"], codes(decision)) == ("partly-accepted", ["MISSING_LINE"])


def test_an_insurance_without_a_rate_is_refused(staffed: Client) -> None:
    lines = month_lines(staffed.unit, STAFF)
    lines[0]["insurance"] = "large_medical"
    assert reasons(staffed.decision(staffed.submit("monthly", lines)))[0][1] == "NO_RULE"


def test_an_empty_month_of_an_empty_roster_is_accepted_and_owes_nothing(client: Client) -> None:
    submission_id = client.submit("monthly", [])
    state = client.settled(submission_id)
    assert (state["state"], state["money"]) == ("accepted", None)


def test_an_empty_month_of_a_full_roster_is_returned(staffed: Client) -> None:
    decision = staffed.decision(staffed.submit("monthly", []))
    assert decision["state"] == "returned"
    assert codes(decision) == ["MISSING_PERSON"] * len(STAFF)


def test_a_second_month_is_returned(staffed: Client) -> None:
    first = staffed.month(STAFF)
    staffed.paid(first)
    decision = staffed.decision(staffed.month(STAFF))
    assert (decision["state"], codes(decision)) == ("returned", ["ALREADY_DECLARED"])
    assert decision["findings"][0]["params"]["submission_id"] == first
    assert staffed.decision(staffed.month(STAFF, period="2026-12"))["refused"] == []


def test_a_month_waits_for_what_it_requires(client: Client) -> None:
    enrolment, data = client.container("enrol", STAFF)
    month = client.month(STAFF, requires=(enrolment,))
    with pytest.raises(AssertionError, match="'received'"):
        settled_soon(client, month)
    assert client.put(enrolment, data).status_code == 201
    assert client.paid(month)["state"] == "accepted"


def settled_soon(client: Client, submission_id: str) -> None:
    import time

    time.sleep(0.6)
    state = client.state(submission_id)
    assert state["state"] != "received", state


def test_assessment_says_totals_and_difference(staffed: Client) -> None:
    lines = month_lines(staffed.unit, STAFF)
    declared = {"pension": {"unit": 100, "person": 100}}
    month = staffed.submit(
        "monthly", lines, totals=declared, policy={"region": "420100", "id": "x", "sha256": "0" * 64}
    )
    staffed.paid(month)
    (assessment,) = staffed.documents(month, DocumentKind.ASSESSMENT)
    for insurance, total in assessment["totals"].items():
        own = [line for line in lines if line["insurance"] == insurance]
        assert total["persons"] == len(STAFF)
        assert total["person"] == sum(line["person_amount"] for line in own)
        assert total["unit"] == sum(line["unit_amount"] for line in own)
    assert assessment["difference_fen"] == assessment["total_fen"] - 200
    assert assessment["late_fee_fen"] == 0
    assert {"POLICY_DIFFERS", "TOTAL_DIFFERS"} <= set(codes(staffed.documents(month, DocumentKind.ACCEPTANCE)[0]))


def test_a_late_month_owes_a_late_fee_as_an_item_of_its_own(client: Client) -> None:
    staff = [{**row, "start_month": "2026-08"} for row in STAFF]
    requests.put(f"{client.url}/practice/clock", json={"now": "2026-08-20T10:00:00+08:00"}, timeout=10)
    try:
        created = _service_time(client)
        submission_id, data = client.container("enrol", staff, period="2026-08")
        assert client.put(submission_id, data).status_code == 201
        requests.put(f"{client.url}/practice/clock", json={"now": "2026-09-10T10:00:00+08:00"}, timeout=10)
        month = client.submit("monthly", month_lines(client.unit, staff, "2026-08"), period="2026-08")
    finally:
        requests.put(f"{client.url}/practice/clock", json={"offset_s": 0}, timeout=10)
    assert created.startswith("2026-08-20")
    client.paid(month)
    (receipt,) = client.documents(month, DocumentKind.RECEIPT)
    (assessment,) = client.documents(month, DocumentKind.ASSESSMENT)
    (bill,) = client.documents(month, DocumentKind.BILL)
    assert receipt["timely"] is False
    assert assessment["late_fee_days"] >= 10
    expected = round(assessment["total_fen"] * assessment["late_fee_days"] * 5 / 10000)
    assert abs(assessment["late_fee_fen"] - expected) <= 1
    assert bill["items"][-1]["pay_kind"] == "late-fee"
    assert bill["total_fen"] == assessment["total_fen"] + assessment["late_fee_fen"]


def _service_time(client: Client) -> str:
    return str(requests.get(f"{client.url}/healthz", timeout=10).headers["Service-Time"])


def test_a_correction_before_the_bill_replaces(staffed: Client) -> None:
    hold(staffed, "bill")
    try:
        lines = month_lines(staffed.unit, STAFF)
        first = staffed.submit("monthly", lines[:-1])
        staffed.settled(first)
        second = staffed.submit("monthly", lines, kind="correction", supersedes=first)
        assert staffed.decision(second)["state"] == "accepted"
        assert staffed.state(first)["state"] == "replaced"
        assert staffed.documents(first, DocumentKind.ACCEPTANCE)[-1]["state"] == "replaced"
    finally:
        hold(staffed)
    staffed.paid(second)
    assert "bill" not in [link["kind"] for link in staffed.state(first)["documents"]]


def test_a_correction_that_is_returned_replaces_nothing(staffed: Client) -> None:
    hold(staffed, "bill")
    try:
        first = staffed.month(STAFF)
        staffed.settled(first)
        wrong: list[dict[str, Any]] = [{**line, "base": 1} for line in month_lines(staffed.unit, STAFF)]
        second = staffed.submit("monthly", wrong, kind="correction", supersedes=first)
        assert staffed.decision(second)["state"] == "returned"
    finally:
        hold(staffed)
    assert staffed.paid(first)["state"] == "accepted"


def test_a_correction_after_the_bill_is_returned(staffed: Client) -> None:
    first = staffed.month(STAFF)
    staffed.paid(first)
    second = staffed.month(STAFF, kind="correction", supersedes=first)
    assert codes(staffed.decision(second)) == ["ALREADY_BILLED"]


def test_a_void_before_money_moves(staffed: Client) -> None:
    hold(staffed, "debit")
    try:
        first = staffed.month(STAFF)
        staffed.settled(first, lambda state: state["money"] == "billed")
        void = staffed.submit("monthly", [], kind="void", supersedes=first)
        assert staffed.decision(void)["state"] == "accepted"
        assert staffed.state(first)["state"] == "voided"
    finally:
        hold(staffed)
    again = staffed.month(STAFF)
    assert staffed.paid(again)["state"] == "accepted"
    assert staffed.state(first)["money"] == "billed"
    assert "debit" not in [link["kind"] for link in staffed.state(first)["documents"]]


def test_a_void_after_the_debit_is_returned(staffed: Client) -> None:
    first = staffed.month(STAFF)
    staffed.paid(first)
    void = staffed.submit("monthly", [], kind="void", supersedes=first)
    assert codes(staffed.decision(void)) == ["MONEY_MOVED"]
    assert staffed.state(first)["state"] == "accepted"


def test_void_and_correction_of_what_never_came(staffed: Client) -> None:
    nobody = "018f4b6e-0000-7000-8000-000000000000"
    for kind in ("void", "correction"):
        submission_id = staffed.submit("enrol", [], kind=kind, supersedes=nobody)
        assert codes(staffed.decision(submission_id)) == ["SUPERSEDED_UNKNOWN"]


def test_voiding_an_enrolment_undoes_it_unless_something_stands_on_it(client: Client) -> None:
    first, second = client.submit("enrol", STAFF[:2]), client.submit("enrol", STAFF[2:])
    client.settled(second)
    assert client.decision(client.submit("enrol", [], kind="void", supersedes=first))["state"] == "accepted"
    assert set(roster(client)) == {row["id_number"] for row in STAFF[2:]}
    assert codes(client.decision(client.submit("enrol", [], kind="void", supersedes=first))) == ["NOTHING_TO_VOID"]
    client.paid(client.month(STAFF[2:]))
    assert codes(client.decision(client.submit("enrol", [], kind="void", supersedes=second))) == ["LATER_CHANGES"]


def test_correcting_an_enrolment(client: Client) -> None:
    first = client.submit("enrol", STAFF[:2])
    changed = [{**STAFF[0], "wage": 900000}]
    correction = client.submit("enrol", changed, kind="correction", supersedes=first)
    assert client.decision(correction)["refused"] == []
    persons = roster(client)
    assert {entry["wage_fen"] for entry in persons.values()} == {900000}
    other = client.submit("stop", [], kind="correction", supersedes=correction)
    assert codes(client.decision(other)) == ["OTHER_BUSINESS"]


def test_stop_and_wage_change_reach_the_roster(staffed: Client) -> None:
    one, two = STAFF[0], STAFF[1]
    stop = {"name": one["name"], "id_number": one["id_number"], "reason": "222", "last_paid_month": "2026-10"}
    change = {"name": two["name"], "id_number": two["id_number"], "wage": 999900, "start_month": PERIOD}
    stopped = staffed.submit("stop", [{**stop, "end_date": "2026-10-15"}])
    changed = staffed.submit("base-change", [{**change, "reason": "wage-change"}])
    for submission_id in (stopped, changed):
        assert staffed.decision(submission_id)["refused"] == []
    persons = roster(staffed)
    assert persons[one["id_number"]]["state"] == "suspended"
    assert persons[two["id_number"]]["wage_fen"] == 999900
    rest = [{**two, "wage": 999900}, *STAFF[2:]]
    assert staffed.decision(staffed.month(rest))["state"] == "accepted"


def test_an_annual_wage_is_taken_once(staffed: Client) -> None:
    row = {"name": "张三", "id_number": STAFF[0]["id_number"], "year": 2026, "wage": 700000}
    first = staffed.submit("annual-wage", [row])
    assert staffed.decision(first)["refused"] == []
    second = staffed.decision(staffed.submit("annual-wage", [{**row, "wage": 710000}]))
    assert [code for _, code, _ in reasons(second)] == ["B303"]
    corrected = staffed.submit("annual-wage", [{**row, "wage": 720000}], kind="correction", supersedes=first)
    assert staffed.decision(corrected)["refused"] == []
    assert roster(staffed)[STAFF[0]["id_number"]]["wage_fen"] == 720000


def test_an_unknown_form_is_returned(client: Client) -> None:
    assert codes(client.decision(client.submit("nothing-like-it", [{"a": 1}]))) == ["FORM_UNKNOWN"]
    assert codes(client.decision(client.submit("enrol", [{"a": 1}], form_version="99"))) == ["FORM_UNKNOWN"]


def test_a_back_payment_is_billed_by_its_own_months(client: Client) -> None:
    staff = [{**STAFF[0], "start_month": "2026-11"}]
    client.settled(client.submit("enrol", staff))
    row = {
        "name": "张三",
        "id_number": staff[0]["id_number"],
        "from_month": "2026-08",
        "to_month": "2026-09",
        "wage": 500000,
        "reason": "2",
        "insurances": ["pension"],
    }
    first = client.submit("back-payment", [row])
    client.paid(first)
    (bill,) = client.documents(first, DocumentKind.BILL)
    kinds = {item["pay_kind"] for item in bill["items"]}
    assert kinds == {"back-payment", "late-fee"}
    (assessment,) = client.documents(first, DocumentKind.ASSESSMENT)
    assert assessment["totals"]["pension"]["persons"] == 2
    again = client.decision(client.submit("back-payment", [row]))
    assert "MONTH_COVERED" in {code for _, code, _ in reasons(again)}


def test_states_can_be_listed_by_period(staffed: Client) -> None:
    assert len(staffed.unit_read(f"/submissions?period={PERIOD}")["submissions"]) == 1
    assert staffed.unit_read("/submissions?period=2020-01") == {"submissions": []}
