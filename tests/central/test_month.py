"""A whole month: enrol, declare, and everything that follows up to the slip."""

from __future__ import annotations

from tests.central.helper import Client, month_lines, person
from unitclient.sync.protocol import DocumentKind


def test_a_month_settles(client: Client) -> None:
    staff = [person(n, 500000 + 1000 * n) for n in range(5)]
    enrolment = client.submit("enrol", staff)
    month = client.month(staff, requires=(enrolment,))
    state = client.paid(month)
    assert state["state"] == "accepted"
    kinds = [link["kind"] for link in state["documents"]]
    assert kinds == ["receipt", "acceptance", "assessment", "bill", "debit", "debit", "posting", "slip"]
    lines = month_lines(client.unit, staff)
    total = sum(line["unit_amount"] + line["person_amount"] for line in lines)
    (bill,) = client.documents(month, DocumentKind.BILL)
    assert bill["total_fen"] == total
    (slip,) = client.documents(month, DocumentKind.SLIP)
    assert slip["amount_fen"] == total
