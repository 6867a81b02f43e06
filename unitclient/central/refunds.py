"""Refund orders (退费付款): what an approved refund pays out, by the simulated bank, and the voucher that tells of it.

One order a receiver's account. It is issued in the decision's transaction and paid by the worker afterwards; the bank
knows it by its number and pays it once. An order the bank cannot pay is failed: its money stands in the unit's account
again, and the refund may be asked for anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from unitclient.catalog.registers import Register
from unitclient.central.bank import BANK_NAME, SUCCESS, BankAnswer
from unitclient.central.billing import move
from unitclient.central.decision import Booking, Payout
from unitclient.central.documents import Publisher
from unitclient.central.numbers import instant, next_number
from unitclient.central.registers import find_entry, publish_entries, put_entry
from unitclient.clock import CHINA, Clock
from unitclient.domain.registers import Entry
from unitclient.sync.protocol import DocumentKind, Money, refund_state

ISSUED, PAID, FAILED = "issued", "paid", "failed"
UNIT_ITSELF = "1"
"""The code of `refund_receiver` for the unit's own account."""


def save_bookings(tx: sqlite3.Connection, unit_number: str, submission_id: str, bookings: Iterable[Booking]) -> None:
    """Write what left a month or came to it."""
    tx.executemany(
        "INSERT INTO booking VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        ((unit_number, submission_id, *booking) for booking in bookings),
    )


def issue_orders(
    tx: sqlite3.Connection, publisher: Publisher, sub: sqlite3.Row, payouts: Iterable[Payout], clock: Clock
) -> None:
    """An order for each account that money goes to, and the voucher (退费凭证) that names them."""
    by_account: dict[tuple[str, str, str, str], list[Payout]] = {}
    for each in payouts:
        by_account.setdefault((each.receiver, each.account_name, each.bank_name, each.account), []).append(each)
    today = clock.now().astimezone(CHINA).date()
    for account, paid in by_account.items():
        number = f"TF{today:%Y%m%d}{next_number(tx, f'refund:{today:%Y%m%d}'):06d}"
        whose = (number, sub["unit_number"], sub["submission_id"])
        amount_fen = sum(each.amount_fen for each in paid)
        tx.execute(
            "INSERT INTO refund_order VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, '')",
            (*whose, *account, amount_fen, ISSUED, today.isoformat()),
        )
        tx.executemany(
            "INSERT INTO refund_item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((number, *each[:6], *each.entry) for each in paid),
        )
    _tell(tx, publisher, sub)
    move(tx, sub, step="refund", money=Money.REFUND_ISSUED)


def orders_of(connection: sqlite3.Connection, unit_number: str, submission_id: str) -> list[sqlite3.Row]:
    """The orders of a submission, oldest first."""
    return connection.execute(
        "SELECT * FROM refund_order WHERE unit_number = ? AND submission_id = ? ORDER BY order_number",
        (unit_number, submission_id),
    ).fetchall()


def settle_orders(
    tx: sqlite3.Connection,
    publisher: Publisher,
    kinds: Mapping[str, Register],
    sub: sqlite3.Row,
    answers: Mapping[str, BankAnswer],
    clock: Clock,
) -> None:
    """Write the bank's word on orders down, by number, with the bookings and entries that follow it."""
    now = instant(clock.now())
    for number, answer in answers.items():
        paid = answer.code == SUCCESS
        tx.execute(
            "UPDATE refund_order SET state = ?, code = ?, serial = ?, paid_at = ? WHERE order_number = ?",
            (PAID if paid else FAILED, answer.code, answer.serial, answer.booked_at if paid else "", number),
        )
        items = tx.execute("SELECT * FROM refund_item WHERE order_number = ?", (number,)).fetchall()
        if not paid:
            tx.executemany(
                "UPDATE booking SET stands = 0 WHERE unit_number = ? AND submission_id = ? AND row = ?",
                ((sub["unit_number"], sub["submission_id"], item["row"]) for item in items),
            )
        moved = [entry for item in items if (entry := _followed(tx, kinds, sub["unit_number"], item, answer))]
        for entry in moved:
            put_entry(tx, sub["unit_number"], entry, now)
        publish_entries(tx, publisher, sub["unit_number"], moved, now)
    _tell(tx, publisher, sub)
    orders = orders_of(tx, sub["unit_number"], sub["submission_id"])
    move(tx, sub, step="", money=refund_state(order["state"] for order in orders))


def _followed(
    tx: sqlite3.Connection, kinds: Mapping[str, Register], unit_number: str, item: sqlite3.Row, answer: BankAnswer
) -> Entry | None:
    """The entry of a refunded amount as the bank's word leaves it."""
    kind, entry = kinds[item["register"]], find_entry(tx, unit_number, item["register"], item["key"])
    if entry is None or kind.pays_out is None:
        return None
    told = {"order_number": item["order_number"], "bank_code": answer.code}
    if answer.code != SUCCESS:
        return Entry(kind.name, entry.key, kind.pays_out.failed, {**entry.values, **told})
    told |= {"bank_serial": answer.serial, "paid_on": answer.booked_at[:10]}
    return Entry(kind.name, entry.key, kind.pays_out.paid, {**entry.values, **told})


def _tell(tx: sqlite3.Connection, publisher: Publisher, sub: sqlite3.Row) -> None:
    orders = orders_of(tx, sub["unit_number"], sub["submission_id"])
    members = {
        "submission_id": sub["submission_id"],
        "acceptance_number": sub["acceptance_number"],
        "period": sub["period"],
        "bank": BANK_NAME,
        "orders": [_order_wire(tx, order) for order in orders],
        "total_fen": sum(order["amount_fen"] for order in orders),
    }
    publisher.publish(tx, sub["unit_number"], DocumentKind.REFUND, members, sub["submission_id"])


def _order_wire(tx: sqlite3.Connection, order: sqlite3.Row) -> dict[str, Any]:
    same = ("order_number", "receiver", "account_name", "bank_name", "amount_fen", "state", "code", "serial",
            "issued_on", "paid_at")  # fmt: skip
    items = tx.execute(
        "SELECT id_number, insurance, month, side, amount_fen FROM refund_item WHERE order_number = ? ORDER BY row",
        (order["order_number"],),
    )
    told = {name: order[name] for name in same}
    return {**told, "account_tail": order["account"][-4:], "items": [dict(item) for item in items]}
