"""From what is done in the list of people to wishes: wages typed, set by a rule for many, or whole lines pasted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from unitclient.domain.money import Rounding, format_fen, parse_yuan, round_ratio
from unitclient.domain.period import Period
from unitclient.store.items import Item, ItemState
from unitclient.store.people import Listed, note_id, people
from unitclient.store.person_notes import catch_up
from unitclient.store.units import Unit
from unitclient.workflows.desk import Count, Desk, no_count
from unitclient.workflows.rights import needs
from unitclient.workflows.roster_edits import (
    ENROL_FORM,
    WAGE_FORM,
    Edited,
    Step,
    Wish,
    again,
    clear,
    edit_roster,
    wage_wish,
)


class Way(StrEnum):
    """How a rule makes a wage."""

    AMOUNT = "amount"
    """It is the value, in fen."""
    ADD = "add"
    """The value in fen is added."""
    PERCENT = "percent"
    """So many percent are added, rounded to the fen."""


@dataclass(frozen=True, slots=True)
class WageRule:
    """How the wages of many are set at once."""

    way: Way
    value: Fraction

    def of(self, fen: int | None) -> int | None:
        """The wage after the rule, in fen; None where there is none to count from."""
        if self.way is Way.AMOUNT:
            return int(self.value)
        if fen is None:
            return None
        if self.way is Way.ADD:
            return fen + int(self.value)
        return round_ratio(fen * (1 + self.value / 100), Rounding.FEN_HALF_UP)


@dataclass(frozen=True, slots=True)
class PasteLine:
    """One pasted line: whom it is about, and cells as pasted, by field of the enrolment form (and "reason").

    `note` is the id of the listed person the line was pasted over; without it `cells` has the ID number.
    """

    label: str
    cells: Mapping[str, str]
    note: int | None = None


@needs("enter")
def type_wages(desk: Desk, unit: Unit, typed: Mapping[int, str], period: Period, reason: str = "") -> Edited:
    """Stage wages as typed, by note id; an empty text takes the pending wage back."""
    found = people(desk.store, unit.unit_number, list(typed))
    wishes = [_wage(desk, one, typed[one.id], period, reason) for one in found.values() if typed[one.id]]
    edited = edit_roster(desk, unit, wishes, period)
    edited.steps += _clear(desk, unit, [one for one in found.values() if not typed[one.id]])
    return edited


@needs("enter")
def set_wages(
    desk: Desk, unit: Unit, ids: Sequence[int], rule: WageRule, period: Period, reason: str, count: Count = no_count
) -> Edited:
    """Stage the wages that a rule makes of those of many people, by note ids. It counts from a pending wage if any."""
    wishes = []
    for start in range(0, len(ids), 1000):
        for one in people(desk.store, unit.unit_number, ids[start : start + 1000]).values():
            wage = rule.of(wage_of(one))
            wishes.append(_wage(desk, one, "" if wage is None else format_fen(wage), period, reason))
    return edit_roster(desk, unit, wishes, period, count=count)


@needs("enter")
def clear_wages(desk: Desk, unit: Unit, ids: Sequence[int]) -> Edited:
    """Take the pending wages of people back; who is arriving keeps theirs."""
    return Edited(steps=_clear(desk, unit, people(desk.store, unit.unit_number, list(ids)).values()))


@needs("enter")
def paste_lines(desk: Desk, unit: Unit, lines: Sequence[PasteLine], period: Period, count: Count = no_count) -> Edited:
    """Stage what was pasted: other wages of known people, unknown people as enrolments, departments of both."""
    number = unit.unit_number
    catch_up(desk.store, number)
    ids = [line.note or note_id(desk.store, number, id_of(line)) or 0 for line in lines]
    found = people(desk.store, number, [one for one in ids if one])
    wishes: list[Wish] = []
    departments: dict[str, str] = {}
    for line, note in zip(lines, ids, strict=True):
        listed = found.get(note)
        wishes += _pasted(desk, line, listed, period)
        if listed is not None and (department := line.cells.get("department", "")):
            departments[listed.id_number] = department
    return edit_roster(desk, unit, wishes, period, departments=departments, count=count)


def id_of(line: PasteLine) -> str:
    """The ID number of a line as the store has numbers."""
    return line.cells.get("id_number", "").strip().upper()


def wage_of(one: Listed) -> int | None:
    """The wage that will count once everything undecided is accepted, in fen."""
    waiting = [row.values["wage"] for row in one.rows if row.form == WAGE_FORM and row.state is not ItemState.REFUSED]
    return waiting[-1] if waiting else one.wage_fen


def pending_row(one: Listed, form: str) -> Item | None:
    """Somebody's pending row of a form."""
    return next((row for row in one.rows if row.form == form and row.state is ItemState.PENDING), None)


def _wage(desk: Desk, one: Listed, wage: str, period: Period, reason: str, label: str = "") -> Wish:
    arriving = pending_row(one, ENROL_FORM) if one.person is None else None
    if arriving is not None:
        return again(desk.catalog.form(ENROL_FORM), arriving, {"wage": wage}, label)
    return wage_wish(desk, one.id_number, one.name, wage, period, reason, label)


def _clear(desk: Desk, unit: Unit, listed: Iterable[Listed]) -> list[Step]:
    rows = (pending_row(one, WAGE_FORM) for one in listed if one.person is not None)
    return clear(desk, unit, [row for row in rows if row is not None])


def _pasted(desk: Desk, line: PasteLine, one: Listed | None, period: Period) -> list[Wish]:
    cells = {name: text for name, text in line.cells.items() if text}
    if one is None:
        return [Wish(ENROL_FORM, {name: text for name, text in cells.items() if name != "reason"}, line.label)]
    if one.person is None and (row := pending_row(one, ENROL_FORM)) is not None:
        given = {name: text for name, text in cells.items() if name not in ("id_number", "reason")}
        return [again(desk.catalog.form(ENROL_FORM), row, given, line.label)] if given else []
    wage = cells.get("wage", "")
    if not wage or _same(wage, wage_of(one)):
        return []
    wish = wage_wish(desk, one.id_number, cells.get("name", one.name), wage, period, "", line.label)
    month, reason = cells.get("start_month"), cells.get("reason")
    more = {"start_month": month or str(period), **({"reason": reason} if reason else {})}
    return [Wish(wish.form, {**wish.raw, **more}, line.label)]


def _same(wage: str, fen: int | None) -> bool:
    try:
        return parse_yuan(wage) == fen
    except ValueError:
        return False
