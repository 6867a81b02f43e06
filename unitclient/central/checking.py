"""Checks a submission's rows the way the client did, but on the centre's own roster, policies and day."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from unitclient.catalog.checking import check_batch, recheck_row
from unitclient.catalog.context import CheckContext, CheckedRow
from unitclient.catalog.model import Form
from unitclient.central.back_pay import BackPayAssessor, Paid, PaidLines
from unitclient.central.bill_acts import BillClerk
from unitclient.central.decision import Decision
from unitclient.central.ledger import CentreLedger
from unitclient.central.ledger_acts import LedgerClerk
from unitclient.central.monthly import MonthAssessor
from unitclient.central.moves import Mover, charge_lines
from unitclient.central.particulars import UnitClerk
from unitclient.central.registers import Registers
from unitclient.central.registry import insurances_of, unit_row
from unitclient.central.renumber import former_numbers
from unitclient.central.roster import Roster
from unitclient.central.rulebook import Rulebook
from unitclient.clock import CHINA
from unitclient.domain.findings import Severity
from unitclient.domain.money import format_fen
from unitclient.domain.period import Period
from unitclient.domain.roster import ChangeKind, apply_change
from unitclient.sync.protocol import Declaration

RECOMPUTED = frozenset({"AMOUNT_DIFFERS", "NOT_ON_ROSTER", "NO_RULE"})
"""Reasons of the form's checks that `MonthAssessor` gives more exactly, with the value expected."""
ONCE_CHECK = "once-a-year"
"""A form with this check takes an item of one key once; what was accepted is remembered."""
_ROSTER_EFFECTS = frozenset(
    {ChangeKind.ENROL, ChangeKind.STOP, ChangeKind.WAGE, ChangeKind.RENAME, ChangeKind.COVERAGE}
)


