"""What the workbooks of an export hold: roster, declarations, contributions, bills and payments, and the registers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.clock import CHINA
from unitclient.domain.period import Period
from unitclient.sheets.model import Cell
from unitclient.sheets.xlsx_out import Style, StyledCell
from unitclient.store.declarations import Declaration
from unitclient.store.overview import briefs
from unitclient.store.payloads import every_row
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.sync.protocol import Acceptance
from unitclient.texts import catalogue, say
from unitclient.workflows.bill_papers import refused_places
from unitclient.workflows.bills import Bill, bills
from unitclient.workflows.desk import Desk
from unitclient.workflows.lines import MONTHLY, total_fen
from unitclient.workflows.month_state import effective
from unitclient.workflows.registers import register_named, register_rows
from unitclient.workflows.roster import roster

Cells = Sequence[Cell | StyledCell]


@dataclass(frozen=True, slots=True)
class Span:
    """Months that are exported, both included; None leaves a side open."""

    since: Period | None = None
    until: Period | None = None

    def holds(self, month: str) -> bool:
        """Whether a month ("YYYY-MM") is in it."""
        return (self.since is None or str(self.since) <= month) and (self.until is None or month <= str(self.until))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; its rows are read while it is written."""

    title: str
    heads: tuple[str, ...]
    rows: Iterable[Cells]


@dataclass(frozen=True, slots=True)
class Book:
    """One workbook: what it is for machines, its title, and its sheets. `folder` is where it stands in the export."""

    what: str
    title: str
    sheets: tuple[Sheet, ...]
    folder: str = ""


def books(desk: Desk, unit: Unit, span: Span) -> Iterator[Book]:
    """Every workbook of an export, one after the other; a register without entries has none."""
    known = [one for one in briefs(desk.store, unit.unit_number) if span.holds(one.period)]
    yield Book("roster", say("export-roster"), (_roster(desk, unit),))
    yield Book("declarations", say("export-declarations"), (_declarations(desk, known),))
    yield Book("contributions", say("export-contributions"), tuple(_contributions(desk, known)))
    billed = [bill for bill in bills(desk, unit) if span.holds(bill.period)]
    yield Book("bills", say("export-bills"), (_bills(billed), _items(billed), _debits(billed)))
    for name in desk.catalog.registers:
        sheet = _register(desk, unit, name)
        if sheet is not None:
            yield Book(f"register:{name}", sheet.title, (sheet,), say("export-registers"))


def _heads(*keys: str) -> tuple[str, ...]:
    return tuple(map(say, keys))


def _yuan(fen: int | None) -> Cell | StyledCell:
    return "" if fen is None else StyledCell(fen / 100, Style.MONEY)


def _moment(at: datetime | None) -> Cell:
    return None if at is None else at.astimezone(CHINA).replace(tzinfo=None, microsecond=0)


def _word(kind: str, word: str | None) -> str:
    """The title of a state or an insurance; the word itself where the program has no title for it."""
    key = f"{kind}-{word}"
    return "" if not word else say(key) if key in catalogue()["text"] else word


def _roster(desk: Desk, unit: Unit) -> Sheet:
    titles = {form.id: str(form.title) for form in desk.catalog.forms.values()}
    rows = (
        [
            entry.person.name,
            entry.person.id_number,
            _word("person", entry.state),
            "、".join(_word("insurance", name) for name in entry.person.coverage),
            _yuan(entry.person.wage_fen),
            str(entry.person.since or ""),
            str(entry.person.wage_since or ""),
            "、".join(titles.get(form, form) for form in entry.pending),
        ]
        for entry in roster(desk, unit)
    )
    heads = _heads("name", "id-number", "state", "insurance", "wage", "export-since", "export-wage-since",
                   "export-pending")  # fmt: skip
    return Sheet(say("export-roster"), heads, rows)


def _declarations(desk: Desk, known: list[Declaration]) -> Sheet:
    titles = {form.id: str(form.title) for form in desk.catalog.forms.values()}
    rows = (
        [
            one.period,
            titles.get(one.form, one.form),
            _word("export-kind", one.kind),
            one.row_count,
            _yuan(total_fen(one.totals)),
            _word("transport", one.transport.value),
            _word("acceptance", one.acceptance),
            _word("money", one.money),
            one.acceptance_number or "",
            _moment(one.prepared_at),
            one.id,
        ]
        for one in known
    )
    heads = _heads("period", "form-title", "export-kind", "export-rows", "sum", "export-transport", "export-acceptance",
                   "export-money", "acceptance-number", "export-prepared", "id")  # fmt: skip
    return Sheet(say("export-declarations"), heads, rows)


