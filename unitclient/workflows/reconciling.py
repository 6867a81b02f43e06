"""Reconciliation (对账) of one month: payroll, declaration, bill, debit and posting, every difference named.

The payroll is compared with the persons' parts that were declared, by person and insurance; the declaration with the
bill by insurance and side; the bill with the debit and the posting. All in fen, and all sums come out: the differences
of an insurance add up to payroll less declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from unitclient.domain.findings import Finding, has_errors
from unitclient.domain.insurance import MEDICAL_KINDS, Insurance
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.sheets.payroll import TOTAL
from unitclient.store.declarations import Declaration, get_declaration
from unitclient.store.overview import briefs
from unitclient.store.units import Unit
from unitclient.sync import protocol
from unitclient.workflows.desk import Desk
from unitclient.workflows.lines import COLUMNS, Row
from unitclient.workflows.month_state import effective
from unitclient.workflows.payroll import Deducted, PayrollRead, read_payroll
from unitclient.workflows.reconciling_money import MoneyDifference, Paid, compare_money, paid_of, refused_rows

REST = "rest"
"""What the payroll's total has beyond the insurances that have columns of their own."""
_SUPPLEMENTS = frozenset({Insurance.SERIOUS_ILLNESS, Insurance.LARGE_MEDICAL})


class PersonKind(StrEnum):
    """What is different with one insurance of one person."""

    PAYROLL_ONLY = "payroll-only"
    """Deducted, and not declared."""
    DECLARED_ONLY = "declared-only"
    """Declared, and nothing deducted."""
    AMOUNT = "amount"
    REFUSED = "refused"
    """Deducted, and the centre refused the row."""
    UNREADABLE = "unreadable"
    """The payroll's cell is no amount."""


@dataclass(frozen=True, slots=True)
class PersonDifference:
    """One insurance of one person: payroll and declaration in fen. `insurance` may be "total" or "rest"."""

    kind: PersonKind
    id_number: str
    name: str
    insurance: str
    payroll_fen: int
    declared_fen: int

    @property
    def difference_fen(self) -> int:
        """Payroll less declared."""
        return self.payroll_fen - self.declared_fen


@dataclass(frozen=True, slots=True)
class KindSum:
    """One column of the comparison: sums in fen."""

    insurance: str
    payroll_fen: int
    declared_fen: int

    @property
    def difference_fen(self) -> int:
        """Payroll less declared."""
        return self.payroll_fen - self.declared_fen


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The outcome for one month. `persons_payroll` counts those from whom something was deducted."""

    period: str
    declaration: Declaration
    sheet: str
    titles: Mapping[str, str]
    persons_payroll: int
    persons_declared: int
    sums: tuple[KindSum, ...]
    persons: tuple[PersonDifference, ...]
    paid: Paid
    money: tuple[MoneyDifference, ...]
    findings: tuple[Finding, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing is different, and everything could be read."""
        return not self.persons and not self.money and not has_errors(self.findings)

    def to_json(self) -> dict[str, Any]:
        """For machines, without the findings; money in fen."""
        known = self.declaration
        return {
            "period": self.period,
            "declaration": known.id,
            "tracks": {"transport": known.transport.value, "acceptance": known.acceptance, "money": known.money},
            "sheet": self.sheet,
            "columns": dict(self.titles),
            "agrees": self.agrees,
            "persons": {"payroll": self.persons_payroll, "declared": self.persons_declared},
            "sums": [{**asdict(one), "difference_fen": one.difference_fen} for one in self.sums],
            "differences": [{**asdict(one), "difference_fen": one.difference_fen} for one in self.persons],
            "charged": asdict(self.paid),
            "money": [{**asdict(one), "difference_fen": one.difference_fen} for one in self.money],
        }


def reconcile(desk: Desk, unit: Unit, path: Path, period: Period) -> Reconciled:
    """Compare a payroll workbook with the month's declaration that counts and with what came of it.

    UserErrors reconcile-no-declaration, and those of `read_payroll`.
    """
    brief = effective(briefs(desk.store, unit.unit_number, str(period)))
    known = get_declaration(desk.store, brief.id) if brief is not None else None
    if known is None:
        raise UserError("reconcile-no-declaration", period=period)
    payroll = read_payroll(path, desk.catalog.form("enrol"))
    declared = protocol.Declaration.from_bytes(known.payload)
    places = [declared.columns.index(name) for name in COLUMNS] if declared.rows else []
    rows = [tuple(row[at] for at in places) for row in declared.rows]
    refused = refused_rows(desk.store, known)
    accepted = [row for index, row in enumerate(rows) if index not in refused]
    sums, persons = compare_persons(payroll, accepted, [rows[index] for index in sorted(refused)])
    paid = paid_of(desk.store, known)
    return Reconciled(
        period=str(period),
        declaration=known,
        sheet=payroll.sheet,
        titles=payroll.titles,
        persons_payroll=sum(any(person.amounts.values()) for person in payroll.persons.values()),
        persons_declared=len({row[0] for row in accepted}),
        sums=sums,
        persons=persons,
        paid=paid,
        money=compare_money(accepted, paid, known.acceptance),
        findings=payroll.findings,
    )


