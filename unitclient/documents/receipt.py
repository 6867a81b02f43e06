"""The acceptance receipt (受理回执) of one submission: the centre's word that it has the file, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.documents import parts
from unitclient.documents.capital import figures
from unitclient.documents.model import ReceiptData, RefundLine
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.documents.page import Column


def render_receipt(data: ReceiptData) -> bytes:
    """The receipt as a PDF, in the language in use. UserError("font-missing") without a Chinese font."""
    from unitclient.documents.page import Page

    page = Page(say("document-receipt-title"), data.unit, data.marks, data.proof.acceptance_number)
    page.grid(
        [
            *parts.unit_pairs(data.unit, data.period),
            (say("document-form"), data.form_title),
            (say("document-rows"), f"{data.rows:,}"),
            (say("document-size"), say("document-bytes", size=f"{data.size:,}")),
            (say("document-received-at"), parts.moment(data.proof.received_at)),
            (say("document-deadline"), parts.moment(data.deadline)),
            (say("document-timely"), say("document-in-time" if data.timely else "document-late")),
        ]
    )
    page.section(say("document-receipt-decision"))
    page.grid(
        [
            (say("document-state"), parts.label("acceptance", data.state)),
            (say("document-accepted-refused"), _decision(data)),
        ]
    )
    if data.receipt_id:
        page.grid([(say("document-receipt-id"), data.receipt_id)], across=1)
    if data.refunds:
        page.section(say("document-refund-orders"))
        page.rows(_refund_columns(), [_refund_row(line) for line in data.refunds])
    page.note(say("document-receipt-statement", number=data.proof.acceptance_number))
    parts.proof(page, data.proof)
    return page.finished()


def _decision(data: ReceiptData) -> str:
    if data.accepted is None or data.refused is None:
        return say("document-undecided")
    return f"{data.accepted:,} / {data.refused:,}"


def _refund_columns() -> list[Column]:
    from unitclient.documents.page import WIDTH, Column

    widths = {"order": 42.0, "receiver": 34.0, "account": 44.0, "amount": 26.0}
    widths["state"] = WIDTH - sum(widths.values())
    return [
        Column(say(f"document-refund-{name}"), width, "R" if name == "amount" else "L")
        for name, width in widths.items()
    ]


def _refund_row(line: RefundLine) -> list[str]:
    state = say(f"money-refund-{line.state}")
    if line.state == "failed":
        state = say("document-state-with-code", state=state, code=line.code, reason=parts.label("bank", line.code))
    return [line.order_number, line.receiver, line.account, figures(line.amount_fen), state]