class RowChecker:
    """Decides on the rows of one submission. `roster` is changed as rows are accepted."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        sub: sqlite3.Row,
        form: Form,
        rulebook: Rulebook,
        roster: Roster,
        registers: Registers,
        files: Mapping[str, bytes],
        now: datetime,
    ) -> None:
        self._connection = connection
        self._sub = sub
        self._form = form
        self._rulebook = rulebook
        self._roster = roster
        self._registers = registers
        self._files = files
        self._bills = BillClerk(connection, sub, form)
        self._mover = Mover(form, rulebook.catalog.registers, registers)
        self._region = unit_row(connection, sub["unit_number"])["region"]
        self._once = any(check.name == ONCE_CHECK for check in form.checks)
        self.once_keys: list[str] = []
        self._ledger = CentreLedger(connection, sub["unit_number"], sub["supersedes"])
        self._money = LedgerClerk(form, self._ledger)
        self._particulars = UnitClerk(connection, sub["unit_number"], form)
        self._former = former_numbers(connection, sub["unit_number"])
        self._context = self._make_context(now)

    def decide(self, declaration: Declaration) -> Decision:
        """The decision on all rows."""
        decision = Decision()
        columns = declaration.columns
        rows = (dict(zip(columns, row, strict=True)) for row in declaration.rows)
        checked = [recheck_row(self._form, row, self._context) for row in rows]
        passed = RECOMPUTED if self._form.effect is ChangeKind.ASSESS else frozenset()
        sound = [self._is_sound(index, row, decision, passed) for index, row in enumerate(checked)]
        self._check_batch(checked, sound, decision)
        if decision.returned:
            return decision
        self._tell_policy(declaration, decision)
        if self._form.effect is ChangeKind.ASSESS:
            month = MonthAssessor(self._roster.everybody(), self._month(self._context.period))
            month.decide(((n, row.values, sound[n]) for n, row in enumerate(checked)), decision)
        elif self._form.effect is ChangeKind.BACK_PAYMENT:
            self._decide_back_payments(checked, sound, decision)
        else:
            self._decide_changes(checked, sound, decision)
        self._compare_totals(declaration, decision)
        return decision

    def _is_sound(self, index: int, row: CheckedRow, decision: Decision, passed: frozenset[str]) -> bool:
        present = self._former.get(row.person_id)
        if present is not None:
            decision.refuse(index, "NUMBER_FORMER", "id_number", tail=present[-4:])
            return False
        return not row.findings or decision.take_findings(index, row.findings, passed)

    def _check_batch(self, checked: list[CheckedRow], sound: list[bool], decision: Decision) -> None:
        places = [index for index, good in enumerate(sound) if good]
        for index, finding in check_batch(self._form, [checked[place] for place in places], self._context):
            if index < 0:
                decision.tell(finding.code, finding.severity, **finding.params)
                decision.returned = decision.returned or finding.severity is Severity.ERROR
            else:
                place = places[index]
                sound[place] = decision.take_findings(place, (finding,)) and sound[place]

    def _decide_changes(self, checked: list[CheckedRow], sound: list[bool], decision: Decision) -> None:
        for index, row in enumerate(checked):
            if not sound[index] or self._mover.refuse(index, row.values, decision):
                continue
            if any(
                clerk.refuse(index, row.values, decision) for clerk in (self._bills, self._money, self._particulars)
            ):
                continue
            if self._change(index, row, decision):
                self._mover.apply(row.values, decision)
                self._bills.apply(row.values, decision)
                self._money.apply(index, row.values, decision)
                self._particulars.apply(row.values, decision)
                decision.charges += charge_lines(self._form, index, row.values, self._context.period)
                decision.accepted += 1
                if self._once:
                    self.once_keys.append(row.key)

    def _change(self, index: int, row: CheckedRow, decision: Decision) -> bool:
        if self._form.effect not in _ROSTER_EFFECTS:
            return True
        person = self._roster.get(row.person_id)
        if person is None and self._form.effect is not ChangeKind.ENROL:
            decision.refuse(index, "NOT_ENROLLED", "id_number", insurance="", period=str(self._context.period))
            return False
        after = apply_change(person, self._form.effect, row.values)
        before = decision.changes[row.person_id][0] if row.person_id in decision.changes else person
        decision.changes[row.person_id] = (before, after)
        self._roster.put(after)
        return True

    def _decide_back_payments(self, checked: list[CheckedRow], sound: list[bool], decision: Decision) -> None:
        assessor = BackPayAssessor(self._roster, self._month, self._paid_lines())
        for index, row in enumerate(checked):
            if sound[index]:
                assessor.decide(index, row.values, decision)

    def _paid_lines(self) -> PaidLines:
        rows = self._connection.execute(
            "SELECT coalesce(n.present, x.id_number), x.insurance, x.period, sum(x.unit_fen), sum(x.person_fen) FROM"
            " (SELECT unit_number, submission_id, id_number, insurance, period, unit_fen, person_fen FROM line"
            "  UNION ALL SELECT unit_number, submission_id, id_number, insurance, period, unit_fen, person_fen"
            "  FROM booking WHERE stands = 1) x JOIN submission s USING (unit_number, submission_id)"
            " LEFT JOIN number_change n ON n.unit_number = x.unit_number AND n.former = x.id_number"
            " WHERE x.unit_number = ? AND s.effective = 1 AND x.submission_id IS NOT ? GROUP BY 1, 2, 3"
            " HAVING sum(x.unit_fen) <> 0 OR sum(x.person_fen) <> 0",
            (self._sub["unit_number"], self._sub["supersedes"]),
        )
        return {(row[0], row[1], row[2]): Paid(row[3], row[4]) for row in rows}

    def _tell_policy(self, declaration: Declaration, decision: Decision) -> None:
        named = declaration.header.policy.get("sha256")
        package = self._rulebook.package(self._region)
        if named and named != package.sha256:
            decision.tell("POLICY_DIFFERS", Severity.WARNING, declared=named[:12], used=package.sha256[:12])

    def _compare_totals(self, declaration: Declaration, decision: Decision) -> None:
        declared: Mapping[str, Mapping[str, int]] = declaration.header.totals
        for insurance, sides in declared.items():
            person = sum(line.person_fen for line in decision.lines if line.insurance == insurance)
            if decision.lines and person != sides.get("person", 0):
                shown = format_fen(int(sides.get("person", 0)))
                decision.tell(
                    "TOTAL_DIFFERS", Severity.NOTICE, insurance=insurance, expected=format_fen(person), declared=shown
                )

    def _month(self, period: Period) -> Any:
        return self._rulebook.month(self._region, period)

    def _make_context(self, now: datetime) -> CheckContext:
        unit = unit_row(self._connection, self._sub["unit_number"])
        once = self._once_known()
        return CheckContext(
            today=now.astimezone(CHINA).date(),
            period=Period.parse(self._sub["period"]),
            unit_insurances=self._registers.insurances(self._rulebook.catalog.registers, insurances_of(unit)),
            person=self._roster.get,
            areas=self._rulebook.areas,
            policy=self._month,
            is_open=lambda form, key: (form, key) in once,
            active_count=self._roster.active_count(),
            entry=self._registers.get,
            file=self._files.get,
            ledger=self._ledger,
        )

    def _once_known(self) -> frozenset[tuple[str, str]]:
        """Keys accepted before; those of the submission that this one replaces do not count."""
        if not self._once:
            return frozenset()
        rows = self._connection.execute(
            "SELECT form, key FROM once WHERE unit_number = ? AND submission_id IS NOT ?",
            (self._sub["unit_number"], self._sub["supersedes"]),
        )
        return frozenset((row[0], row[1]) for row in rows)