def compare_persons(
    payroll: PayrollRead, accepted: Iterable[Row], refused: Iterable[Row]
) -> tuple[tuple[KindSum, ...], tuple[PersonDifference, ...]]:
    """Sums by column and the differences, a person's beside those of the same name.

    `accepted` and `refused` are lines (`lines.COLUMNS`) that stand and that the centre did not take.
    """
    columns = _Columns(frozenset(payroll.titles))
    declared, names = _by_person(columns, accepted)
    turned_down, more = _by_person(columns, refused)
    names = {**more, **names}
    kinds = columns.in_order({kind for lines in declared.values() for kind in lines})
    sums = dict.fromkeys(kinds, (0, 0))
    found = []
    for number in dict.fromkeys((*payroll.persons, *declared)):
        person = payroll.persons.get(number) or Deducted(number, names.get(number, ""))
        lines = declared.get(number, {})
        for kind in kinds:
            own = columns.deducted(person, kind)
            sums[kind] = (sums[kind][0] + own, sums[kind][1] + lines.get(kind, 0))
            # The rest cannot be told where another cell is unreadable; that is named once, at its insurance.
            unreadable = columns.unreadable(person, kind) and (kind != columns.rest or bool(lines.get(kind)))
            word = _named(
                own, lines.get(kind), kind in turned_down.get(number, {}), unreadable or columns.no_total(person, kind)
            )
            if word is not None:
                name = person.name or names.get(number, "")
                found.append(PersonDifference(word, number, name, kind, own, lines.get(kind, 0)))
    found.sort(key=lambda one: (one.name, one.id_number, kinds.index(one.insurance)))
    return tuple(KindSum(kind, *both) for kind, both in sums.items()), tuple(found)


def _named(own: int, declared: int | None, refused: bool, unreadable: bool) -> PersonKind | None:
    if unreadable:
        return PersonKind.UNREADABLE
    if own == (declared or 0):
        return None
    if declared is None:
        return PersonKind.REFUSED if refused else PersonKind.PAYROLL_ONLY
    return PersonKind.AMOUNT if own else PersonKind.DECLARED_ONLY


class _Columns:
    """How insurances and the payroll's columns go together."""

    def __init__(self, held: frozenset[str]) -> None:
        self._own = held - {TOTAL}
        self.rest = "" if TOTAL not in held else REST if self._own else TOTAL

    def kind_of(self, insurance: str) -> str:
        """The column an insurance is compared in; its own name where the payroll has none for it."""
        kind = "medical" if insurance in MEDICAL_KINDS else insurance
        if insurance in _SUPPLEMENTS:
            # A payroll without a column for it deducts it together with the medical insurance.
            kind = "serious_illness" if "serious_illness" in self._own else "medical"
        return kind if kind in self._own else self.rest or kind

    def in_order(self, declared: set[str]) -> list[str]:
        """All columns of the comparison: insurances in their usual order, the rest or the total last."""
        order = [word.value for word in Insurance]
        every = {*self._own, *declared, *([self.rest] if self.rest else [])}
        return sorted(every, key=lambda kind: (order.index(kind) if kind in order else len(order), kind))

    def deducted(self, person: Deducted, kind: str) -> int:
        """What a person paid by the payroll; nothing where a cell could not be read."""
        if self.unreadable(person, kind):
            return 0
        if kind != self.rest:
            return person.amounts.get(kind, 0)
        total = person.amounts.get(TOTAL, 0)
        # A row that leaves the total empty says nothing about it.
        return total - sum(person.amounts.get(one, 0) for one in self._own) if total else 0

    def unreadable(self, person: Deducted, kind: str) -> bool:
        """Whether a cell that the amount comes from is no amount."""
        return bool(person.unreadable) if kind == self.rest else kind in person.unreadable

    def no_total(self, person: Deducted, kind: str) -> bool:
        """Whether it is the column of everything itself that cannot be read."""
        return kind == self.rest and TOTAL in person.unreadable


def _by_person(columns: _Columns, rows: Iterable[Sequence[Any]]) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """({ID number: {column: fen of the person's part}}, {ID number: name})."""
    found: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    for number, name, insurance, _wage, _base, _unit, own in rows:
        lines = found.setdefault(number, {})
        kind = columns.kind_of(insurance)
        lines[kind] = lines.get(kind, 0) + own
        names[number] = name
    return found, names
