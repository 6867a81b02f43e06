"""Staged rows of one form as the rows of a table."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from unitclient.catalog.model import FieldType, Form
from unitclient.desktop.models.columns import ColumnSpec, Kind, of_field
from unitclient.desktop.models.rows import MARKS, Mark, QuerySpec, RowData
from unitclient.desktop.pages.business.words import SENSITIVE, STATE_OF, sentence, shown, titles, worst
from unitclient.desktop.theme.tokens import State
from unitclient.store.items import Item, ItemState
from unitclient.store.staged import StagedQuery, staged_counts, staged_ids, staged_rows
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.session import Session

STATE = "state"
ORIGIN = "source_row"
_MARKS = {
    ItemState.PENDING: (State.INFO, "✎"),
    ItemState.DECLARED: (State.INFO, "↑"),
    ItemState.ACCEPTED: (State.OK, "✓"),
    ItemState.REFUSED: (State.ERR, "×"),
    ItemState.CANCELLED: (State.OFF, "－"),
}


def columns_of(form: Form) -> tuple[ColumnSpec, ...]:
    """State, then the columns that the form names for its list, then where the row came from."""
    fields = [form.field(name) for name in form.screen.columns]
    return (
        ColumnSpec(STATE, "d-business-state", Kind.STATE, 9),
        *(of_field(field) for field in fields),
        ColumnSpec(ORIGIN, "d-business-origin", Kind.TEXT, 10),
    )


class StagedSource:
    """The RowSource of a form's rows of the unit in front. Reads by the window's own desk."""

    def __init__(self, session: Session, form: Form) -> None:
        self._session = session
        self._form = form
        self._insurances = session.desk().catalog.tables.get("insurance")

    def query(self, query: QuerySpec) -> StagedQuery:
        """The query as the store knows it. Filters are ("state", state) and ("findings", "1")."""
        narrow = tuple(value if name == STATE else name for name, value in query.filters)
        order = query.order
        return StagedQuery(
            self._session.unit_number(),
            self._form.id,
            query.text,
            narrow,
            order.column if order else "",
            bool(order and order.descending),
        )

    def ids(self, query: QuerySpec) -> array[int]:
        """See RowSource."""
        return staged_ids(self._session.desk().store, self.query(query))

    def rows(self, ids: Sequence[int]) -> list[RowData]:
        """See RowSource."""
        found = staged_rows(self._session.desk().store, ids)
        return [self.row(found[each]) if each in found else {} for each in ids]

    def counts(self, query: QuerySpec) -> dict[str, int]:
        """See RowSource; names are chip ids ("state:pending", "findings:1")."""
        return self.named(staged_counts(self._session.desk().store, self.query(query)))

    def named(self, counted: Mapping[str, int]) -> dict[str, int]:
        """The store's counts by chip ids."""
        named = {f"{STATE}:{name}": count for name, count in counted.items() if name in set(ItemState)}
        return {**named, "findings:1": counted["findings"], "": counted[""]}

    def row(self, item: Item) -> RowData:
        """One staged row with its marks."""
        form = self._form
        values: dict[str, Any] = {
            field.name: item.values.get(field.name)
            if field.type is FieldType.MONEY
            else shown(field, item.values.get(field.name), self._insurances) or None
            for field in form.fields
        }
        origin = say("d-business-row", row=item.source_row) if item.source_row else say("d-business-typed")
        return {**values, STATE: say(f"d-item-{item.state.value}"), ORIGIN: origin, MARKS: self._marks(item)}

    def _marks(self, item: Item) -> Mapping[str, Mark]:
        state, sign = _MARKS[item.state]
        marks = {STATE: Mark(state, sign=sign)}
        named = titles(self._form)
        hidden = self._session.masked()
        by_field: dict[str, list[Any]] = {}
        for finding in item.findings:
            by_field.setdefault(finding.field if finding.field in named else STATE, []).append(finding)
        for name, findings in by_field.items():
            mask = "••••" if hidden and self._is_sensitive(name) else ""
            reasons = tuple(sentence(finding, named.get(finding.field, ""), mask) for finding in findings)
            state_of = worst(findings) or State.INFO
            marks[name] = Mark(state if name == STATE else state_of, reasons, sign if name == STATE else "")
        return marks

    def _is_sensitive(self, name: str) -> bool:
        return name in self._form.by_name and self._form.field(name).type in SENSITIVE


def next_with_findings(source: StagedSource, query: QuerySpec, ids: Sequence[int], current: int, step: int) -> int:
    """Place of the next listed row with findings from `current` on (-1 = from the start), or -1; goes round."""
    narrowed = QuerySpec(query.text, (*query.filters, ("findings", "1")), query.order)
    wanted = set(source.ids(narrowed))
    count = len(ids)
    for distance in range(1, count + 1):
        place = (current + step * distance) % count
        if ids[place] in wanted:
            return place
    return -1


__all__ = ["ORIGIN", "STATE", "STATE_OF", "StagedSource", "columns_of", "next_with_findings"]
