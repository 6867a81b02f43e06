"""Checking a prepared month (核对): who and what changed, totals against last month, findings, consequences.

Everything is read from the prepared declarations themselves, so it can be looked at again on any later day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unitclient.domain.contribution import CAP, FLOOR, used_base
from unitclient.domain.insurance import Insurance
from unitclient.domain.period import Period
from unitclient.domain.policy import MonthPolicy
from unitclient.errors import UserError
from unitclient.store import overview
from unitclient.store.declarations import Declaration, get_declaration
from unitclient.store.units import Unit
from unitclient.sync import protocol
from unitclient.workflows.desk import Desk, unhindered
from unitclient.workflows.difference import Change, difference
from unitclient.workflows.explaining import LineExplained, explain
from unitclient.workflows.lines import Row, person_count
from unitclient.workflows.month_findings import Consequence, FindingGroup, consequences, finding_groups
from unitclient.workflows.month_state import effective
from unitclient.workflows.prepare import last_declaration
from unitclient.workflows.reviewing import UNSIGNED, ReviewState, review_state

SAME = "same"
"""`PersonLine.change` of somebody whose month is like the last one."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the month or of the month before. Amounts are both sides together, in fen.

    `change` is one of `difference`'s words or `same`; `limit` is "floor", "cap" or "" (no base was moved).
    """

    id_number: str
    name: str
    change: str
    before: int
    after: int
    limit: str = ""


@dataclass(frozen=True, slots=True)
class InsuranceTotal:
    """One insurance, this month and last. Amounts are fen."""

    insurance: str
    persons: int
    unit: int
    person: int
    persons_before: int
    unit_before: int
    person_before: int


@dataclass(frozen=True, slots=True)
class Batched:
    """One declaration that goes out with the month. `title` is its form's, in the language in use."""

    id: str
    form: str
    kind: str
    rows: int
    transport: str


@dataclass(frozen=True, slots=True)
class MonthCheck:
    """A prepared month as it is checked before it is signed. `last_period` is the month it is compared with."""

    declaration: Declaration
    """The monthly declaration that counts, without its payload."""
    last_period: Period | None
    persons: int
    persons_before: int
    people: tuple[PersonLine, ...]
    """Everybody, by ID number: of this month and those who are gone."""
    totals: tuple[InsuranceTotal, ...]
    findings: tuple[FindingGroup, ...]
    consequences: tuple[Consequence, ...]
    batch: tuple[Batched, ...]
    """What is not signed yet, the monthly declaration included."""
    left_out: int
    """Pending rows of the month that the declaration does not hold."""
    review: ReviewState
    same_policy: bool
    """False when the policy package is another one than the amounts were computed with."""

    @property
    def signed(self) -> bool:
        """Whether it was signed: then nothing of it can change any more."""
        return self.declaration.transport not in UNSIGNED

    def counts(self) -> dict[str, int]:
        """{change or limit: persons}."""
        found: dict[str, int] = {}
        for line in self.people:
            for word in (line.change, line.limit):
                if word:
                    found[word] = found.get(word, 0) + 1
        return found


def month_check(desk: Desk, unit: Unit, period: Period) -> MonthCheck | None:
    """The month's prepared declaration to be checked, or None when none is prepared."""
    everything = overview.briefs(desk.store, unit.unit_number)
    known = [one for one in everything if one.period == str(period)]
    monthly, last = effective(known), last_declaration(everything, period)
    if monthly is None:
        return None
    policy = desk.policy(unit, period)
    with unhindered():
        whole = declared(desk, monthly.id)
        before = declared(desk, last.id).rows if last else ()
        people = _people(whole.rows, before, policy)
    return MonthCheck(
        declaration=monthly,
        last_period=Period.parse(last.period) if last else None,
        persons=person_count(whole.rows),
        persons_before=person_count(before),
        people=people,
        totals=_totals(whole.rows, before),
        findings=finding_groups(desk, unit, period, known, policy),
        consequences=consequences(desk, unit, period, known),
        batch=tuple(_batched(one) for one in known if one.transport in UNSIGNED),
        left_out=sum(w.rows for w in overview.waiting_rows(desk.store, unit.unit_number, str(period)).values()),
        review=review_state(desk, unit, monthly),
        same_policy=whole.header.policy.get("sha256", policy.sha256) == policy.sha256,
    )


