"""Acceptance (受理): what the centre decides on a submission, and the one transaction in which it is written down.

Deciding only reads; recording writes the signed decision, its effects and the feed's entry together. The worker is the
only one that records effects, so what was read is still true when it is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unitclient.catalog.model import Form
from unitclient.central.bill_acts import act_on_bills
from unitclient.central.billing import Billing
from unitclient.central.checking import RowChecker
from unitclient.central.database import CentreDatabase
from unitclient.central.decision import Decision, returned
from unitclient.central.documents import Publisher
from unitclient.central.issuing import with_papers
from unitclient.central.ledger import with_rights
from unitclient.central.numbers import instant
from unitclient.central.particulars import change_unit, restore_unit
from unitclient.central.refunds import issue_orders, save_bookings
from unitclient.central.registers import Registers, publish_entries, save_entries
from unitclient.central.roster import Roster, dump, save_persons
from unitclient.central.rulebook import Rulebook
from unitclient.central.undo import correction_refusal, target_of, undone_roster, void_refusal, withdraw
from unitclient.central.verdicts import WAITING, verdict_on
from unitclient.clock import Clock
from unitclient.errors import UserError
from unitclient.seal.container import Container, read_container
from unitclient.sync.protocol import Acceptance, Declaration, DocumentKind


@dataclass(frozen=True)
class Outcome:
    """A decision, and the submission it takes out of effect (a void's or a correction's target)."""

    decision: Decision
    target: sqlite3.Row | None = None
    once_keys: tuple[str, ...] = ()
    form: Form | None = None
    """The business, once it is known that there is such a one."""


class Acceptor:
    """Decides and records."""

    def __init__(
        self, database: CentreDatabase, publisher: Publisher, rulebook: Rulebook, clock: Clock, billing: Billing
    ) -> None:
        self._database = database
        self._publisher = publisher
        self._rulebook = rulebook
        self._clock = clock
        self._billing = billing

    def waits(self, sub: sqlite3.Row) -> bool:
        """Whether a submission that must be decided first is not decided yet, or has not even arrived."""
        lacking = (
            self._database.read()
            .execute(
                "SELECT 1 FROM json_each(?) r WHERE NOT EXISTS (SELECT 1 FROM submission s"
                " WHERE s.unit_number = ? AND s.submission_id = r.value AND s.step NOT IN ('accept', ?))",
                (sub["requires"], sub["unit_number"], WAITING),
            )
            .fetchone()
        )
        return lacking is not None

    def decide(self, sub: sqlite3.Row) -> Outcome:
        """The decision on a received submission. Nothing is written."""
        connection = self._database.read()
        if sub["kind"] == "void":
            return self._decide_void(connection, sub)
        verdict = verdict_on(connection, sub)
        if verdict is not None and verdict["returned"]:
            return Outcome(returned("DESK_RETURNED", note=verdict["note"]))
        target = None
        if sub["kind"] == "correction":
            target = target_of(connection, sub)
            if target is None:
                return Outcome(returned("SUPERSEDED_UNKNOWN"))
            code = correction_refusal(connection, target, sub)
            if code:
                return Outcome(returned(code, submission_id=target["submission_id"]))
        earlier = self._effective_month(connection, sub)
        if earlier is not None and (target is None or earlier != target["submission_id"]):
            return Outcome(returned("ALREADY_DECLARED", submission_id=earlier, period=sub["period"]))
        return self._decide_rows(connection, sub, target)

    def record(self, tx: sqlite3.Connection, sub: sqlite3.Row, outcome: Outcome) -> Acceptance:
        """Write the decision down, with everything that follows from it."""
        decision = outcome.decision
        if sub["kind"] == "void" and outcome.target is not None:
            # Another thread may have begun a debit since: look again under the writer lock.
            code = void_refusal(tx, outcome.target)
            if code:
                outcome = Outcome(returned(code, submission_id=outcome.target["submission_id"]))
                decision = outcome.decision
        state = decision.state
        effective = state in (Acceptance.ACCEPTED, Acceptance.PARTLY)
        if outcome.target is not None and effective:
            self._withdraw(tx, sub, outcome.target)
        if effective:
            self._effects(tx, sub, outcome)
        step = _next_step(decision) if effective else ""
        tx.execute(
            "UPDATE submission SET acceptance = ?, effective = ?, step = ? WHERE unit_number = ? AND submission_id = ?",
            # A void takes something out of effect and has none of its own.
            (state.value, int(effective and sub["kind"] != "void"), step, sub["unit_number"], sub["submission_id"]),
        )
        self._publish(tx, sub, state, decision)
        if effective and decision.payouts:
            issue_orders(tx, self._publisher, sub, decision.payouts, self._clock)
        return state

    def _decide_void(self, connection: sqlite3.Connection, sub: sqlite3.Row) -> Outcome:
        target = target_of(connection, sub)
        if target is None:
            return Outcome(returned("SUPERSEDED_UNKNOWN"))
        code = void_refusal(connection, target)
        if code:
            return Outcome(returned(code, submission_id=target["submission_id"]))
        return Outcome(Decision(), target)

    def _decide_rows(self, connection: sqlite3.Connection, sub: sqlite3.Row, target: sqlite3.Row | None) -> Outcome:
        container = container_of(connection, sub)
        try:
            form = self._rulebook.catalog.form(sub["form"], sub["form_version"])
        except UserError:
            return Outcome(returned("FORM_UNKNOWN", form=sub["form"], version=sub["form_version"]))
        roster = Roster(connection, sub["unit_number"])
        registers = Registers(connection, sub["unit_number"])
        replaces = target is not None and bool(target["effective"])
        if target is not None and replaces:
            undone_roster(connection, target, roster)
            registers.undo(target["submission_id"])
        files = container.attachments
        checker = RowChecker(connection, sub, form, self._rulebook, roster, registers, files, self._clock.now())
        decision = checker.decide(Declaration.from_bytes(container.declaration))
        return Outcome(decision, target if replaces else None, tuple(checker.once_keys), form)

    def _effective_month(self, connection: sqlite3.Connection, sub: sqlite3.Row) -> str | None:
        if sub["form"] != "monthly":
            return None
        row = connection.execute(
            "SELECT submission_id FROM submission WHERE unit_number = ? AND form = 'monthly' AND period = ?"
            " AND effective = 1",
            (sub["unit_number"], sub["period"]),
        ).fetchone()
        return str(row[0]) if row else None

    def _withdraw(self, tx: sqlite3.Connection, sub: sqlite3.Row, target: sqlite3.Row) -> None:
        word = Acceptance.VOIDED if sub["kind"] == "void" else Acceptance.REPLACED
        now = instant(self._clock.now())
        undone = withdraw(tx, target, word, now)
        restore_unit(tx, self._publisher, sub["unit_number"], target["submission_id"])
        publish_entries(tx, self._publisher, sub["unit_number"], (after for _, after in undone.values()), now)
        self._publish(tx, target, word, Decision())

    def _effects(self, tx: sqlite3.Connection, sub: sqlite3.Row, outcome: Outcome) -> None:
        unit_number, submission_id, decision = sub["unit_number"], sub["submission_id"], outcome.decision
        save_persons(tx, unit_number, (after for _, after in decision.changes.values()))
        tx.executemany(
            "INSERT INTO roster_change VALUES (?, ?, ?, ?, ?)",
            (
                (unit_number, submission_id, id_number, dump(before) if before else None, dump(after))
                for id_number, (before, after) in decision.changes.items()
            ),
        )
        tx.executemany(
            "INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((unit_number, submission_id, *line) for line in decision.lines),
        )
        tx.executemany(
            "INSERT INTO charge VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((unit_number, submission_id, *line) for line in decision.charges),
        )
        now = instant(self._clock.now())
        save_bookings(tx, unit_number, submission_id, decision.bookings)
        papers = with_papers(tx, unit_number, self._rulebook.catalog.registers, decision.entries, self._clock.now())
        entries = with_rights(tx, unit_number, papers)
        save_entries(tx, unit_number, submission_id, entries, now)
        publish_entries(tx, self._publisher, unit_number, (after for _, after in entries.values()), now)
        act_on_bills(tx, self._billing, unit_number, decision.bills)
        change_unit(tx, self._publisher, unit_number, submission_id, decision.unit_items)
        tx.executemany(
            "INSERT OR REPLACE INTO once VALUES (?, ?, ?, ?)",
            ((unit_number, sub["form"], key, submission_id) for key in outcome.once_keys),
        )

    def _publish(self, tx: sqlite3.Connection, sub: sqlite3.Row, state: Acceptance, decision: Decision) -> None:
        members: Mapping[str, Any] = {
            "submission_id": sub["submission_id"],
            "acceptance_number": sub["acceptance_number"],
            "form": sub["form"],
            "period": sub["period"],
            "state": state.value,
            "accepted": decision.accepted,
            "refused": decision.refused,
            "findings": decision.findings,
            "supersedes": sub["supersedes"],
        }
        self._publisher.publish(tx, sub["unit_number"], DocumentKind.ACCEPTANCE, members, sub["submission_id"])


def _next_step(decision: Decision) -> str:
    return "assess" if decision.lines or decision.charges else ""


def container_of(connection: sqlite3.Connection, sub: sqlite3.Row) -> Container:
    """What was sent: the declaration, and the files that its rows name."""
    row = connection.execute(
        "SELECT container FROM submission WHERE unit_number = ? AND submission_id = ?",
        (sub["unit_number"], sub["submission_id"]),
    ).fetchone()
    return read_container(row["container"])
