"""The papers of a declaration: settlement statement, monthly summary, receipt; from signed documents only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.documents.model import (
    ChargeLine,
    FormCount,
    Marks,
    Payment,
    Proof,
    ReceiptData,
    RefundLine,
    SettlementData,
    SummaryData,
    UnitHead,
)
from unitclient.documents.receipt import render_receipt
from unitclient.documents.settlement import render_settlement
from unitclient.documents.summary import render_summary
from unitclient.domain.period import Period
from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.seal.cmsread import parse
from unitclient.seal.container import read_container
from unitclient.seal.envelope import verify_document
from unitclient.store.declarations import Declaration, get_declaration
from unitclient.store.documents import StoredDocument, find_documents, latest_document
from unitclient.store.outbox import get_submission
from unitclient.store.units import Unit
from unitclient.sync import protocol
from unitclient.sync.protocol import DocumentKind
from unitclient.sync.reading import issued_at
from unitclient.texts import say
from unitclient.workflows.bill_papers import Frame, bill_papers
from unitclient.workflows.centre import trust_of
from unitclient.workflows.desk import Desk
from unitclient.workflows.former_names import unit_at
from unitclient.workflows.lines import total_fen
from unitclient.workflows.listing import has_list, list_file
from unitclient.workflows.paper_files import centre_name, write_file
from unitclient.workflows.prepare import last_lines
from unitclient.workflows.rights import needs, operator_name


@needs("export")
def write_papers(desk: Desk, unit: Unit, declaration_id: str, folder: Path) -> dict[str, Path]:
    """Write every paper that can be made by now into a folder: {"receipt", "list", "summary", "settlement"} -> path.

    Each paper is made once the centre's signed document for it is here. UserError declaration-unknown,
    papers-none-yet when the centre has not received the declaration.
    """
    known = get_declaration(desk.store, declaration_id)
    if known is None or known.unit != unit.unit_number:
        raise UserError("declaration-unknown", id=declaration_id)
    receipt = latest_document(desk.store, unit.unit_number, DocumentKind.RECEIPT, declaration_id)
    if receipt is None:
        raise UserError("papers-none-yet", id=declaration_id)
    maker = _Papers(desk, unit, known, receipt)
    papers = {"receipt": (f"receipt-{maker.proof.acceptance_number}.pdf", render_receipt(maker.receipt()))}
    if has_list(desk, known):
        papers["list"] = list_file(desk, unit, known)
    if desk.catalog.form(known.form).effect is ChangeKind.ASSESS:
        papers["summary"] = (f"summary-{known.period}.pdf", render_summary(maker.summary()))
    settlement = maker.settlement()
    papers |= {
        word: (f"{word}-{maker.proof.acceptance_number}.pdf", data)
        for word, data in bill_papers(desk, unit, known, maker.frame()).items()
    }
    if settlement is not None:
        papers["settlement"] = (f"settlement-{known.period}.pdf", render_settlement(settlement))
    return {name: write_file(folder / file, data) for name, (file, data) in papers.items()}


@needs("export")
def write_receipt_envelope(desk: Desk, unit: Unit, declaration_id: str, folder: Path) -> Path:
    """Write the signed receipt itself as JSON {"document", "cms"}: what `verify` and any court can check."""
    receipt = latest_document(desk.store, unit.unit_number, DocumentKind.RECEIPT, declaration_id)
    if receipt is None:
        raise UserError("papers-none-yet", id=declaration_id)
    number = _content(receipt)["acceptance_number"]
    wire = protocol.SignedDocument(receipt.document, receipt.cms).to_wire()
    return write_file(folder / f"receipt-{number}.json", json.dumps(wire, indent=1).encode())


def _content(document: StoredDocument) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(document.document)
    return loaded


class _Papers:
    """Gathers what the papers of one declaration need."""

    def __init__(self, desk: Desk, unit: Unit, known: Declaration, receipt: StoredDocument) -> None:
        self._desk = desk
        self._unit = unit
        self._known = known
        self._period = Period.parse(known.period)
        self._receipt = _content(receipt)
        named = unit_at(desk.store, unit, issued_at(self._receipt))
        self._head = UnitHead(named.name, named.unit_number, named.uscc)
        self._marks = Marks(centre_name(desk, unit), desk.now(), _is_reference(desk, unit, known), unit.practice)
        self.proof = self._proof(receipt)

    def frame(self) -> Frame:
        """What all papers of the declaration have around what they say."""
        return Frame(self._head, self._period, self._marks, self.proof)

    def _proof(self, receipt: StoredDocument) -> Proof:
        submission = get_submission(self._desk.store, self._known.id)
        signer = ""
        if submission is not None:
            signer = parse(read_container(submission.container).cms).certificate.subject.rfc4514_string()
        check = verify_document(receipt.document, receipt.cms, trust_of(self._unit), None)
        return Proof(
            acceptance_number=self._receipt["acceptance_number"],
            receipt_sha256=receipt.sha256,
            received_at=datetime.fromisoformat(self._receipt["received_at"]),
            submission_id=self._known.id,
            submission_sha256=self._receipt["sha256"],
            signer=signer,
            signer_sha256=self._receipt["signer_cert_sha256"],
            centre_signer=check.subject,
        )

    def _latest(self, kind: DocumentKind) -> dict[str, Any] | None:
        document = latest_document(self._desk.store, self._unit.unit_number, kind, self._known.id)
        return None if document is None else _content(document)

    def _decided(self) -> tuple[int | None, int | None, str]:
        for document in reversed(self._acceptances()):
            told = _content(document)
            return told["accepted"], len({row["row"] for row in told["refused"]}), str(told["state"])
        return None, None, self._known.acceptance or "received"

    def _acceptances(self) -> list[StoredDocument]:
        return find_documents(
            self._desk.store, self._unit.unit_number, kind=DocumentKind.ACCEPTANCE, submission_id=self._known.id
        )

    def receipt(self) -> ReceiptData:
        """The acceptance receipt (受理回执)."""
        accepted, refused, state = self._decided()
        return ReceiptData(
            unit=self._head,
            period=self._period,
            marks=self._marks,
            proof=self.proof,
            form_title=str(self._desk.catalog.form(self._known.form).title),
            rows=self._known.row_count,
            size=self._receipt["size"],
            state=state,
            timely=self._receipt["timely"],
            deadline=datetime.fromisoformat(self._receipt["deadline"]),
            accepted=accepted,
            refused=refused,
            receipt_id=self._receipt["receipt_id"],
            refunds=self._refunds(),
        )

    def _refunds(self) -> tuple[RefundLine, ...]:
        voucher = self._latest(DocumentKind.REFUND) or {}
        return tuple(
            RefundLine(
                order_number=order["order_number"],
                receiver=order["account_name"],
                account=say("document-account-tail", bank=order["bank_name"], tail=order["account_tail"]),
                amount_fen=order["amount_fen"],
                state=order["state"],
                code=order["code"],
            )
            for order in voucher.get("orders", ())
        )

    def summary(self) -> SummaryData:
        """The monthly declaration summary (月度申报汇总表), from the bytes that were signed."""
        rows = protocol.Declaration.from_bytes(self._known.payload).rows
        lines, persons = _charges(rows)
        before = sum(row[5] + row[6] for row in last_lines(self._desk, self._unit, self._period))
        required = [get_declaration(self._desk.store, other) for other in self._known.requires]
        others = [other for other in required if other is not None]
        return SummaryData(
            unit=self._head,
            period=self._period,
            marks=self._marks,
            lines=lines,
            persons=persons,
            enrolled=_rows_of(others, self._desk.catalog, ChangeKind.ENROL),
            stopped=_rows_of(others, self._desk.catalog, ChangeKind.STOP),
            base_changed=_rows_of(others, self._desk.catalog, ChangeKind.WAGE),
            forms=tuple(self._form_count(other) for other in (*others, self._known)),
            previous_fen=before or None,
            operator=operator_name(self._desk.store, self._unit),
            proof=self.proof,
        )

    def _form_count(self, other: Declaration) -> FormCount:
        document = latest_document(self._desk.store, self._unit.unit_number, DocumentKind.ACCEPTANCE, other.id)
        told = _content(document) if document else {}
        refused = len({row["row"] for row in told.get("refused", ())})
        accepted = int(told.get("accepted", 0))
        title = str(self._desk.catalog.form(other.form).title)
        return FormCount(title, other.row_count, accepted, refused, other.acceptance_number or "")

    def settlement(self) -> SettlementData | None:
        """The settlement statement (结算单), once there is a bill."""
        bill, assessment = self._latest(DocumentKind.BILL), self._latest(DocumentKind.ASSESSMENT)
        if bill is None or assessment is None:
            return None
        charges = [item for item in bill["items"] if item["pay_kind"] != "late-fee"]
        return SettlementData(
            unit=self._head,
            period=self._period,
            marks=self._marks,
            proof=self.proof,
            bill_number=bill["number"],
            lines=tuple(_charge(item) for item in charges),
            total_fen=bill["total_fen"],
            payment=self._payment(bill),
            persons=max((item["persons"] for item in charges), default=0),
            late_fee_fen=sum(item["unit_fen"] for item in bill["items"] if item["pay_kind"] == "late-fee"),
            late_fee_days=assessment["late_fee_days"],
            due=_day_or_instant(bill["due"]),
        )

    def _payment(self, bill: Mapping[str, Any]) -> Payment:
        debit, slip = self._latest(DocumentKind.DEBIT) or {}, self._latest(DocumentKind.SLIP) or {}
        return Payment(
            state=self._known.money or "billed",
            code=debit.get("code", ""),
            bank=slip.get("bank", ""),
            account_tail=bill["account_tail"],
            bank_ref=debit.get("bank_ref", ""),
            slip=slip.get("serial", ""),
            paid_at=datetime.fromisoformat(slip["paid_at"]) if slip else None,
        )


def _is_reference(desk: Desk, unit: Unit, known: Declaration) -> bool:
    """Whether the amounts rest on rates that nobody has confirmed (参考数据)."""
    if not total_fen(known.totals):
        return False
    rules = desk.policy(unit, Period.parse(known.period)).rules
    return any(not rule.confirmed for rule in rules.values())


def _charges(rows: tuple[tuple[Any, ...], ...]) -> tuple[tuple[ChargeLine, ...], int]:
    sums: dict[str, list[int]] = {}
    for _, _, insurance, _, base, unit, own in rows:
        held = sums.setdefault(insurance, [0, 0, 0, 0])
        for place, value in enumerate((unit, own, 1, base)):
            held[place] += value
    lines = tuple(
        ChargeLine(insurance, unit, own, persons, base_fen=base)
        for insurance, (unit, own, persons, base) in sorted(sums.items())
    )
    return lines, len({row[0] for row in rows})


def _charge(item: Mapping[str, Any]) -> ChargeLine:
    return ChargeLine(item["insurance"], item["unit_fen"], item["person_fen"], item["persons"], item["pay_kind"])


def _rows_of(declarations: list[Declaration], catalog: Catalog, effect: ChangeKind) -> int:
    return sum(known.row_count for known in declarations if catalog.form(known.form).effect is effect)


def _day_or_instant(text: str) -> date:
    return datetime.fromisoformat(text) if len(text) > 10 else datetime.fromisoformat(text).date()