def declared(desk: Desk, declaration_id: str) -> protocol.Declaration:
    """A declaration's content; UserError declaration-unknown."""
    known = get_declaration(desk.store, declaration_id)
    if known is None:
        raise UserError("declaration-unknown", id=declaration_id)
    return protocol.Declaration.from_bytes(known.payload)


def explain_person(desk: Desk, unit: Unit, declaration_id: str, id_number: str) -> tuple[LineExplained, ...]:
    """Every line of one person in a monthly declaration, explained; those of the month before for somebody gone.

    UserError declaration-unknown.
    """
    known = {one.id: one for one in overview.briefs(desk.store, unit.unit_number)}
    if declaration_id not in known:
        raise UserError("declaration-unknown", id=declaration_id)
    period = Period.parse(known[declaration_id].period)
    last = last_declaration(known.values(), period)
    rows = overview.declared_rows(desk.store, declaration_id, id_number)
    before = overview.declared_rows(desk.store, last.id, id_number) if last else []
    if not rows and last is not None:
        return explain(before, before, desk.policy(unit, Period.parse(last.period)))
    return explain(rows, before, desk.policy(unit, period))


def _batched(known: Declaration) -> Batched:
    return Batched(known.id, known.form, known.kind, known.row_count, known.transport.value)


def _people(rows: Sequence[Row], before: Sequence[Row], policy: MonthPolicy) -> tuple[PersonLine, ...]:
    changed = {change.id_number: change for change in difference(before, rows)}
    limits = _limits(rows, policy)
    found: dict[str, PersonLine] = {}
    for number, name, amount in _sums(rows):
        change = changed.pop(number, None)
        limit = limits.get(number, "")
        found[number] = (
            PersonLine(number, name, SAME, amount, amount, limit) if change is None else _changed(change, limit)
        )
    found.update({number: _changed(change, "") for number, change in changed.items()})
    return tuple(found[number] for number in sorted(found))


def _changed(change: Change, limit: str) -> PersonLine:
    return PersonLine(change.id_number, change.name, change.change, change.before, change.after, limit)


def _sums(rows: Iterable[Row]) -> Iterable[tuple[str, str, int]]:
    """(number, name, amount of both sides) of each person."""
    sums: dict[str, int] = {}
    names: dict[str, str] = {}
    for number, name, _, _, _, unit, own in rows:
        sums[number] = sums.get(number, 0) + unit + own
        names[number] = name
    return ((number, names[number], amount) for number, amount in sums.items())


def _limits(rows: Iterable[Row], policy: MonthPolicy) -> dict[str, str]:
    """{number: "floor" or "cap"} of persons with a base that a limit moved; the floor counts before the cap."""
    known: dict[tuple[str, int], str] = {}
    moved: dict[str, str] = {}
    for number, _, insurance, wage, _, _, _ in rows:
        key = (insurance, wage)
        if key not in known:
            rule = policy.rules.get(Insurance(insurance))
            known[key] = used_base(wage, rule)[1] if rule else ""
        if known[key] == FLOOR or (known[key] == CAP and number not in moved):
            moved[number] = known[key]
    return moved


def _totals(rows: Iterable[Row], before: Iterable[Row]) -> tuple[InsuranceTotal, ...]:
    now, then = _by_insurance(rows), _by_insurance(before)
    order = [word.value for word in Insurance]
    names = sorted(now.keys() | then.keys(), key=lambda name: order.index(name) if name in order else len(order))
    nothing = (0, 0, 0)
    return tuple(InsuranceTotal(name, *now.get(name, nothing), *then.get(name, nothing)) for name in names)


def _by_insurance(rows: Iterable[Row]) -> dict[str, tuple[int, int, int]]:
    """{insurance: (lines, unit's part, person's part)}; a person has one line an insurance."""
    sums: dict[str, tuple[int, int, int]] = {}
    for _, _, insurance, _, _, unit, own in rows:
        lines, units, persons = sums.get(insurance, (0, 0, 0))
        sums[insurance] = (lines + 1, units + unit, persons + own)
    return sums
