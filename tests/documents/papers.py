"""Sample data of the document tests. All people, units and numbers are made up."""

from __future__ import annotations

import hashlib
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from unitclient.documents.model import (
    ChargeLine,
    FormCount,
    Marks,
    Payment,
    PersonLine,
    Proof,
    ReceiptData,
    SettlementData,
    SummaryData,
    UnitHead,
)
from unitclient.domain.period import Period

PERIOD = Period(2026, 11)
UNIT = UnitHead("演练精密机械有限公司", "51010000012345", "91510100MA62DEMO0X")
RECEIPT_SHA256 = hashlib.sha256(b"receipt").hexdigest()
PROOF = Proof(
    acceptance_number="SL202611250000017",
    receipt_sha256=RECEIPT_SHA256,
    received_at=datetime(2026, 11, 25, 2, 59, 1, tzinfo=UTC),
    submission_id="0199a1b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b",
    submission_sha256=hashlib.sha256(b"submission").hexdigest(),
    signer="CN=演练精密机械有限公司",
    signer_sha256=hashlib.sha256(b"certificate").hexdigest(),
    centre_signer="CN=演练中心",
)
LINES = (
    ChargeLine("pension", 16_123_456, 8_061_728, 195, base_fen=100_771_600),
    ChargeLine("injury", 201_543, 0, 195, base_fen=100_771_600),
    ChargeLine("pension", 160_000, 80_000, 2, pay_kind="back-payment"),
)
LATE_FEE = 12_345
TOTAL = sum(line.total_fen for line in LINES) + LATE_FEE


def marks(reference_data: bool = False, practice: bool = False) -> Marks:
    """Head of a document printed on 2026-11-25, 11:12 in China."""
    return Marks("成都市社会保险经办中心", datetime(2026, 11, 25, 3, 12, tzinfo=UTC), reference_data, practice)


def settlement(payment: Payment | None = None, given: Marks | None = None, total: int = TOTAL) -> SettlementData:
    """A statement of three rows and a late fee."""
    return SettlementData(
        unit=UNIT,
        period=PERIOD,
        marks=given or marks(),
        proof=PROOF,
        bill_number="JS510100202611000123",
        lines=LINES,
        total_fen=total,
        payment=payment or Payment("billed"),
        persons=195,
        late_fee_fen=LATE_FEE,
        late_fee_days=15,
        due=datetime(2026, 11, 30, 9, tzinfo=UTC),
    )


def summary(people: tuple[PersonLine, ...] = (), proof: Proof | None = PROOF) -> SummaryData:
    """A summary of two submissions, with the detail of `people`."""
    return SummaryData(
        unit=UNIT,
        period=PERIOD,
        marks=marks(),
        lines=LINES,
        persons=195,
        enrolled=5,
        stopped=2,
        base_changed=3,
        forms=(FormCount("增员", 5, 4, 1, "SL202611250000015"), FormCount("月度申报", 975, 975, 0)),
        previous_fen=24_000_000,
        operator="李经办",
        people=people,
        proof=proof,
    )


def receipt(accepted: int | None = 970, refused: int | None = 5, timely: bool = True) -> ReceiptData:
    """The receipt of a monthly declaration of 975 rows."""
    return ReceiptData(
        unit=UNIT,
        period=PERIOD,
        marks=marks(),
        proof=PROOF,
        form_title="月度申报",
        rows=975,
        size=183_234,
        state="partly-accepted",
        timely=timely,
        deadline=datetime(2026, 12, 10, 9, tzinfo=UTC),
        accepted=accepted,
        refused=refused,
    )


def text_of(pdf: bytes, folder: Path) -> str:
    """What a reader can search for and copy, by pdftotext, with blanks taken out."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    out = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True).stdout
    return "".join(out.decode().split())
