"""The nine steps of a month, 人员 - 工资基数 - 核对 - 复核 - 签名 - 报送 - 核定 - 扣款 - 回单: how far each is.

Sent is not accepted, accepted is not billed, billed is not paid: each step reads its own track, and a later step never
counts as done because an earlier one is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from unitclient.domain.roster import ChangeKind
from unitclient.store.declarations import Declaration
from unitclient.store.overview import Waiting
from unitclient.store.transport import Transport
from unitclient.sync.protocol import Acceptance, Money

READ_RECEIPT = "announcement-read"
"""The form of receipts for announcements, which are staged by reading and go along with whatever is declared next."""
UNSIGNED = (Transport.DRAFT, Transport.CHECKED, Transport.REVIEWED)


class Step(StrEnum):
    """A step of the month, in order."""

    PEOPLE = "people"
    WAGES = "wages"
    CHECK = "check"
    REVIEW = "review"
    SIGN = "sign"
    SEND = "send"
    ASSESS = "assess"
    DEBIT = "debit"
    RECEIPT = "receipt"


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    NOW = "now"
    """Ours to do."""
    WAITING = "waiting"
    """Under way; somebody else's turn."""
    TROUBLE = "trouble"
    LATER = "later"
    OFF = "off"
    """Not needed this month."""