def _contributions(desk: Desk, known: list[Declaration]) -> Iterator[Sheet]:
    """A sheet a month: who is declared for what, by the delivered declaration that counts, without refused rows."""
    fields = desk.catalog.form(MONTHLY).fields
    heads = (say("period"), *(str(field.title) for field in fields), say("acceptance-number"))
    names = tuple(field.name for field in fields)
    standing = [one for one in known if one.transport is Transport.DELIVERED and one.acceptance != Acceptance.RETURNED]
    months = sorted({one.period for one in standing})
    found = [effective([one for one in standing if one.period == month]) for month in months]
    counting = [one for one in found if one is not None]
    for one in counting:
        yield Sheet(one.period, heads, _lines(desk, one, names))
    if not counting:
        yield Sheet(say("export-contributions"), heads, ())


def _lines(desk: Desk, known: Declaration, names: tuple[str, ...]) -> Iterator[Cells]:
    refused = refused_places(desk, known)
    for place, row in enumerate(every_row(desk.store, known.id)):
        if place not in refused:
            yield [known.period, *(_line_cell(name, row.get(name)) for name in names), known.acceptance_number or ""]


def _line_cell(name: str, value: Any) -> Cell | StyledCell:
    if isinstance(value, int):
        return _yuan(value)
    return _word("insurance", value) if name == "insurance" else str(value or "")


def _bills(billed: list[Bill]) -> Sheet:
    rows = (
        [
            bill.number,
            bill.form_title,
            bill.period,
            _yuan(bill.declared_fen),
            _yuan(bill.total_fen),
            _yuan(bill.late_fee_fen),
            _moment(bill.due),
            bill.account_tail,
            _word("money", bill.state),
            bill.attempts,
            bill.slip.bank if bill.slip else "",
            bill.slip.serial if bill.slip else "",
            _yuan(bill.slip.amount_fen) if bill.slip else "",
            _moment(bill.slip.paid_at) if bill.slip else None,
        ]
        for bill in billed
    )
    heads = _heads("export-bill", "form-title", "period", "export-declared", "export-billed", "export-late-fee",
                   "export-due", "export-account", "state", "export-attempts", "export-bank", "export-slip",
                   "export-paid", "export-paid-at")  # fmt: skip
    return Sheet(say("export-bills-sheet"), heads, rows)


def _items(billed: list[Bill]) -> Sheet:
    rows = (
        [
            bill.number,
            bill.period,
            _word("insurance", item.insurance) or say("export-late-fee"),
            item.persons,
            _yuan(item.unit_fen),
            _yuan(item.person_fen),
            _yuan(item.unit_fen + item.person_fen),
        ]
        for bill in billed
        for item in bill.items
    )
    heads = _heads("export-bill", "period", "insurance", "export-persons", "unit-part", "person-part", "sum")
    return Sheet(say("export-items-sheet"), heads, rows)


def _debits(billed: list[Bill]) -> Sheet:
    rows = (
        [
            bill.number,
            bill.period,
            step.attempt,
            _moment(step.at),
            _word("money", step.state),
            _word("document-bank", step.code),
            _yuan(step.amount_fen),
            step.bank_ref,
        ]
        for bill in billed
        for step in bill.debits
    )
    heads = _heads("export-bill", "period", "export-attempt", "export-at", "state", "export-code", "sum", "export-ref")
    return Sheet(say("export-debits-sheet"), heads, rows)


def _register(desk: Desk, unit: Unit, name: str) -> Sheet | None:
    found = register_rows(desk, unit, name)
    if not found:
        return None
    register = register_named(desk, name)
    heads = (say("register-key"), say("state"), *map(str, register.columns.values()), say("export-told"))
    rows = ([row.key_shown, row.state_title, *row.shown, _moment(datetime.fromisoformat(row.at))] for row in found)
    return Sheet(str(register.title), heads, rows)
