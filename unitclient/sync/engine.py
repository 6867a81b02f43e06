"""The engine: sends what is due and fetches what happened, so that every step is safe to repeat.

An unknown outcome is settled by asking for the receipt first; only when the centre does not have the bytes are the
same bytes sent again. Answers of the centre change something only after their signature was checked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from unitclient.store.documents import latest_document
from unitclient.store.feed import cursor, set_cursor
from unitclient.store.older import caught_up, older
from unitclient.store.outbox import OutboxState, Submission, claim, due, list_submissions, outcome, retry
from unitclient.store.recovery import recover_sending
from unitclient.store.registers import forget_entries, put_entries
from unitclient.store.staff import replace_roster
from unitclient.store.store import Store
from unitclient.sync.apply import apply_document, entries_of, roster_moved, roster_read
from unitclient.sync.client import CentreClient
from unitclient.sync.outcomes import NotSent, OutcomeUnknown, ProblemAnswer
from unitclient.sync.pinning import keep_pins
from unitclient.sync.protocol import RETRYABLE_CODES, Change, DocumentKind, SignedDocument
from unitclient.sync.reading import NotBelieved, Reader, followed
from unitclient.sync.retry import STATE_AFTER, Attempt, Outcome, Scheduler
from unitclient.sync.roster import persons_of

REFRESH_AFTER = timedelta(hours=12)
"""How old the calendar and the policies may be before they are read again."""
CLOCK_SLACK = timedelta(minutes=1)
"""How far in the future an entry of our own may lie: clocks are set by small steps all the time."""
_Believed = tuple[str, SignedDocument, dict[str, Any]]
"""Kind, document and content of what may be applied."""


@dataclass
class Engine:
    """Works one unit's queue and feed against its centre. Holds no state of its own: the store does."""

    store: Store
    client: CentreClient
    reader: Reader
    unit: str
    rng: Random = field(default_factory=Random)

    def recover(self) -> int:
        """Submissions that a crash left in sending become unknown; how many. Call once before the first send."""
        self._mind_the_clock()
        self._catch_up()
        return len(recover_sending(self.store, self.store.now()))

    def _catch_up(self) -> None:
        """After a restore: what happened since the backup is read before anything is sent.

        Where the centre does not answer, sending still asks for each receipt first (`store.older`).
        """
        told = older(self.store)
        if told is not None and self.unit in told.units:
            with suppress(NotSent, OutcomeUnknown, ProblemAnswer, NotBelieved):
                self.fetch()
                caught_up(self.store, self.unit)

    def _mind_the_clock(self) -> None:
        """What waits since a future moment was put off by a clock that was wrong then: it is due now."""
        now = self.store.now()
        for state in (OutboxState.QUEUED, OutboxState.UNKNOWN):
            for row in list_submissions(self.store, self.unit, state):
                if (row.last_at or row.queued_at) > now + CLOCK_SLACK:
                    with self.store.write("outbox.clock", subject=row.submission_id):
                        retry(self.store, row.submission_id, now)

    # -- sending

    def send_due(self) -> dict[str, Attempt]:
        """Try everything that is due once; {submission id: what became of it}."""
        tried: dict[str, Attempt] = {}
        while waiting := due(self.store, self.store.now(), 1, self.unit, but=tried):
            attempt = self._send(waiting[0])
            if attempt is None:
                break
            tried[waiting[0].submission_id] = attempt
        return tried

    def _send(self, row: Submission) -> Attempt | None:
        if not claim(self.store, row.submission_id, self.store.now()):
            return None
        begun = time.monotonic()
        attempt, receipt = self._try(row)
        now, detail = self.store.now(), self._facts(row, attempt, begun)
        with self.store.write("outbox.outcome", subject=row.submission_id, detail=detail):
            if receipt is not None:
                apply_document(self.store, self.unit, DocumentKind.RECEIPT, receipt, receipt.content())
                return attempt
            state = OutboxState(STATE_AFTER[attempt.outcome])
            again = state in (OutboxState.QUEUED, OutboxState.UNKNOWN)
            scheduler = Scheduler(self.store.clock, self.rng)
            deadline = self._our_time(row.deadline)
            when = scheduler.next_try(attempt, row.attempts + 1, deadline) if again else None
            outcome(self.store, row.submission_id, state, next_at=when, code=attempt.code, now=now)
        return attempt

    def _facts(self, row: Submission, attempt: Attempt, begun: float) -> dict[str, object]:
        """What the journal keeps of a try: how long it took, and what the centre's clock was ahead of ours."""
        offset = self.client.offset
        return {
            "outcome": attempt.outcome.value,
            "code": attempt.code,
            "took_ms": round((time.monotonic() - begun) * 1000),
            "bytes": len(row.container),
            "ahead_s": None if offset is None else round(offset.total_seconds()),
        }

    def _our_time(self, deadline: datetime | None) -> datetime | None:
        """A deadline counts by the centre's clock, waiting by ours."""
        return None if deadline is None else deadline - (self.client.offset or timedelta())

    def _our_slot(self, slot: tuple[str, str] | None) -> tuple[datetime, datetime] | None:
        if slot is None:
            return None
        ahead = self.client.offset or timedelta()
        return datetime.fromisoformat(slot[0]) - ahead, datetime.fromisoformat(slot[1]) - ahead

    def _try(self, row: Submission) -> tuple[Attempt, SignedDocument | None]:
        unsure = row.state is OutboxState.UNKNOWN
        try:
            receipt = self._receipt_of(row) if unsure else None
            if receipt is None:
                unsure = True
                receipt = self.client.put_submission(self.unit, row.submission_id, row.container)
            self._believe_receipt(row, receipt)
        except NotSent as failure:
            # A broken connection now says nothing about bytes that went out earlier.
            settled = row.state is not OutboxState.UNKNOWN
            return Attempt(Outcome.NOT_SENT if settled else Outcome.UNKNOWN, failure.code), None
        except (OutcomeUnknown, NotBelieved) as failure:
            return Attempt(Outcome.UNKNOWN, failure.code), None
        except ProblemAnswer as answer:
            return self._after_problem(answer), None
        return Attempt(Outcome.DELIVERED, "receipt"), receipt

    def _receipt_of(self, row: Submission) -> SignedDocument | None:
        return self.client.receipt(self.unit, row.submission_id, row.sha256)

    def _believe_receipt(self, row: Submission, receipt: SignedDocument) -> None:
        content = self._read(receipt, DocumentKind.RECEIPT)
        if content["submission_id"] != row.submission_id or content["sha256"] != row.sha256:
            raise NotBelieved("receipt-for-other-bytes")

    def _after_problem(self, answer: ProblemAnswer) -> Attempt:
        problem = answer.problem
        if problem.code in ("internal", "outcome-unknown") or (problem.status == 500 and problem.retryable):
            return Attempt(Outcome.UNKNOWN, problem.code, problem.retry_after_s)
        if problem.retryable or problem.code in RETRYABLE_CODES or problem.status in (408, 425, 429, 502, 503, 504):
            return Attempt(Outcome.LATER, problem.code, problem.retry_after_s, self._our_slot(problem.slot))
        return Attempt(Outcome.REFUSED, problem.code)

    # -- fetching

    def fetch(self, wait_s: int = 0) -> int:
        """Read the change feed to its end and the roster when it moved; the number of changes.

        The cursor moves in the transaction that stores what it covers.
        """
        count = 0
        while True:
            position = cursor(self.store, self.unit)
            try:
                page = self.client.changes(self.unit, position, wait_s=wait_s)
            except ProblemAnswer as answer:
                if answer.problem.code != "cursor-expired":
                    raise
                self._start_again()
                continue
            if page.changes or position is None:
                self._keep(page.changes, page.next_cursor)
                count += len(page.changes)
            if not page.more:
                break
            wait_s = 0
        if roster_moved(self.store, self.unit):
            self.read_roster()
        return count

    def _keep(self, changes: tuple[Change, ...], next_cursor: str) -> None:
        believed = self._believed(changes)
        with self.store.write("feed.page", subject=self.unit, detail={"changes": len(changes)}):
            self._apply(believed)
            set_cursor(self.store, self.unit, next_cursor)

    def _believed(self, changes: Iterable[Change]) -> list[_Believed]:
        signed = ((change, change.document or self.client.document(self.unit, change.ref)) for change in changes)
        return [(change.kind, document, self._read(document, change.kind)) for change, document in signed]

    def _apply(self, believed: Iterable[_Believed]) -> None:
        for kind, signed, content in believed:
            apply_document(self.store, self.unit, kind, signed, content)

    def _start_again(self) -> None:
        """The cursor is void: what was decided meanwhile stands in the snapshot, and so does the new cursor."""
        snapshot = self.client.snapshot(self.unit)
        believed = self._believed(snapshot.documents)
        registers = [self._read(signed, DocumentKind.REGISTER) for signed in snapshot.registers]

        def also() -> None:
            forget_entries(self.store, self.unit)
            for content in registers:
                put_entries(self.store, self.unit, entries_of(content))
            self._apply(believed)
            set_cursor(self.store, self.unit, snapshot.next_cursor)

        self._keep_roster(snapshot.roster, also)

    def read_roster(self) -> SignedDocument:
        """Make the roster here the centre's; the signed document that says it."""
        signed = self.client.roster(self.unit)
        self._keep_roster(signed, lambda: None)
        return signed

    def _keep_roster(self, roster: SignedDocument, also: Callable[[], None]) -> None:
        persons = persons_of(self._read(roster, DocumentKind.ROSTER))
        with self.store.write("roster.read", subject=self.unit, detail={"persons": len(persons)}):
            also()
            replace_roster(self.store, self.unit, persons)
            roster_read(self.store, self.unit)

    def ask(self, query: str, inputs: Mapping[str, str]) -> tuple[SignedDocument, dict[str, Any]]:
        """The centre's answer to a query, believed; NotBelieved when it answers another question."""
        signed = self.client.ask(self.unit, query, inputs)
        content = self._read(signed, DocumentKind.ANSWER)
        if content["query"] != query or content["inputs"] != dict(inputs):
            raise NotBelieved("answer-to-another-question")
        return signed, content

    def paper(self, signed: SignedDocument, entry: str = "") -> bytes:
        """A document as a PDF of the centre, believed; NotBelieved when it is not signed, or tells something else."""
        pdf = self.client.paper(self.unit, signed, entry)
        self.reader.check_paper(pdf, signed, entry, self.client.centre_clock().now())
        return pdf

    def refresh(self, force: bool = False) -> None:
        """Read calendar and policies when those here are older than REFRESH_AFTER."""
        for kind, ask in ((DocumentKind.CALENDAR, self.client.calendar), (DocumentKind.POLICIES, self.client.policies)):
            known = latest_document(self.store, self.unit, kind)
            age = self.store.now() - known.received_at if known and known.received_at else None
            if force or age is None or age > REFRESH_AFTER:
                signed = ask(self.unit)
                content = self._read(signed, kind)
                with self.store.write("documents.add", subject=self.unit, detail={"document": str(kind)}):
                    apply_document(self.store, self.unit, kind, signed, content)

    def _read(self, signed: SignedDocument, kind: DocumentKind | str) -> dict[str, Any]:
        """A believed document's content. The revocation list in an old document is stale: then a fresh one is read."""
        now = self.client.centre_clock().now()
        try:
            return self.reader.read(signed, kind, now)
        except NotBelieved as failure:
            if failure.code not in ("centre-crl-stale", "centre-key-changed"):
                raise
            changed = failure.code == "centre-key-changed"
        self.reader = self.reader.with_list(self.client.fetch_public("/v1/crl"))
        if changed:
            self._follow_key(now)
        return self.reader.read(signed, kind, now)

    def _follow_key(self, now: datetime) -> None:
        """The centre's key is another one: go from statement to statement, each signed by the key before."""
        pins = followed(self.reader, self.client.key_rollovers(), now)
        if pins != self.reader.pins:
            with self.store.write("centre.key", subject=self.unit, detail={"keys": len(pins)}):
                keep_pins(self.store, self.reader.service, pins)
            self.reader = replace(self.reader, pins=pins)
