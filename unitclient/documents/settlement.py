"""The settlement statement (结算单): one bill, its amounts by insurance and side, and how it was paid."""

from __future__ import annotations

from unitclient.documents import parts
from unitclient.documents.capital import figures
from unitclient.documents.model import SettlementData
from unitclient.texts import say


def render_settlement(data: SettlementData) -> bytes:
    """The statement as a PDF, in the language in use.

    UserError("font-missing") without a Chinese font, ("document-total-differs") when rows and bill do not agree.
    """
    from unitclient.documents.page import Page

    data.check()
    page = Page(say("document-settlement-title"), data.unit, data.marks, data.bill_number)
    page.grid(
        [
            *parts.unit_pairs(data.unit, data.period),
            (say("document-bill-number"), data.bill_number),
            (say("document-acceptance-number"), data.proof.acceptance_number),
            (say("document-persons"), f"{data.persons:,}"),
            (say("document-due"), parts.moment(data.due)),
        ]
    )
    page.section(say("document-settlement-amounts"))
    parts.charges(page, data.lines, say("document-subtotal"))
    page.grid([(say("document-late-fee"), _late_fee(data)), *parts.amount_pairs(data.total_fen)], across=1)
    page.section(say("document-settlement-payment"))
    page.grid(parts.payment_pairs(data.payment))
    parts.proof(page, data.proof)
    return page.finished()


def _late_fee(data: SettlementData) -> str:
    if not data.late_fee_fen:
        return figures(0)
    return say("document-late-fee-days", amount=figures(data.late_fee_fen), days=data.late_fee_days)
