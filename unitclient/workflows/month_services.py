"""To-dos beside the month's walk: papers that are overdue, an appointment that is near, a ticket that was answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from unitclient.store.declarations import Declaration
from unitclient.store.registers import list_entries
from unitclient.store.units import Unit
from unitclient.store.watches import list_watches
from unitclient.sync.protocol import Money
from unitclient.texts import language
from unitclient.workflows.bills import overdue_papers
from unitclient.workflows.desk import Desk
from unitclient.workflows.month_to_dos import NEAR, ToDo, Weight

_LISTS: Mapping[str, str] = {"appointment": "appointments", "ticket": "tickets"}
"""Which list of the notices page shows a register."""
_WITHOUT_SLIP = (Money.DEBITED, Money.POSTED)
"""Debited, and the slip is still to come."""
_TABLES: Mapping[str, str] = {"office": "appointment_office", "slot": "appointment_slot"}
"""Code tables of an appointment's values."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booked appointment; office and slot as people read them."""

    key: str
    day: date
    slot: str
    office: str
    matter: str


def appointments(desk: Desk, unit: Unit) -> list[Appointment]:
    """Booked appointments of the unit, the earliest first."""
    found = []
    for entry, _ in list_entries(desk.store, unit.unit_number, "appointment"):
        day = _day(entry.values.get("day"))
        if entry.state != "booked" or day is None:
            continue
        told = {name: str(entry.values.get(name) or "") for name in ("slot", "office", "matter")}
        words = {name: desk.catalog.table(table).label(told[name], language()) for name, table in _TABLES.items()}
        found.append(Appointment(entry.key, day, matter=told["matter"], **words))
    return sorted(found, key=lambda one: (one.day, one.slot))


def _day(value: object) -> date | None:
    """The day as the register has it; None for what is no day: a centre's slip must not keep the month from showing."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def service_to_dos(desk: Desk, unit: Unit, everything: Iterable[Declaration]) -> tuple[ToDo, ...]:
    """Papers that are overdue, appointments within three days, and answered tickets that nobody has closed."""
    return (
        *_papers(desk, unit, everything),
        *_appointments(desk, unit),
        *_answers(desk, unit),
        *_watched(desk, unit),
    )


def _papers(desk: Desk, unit: Unit, everything: Iterable[Declaration]) -> Iterator[ToDo]:
    """Postings and slips that should have come. Documents are read only while a debit is without its slip."""
    if not any(known.money in _WITHOUT_SLIP for known in everything):
        return
    for bill, one in overdue_papers(desk, unit):
        params = {"number": bill.number, "period": bill.period, "by": one.by, "ref": one.bank_ref}
        yield ToDo(f"{one.paper.value}-overdue", Weight.NOW, "payments", {"declaration": bill.declaration_id}, params)


def _watched(desk: Desk, unit: Unit) -> Iterator[ToDo]:
    """Watched questions whose answer changed since somebody saw it; no value of the answer, the page has them."""
    if not list_watches(desk.store, unit.unit_number):
        return
    from unitclient.workflows.watching import watched  # with the line to the centre, which the first page does without

    for one in watched(desk, unit):
        told = one.difference
        if told:
            counts = {"added": len(told.added), "gone": len(told.gone), "changed": len(told.changed)}
            target = {"query": one.service.id, **one.watch.inputs, "run": ""}
            yield ToDo("query-changed", Weight.NOW, "queries", target, {"query": str(one.service.title), **counts})


def _appointments(desk: Desk, unit: Unit) -> Iterator[ToDo]:
    today, where = desk.today(), {"tab": _LISTS["appointment"]}
    for one in appointments(desk, unit):
        days = (one.day - today).days
        if not 0 <= days <= NEAR.days:
            continue
        params = {"day": one.day, "slot": one.slot, "office": one.office, "matter": one.matter, "days": days}
        # Not more pressing than the month itself: the dashboard's main button stays with the next step.
        if days:
            yield ToDo("appointment", Weight.NOW, "notices", where, params)
        else:
            yield ToDo("appointment-today", Weight.NOW, "notices", where, params)


def _answers(desk: Desk, unit: Unit) -> Iterator[ToDo]:
    for entry, _ in list_entries(desk.store, unit.unit_number, "ticket"):
        if entry.state == "answered":
            params = {"number": entry.key, "subject": str(entry.values.get("subject") or entry.key)}
            yield ToDo("ticket-answered", Weight.NOW, "notices", {"tab": _LISTS["ticket"]}, params)
