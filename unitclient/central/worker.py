"""Decides and settles behind the intake: one thread that takes every submission from step to step.

accept -> assess -> bill -> debit -> collect -> post -> slip, or accept -> refund. Each step is one transaction that
holds its signed document, the feed's entry and the name of the next step. A process that dies in between starts again
at the step that did not commit; a step that did commit is not taken again.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from datetime import date, timedelta

from unitclient.central.agreements import DebitTerms, debit_terms
from unitclient.central.assessment import assess
from unitclient.central.bank import IN_PROCESS, BankAnswer
from unitclient.central.bill_acts import settle_followers
from unitclient.central.billing import BillTerms, bill_of, debit_key, move, pay_kind_of
from unitclient.central.core import Core
from unitclient.central.documents import latest
from unitclient.central.faults import Faults
from unitclient.central.numbers import instant
from unitclient.central.refunds import UNIT_ITSELF, orders_of, settle_orders
from unitclient.central.regions import calendar_entry
from unitclient.central.registry import unit_row
from unitclient.central.upkeep import held_steps
from unitclient.central.verdicts import WAITING, needs_desk
from unitclient.clock import CHINA, SystemClock
from unitclient.domain.period import Period
from unitclient.sync.protocol import DocumentKind, Money

STEPS = ("accept", "assess", "bill", "debit", "collect", "post", "slip", "refund")
NEVER = "9999"
"""`due_at` of a submission that waits for another one: no clock wakes it, the other's decision does."""
_COLUMNS = (
    "unit_number, submission_id, form, form_version, period, kind, supersedes, requires, declared_fen,"
    " acceptance_number, step"
)
"""What the steps need of a submission; the container, which may be megabytes, is read when it is decided on."""
_IDLE_S = 0.2
_RECONCILE_EVERY = timedelta(milliseconds=200)
_BROKEN_WAIT_S = 5.0
_BROKEN_RETRY = timedelta(seconds=30)
_log = logging.getLogger(__name__)


