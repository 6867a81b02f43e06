"""`unitclient bills`: every bill, what the bank did, and whether posting and slip came in time."""

from __future__ import annotations

import argparse
from typing import Any

from unitclient.app import open_unit_desk
from unitclient.cli.output import DONE, MENDABLE, Answer, table
from unitclient.cli.speak import yuan
from unitclient.clock import CHINA
from unitclient.texts import say
from unitclient.workflows.bills import Bill, bills
from unitclient.workflows.deliveries import delivery_line, overdue, tracker


def run(args: argparse.Namespace) -> Answer:
    """The unit's bills, the newest first; exit code 1 when a debit failed or a paper is overdue."""
    with open_unit_desk(args.home) as (desk, unit):
        found = bills(desk, unit)
        rule = tracker(desk, unit).rule
    if not found:
        return Answer({"bills": []}, (say("bills-none"),))
    heads = [say(key) for key in ("bill-number", "period", "form-title", "sum", "bill-due", "state")]
    head, *rows = table(heads, [_row(bill) for bill in found], right=(3,))
    lines = [head]
    for bill, row in zip(found, rows, strict=True):
        lines += [row, *(f"    {delivery_line(one)}" for one in bill.papers)]
    lines.append(say("delivery-rule", days=rule.days, source=rule.source))
    bad = any(bill.payable or any(overdue(bill.papers)) for bill in found)
    return Answer({"bills": [_json(bill) for bill in found]}, tuple(lines), MENDABLE if bad else DONE)


def _row(bill: Bill) -> list[str]:
    due = f"{bill.due.astimezone(CHINA):%Y-%m-%d}"
    return [bill.number, bill.period, bill.form_title, yuan(bill.total_fen), due, say(f"money-{bill.state}")]


def _json(bill: Bill) -> dict[str, Any]:
    return {
        "bill_id": bill.bill_id,
        "number": bill.number,
        "declaration": bill.declaration_id,
        "period": bill.period,
        "total_fen": bill.total_fen,
        "due": bill.due.isoformat(),
        "state": bill.state,
        "code": bill.reason,
        "papers": [one.to_json() for one in bill.papers],
    }
