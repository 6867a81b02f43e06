"""The messages between unitclient and the central service, defined once and used by both ends.

Every decision of the centre is a *signed document*: canonical JSON bytes (`canonical`) and a detached CMS over exactly
those bytes. Amounts are integers of fen; periods are "YYYY-MM"; instants are RFC 3339 with offset; ids are UUIDv7.
A client ignores members it does not know.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any

API_VERSION = "1"
CONTAINER_TYPE = "application/vnd.etsi.asic-e+zip"
PROBLEM_TYPE = "application/problem+json"
SIGNATURE_TAG = "unitclient-device-v1"
"""`tag` parameter of the RFC 9421 signature with the device key."""
SIGNED_COMPONENTS = ("@method", "@target-uri", "content-digest")
"""Components a device signs; `content-digest` (sha-256) covers the body, empty bodies too."""
SERVICE_TIME_HEADER = "Service-Time"
"""Every answer carries the centre's clock, RFC 3339."""
CHALLENGE_PREFIX = b"unitclient-device-v1\n"
"""First bytes of a device challenge, so that its signature can never pass for a declaration's."""
CERTIFICATE_PREFIX = b"unitclient-certificate-v1\n"
"""First bytes of what an old key signs for a new one."""
MAX_CONTAINER_BYTES = 6 * 1024 * 1024


def device_request(challenge: bytes, public_key: bytes, device_name: str) -> bytes:
    """The bytes a unit's certificate signs to enrol a device: the challenge, then what is enrolled under it.

    They begin with CHALLENGE_PREFIX, because every challenge does. `public_key` is Ed25519, raw 32 bytes. The message
    `POST /v1/devices` is {"challenge", "public_key", "cms" (all base64), "device_name"}; the CMS is detached.
    """
    enrolled = {"device_name": device_name, "public_key": base64.b64encode(public_key).decode("ascii")}
    return challenge + b"\n" + canonical(enrolled)


def certificate_request(challenge: bytes, act: str, csr_pem: bytes) -> bytes:
    """The bytes an old key signs so that a new one may follow it; act is `renew` or `upgrade`.

    A prefix of their own keeps them from ever passing for a device's enrolment or a declaration.
    """
    asked = {"act": act, "challenge": base64.b64encode(challenge).decode("ascii"), "csr_pem": csr_pem.decode("ascii")}
    return CERTIFICATE_PREFIX + canonical(asked)


class DocumentKind(StrEnum):
    """What a signed document of the centre is."""

    SERVICE = "service"
    RECEIPT = "receipt"
    ACCEPTANCE = "acceptance"
    ASSESSMENT = "assessment"
    BILL = "bill"
    DEBIT = "debit"
    POSTING = "posting"
    SLIP = "slip"
    REFUND = "refund"
    CALENDAR = "calendar"
    POLICIES = "policies"
    ROSTER = "roster"
    ANNOUNCEMENT = "announcement"
    ARTICLE = "article"
    MESSAGE = "message"
    REGISTER = "register"
    ANSWER = "answer"
    KEY_ROLLOVER = "key-rollover"
    UNIT = "unit"
    NUMBER = "number"


class Acceptance(StrEnum):
    """The centre's word on a submission (acceptance track)."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    PARTLY = "partly-accepted"
    RETURNED = "returned"
    VOIDED = "voided"
    REPLACED = "replaced"


class Money(StrEnum):
    """Where the money of a submission stands (money track)."""

    ASSESSED = "assessed"
    BILLED = "billed"
    DEBITING = "debiting"
    DEBITED = "debited"
    DEBIT_FAILED = "debit-failed"
    POSTED = "posted"
    RECEIPTED = "receipted"
    CANCELLED = "cancelled"
    """The bill was taken back: nothing is owed on it."""
    REFUND_ISSUED = "refund-issued"
    """Orders were given to the bank; of some it has not said yet what became of them."""
    REFUND_PAID = "refund-paid"
    REFUND_FAILED = "refund-failed"
    """The bank could not pay some order: its money stands in the unit's account again."""


def refund_state(orders: Iterable[str]) -> Money:
    """Where a refund stands, by the states of its orders (issued, paid, failed)."""
    states = set(orders)
    if "issued" in states:
        return Money.REFUND_ISSUED
    return Money.REFUND_FAILED if "failed" in states else Money.REFUND_PAID


def canonical(value: object) -> bytes:
    """The one byte form of a message: UTF-8 JSON, sorted keys, no blanks. Floats are refused (amounts are fen)."""
    _refuse_floats(value)
    return _dump(value)


