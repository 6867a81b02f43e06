"""Papers of what changed: money paid out again, a unit's name or code, a person's number."""

from __future__ import annotations

from unitclient.central.paper_parts import Books, Content, Json, columns, moment, month, plain, title
from unitclient.documents import parts
from unitclient.documents.capital import figures
from unitclient.documents.proof import ProofTable
from unitclient.texts import language, say


def refund(told: Json, books: Books) -> Content:
    """The voucher of refunds (退费凭证): every order with its account and the bank's word, and what it pays back."""
    orders = told["orders"]
    heads = ("order", "receiver", "account-name", "bank", "account-tail", "amount", "state", "paid-at")
    paid = ProofTable(
        say("document-sealed-orders"),
        columns(*zip(heads, (20, 12, 18, 16, 10, 14, 20, 20), strict=True)),
        tuple(_order(order, books) for order in orders),
        figures=frozenset({5}),
    )
    items = ProofTable(
        say("document-sealed-refunded"),
        columns(("order", 22), ("id-number", 26), ("insurance", 20), ("period", 14), ("side", 14), ("amount", 18)),
        tuple(_item(order, item) for order in orders for item in order["items"]),
        ((say("document-total"), "", "", "", "", figures(told["total_fen"])),),
        frozenset({5}),
    )
    return Content(
        title("refund"),
        told["acceptance_number"],
        pairs=[month(told["period"]), plain("acceptance-number", told["acceptance_number"]),
               plain("bank", told["bank"])],
        long_pairs=[plain("submission-id", told["submission_id"]), *parts.amount_pairs(told["total_fen"])],
        tables=(paid, items),
    )  # fmt: skip


def _order(order: Json, books: Books) -> tuple[str, ...]:
    state = parts.label("refund", order["state"])
    if order["state"] == "failed":
        reason = parts.label("bank", order["code"])
        state = say("document-state-with-code", state=state, code=order["code"], reason=reason)
    receiver = books.catalog.table("refund_receiver").label(order["receiver"], language())
    paid_at = moment("paid-at", order["paid_at"] or None)[1]
    return (order["order_number"], receiver, order["account_name"], order["bank_name"], order["account_tail"],
            figures(order["amount_fen"]), state, paid_at)  # fmt: skip


def _item(order: Json, item: Json) -> tuple[str, ...]:
    return (order["order_number"], item["id_number"], parts.label("insurance", item["insurance"]), item["month"],
            parts.label("side", item["side"]), figures(item["amount_fen"]))  # fmt: skip


def unit_change(told: Json, _: Books) -> Content:
    """A unit's new name or social credit code, and what stood there before."""
    former = told["former"]
    rows = tuple((say(f"document-item-{item}"), former[item], told[item]) for item in former)
    table = ProofTable(say("document-sealed-change"), columns(("item", 24), ("before", 38), ("after", 38)), rows)
    return Content(title("unit"), "", tables=(table,))


def number_change(told: Json, _: Books) -> Content:
    """A person's new number, and the former one."""
    rows = ((say("document-column-id-number"), told["former"], told["present"]),)
    table = ProofTable(say("document-sealed-change"), columns(("item", 24), ("before", 38), ("after", 38)), rows)
    return Content(title("number"), "", pairs=[plain("column-name", told["name"])], tables=(table,))
