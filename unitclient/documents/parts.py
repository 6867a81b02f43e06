"""Parts that several documents share: labels, times, the table of amounts, the proof with its QR code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from unitclient.clock import CHINA
from unitclient.documents.capital import capital_amount, figures
from unitclient.documents.model import ChargeLine, Payment, Proof, UnitHead
from unitclient.domain.period import Period
from unitclient.texts import catalogue, language, say

if TYPE_CHECKING:
    from unitclient.documents.page import Page


def label(kind: str, word: str) -> str:
    """The label `document-<kind>-<word>` in the language in use; a word without a label is shown as it is."""
    key = f"document-{kind}-{word}"
    return say(key) if key in catalogue()["text"] else word


def month(period: Period) -> str:
    """2026年11月, in English 2026-11."""
    return f"{period.year}年{period.month}月" if language() == "zh" else str(period)


def moment(value: date | datetime | None) -> str:
    """An instant in China standard time, or a day; "—" when there is none."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat()


def unit_pairs(unit: UnitHead, period: Period) -> list[tuple[str, str]]:
    """The first rows of every document: unit, unit number, USCC, period."""
    return [
        (say("document-unit"), unit.name),
        (say("document-unit-number"), unit.unit_number),
        (say("document-uscc"), unit.uscc),
        (say("document-period"), month(period)),
    ]


def charge_name(line: ChargeLine) -> str:
    """Insurance, and the pay kind where it is not the ordinary one."""
    name = label("insurance", line.insurance)
    if line.pay_kind in ("", "1", "normal"):
        return name
    return say("document-insurance-with-kind", insurance=name, kind=label("pay-kind", line.pay_kind))


def charges(page: Page, lines: Iterable[ChargeLine], total_label: str) -> None:
    """The table of amounts by insurance and side, with its total row. The base column only where a base is known."""
    from unitclient.documents.page import WIDTH, Column

    lines = tuple(lines)
    with_base = any(line.base_fen is not None for line in lines)
    widths = (46.0, 18.0, 34.0, 28.0, 28.0) if with_base else (58.0, 24.0, 0.0, 33.0, 33.0)
    names = ("insurance", "persons", "base", "unit-amount", "person-amount", "both")
    columns = [
        Column(say(f"document-column-{name}"), width, "L" if name == "insurance" else "R")
        for name, width in zip(names, (*widths, WIDTH - sum(widths)), strict=True)
        if width
    ]
    rows = [_charge_row(charge_name(line), line, with_base) for line in lines]
    total = ChargeLine(
        insurance="",
        unit_fen=sum(line.unit_fen for line in lines),
        person_fen=sum(line.person_fen for line in lines),
        persons=0,
    )
    page.rows(columns, rows, [_charge_row(total_label, total, with_base)])


def _charge_row(name: str, line: ChargeLine, with_base: bool) -> list[str]:
    """Heads and bases of different insurances are not added: that cell of the total row stays empty."""
    persons = f"{line.persons:,}" if line.insurance else ""
    base = [figures(line.base_fen) if line.base_fen is not None else ""] if with_base else []
    return [name, persons, *base, figures(line.unit_fen), figures(line.person_fen), figures(line.total_fen)]


def amount_pairs(fen: int) -> list[tuple[str, str]]:
    """A total in capitals and in figures."""
    return [
        (say("document-total-capital"), f"人民币{capital_amount(fen)}"),
        (say("document-total-figures"), f"¥ {figures(fen)}"),
    ]


def payment_pairs(payment: Payment) -> list[tuple[str, str]]:
    """How a bill was paid, as far as the centre has said it."""
    state = label("money", payment.state)
    if payment.code not in ("", "K00"):
        state = say("document-state-with-code", state=state, code=payment.code, reason=label("bank", payment.code))
    account = say("document-account-tail", bank=payment.bank, tail=payment.account_tail) if payment.account_tail else ""
    return [
        (say("document-debit-state"), state),
        (say("document-account"), account or payment.bank or "—"),
        (say("document-paid-at"), moment(payment.paid_at)),
        (say("document-bank-ref"), payment.bank_ref or "—"),
        (say("document-slip"), payment.slip or "—"),
    ]


def proof(page: Page, given: Proof) -> None:
    """What anyone can check the paper by: QR code and digest of the receipt, both signers."""
    lines = [
        say("document-proof-number", number=given.acceptance_number),
        say("document-proof-received", time=moment(given.received_at)),
        say("document-proof-receipt", digest=given.receipt_sha256),
        say("document-proof-submission", id=given.submission_id),
        say("document-proof-container", digest=given.submission_sha256),
        say("document-proof-signer", signer=given.signer),
    ]
    if given.signer_sha256:
        lines.append(say("document-proof-signer-digest", digest=given.signer_sha256))
    if given.centre_signer:
        lines.append(say("document-proof-centre", signer=given.centre_signer))
    page.section(say("document-proof-title"))
    page.proof_block(given.receipt_sha256, lines)
    page.note(say("document-proof-note"))