def parsed(data: bytes | str) -> Any:
    """The value of JSON that somebody else made; ValueError for what is none, or is nested too deeply to be read."""
    try:
        return json.loads(data)
    except RecursionError as deep:
        raise ValueError("JSON nested too deeply") from deep


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refuse_floats(value: object) -> None:
    kind = type(value)
    if kind in _SCALARS:
        return
    if isinstance(value, float):
        raise TypeError("a message holds no floats")
    if isinstance(value, Mapping):
        for member in value.values():
            _refuse_floats(member)
    elif isinstance(value, list | tuple):
        for member in value:
            _refuse_floats(member)


_SCALARS = frozenset({str, int, bool, type(None)})


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """The centre's words and its signature over them."""

    document: bytes
    cms: bytes

    @property
    def sha256(self) -> str:
        """Digest of the document's bytes, hex."""
        return hashlib.sha256(self.document).hexdigest()

    def content(self) -> dict[str, Any]:
        """The document read as JSON. Only for documents whose signature was verified."""
        loaded: dict[str, Any] = parsed(self.document)
        return loaded

    def to_wire(self) -> dict[str, str]:
        """JSON form: both parts in base64."""
        return {
            "document": base64.b64encode(self.document).decode("ascii"),
            "cms": base64.b64encode(self.cms).decode("ascii"),
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> SignedDocument:
        """From `to_wire`; raises ValueError or KeyError when it is not that."""
        return cls(
            base64.b64decode(str(wire["document"]), validate=True), base64.b64decode(str(wire["cms"]), validate=True)
        )


@dataclass(frozen=True, slots=True)
class Header:
    """What a submission says of itself; part of the signed bytes.

    `kind` is original, correction or void; `supersedes` names the submission a correction or void is about. `requires`
    names submissions that must be decided before this one (a month's enrolments before its monthly declaration).
    `totals` are {insurance: {"unit": fen, "person": fen}}; empty for forms without money. `service` is the audience.
    """

    submission_id: str
    service: str
    unit_number: str
    uscc: str
    form: str
    form_version: str
    period: str
    prepared_at: str
    operator: str
    row_count: int
    kind: str = "original"
    supersedes: str | None = None
    policy: Mapping[str, str] = field(default_factory=dict)
    """{"region", "id", "sha256"} of the policy package the amounts were computed with; empty without money."""
    totals: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    requires: tuple[str, ...] = ()
    v: int = 1


@dataclass(frozen=True, slots=True)
class Declaration:
    """`declaration.json` of a container: header, column names (the form's field names) and rows in that order.

    A cell is a string, an integer (fen or a count), a list of strings, or null.
    """

    header: Header
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def to_bytes(self) -> bytes:
        """The exact bytes that go into the container and are covered by the signature."""
        # A month of a large unit has a hundred thousand rows: look at their cells in one flat pass.
        if float in set(map(type, chain.from_iterable(self.rows))):
            raise TypeError("a message holds no floats")
        header = asdict(self.header)
        _refuse_floats(header)
        return _dump({"header": header, "columns": list(self.columns), "rows": list(self.rows)})

    @classmethod
    def from_bytes(cls, data: bytes) -> Declaration:
        """Read `declaration.json`; raises ValueError, KeyError or TypeError when it is not one."""
        loaded = parsed(data)
        header = dict(loaded["header"])
        header["requires"] = tuple(header.get("requires", ()))
        known = {name: header[name] for name in Header.__dataclass_fields__ if name in header}
        return cls(Header(**known), tuple(loaded["columns"]), tuple(tuple(row) for row in loaded["rows"]))


# What the signed documents hold, beside "v", "kind", "service", "unit_number" and "issued_at". Both ends treat these as
# plain JSON objects; the tables say which members are always there.
DOCUMENT_MEMBERS: Mapping[DocumentKind, tuple[str, ...]] = {
    DocumentKind.SERVICE: (
        "name",
        "practice",
        "limits",
        "retention_years",
        "region",
        "stamps",
        "status",
        "long_term",
        "sm2_form",
    ),
    DocumentKind.KEY_ROLLOVER: ("certificate",),
    DocumentKind.RECEIPT: (
        "receipt_id",
        "acceptance_number",
        "submission_id",
        "form",
        "period",
        "sha256",
        "size",
        "received_at",
        "deadline",
        "timely",
        "signer_cert_sha256",
        "feed_seq",
        "prev_receipt_sha256",
    ),
    # state: an Acceptance; refused: [{"row": 0-based index, "code", "field", "params"}]; effective_period: "YYYY-MM"
    DocumentKind.ACCEPTANCE: (
        "submission_id",
        "acceptance_number",
        "form",
        "period",
        "state",
        "accepted",
        "refused",
        "findings",
        "supersedes",
    ),
    # totals: {insurance: {"unit", "person", "persons"}}; difference_fen: assessed minus declared
    DocumentKind.ASSESSMENT: (
        "submission_id",
        "period",
        "method",
        "totals",
        "total_fen",
        "late_fee_fen",
        "late_fee_days",
        "difference_fen",
        "policy",
    ),
    # items: [{"pay_kind", "insurance", "unit_fen", "person_fen", "persons"}]; late fee is an item of its own
    # the newest of a bill_id counts; state: open, or cancelled for a bill that was taken back
    DocumentKind.BILL: (
        "bill_id",
        "number",
        "submission_id",
        "period",
        "items",
        "total_fen",
        "due",
        "account_tail",
        "state",
    ),
    # state: a Money of debiting, debited, debit-failed; code: K00..K12
    DocumentKind.DEBIT: ("debit_id", "bill_id", "submission_id", "attempt", "state", "code", "amount_fen", "bank_ref"),
    DocumentKind.POSTING: ("bill_id", "submission_id", "period", "persons", "totals", "lines_sha256", "posted_on"),
    DocumentKind.SLIP: ("slip_id", "bill_id", "debit_id", "submission_id", "bank", "serial", "amount_fen", "paid_at"),
    # orders: [{"order_number", "receiver", "account_name", "bank_name", "account_tail", "amount_fen", "state" (issued,
    # paid, failed), "code", "serial", "issued_on", "paid_at", "items": [{"id_number", "insurance", "month", "side",
    # "amount_fen"}]}]; the newest of a submission counts
    DocumentKind.REFUND: ("submission_id", "acceptance_number", "period", "bank", "orders", "total_fen"),
    # entries are {"period", "opens", "deadline", "debit_until", "counter_until", "late_fee_from", "notice", "computed"}
    DocumentKind.CALENDAR: ("region", "entries"),
    # packages: policy packages in the form of resources/policies
    DocumentKind.POLICIES: ("region", "packages"),
    # persons: [{"id_number", "id_kind", "name", "state", "wage_fen", "insurances": {insurance: {"since", "until"}}}]
    DocumentKind.ROSTER: ("persons", "feed_seq"),
    # topic: a code of the table message_topic
    DocumentKind.ANNOUNCEMENT: ("announcement_id", "topic", "title", "body", "published_on"),
    # the newest of an article_id counts; words, forms and findings are lists of what it is found by
    DocumentKind.ARTICLE: ("article_id", "title", "body", "words", "forms", "findings", "withdrawn", "published_on"),
    # what the unit subscribed to be told in the program
    DocumentKind.MESSAGE: ("message_id", "topic", "title", "body"),
    # entries: [{"key", "state" ("" = gone), "values", "at"}]: those that moved, or with `whole` all there are
    DocumentKind.REGISTER: ("register", "entries", "whole"),
    # what the centre answers to a query: rows are {column: text, int or null}
    DocumentKind.ANSWER: ("query", "inputs", "rows", "more", "source"),
    # what the unit is called from now on; former: {"uscc", "name"} as they were
    DocumentKind.UNIT: ("uscc", "name", "former"),
    # a person's number from now on
    DocumentKind.NUMBER: ("former", "present", "name"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a unit's change feed: `ref` names the signed document it announces."""

    seq: int
    kind: str
    submission_id: str | None
    ref: str
    at: str
    sha256: str
    document: SignedDocument | None = None
    """Inlined when the client asked with `include=documents`."""

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Change:
        """From one member of `changes`."""
        inlined = wire.get("signed")
        return cls(
            seq=int(wire["seq"]),
            kind=str(wire["kind"]),
            submission_id=wire.get("submission_id"),
            ref=str(wire["ref"]),
            at=str(wire["at"]),
            sha256=str(wire["sha256"]),
            document=SignedDocument.from_wire(inlined) if inlined else None,
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """An RFC 9457 problem of the centre; `code` is stable (table in docs/protocol.md)."""

    status: int
    code: str
    title: str
    detail: str = ""
    retryable: bool = False
    retry_after_s: int | None = None
    submission_id: str | None = None
    findings: tuple[Mapping[str, Any], ...] = ()
    slot: tuple[str, str] | None = None
    """First and last instant, by the centre's clock, of the time set aside for this submission."""


RETRYABLE_CODES = frozenset(
    {"body-too-slow", "slot-not-yet", "credential-too-fast", "internal", "intake-full", "not-durable", "read-only",
     "outcome-unknown", "storage-full"}
)  # fmt: skip
"""Problem codes after which the same bytes may be sent again under the same id."""