@dataclass(frozen=True, slots=True)
class StepInfo:
    """One step. `note` names the text `d-step-<note>` that says how far it is, filled with `params`."""

    step: Step
    state: StepState
    note: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What the steps are computed from. `effects` tells what each form does, by its id."""

    effects: Mapping[str, ChangeKind]
    persons: int
    waiting: Mapping[str, Waiting]
    refused: Mapping[str, int]
    declarations: tuple[Declaration, ...]
    """Everything of the month that was not withdrawn; payloads left out."""
    monthly: Declaration | None
    """The monthly declaration that counts now."""
    review_required: bool
    nothing_due: bool
    """Whether the monthly declaration is at its end without a debit."""

    def rows(self, *effects: ChangeKind) -> int:
        """Rows of declarations of the month with such an effect, refused ones too."""
        return sum(known.row_count for known in self.declarations if self.effects.get(known.form) in effects)

    def pending(self, *effects: ChangeKind) -> int:
        """Pending rows with such an effect."""
        return sum(told.rows for form, told in self.waiting.items() if self.effects.get(form) in effects)

    def turned_down(self, *effects: ChangeKind) -> int:
        """Refused rows with such an effect that nobody has answered."""
        return sum(rows for form, rows in self.refused.items() if self.effects.get(form) in effects)

    @property
    def unsigned(self) -> tuple[Declaration, ...]:
        """What waits for review or signature."""
        return tuple(known for known in self.declarations if known.transport in UNSIGNED)

    @property
    def left_out(self) -> int:
        """Pending rows of the month that the prepared declaration does not hold; receipts for reading may wait."""
        return sum(told.rows for form, told in self.waiting.items() if form != READ_RECEIPT)


def steps(facts: StepFacts) -> tuple[StepInfo, ...]:
    """All nine, in order."""
    return tuple(_STEPS[step](facts) for step in Step)


def _people(facts: StepFacts) -> StepInfo:
    moving = (ChangeKind.ENROL, ChangeKind.STOP)
    refused = facts.turned_down(*moving)
    if refused:
        return StepInfo(Step.PEOPLE, StepState.TROUBLE, "rows-refused", {"count": refused})
    joining = facts.pending(ChangeKind.ENROL) + facts.rows(ChangeKind.ENROL)
    leaving = facts.pending(ChangeKind.STOP) + facts.rows(ChangeKind.STOP)
    told = {"count": facts.persons, "joining": joining, "leaving": leaving}
    if not facts.persons and not joining:
        return StepInfo(Step.PEOPLE, StepState.NOW, "people-none", told)
    return StepInfo(Step.PEOPLE, StepState.DONE, "people-moving" if joining or leaving else "people-same", told)


def _wages(facts: StepFacts) -> StepInfo:
    refused = facts.turned_down(ChangeKind.WAGE)
    if refused:
        return StepInfo(Step.WAGES, StepState.TROUBLE, "rows-refused", {"count": refused})
    changed = facts.pending(ChangeKind.WAGE) + facts.rows(ChangeKind.WAGE)
    if changed:
        return StepInfo(Step.WAGES, StepState.DONE, "wages-changed", {"count": changed})
    empty = not facts.persons and not facts.declarations and not facts.waiting
    return StepInfo(Step.WAGES, StepState.LATER if empty else StepState.DONE, "later" if empty else "wages-same")


def _check(facts: StepFacts) -> StepInfo:
    if facts.monthly is None:
        ready = bool(facts.persons or facts.waiting or facts.declarations)
        return StepInfo(Step.CHECK, StepState.NOW if ready else StepState.LATER, "check-now" if ready else "later")
    if facts.left_out and facts.monthly.transport in UNSIGNED:
        return StepInfo(Step.CHECK, StepState.NOW, "check-stale", {"count": facts.left_out})
    return StepInfo(Step.CHECK, StepState.DONE, "check-done", {"count": facts.monthly.row_count})


def _review(facts: StepFacts) -> StepInfo:
    if not facts.review_required:
        return StepInfo(Step.REVIEW, StepState.OFF, "review-off")
    if facts.monthly is None and not facts.unsigned:
        return StepInfo(Step.REVIEW, StepState.LATER, "later")
    if any(known.transport is Transport.DRAFT for known in facts.unsigned):
        return StepInfo(Step.REVIEW, StepState.TROUBLE, "review-back")
    missing = sum(known.transport is Transport.CHECKED for known in facts.unsigned)
    if missing:
        return StepInfo(Step.REVIEW, StepState.NOW, "review-now", {"count": missing})
    return StepInfo(Step.REVIEW, StepState.DONE, "review-done")


def _sign(facts: StepFacts) -> StepInfo:
    unsigned = facts.unsigned
    if not unsigned:
        done = facts.monthly is not None
        return StepInfo(Step.SIGN, StepState.DONE if done else StepState.LATER, "sign-done" if done else "later")
    ready = all(known.transport is Transport.REVIEWED or not facts.review_required for known in unsigned)
    return StepInfo(Step.SIGN, StepState.NOW if ready else StepState.LATER, "sign-now", {"count": len(unsigned)})


def _send(facts: StepFacts) -> StepInfo:
    def having(*states: Transport) -> int:
        return sum(known.transport in states for known in facts.declarations)

    parked = having(Transport.PARKED)
    if parked:
        return StepInfo(Step.SEND, StepState.TROUBLE, "send-parked", {"count": parked})
    unknown = having(Transport.UNKNOWN)
    if unknown:
        return StepInfo(Step.SEND, StepState.WAITING, "send-unknown", {"count": unknown})
    moving = having(Transport.SIGNED, Transport.QUEUED, Transport.SENDING)
    if moving:
        return StepInfo(Step.SEND, StepState.WAITING, "send-waiting", {"count": moving})
    if facts.monthly is None or facts.monthly.transport in UNSIGNED:
        return StepInfo(Step.SEND, StepState.LATER, "later")
    return StepInfo(Step.SEND, StepState.DONE, "send-done")


def _assess(facts: StepFacts) -> StepInfo:
    known = facts.monthly
    if known is None or known.transport is not Transport.DELIVERED:
        return StepInfo(Step.ASSESS, StepState.LATER, "later")
    if known.acceptance == Acceptance.RETURNED:
        return StepInfo(Step.ASSESS, StepState.TROUBLE, "assess-returned")
    if known.money is not None:
        partly = known.acceptance == Acceptance.PARTLY
        return StepInfo(Step.ASSESS, StepState.DONE, "assess-partly" if partly else "assess-done")
    if facts.nothing_due:
        return StepInfo(Step.ASSESS, StepState.DONE, "assess-nothing")
    accepted = known.acceptance in (Acceptance.ACCEPTED, Acceptance.PARTLY)
    return StepInfo(Step.ASSESS, StepState.WAITING, "assess-waiting" if accepted else "assess-received")


_DEBITED = (Money.DEBITED, Money.POSTED, Money.RECEIPTED)


def _debit(facts: StepFacts) -> StepInfo:
    money = facts.monthly.money if facts.monthly else None
    if facts.nothing_due:
        return StepInfo(Step.DEBIT, StepState.OFF, "nothing-due")
    if money in _DEBITED:
        return StepInfo(Step.DEBIT, StepState.DONE, "debit-done")
    if money == Money.DEBIT_FAILED:
        return StepInfo(Step.DEBIT, StepState.TROUBLE, "debit-failed")
    if money in (Money.BILLED, Money.DEBITING, Money.ASSESSED):
        return StepInfo(Step.DEBIT, StepState.WAITING, f"debit-{money}")
    return StepInfo(Step.DEBIT, StepState.LATER, "later")


def _receipt(facts: StepFacts) -> StepInfo:
    money = facts.monthly.money if facts.monthly else None
    if facts.nothing_due:
        return StepInfo(Step.RECEIPT, StepState.OFF, "nothing-due")
    if money == Money.RECEIPTED:
        return StepInfo(Step.RECEIPT, StepState.DONE, "receipt-done")
    if money in (Money.DEBITED, Money.POSTED):
        return StepInfo(Step.RECEIPT, StepState.WAITING, "receipt-waiting")
    return StepInfo(Step.RECEIPT, StepState.LATER, "later")


_STEPS: Mapping[Step, Callable[[StepFacts], StepInfo]] = {
    Step.PEOPLE: _people,
    Step.WAGES: _wages,
    Step.CHECK: _check,
    Step.REVIEW: _review,
    Step.SIGN: _sign,
    Step.SEND: _send,
    Step.ASSESS: _assess,
    Step.DEBIT: _debit,
    Step.RECEIPT: _receipt,
}
