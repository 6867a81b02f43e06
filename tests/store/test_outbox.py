"""The outbox: order, claims, outcomes, receipts, and what two processes or a crash do to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.store.conftest import StandingClock
from tests.store.samples import UNIT, enqueue
from unitclient.errors import UserError
from unitclient.store import Store, journal, outbox
from unitclient.store.attempts import attempts
from unitclient.store.declarations import events, get_declaration
from unitclient.store.outbox import OutboxState
from unitclient.store.recovery import CLAIM_HOLDS, recover_sending

DEADLINE = datetime(2026, 1, 20, 9, 0, tzinfo=UTC)


def _state(store: Store, submission_id: str) -> tuple[str, str]:
    """(outbox state, transport track): they must never differ."""
    submission, declaration = outbox.get_submission(store, submission_id), get_declaration(store, submission_id)
    assert submission is not None
    assert declaration is not None
    return submission.state.value, declaration.transport.value


def _outcome(store: Store, submission_id: str, state: OutboxState, next_at: datetime | None, code: str) -> None:
    with store.write("outbox.outcome", subject=submission_id):
        outbox.outcome(store, submission_id, state, next_at=next_at, code=code)


def test_a_queued_submission_keeps_its_bytes_and_moves_its_declaration(store: Store, clock: StandingClock) -> None:
    container = enqueue(store, "d1", deadline=DEADLINE, total_fen=120_000)
    (kept,) = outbox.list_submissions(store, UNIT, OutboxState.QUEUED)
    assert (kept.container, kept.deadline, kept.total_fen, kept.attempts) == (container, DEADLINE, 120_000, 0)
    assert (kept.next_at, kept.queued_at) == (clock.now(), clock.now())
    assert _state(store, "d1") == ("queued", "queued")


def test_the_signed_bytes_never_change(store: Store) -> None:
    enqueue(store, "d1")
    for statement in ("UPDATE outbox SET container = x'00'", "UPDATE outbox SET sha256 = ''", "DELETE FROM outbox"):
        with pytest.raises(Exception, match="never changes"), store.write("forge"):
            store.connection.execute(statement)


def test_due_is_ordered_by_deadline_then_value_and_waits_for_next_at(store: Store, clock: StandingClock) -> None:
    enqueue(store, "none")
    enqueue(store, "late", deadline=DEADLINE + timedelta(days=1), total_fen=9)
    enqueue(store, "small", deadline=DEADLINE, total_fen=1)
    enqueue(store, "large", deadline=DEADLINE, total_fen=2)
    enqueue(store, "waiting", deadline=DEADLINE, total_fen=3)
    assert outbox.claim(store, "waiting", clock.now())
    _outcome(store, "waiting", OutboxState.QUEUED, clock.now() + timedelta(minutes=5), "intake-full")
    assert [each.submission_id for each in outbox.due(store, clock.now())] == ["large", "small", "late", "none"]
    assert [each.submission_id for each in outbox.due(store, clock.now(), limit=2)] == ["large", "small"]
    assert outbox.due(store, clock.now(), unit="other") == []
    clock.forward(minutes=5)
    assert outbox.due(store, clock.now())[0].submission_id == "waiting"


def test_a_monthly_declaration_waits_for_the_enrolments_it_requires(store: Store, clock: StandingClock) -> None:
    enqueue(store, "enrol", form="enrol", deadline=DEADLINE)
    enqueue(store, "month", requires=("enrol", "from-another-computer"), deadline=DEADLINE, total_fen=9)
    assert [each.submission_id for each in outbox.due(store, clock.now())] == ["enrol"]
    with store.write("receipt"):
        outbox.store_receipt(store, "enrol", b"receipt", b"cms")
    assert [each.submission_id for each in outbox.due(store, clock.now())] == ["month"]


def test_a_claim_is_given_once_and_only_when_due(store: Store, clock: StandingClock) -> None:
    enqueue(store, "d1")
    assert not outbox.claim(store, "d1", clock.now() - timedelta(seconds=1))
    assert outbox.claim(store, "d1", clock.now())
    assert not outbox.claim(store, "d1", clock.now())
    assert not outbox.claim(store, "none", clock.now())
    assert _state(store, "d1") == ("sending", "sending")
    assert [entry.act for entry in journal.entries(store)].count("outbox.claim") == 1


def test_each_outcome_is_kept_with_its_time_and_code(store: Store, clock: StandingClock) -> None:
    enqueue(store, "d1")
    for code, state in (("timeout", OutboxState.UNKNOWN), ("read-only", OutboxState.QUEUED), ("x", OutboxState.PARKED)):
        assert outbox.claim(store, "d1", clock.now())
        next_at = None if state is OutboxState.PARKED else clock.now() + timedelta(minutes=1)
        _outcome(store, "d1", state, next_at, code)
        assert _state(store, "d1") == (state.value, state.value)
        clock.forward(minutes=1)
    kept = outbox.get_submission(store, "d1")
    assert kept is not None
    assert (kept.attempts, kept.last_code, kept.next_at) == (3, "x", None)
    assert [each.code for each in attempts(store, "d1")] == ["timeout", "read-only", "x"]
    assert [each.code for each in attempts(store, since=clock.now() - timedelta(seconds=90))] == ["x"]
    assert not outbox.claim(store, "d1", clock.now())


@pytest.mark.parametrize(
    ("state", "next_at"),
    [
        (OutboxState.QUEUED, None),
        (OutboxState.UNKNOWN, None),
        (OutboxState.PARKED, DEADLINE),
        (OutboxState.SENDING, None),
        (OutboxState.WITHDRAWN, None),
    ],
)
def test_an_outcome_that_makes_no_sense_is_a_fault(
    store: Store, clock: StandingClock, state: OutboxState, next_at: datetime | None
) -> None:
    enqueue(store, "d1")
    outbox.claim(store, "d1", clock.now())
    with pytest.raises(ValueError, match="next_at"):
        _outcome(store, "d1", state, next_at, "code")
    assert _state(store, "d1") == ("sending", "sending")


def test_an_outcome_of_what_was_not_sent_is_a_fault(store: Store) -> None:
    enqueue(store, "d1")
    with pytest.raises(ValueError, match="transport"):
        _outcome(store, "d1", OutboxState.UNKNOWN, DEADLINE, "timeout")
    assert attempts(store) == []


def test_a_receipt_delivers_and_is_kept_bit_for_bit(store: Store, clock: StandingClock) -> None:
    enqueue(store, "d1")
    outbox.claim(store, "d1", clock.now())
    with store.write("receipt"):
        assert outbox.store_receipt(store, "d1", b"receipt", b"cms")
        assert not outbox.store_receipt(store, "d1", b"receipt", b"cms")
    kept = outbox.get_submission(store, "d1")
    assert kept is not None
    assert (kept.receipt, kept.receipt_cms, kept.next_at) == (b"receipt", b"cms", None)
    assert _state(store, "d1") == ("delivered", "delivered")
    with pytest.raises(ValueError, match="another receipt"), store.write("receipt"):
        outbox.store_receipt(store, "d1", b"other", b"cms")
    with pytest.raises(ValueError, match="not in the outbox"), store.write("receipt"):
        outbox.store_receipt(store, "none", b"other", b"cms")


@pytest.mark.parametrize("state", ["queued", "unknown", "parked", "withdrawn"])
def test_a_receipt_proves_delivery_whatever_was_thought(store: Store, clock: StandingClock, state: str) -> None:
    enqueue(store, "d1")
    if state in ("unknown", "parked"):
        outbox.claim(store, "d1", clock.now())
        _outcome(store, "d1", OutboxState(state), DEADLINE if state == "unknown" else None, "code")
    if state == "withdrawn":
        with store.write("outbox.withdraw"):
            outbox.withdraw(store, "d1")
    assert _state(store, "d1") == (state, state)
    with store.write("receipt"):
        outbox.store_receipt(store, "d1", b"receipt", b"cms", document_ref="r-1")
    assert _state(store, "d1") == ("delivered", "delivered")
    assert events(store, "d1")[-1].source == "centre"


def test_only_queued_and_parked_ones_can_be_withdrawn(store: Store, clock: StandingClock) -> None:
    enqueue(store, "d1")
    outbox.claim(store, "d1", clock.now())
    for submission_id, code in (("d1", "outbox-not-withdrawable"), ("none", "outbox-unknown-id")):
        with pytest.raises(UserError) as refusal, store.write("outbox.withdraw"):
            outbox.withdraw(store, submission_id)
        assert refusal.value.code == code
    _outcome(store, "d1", OutboxState.PARKED, None, "certificate-expired")
    with store.write("outbox.withdraw"):
        outbox.withdraw(store, "d1")
    assert _state(store, "d1") == ("withdrawn", "withdrawn")
    assert outbox.due(store, clock.forward(days=9)) == []


def test_retry_makes_a_waiting_or_parked_one_due_now(store: Store, clock: StandingClock) -> None:
    enqueue(store, "d1")
    outbox.claim(store, "d1", clock.now())
    _outcome(store, "d1", OutboxState.UNKNOWN, DEADLINE, "timeout")
    with store.write("outbox.retry"):
        outbox.retry(store, "d1", clock.now())
    assert outbox.claim(store, "d1", clock.now())
    with pytest.raises(UserError, match="outbox-not-retryable"), store.write("outbox.retry"):
        outbox.retry(store, "d1", clock.now())
    _outcome(store, "d1", OutboxState.PARKED, None, "tried-too-often")
    with store.write("outbox.retry"):
        outbox.retry(store, "d1", clock.now())
    assert _state(store, "d1") == ("queued", "queued")
    assert len(outbox.due(store, clock.now())) == 1


def test_after_a_restart_what_was_being_sent_is_unknown_and_due(store: Store, home: Path, clock: StandingClock) -> None:
    enqueue(store, "d1")
    with Store.open(home, clock=clock) as engine:
        assert outbox.claim(engine, "d1", clock.now())
        assert recover_sending(store, clock.now()) == []  # the other engine still lives
    assert recover_sending(store, clock.now()) == ["d1"]
    assert _state(store, "d1") == ("unknown", "unknown")
    assert [each.submission_id for each in outbox.due(store, clock.now())] == ["d1"]
    assert recover_sending(store, clock.now()) == []


def test_a_claim_that_is_too_old_holds_no_longer(store: Store, home: Path, clock: StandingClock) -> None:
    enqueue(store, "d1")
    with Store.open(home, clock=clock) as engine:
        outbox.claim(engine, "d1", clock.now())
        assert recover_sending(store, clock.now() + CLAIM_HOLDS) == []
        assert recover_sending(store, clock.now() + CLAIM_HOLDS + timedelta(seconds=1)) == ["d1"]
        _outcome(engine, "d1", OutboxState.DELIVERED, None, "delivered")  # the late answer is welcome
    assert _state(store, "d1") == ("delivered", "delivered")


_WORKER = """
import json, sys, time
from pathlib import Path
from unitclient.clock import SystemClock
from unitclient.store import Store, outbox
clock = SystemClock()
taken = []
with Store.open(Path(sys.argv[1]), create=False, clock=clock) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    while due := outbox.due(store, clock.now(), limit=3):
        for submission in due:
            if outbox.claim(store, submission.submission_id, clock.now()):
                taken.append(submission.submission_id)
                if sys.argv[2] == "hang":
                    print("claimed", flush=True)
                    time.sleep(60)
                with store.write("outbox.outcome"):
                    state = outbox.OutboxState.DELIVERED
                    outbox.outcome(store, submission.submission_id, state, next_at=None, code="ok")
print(json.dumps(taken), flush=True)
"""


def _worker(home: Path, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WORKER, str(home), how]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def test_two_processes_share_the_outbox_without_a_double_claim_or_an_error(store: Store) -> None:
    ids = {f"d{number:03}" for number in range(60)}
    for submission_id in sorted(ids):
        enqueue(store, submission_id)
    workers = [_worker(store.home, "go") for _ in range(2)]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    taken = [json.loads(worker.communicate(timeout=60)[0]) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sorted(taken[0] + taken[1]) == sorted(ids)
    assert {each.attempts for each in outbox.list_submissions(store)} == {1}
    assert len(attempts(store)) == 60
    assert journal.verify_journal(store) is None


def test_kill_9_while_sending_leaves_a_submission_to_ask_about(store: Store, clock: StandingClock) -> None:
    enqueue(store, "d1")
    with _worker(store.home, "hang") as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
        assert worker.stdout.readline() == "claimed\n"
        now = datetime.now(UTC)
        assert recover_sending(store, now) == []
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert recover_sending(store, now) == ["d1"]
    assert _state(store, "d1") == ("unknown", "unknown")
