"""The differences of a reconciliation as a workbook: one line a difference, the two amounts in their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from unitclient.errors import UserError
from unitclient.sheets.model import Cell
from unitclient.sheets.table import write_table
from unitclient.sheets.xlsx_out import Style, StyledCell
from unitclient.store.units import Unit
from unitclient.texts import catalogue, say
from unitclient.workflows.desk import Desk
from unitclient.workflows.files import keep_aside, refuse_unwritable
from unitclient.workflows.reconciling import Reconciled
from unitclient.workflows.reconciling_money import MoneyDifference, MoneyKind
from unitclient.workflows.rights import needs

Line = Sequence[Cell | StyledCell]
PLACES = ("payroll", "declared", "billed", "debited", "posted")
"""The columns of amounts."""
_COMPARED = {
    MoneyKind.BILL: ("declared", "billed"),
    MoneyKind.LATE_FEE: ("declared", "billed"),
    MoneyKind.NOT_BILLED: ("declared", "billed"),
    MoneyKind.DEBIT: ("billed", "debited"),
    MoneyKind.NOT_DEBITED: ("billed", "debited"),
    MoneyKind.DEBIT_FAILED: ("billed", "debited"),
    MoneyKind.POSTING: ("billed", "posted"),
    MoneyKind.NOT_POSTED: ("billed", "posted"),
}
_WIDTHS = (26.0, 12.0, 22.0, 16.0, 12.0, 14.0, 14.0, 14.0, 14.0, 14.0, 14.0)


def check_out(out: Path, payroll: Path) -> None:
    """UserError reconcile-not-xlsx, reconcile-over-payroll or file-unwritable, before anything is compared."""
    if out.suffix.lower() != ".xlsx":
        raise UserError("reconcile-not-xlsx", path=out)
    if out.exists() and payroll.exists() and out.samefile(payroll):
        raise UserError("reconcile-over-payroll", path=payroll)
    refuse_unwritable(out)


@needs("export")
def write_differences(desk: Desk, unit: Unit, found: Reconciled, out: Path) -> Path | None:
    """Write the workbook; where a file of that name went, None when there was none. UserError file-unwritable."""
    aside = keep_aside(out, desk.store.now())
    title = say("reconcile-title", unit=unit.name, period=found.period)
    try:
        write_table(out, title, headers(), lines(found), _WIDTHS)
    except OSError as failure:
        raise UserError("file-unwritable", path=out) from failure
    return aside


def headers() -> list[str]:
    """Titles of the columns."""
    return [
        say("reconcile-kind"),
        say("name"),
        say("id-number"),
        say("insurance"),
        say("reconcile-side"),
        *(say(f"reconcile-{place}") for place in PLACES),
        say("reconcile-difference"),
    ]


def lines(found: Reconciled) -> Iterator[Line]:
    """Persons' differences, those of the money, and the sums by insurance at the end."""
    for one in found.persons:
        amounts = {"payroll": one.payroll_fen, "declared": one.declared_fen}
        words = (kind_words(one.kind), one.name, one.id_number, insurance_words(one.insurance), say("person-part"))
        yield _line(words, amounts, one.difference_fen)
    for told in found.money:
        yield _line(money_words(told), compared(told), told.difference_fen)
    for total in found.sums:
        amounts = {"payroll": total.payroll_fen, "declared": total.declared_fen}
        words = (say("sum"), "", "", insurance_words(total.insurance), say("person-part"))
        yield _line(words, amounts, total.difference_fen)


def money_words(told: MoneyDifference) -> tuple[str, ...]:
    """The five texts at the beginning of a line about money."""
    side = say(f"{told.side}-part") if told.side else ""
    kind = kind_words(told.kind)
    if told.kind is MoneyKind.DEBIT_FAILED and f"bank-{told.code}" in catalogue()["text"]:
        kind += say(f"bank-{told.code}")
    return (kind, "", "", insurance_words(told.insurance) if told.insurance else "", side)


def compared(told: MoneyDifference) -> dict[str, int]:
    """Which two columns a difference of the money fills, in fen."""
    expected, actual = _COMPARED[told.kind]
    return {expected: told.expected_fen, actual: told.actual_fen}


def kind_words(kind: str) -> str:
    """What a difference is called."""
    return say(f"reconcile-is-{kind}")


def insurance_words(kind: str) -> str:
    """What a column of the comparison is called."""
    return say(f"reconcile-{kind}" if kind in ("total", "rest") else f"insurance-{kind}")


def _line(words: Sequence[str], amounts: dict[str, int], difference: int) -> Line:
    texts: list[Cell | StyledCell] = [StyledCell(word, Style.TEXT) for word in words]
    return [*texts, *(_yuan(amounts.get(place)) for place in PLACES), _yuan(difference)]


def _yuan(fen: int | None) -> StyledCell:
    # A spreadsheet keeps 15 digits: two decimals of any amount here come back exactly.
    return StyledCell("" if fen is None else fen / 100, Style.MONEY)
