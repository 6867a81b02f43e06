"""What the centre decides on one submission, before it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from unitclient.catalog.model import BillAct
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.registers import Entry
from unitclient.domain.roster import Person
from unitclient.sync.protocol import Acceptance

Moved = Mapping[tuple[str, str], tuple[Entry | None, Entry]]
"""Entries of registers by (register, key): as they were (None: there was none), and as they are now."""


class Line(NamedTuple):
    """An accepted amount: one person, one insurance, one month; fen."""

    id_number: str
    insurance: str
    period: str
    base_fen: int
    unit_fen: int
    person_fen: int


class ChargeLine(NamedTuple):
    """What one accepted row costs for one insurance and month; fen."""

    row: int
    insurance: str
    period: str
    unit_fen: int
    person_fen: int
    id_number: str = ""
    """Whom it is for; "" for what the unit pays for itself."""
    account_fen: int = 0
    """What of it is credited to the person's own account."""


class Booking(NamedTuple):
    """Money that leaves a month of a person (negative), or comes to it, by one accepted row; fen."""

    row: int
    id_number: str
    insurance: str
    period: str
    base_fen: int
    unit_fen: int
    person_fen: int
    account_fen: int


class Payout(NamedTuple):
    """What one accepted row gives back, to whom, and the register entry that follows it: (register, key)."""

    row: int
    id_number: str
    insurance: str
    month: str
    side: str
    amount_fen: int
    receiver: str
    account_name: str
    bank_name: str
    account: str
    entry: tuple[str, str]


class BillOrder(NamedTuple):
    """What is to be done with a bill: the act, its new last day ("YYYY-MM-DD"), the late fee taken off (fen)."""

    act: BillAct
    due: str = ""
    waived_fen: int = 0


@dataclass
class Decision:
    """State, refused rows with reasons, findings on the whole, and the effects of what was accepted.

    `changes` holds each changed person as they were (None = not on the roster) and as they are now; `entries` the same
    of the registers, by (register, key).
    """

    accepted: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, tuple[Person | None, Person]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    charges: list[ChargeLine] = field(default_factory=list)
    bills: dict[str, BillOrder] = field(default_factory=dict)
    """{bill number: what is to be done with it}."""
    bookings: list[Booking] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    unit_items: dict[str, str] = field(default_factory=dict)
    """The unit's own particulars that change: {item: as it is now}."""
    entries: dict[tuple[str, str], tuple[Entry | None, Entry]] = field(default_factory=dict)
    incomplete: bool = False
    """Something that should have been declared is missing: accepted in part, though no row is wrong."""
    returned: bool = False
    """The submission as a whole is not taken."""

    @property
    def state(self) -> Acceptance:
        """The centre's word: accepted, accepted in part, or returned when nothing of it was taken."""
        lacking = bool(self.refused) or self.incomplete
        if self.returned or (lacking and not self.accepted):
            return Acceptance.RETURNED
        return Acceptance.PARTLY if lacking else Acceptance.ACCEPTED

    def refuse(self, row: int, code: str, field_name: str = "", **params: str) -> None:
        """Refuse one row for one reason."""
        self.refused.append({"row": row, "code": code, "field": field_name, "params": params})

    def tell(self, code: str, severity: Severity = Severity.WARNING, **params: str) -> None:
        """A finding about the submission as a whole."""
        self.findings.append({"code": code, "severity": severity.value, "field": "", "params": params})

    def take_findings(self, row: int, findings: tuple[Finding, ...], passed: frozenset[str] = frozenset()) -> bool:
        """Keep a row's findings; whether the row may be accepted.

        Codes of `passed` are decided elsewhere; notices are the client's own business.
        """
        errors = False
        for finding in findings:
            if finding.code in passed:
                continue
            if finding.severity is Severity.ERROR:
                errors = True
                self.refuse(row, finding.code, finding.field, **finding.params)
            elif finding.severity is Severity.WARNING:
                told = {"code": finding.code, "severity": "warning", "field": finding.field}
                self.findings.append({**told, "row": row, "params": dict(finding.params)})
        return not errors


def returned(code: str, **params: str) -> Decision:
    """A submission that is not taken, for one reason."""
    decision = Decision(returned=True)
    decision.tell(code, Severity.ERROR, **params)
    return decision
