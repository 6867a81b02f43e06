"""The acceptance receipt (受理回执) of one submission: the centre's word that it has the file, on one page."""

from __future__ import annotations

from unitclient.documents import parts
from unitclient.documents.model import ReceiptData
from unitclient.texts import say


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
    page.note(say("document-receipt-statement", number=data.proof.acceptance_number))
    parts.proof(page, data.proof)
    return page.finished()


def _decision(data: ReceiptData) -> str:
    if data.accepted is None or data.refused is None:
        return say("document-undecided")
    return f"{data.accepted:,} / {data.refused:,}"
