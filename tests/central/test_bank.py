"""The debit through the simulated bank, with the failures a bank has."""

from __future__ import annotations

import concurrent.futures
import hashlib
from typing import Any

import pytest
import requests

from tests.central.helper import Client, Json, person, problem
from unitclient.sync.protocol import DocumentKind, canonical

STAFF = [person(n, 600000) for n in range(3)]


@pytest.fixture
def staffed(client: Client) -> Client:
    client.settled(client.submit("enrol", STAFF))
    return client


def bank(client: Client, **settings: Any) -> None:
    answer = requests.put(f"{client.url}/practice/bank/{client.unit_number}", json=settings, timeout=10)
    assert answer.status_code == 200, answer.text


def in_state(client: Client, submission_id: str, money: str) -> Json:
    return client.settled(submission_id, lambda state: state["money"] == money)


def attempts(client: Client, submission_id: str) -> list[tuple[int, str, str]]:
    debits = client.documents(submission_id, DocumentKind.DEBIT)
    return [(debit["attempt"], debit["state"], debit["code"]) for debit in debits]


def bill_of(client: Client, submission_id: str) -> Json:
    return client.documents(submission_id, DocumentKind.BILL)[0]


def again(client: Client, bill_id: str) -> requests.Response:
    return client.read(f"/v1/units/{client.unit_number}/bills/{bill_id}/debits", "POST")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"behaviour": "no-agreement"}, "K06"),
        ({"behaviour": "frozen"}, "K04"),
        ({"behaviour": "limit"}, "K08"),
        ({"behaviour": "insufficient"}, "K01"),
        ({"behaviour": "ok", "balance_fen": 1}, "K01"),
    ],
)
def test_a_debit_that_fails_is_tried_again_on_request(staffed: Client, settings: dict[str, Any], code: str) -> None:
    bank(staffed, **settings)
    month = staffed.month(STAFF)
    in_state(staffed, month, "debit-failed")
    assert attempts(staffed, month) == [(1, "debiting", "K11"), (1, "debit-failed", code)]
    bank(staffed)
    started = again(staffed, bill_of(staffed, month)["bill_id"])
    assert (started.status_code, started.json()["attempt"]) == (202, 2)
    staffed.paid(month)
    assert attempts(staffed, month)[2:] == [(2, "debiting", "K11"), (2, "debited", "K00")]


def test_an_unknown_result_stays_debiting_until_it_is_known(staffed: Client) -> None:
    bank(staffed, behaviour="timeout", resolve_after_ms=1500)
    month = staffed.month(STAFF)
    in_state(staffed, month, "debiting")
    bill_id = bill_of(staffed, month)["bill_id"]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: again(staffed, bill_id), range(3)))
    assert {answer.json()["attempt"] for answer in answers} == {1}
    void = staffed.submit("monthly", [], kind="void", supersedes=month)
    assert staffed.decision(void)["findings"][0]["code"] == "MONEY_MOVED"
    assert staffed.state(month)["money"] == "debiting"
    staffed.paid(month)
    assert attempts(staffed, month) == [(1, "debiting", "K11"), (1, "debited", "K00")]


def test_an_unknown_result_may_turn_out_a_failure(staffed: Client) -> None:
    bank(staffed, behaviour="timeout", resolves_to="K01", resolve_after_ms=300)
    month = staffed.month(STAFF)
    in_state(staffed, month, "debit-failed")
    assert attempts(staffed, month)[-1] == (1, "debit-failed", "K01")


def test_the_money_is_taken_once(staffed: Client) -> None:
    bank(staffed, balance_fen=10_000_000)
    month = staffed.month(STAFF)
    staffed.paid(month)
    bill = bill_of(staffed, month)
    refused = again(staffed, bill["bill_id"])
    assert (refused.status_code, problem(refused)) == (409, "debit-not-possible")
    bank(staffed, behaviour="ok", balance_fen=bill["total_fen"] - 1)
    other = staffed.month(STAFF, period="2026-12")
    in_state(staffed, other, "debit-failed")


def test_posting_and_slip_agree_with_bill_and_lines(staffed: Client) -> None:
    month = staffed.month(STAFF)
    staffed.paid(month)
    bill = bill_of(staffed, month)
    (posting,) = staffed.documents(month, DocumentKind.POSTING)
    (slip,) = staffed.documents(month, DocumentKind.SLIP)
    lines = staffed.unit_read(f"/bills/{bill['bill_id']}/postings")["lines"]
    assert hashlib.sha256(canonical(lines)).hexdigest() == posting["lines_sha256"]
    assert posting["persons"] == len(STAFF)
    by_insurance = {item["insurance"]: item["person_fen"] for item in bill["items"]}
    assert posting["totals"]["pension"] == by_insurance["pension"]
    assert sum(line[3] for line in lines) == sum(posting["totals"].values())
    assert set(posting["totals"]) <= {"pension", "medical", "medical_incl_maternity", "medical_with_serious_illness"}
    assert slip["amount_fen"] == bill["total_fen"] == sum(i["unit_fen"] + i["person_fen"] for i in bill["items"])
    assert "模拟" in slip["bank"]
    assert len(bill["account_tail"]) == 4


def test_a_bill_of_another_unit_is_not_found(staffed: Client) -> None:
    assert problem(again(staffed, "018f4b6e-0000-7000-8000-000000000000")) == "not-found"
    assert problem(staffed.read(f"/v1/units/{staffed.unit_number}/bills/x/postings")) == "not-found"
