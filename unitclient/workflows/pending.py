"""Rows that wait to be declared: what they are, and taking back those that were imported by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from unitclient.errors import UserError
from unitclient.store.declarations import find_declarations, get_declaration
from unitclient.store.items import Item, ItemState, cancel, items
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk
from unitclient.workflows.prepare import UNSIGNED, drop_drafts
from unitclient.workflows.rights import needs


@dataclass(frozen=True, slots=True)
class PendingRow:
    """One row that is not signed yet. `prepared` is true when it stands in a draft."""

    id: int
    form: str
    person_id: str
    name: str
    effect_month: str
    prepared: bool

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "id": self.id,
            "form": self.form,
            "id_number": self.person_id,
            "name": self.name,
            "month": self.effect_month,
            "prepared": self.prepared,
        }


def pending_rows(desk: Desk, unit: Unit, form: str | None = None) -> list[PendingRow]:
    """Everything that was imported and not signed, in the order it came."""
    if form is not None:
        desk.catalog.form(form)
    waiting = items(desk.store, unit.unit_number, form, ItemState.PENDING)
    drafted = items(desk.store, unit.unit_number, form, ItemState.DECLARED)
    unsigned = _unsigned(desk, unit)
    rows = [*waiting, *(item for item in drafted if item.declaration_id in unsigned)]
    return [_row(item) for item in sorted(rows, key=lambda item: item.id)]


@needs("enter")
def discard(desk: Desk, unit: Unit, ids: Sequence[int]) -> int:
    """Take rows back for good; how many. Drafts that hold them are undone and have to be prepared again.

    UserError pending-unknown for an id that is not a row here, pending-signed for one that was signed: then the
    submission is withdrawn, corrected or voided instead. Nothing is taken back when one of them is refused.
    """
    known = {item.id: item for item in items(desk.store, unit.unit_number)}
    unsigned = _unsigned(desk, unit)
    for number in ids:
        item = known.get(number)
        if item is None or item.state not in (ItemState.PENDING, ItemState.DECLARED):
            raise UserError("pending-unknown", id=number)
        if item.state is ItemState.DECLARED and item.declaration_id not in unsigned:
            raise UserError("pending-signed", id=number, declaration=item.declaration_id)
    with desk.store.write("items.discard", detail={"rows": len(set(ids))}):
        for period in sorted({_period_of(desk, known[number]) for number in ids} - {""}):
            drop_drafts(desk, unit, period)
        return cancel(desk.store, sorted(set(ids)))


def _unsigned(desk: Desk, unit: Unit) -> set[str]:
    known = find_declarations(desk.store, unit.unit_number, payloads=False)
    return {one.id for one in known if one.transport in UNSIGNED and one.acceptance is None}


def _period_of(desk: Desk, item: Item) -> str:
    """The period of the draft a row stands in, "" for none."""
    draft = get_declaration(desk.store, item.declaration_id) if item.declaration_id else None
    return draft.period if draft and item.state is ItemState.DECLARED else ""


def _row(item: Item) -> PendingRow:
    prepared = item.state is ItemState.DECLARED
    return PendingRow(
        item.id, item.form, item.person_id, str(item.values.get("name") or ""), item.effect_month, prepared
    )
