"""What the printed documents are made from: plain values, complete, nothing is looked up while printing.

Amounts are int fen; periods are `Period`; instants are aware datetimes and are printed in China standard time; digests
are lower-case hex. `insurance` and `pay_kind` are the words of the messages; their labels stand in the texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from unitclient.domain.period import Period
from unitclient.errors import UserError


@dataclass(frozen=True, slots=True)
class UnitHead:
    """The unit as documents name it: name, unit number (单位编号) and USCC (统一社会信用代码)."""

    name: str
    unit_number: str
    uscc: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What has to stand on every page: issuing centre, printing time, and the two warnings.

    `reference_data`: amounts rest on a policy package nobody has confirmed yet (参考数据). `practice`: the unit is
    one of a practice centre, the paper has no effect (演练).
    """

    centre: str
    printed_at: datetime
    reference_data: bool = False
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """The centre's receipt (受理回执) for a submission.

    `receipt_sha256` is the digest of the signed receipt itself and is what the QR code holds; `submission_sha256` is
    the digest of the container the receipt covers. `signer` and `signer_sha256` are subject and digest of the
    certificate the unit signed with; `centre_signer` is the subject of the centre's.
    """

    acceptance_number: str
    receipt_sha256: str
    received_at: datetime
    submission_id: str
    submission_sha256: str
    signer: str
    signer_sha256: str = ""
    centre_signer: str = ""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a printed list: its title and how wide it is beside the others, in characters."""

    title: str
    width: int


@dataclass(frozen=True, slots=True)
class ListData:
    """The rows of one declaration as a list to sign and keep: cells as people read them.

    `sums` is the row below, or empty; `signatures` are the places to sign or stamp.
    """

    unit: UnitHead
    period: Period
    marks: Marks
    title: str
    number: str
    columns: tuple[ListColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[str, ...]
    signatures: tuple[str, ...]
    rows_per_page: int


@dataclass(frozen=True, slots=True)
class CertificateData:
    """A paper that the centre issued from its register, with what it says.

    `insured` are (insurance, first month, last month or ""), `paid` (year, insurance, months, persons, unit's part,
    person's part), money in fen. `source_sha256` is the digest of the centre's signed document it comes from.
    """

    unit: UnitHead
    marks: Marks
    title: str
    number: str
    code: str
    issued_on: str
    valid_until: str
    void: bool
    name: str
    id_number: str
    purpose: str
    recipient: str
    span: tuple[str, str]
    insured: tuple[tuple[str, str, str], ...]
    paid: tuple[tuple[str, str, int, int, int, int], ...]
    source_sha256: str


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One row of amounts: an insurance and pay kind (缴费类型), heads, total base, and the amounts of both sides."""

    insurance: str
    unit_fen: int
    person_fen: int
    persons: int
    pay_kind: str = ""
    base_fen: int | None = None

    @property
    def total_fen(self) -> int:
        """Both sides together."""
        return self.unit_fen + self.person_fen


@dataclass(frozen=True, slots=True)
class Payment:
    """How the bill was paid, as far as the centre has said it.

    `state` is a word of the money track ("billed", "debit-failed", "receipted" ...), `code` the bank's result
    (K00..K12); `slip` is the number of the bank slip (电子缴费凭证).
    """

    state: str
    code: str = ""
    bank: str = ""
    account_tail: str = ""
    bank_ref: str = ""
    slip: str = ""
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SettlementData:
    """A settlement statement (结算单): one bill of the centre and how it was settled.

    `lines` are the contributions; the late fee stands apart in `late_fee_fen`. `total_fen` is what the centre's bill
    says.
    """

    unit: UnitHead
    period: Period
    marks: Marks
    proof: Proof
    bill_number: str
    lines: tuple[ChargeLine, ...]
    total_fen: int
    payment: Payment
    persons: int
    late_fee_fen: int = 0
    late_fee_days: int = 0
    due: date | datetime | None = None

    def check(self) -> None:
        """UserError("document-total-differs") when the rows do not add up to the bill: no such paper is printed."""
        added = sum(line.total_fen for line in self.lines) + self.late_fee_fen
        if added != self.total_fen:
            raise UserError("document-total-differs", mendable=False, added=added, total=self.total_fen)


@dataclass(frozen=True, slots=True)
class BillLine:
    """One bill on a list: the business it came from, its amounts by insurance, and how it was paid.

    `total_fen` is with the late fee; `paid`: the bank has debited it.
    """

    number: str
    business: str
    period: Period
    lines: tuple[ChargeLine, ...]
    late_fee_fen: int
    total_fen: int
    payment: Payment
    paid: bool
    due: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class BillListData:
    """Bills on one paper. `kind` is "arrears" (欠费补缴单) or "month-bills" (the settlement list of a month)."""

    kind: str
    unit: UnitHead
    period: Period
    marks: Marks
    proof: Proof
    bills: tuple[BillLine, ...]


@dataclass(frozen=True, slots=True)
class OwedPerson:
    """A person of a bill: months and insurances that are owed, and the amount where the declaration names one."""

    bill_number: str
    name: str
    id_number: str
    months: str
    insurances: tuple[str, ...]
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class PersonListData:
    """The persons of bills (欠费补缴人员明细)."""

    unit: UnitHead
    period: Period
    marks: Marks
    proof: Proof
    people: tuple[OwedPerson, ...]


@dataclass(frozen=True, slots=True)
class FormCount:
    """One submission of the month: form title in the language of the paper, rows sent, accepted and refused."""

    title: str
    rows: int
    accepted: int
    refused: int
    acceptance_number: str = ""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One insured person (参保人员) of the detail pages; the ID number is printed as it is given here."""

    name: str
    id_number: str
    base_fen: int
    unit_fen: int
    person_fen: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SummaryData:
    """A monthly declaration summary (月度申报汇总表): what the unit declared for one period, by insurance.

    `proof` is None while the centre has not received it; `previous_fen` is last month's total, for the difference.
    """

    unit: UnitHead
    period: Period
    marks: Marks
    lines: tuple[ChargeLine, ...]
    persons: int
    enrolled: int = 0
    stopped: int = 0
    base_changed: int = 0
    forms: tuple[FormCount, ...] = ()
    previous_fen: int | None = None
    operator: str = ""
    people: tuple[PersonLine, ...] = ()
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class RefundLine:
    """One order of a refund as the bank left it. `state` is issued, paid or failed, `code` the bank's result."""

    order_number: str
    receiver: str
    account: str
    amount_fen: int
    state: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptData:
    """An acceptance receipt (受理回执) of one submission, on one page.

    `accepted` and `refused` count rows and are None while the centre has not decided; `timely` is the centre's word on
    whether the submission came before `deadline`.
    """

    unit: UnitHead
    period: Period
    marks: Marks
    proof: Proof
    form_title: str
    rows: int
    size: int
    state: str
    timely: bool
    deadline: datetime | None = None
    accepted: int | None = None
    refused: int | None = None
    receipt_id: str = ""
    refunds: tuple[RefundLine, ...] = ()