class Worker:
    """Works until it is stopped. `wake` tells it that something arrived."""

    def __init__(self, core: Core, faults: Faults) -> None:
        self._core = core
        self._faults = faults
        # Waiting is measured by the computer's clock: a rehearsal that sets the service's clock must not stall work.
        self._system = SystemClock()
        self._bell = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="centre-worker", daemon=True)
        self._steps: dict[str, Callable[[sqlite3.Row], bool]] = {
            "accept": self._accept,
            "assess": self._assess,
            "bill": self._bill,
            "debit": self._debit,
            "collect": self._collect,
            "post": self._post,
            "slip": self._slip,
            "refund": self._refund,
        }

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the step at hand and end."""
        self._stop.set()
        self._bell.set()
        self._thread.join()

    def wake(self) -> None:
        """Look for work now."""
        self._bell.set()

    def run_due(self) -> bool:
        """Take every due submission one step on; whether any moved."""
        moved = False
        _ = self._core.identity.crl  # a fresh list for what is signed below
        held = {*self._faults.plan.hold, *held_steps(self._core.database)}
        for sub in self._due():
            if self._stop.is_set():
                break
            if sub["step"] not in held:
                moved = self._one(sub) or moved
        return moved

    def _run(self) -> None:
        while not self._stop.is_set():
            self._bell.clear()
            try:
                moved = self.run_due()
            except Exception:
                # Not even the failure could be written down (a full disk): wait, and look again.
                _log.exception("the worker cannot work")
                self._stop.wait(_BROKEN_WAIT_S)
                continue
            if not moved:
                self._bell.wait(_IDLE_S)

    def _due(self) -> list[sqlite3.Row]:
        rows = self._core.database.read().execute(
            f"SELECT {_COLUMNS} FROM submission WHERE step <> '' AND due_at <= ? ORDER BY rowid LIMIT 100",  # noqa: S608 - names stand above
            (instant(self._system.now()),),
        )
        return rows.fetchall()

    def _one(self, sub: sqlite3.Row) -> bool:
        try:
            return self._steps[sub["step"]](sub)
        except Exception:
            # One broken submission must not stop the others; it is tried again later and stays visible in the log.
            _log.exception("step %s of submission %s failed", sub["step"], sub["submission_id"])
            with self._core.database.write() as tx:
                self._postpone(tx, sub, instant(self._system.now() + _BROKEN_RETRY))
            return False

    def _accept(self, sub: sqlite3.Row) -> bool:
        if self._core.acceptor.waits(sub):
            with self._core.database.write() as tx:
                if self._core.acceptor.waits(sub):
                    self._postpone(tx, sub, NEVER)
                    return False
        outcome = self._core.acceptor.decide(sub)
        asked = outcome.form if outcome.decision.accepted else None  # what is wrong by rule is returned by rule
        if asked is not None and needs_desk(self._core.database.read(), asked, sub):
            return self._commit(sub, lambda tx: self._give_to_desk(tx, sub))

        def record(tx: sqlite3.Connection) -> None:
            self._core.acceptor.record(tx, sub, outcome)
            wake_waiting(tx, sub["unit_number"], instant(self._system.now()))

        return self._commit(sub, record)

    def _give_to_desk(self, tx: sqlite3.Connection, sub: sqlite3.Row) -> None:
        tx.execute(
            "UPDATE submission SET step = ?, due_at = ? WHERE unit_number = ? AND submission_id = ?",
            (WAITING, NEVER, sub["unit_number"], sub["submission_id"]),
        )

    def _assess(self, sub: sqlite3.Row) -> bool:
        package = self._core.rulebook.package(self._region(sub))
        read = self._core.database.read()
        assessed = assess(read, sub["unit_number"], sub["submission_id"], package, self._today())
        members = assessed.members(sub["submission_id"], sub["period"], package, sub["declared_fen"])

        def record(tx: sqlite3.Connection) -> None:
            self._core.publisher.publish(tx, sub["unit_number"], DocumentKind.ASSESSMENT, members, sub["submission_id"])
            move(tx, sub, step="bill" if assessed.contributions_fen else "", money=Money.ASSESSED)

        return self._commit(sub, record)

    def _bill(self, sub: sqlite3.Row) -> bool:
        database, key = self._core.database, (sub["unit_number"], DocumentKind.ASSESSMENT, sub["submission_id"])
        assessment = latest(database.read(), *key)
        assert assessment is not None, "the step before wrote it"
        package = self._core.rulebook.package(self._region(sub))
        due = max(calendar_entry(package, Period.parse(sub["period"])).deadline, self._today())
        terms = BillTerms(
            due,
            pay_kind_of(self._core.rulebook.catalog.form(sub["form"], sub["form_version"])),
            self._terms(sub).account,
        )
        return self._commit(sub, lambda tx: self._core.billing.make_bill(tx, sub, assessment.content(), terms))

    def _debit(self, sub: sqlite3.Row) -> bool:
        return self._commit(sub, lambda tx: self._core.billing.start_debit(tx, sub))

    def _collect(self, sub: sqlite3.Row) -> bool:
        key, amount_fen = debit_key(self._core.database.read(), sub)
        answer = self._core.bank.debit(key, sub["unit_number"], amount_fen, self._system.now(), self._terms(sub))
        if answer.code == IN_PROCESS:
            with self._core.database.write() as tx:
                self._postpone(tx, sub, instant(self._system.now() + _RECONCILE_EVERY))
            return False

        def settle(tx: sqlite3.Connection) -> None:
            self._core.billing.settle_debit(tx, sub, answer)
            kinds = self._core.rulebook.catalog.registers.values()
            settle_followers(tx, self._core.billing, kinds, bill_of(tx, sub), answer)

        return self._commit(sub, settle)

    def _post(self, sub: sqlite3.Row) -> bool:
        return self._commit(sub, lambda tx: self._core.billing.post(tx, sub))

    def _slip(self, sub: sqlite3.Row) -> bool:
        answer = self._bank_answer(sub)
        return self._commit(sub, lambda tx: self._core.billing.make_slip(tx, sub, answer))

    def _refund(self, sub: sqlite3.Row) -> bool:
        read, bank, now = self._core.database.read(), self._core.bank, self._system.now()
        answers = {
            order["order_number"]: bank.pay_out(
                order["order_number"],
                sub["unit_number"],
                order["amount_fen"],
                now,
                to_unit=order["receiver"] == UNIT_ITSELF,
            )
            for order in orders_of(read, sub["unit_number"], sub["submission_id"])
        }
        if any(answer.code == IN_PROCESS for answer in answers.values()):
            with self._core.database.write() as tx:
                self._postpone(tx, sub, instant(now + _RECONCILE_EVERY))
            return False

        def settle(tx: sqlite3.Connection) -> None:
            kinds = self._core.rulebook.catalog.registers
            settle_orders(tx, self._core.publisher, kinds, sub, answers, self._core.clock)

        return self._commit(sub, settle)

    def _commit(self, sub: sqlite3.Row, record: Callable[[sqlite3.Connection], object]) -> bool:
        """Run `record` in a transaction, unless the submission has left the step it was read in."""
        with self._core.database.write() as tx:
            now = tx.execute(
                "SELECT step FROM submission WHERE unit_number = ? AND submission_id = ?",
                (sub["unit_number"], sub["submission_id"]),
            ).fetchone()
            if now["step"] != sub["step"]:
                return False
            record(tx)
            self._faults.maybe_die(f"{sub['step']}:before")
        self._faults.maybe_die(f"{sub['step']}:after")
        return True

    def _postpone(self, tx: sqlite3.Connection, sub: sqlite3.Row, due_at: str) -> None:
        tx.execute(
            "UPDATE submission SET due_at = ? WHERE unit_number = ? AND submission_id = ?",
            (due_at, sub["unit_number"], sub["submission_id"]),
        )

    def _bank_answer(self, sub: sqlite3.Row) -> BankAnswer:
        key, _ = debit_key(self._core.database.read(), sub)
        answer = self._core.bank.ask(key, self._system.now())
        assert answer is not None, "a debited bill is known to the bank"
        return answer

    def _terms(self, sub: sqlite3.Row) -> DebitTerms:
        registers = self._core.rulebook.catalog.registers
        return debit_terms(self._core.database.read(), registers, sub["unit_number"], self._today())

    def _region(self, sub: sqlite3.Row) -> str:
        return str(unit_row(self._core.database.read(), sub["unit_number"])["region"])

    def _today(self) -> date:
        return self._core.clock.now().astimezone(CHINA).date()


def wake_waiting(tx: sqlite3.Connection, unit_number: str, now: str) -> None:
    """Let the unit's submissions that wait for another one look again."""
    tx.execute(
        "UPDATE submission SET due_at = ? WHERE unit_number = ? AND step = 'accept' AND due_at = ?",
        (now, unit_number, NEVER),
    )
