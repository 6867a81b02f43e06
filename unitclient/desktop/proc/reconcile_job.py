"""What the child process does with a payroll: reconcile it with the month, and write the differences. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unitclient.desktop.masking import mask
from unitclient.desktop.proc.sheet_jobs import at_desk
from unitclient.domain.findings import Finding
from unitclient.domain.period import Period
from unitclient.texts import finding_texts, say
from unitclient.workflows.reconciling import Reconciled, reconcile
from unitclient.workflows.reconciling_table import (
    check_out,
    compared,
    insurance_words,
    kind_words,
    money_words,
    write_differences,
)

if TYPE_CHECKING:
    from unitclient.desktop.tasks import JobContext

Json = dict[str, Any]


def compare(context: JobContext, seat: Mapping[str, Any], path: str, period: str, out: str) -> Json:
    """Reconcile a payroll; with `out` the differences are written there, masked where the window masks.

    Gives `rows` for the table (amounts in fen by column), `agrees`, `payroll`, `declared` (sums in fen), `columns`
    and `notes` (what the reader of the sheet noticed, in sentences).
    """
    context.text("d-reconcile-working")
    if out:
        check_out(Path(out), Path(path))
    with at_desk(seat) as (desk, unit):
        found = reconcile(desk, unit, Path(path), Period.parse(period))
        if out:
            write_differences(desk, unit, _masked(found) if seat["masked"] else found, Path(out))
    return {
        "agrees": found.agrees,
        "period": found.period,
        "payroll": sum(one.payroll_fen for one in found.sums),
        "declared": sum(one.declared_fen for one in found.sums),
        "columns": list(found.titles.values()),
        "rows": _rows(found),
        "notes": [_note(finding) for finding in found.findings],
    }


def _masked(found: Reconciled) -> Reconciled:
    return replace(found, persons=tuple(replace(one, id_number=mask("id", one.id_number)) for one in found.persons))


def _rows(found: Reconciled) -> list[Json]:
    rows: list[Json] = [
        {"kind": kind_words(one.kind), "name": one.name, "id_number": one.id_number,
         "insurance": insurance_words(one.insurance), "side": say("person-part"), "payroll": one.payroll_fen,
         "declared": one.declared_fen, "difference": one.difference_fen}
        for one in found.persons
    ]  # fmt: skip
    for told in found.money:
        kind, _name, _number, insurance, side = money_words(told)
        rows.append({"kind": kind, "insurance": insurance or None, "side": side or None, **compared(told),
                     "difference": told.difference_fen})  # fmt: skip
    return [{"id": place, **one} for place, one in enumerate(rows)]


def _note(finding: Finding) -> str:
    why, fix = finding_texts(finding.code, finding.params, finding.value)
    place = finding.place
    where = say("place-cell" if place.column else "place-row", row=place.row, column=place.column) if place else ""
    return f"{where}{why}{fix}"
