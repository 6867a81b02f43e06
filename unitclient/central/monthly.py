"""The monthly declaration: every line recomputed from the centre's own roster and policy package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from unitclient.central.decision import Decision, Line
from unitclient.domain.contribution import Contribution, contribution
from unitclient.domain.findings import Severity
from unitclient.domain.insurance import Insurance
from unitclient.domain.money import format_fen
from unitclient.domain.policy import MonthPolicy
from unitclient.domain.roster import Person

IndexedRows = Iterable[tuple[int, Mapping[str, Any], bool]]
"""(0-based index in the submission, values by field name, whether the form's checks passed)."""
_AMOUNTS = (("base", "base_fen"), ("unit_amount", "unit_fen"), ("person_amount", "person_fen"))


class MonthAssessor:
    """Decides the lines of one unit's month."""

    def __init__(self, roster: Mapping[str, Person], policy: MonthPolicy) -> None:
        self._roster = roster
        self._policy = policy
        self._computed: dict[tuple[int, str], Contribution] = {}
        self._due: dict[str, set[str]] = {}
        for person in roster.values():
            due = {insurance for insurance in person.active_in(policy.period) if insurance in policy.rules}
            if due:
                self._due[person.id_number] = due

    def decide(self, rows: IndexedRows, decision: Decision) -> None:
        """Judge every line, then look for who is missing."""
        seen: dict[tuple[str, str], int] = {}
        period = str(self._policy.period)
        for index, row, sound in rows:
            pair = (row["id_number"], row["insurance"])
            first = seen.setdefault(pair, index)
            if not sound:
                continue
            if first != index:
                decision.refuse(index, "DUPLICATE_ROW", "id_number", first=str(first + 1))
            elif self._is_due(index, row, decision):
                expected = self._expected(pair)
                if self._agrees(index, row, expected, decision):
                    decision.accepted += 1
                    amounts = (expected.base_fen, expected.unit_fen, expected.person_fen)
                    decision.lines.append(Line(*pair, period, *amounts))
        self._tell_missing(seen, decision)

    def _is_due(self, index: int, row: Mapping[str, Any], decision: Decision) -> bool:
        insurance = row["insurance"]
        if insurance in self._due.get(row["id_number"], ()):
            return True
        if insurance not in self._policy.rules:
            decision.refuse(index, "NO_RULE", "insurance", insurance=insurance, period=str(self._policy.period))
        else:
            decision.refuse(index, "NOT_ENROLLED", "id_number", insurance=insurance, period=str(self._policy.period))
        return False

    def _expected(self, pair: tuple[str, str]) -> Contribution:
        wage = self._roster[pair[0]].wage_fen
        key = (wage, pair[1])
        found = self._computed.get(key)
        if found is None:
            found = self._computed[key] = contribution(wage, self._policy.rules[Insurance(pair[1])])
        return found

    def _agrees(self, index: int, row: Mapping[str, Any], expected: Contribution, decision: Decision) -> bool:
        person = self._roster[row["id_number"]]
        right = True
        if row["name"] != person.name:
            decision.refuse(index, "B102", "name")
            right = False
        if row["wage"] != person.wage_fen:
            expected_wage, declared = format_fen(person.wage_fen), format_fen(row["wage"])
            decision.refuse(index, "WAGE_DIFFERS", "wage", expected=expected_wage, declared=declared)
            right = False
        for field, member in _AMOUNTS:
            value = getattr(expected, member)
            if row[field] != value:
                declared = format_fen(row[field])
                decision.refuse(index, "AMOUNT_DIFFERS", field, expected=format_fen(value), declared=declared)
                right = False
        return right

    def _tell_missing(self, seen: Iterable[tuple[str, str]], decision: Decision) -> None:
        declared: dict[str, set[str]] = {}
        for id_number, insurance in seen:
            declared.setdefault(id_number, set()).add(insurance)
        for id_number in sorted(self._due):
            lacking = self._due[id_number] - declared.get(id_number, set())
            if not lacking:
                continue
            code = "MISSING_LINE" if id_number in declared else "MISSING_PERSON"
            decision.tell(code, Severity.WARNING, person=id_number, insurances=",".join(sorted(lacking)))
            decision.incomplete = True
