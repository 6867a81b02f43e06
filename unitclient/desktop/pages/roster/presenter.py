"""The roster page: which people are listed, who is current, where the next finding is, one person's life line."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QModelIndex, QObject, QTimer, pyqtSignal

from unitclient.desktop.models.columns import ColumnSpec
from unitclient.desktop.models.paged import PAGE, PagedTableModel
from unitclient.desktop.models.rows import QuerySpec, RowData, marks_of
from unitclient.desktop.models.table_model import Shown
from unitclient.desktop.pages.roster import columns as col
from unitclient.desktop.pages.roster.life import life_rows
from unitclient.desktop.pages.roster.source import Drafts, RosterSource
from unitclient.desktop.pages.roster.state import Detail, Emptiness, Reason, RosterState
from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.desktop.theme.tokens import State
from unitclient.domain.period import Period
from unitclient.store.people import note_id
from unitclient.store.person_notes import catch_up, departments, is_due
from unitclient.texts import say
from unitclient.workflows.life_line import LifeLine, life_line

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

COUNT_AFTER_MS = 60
"""Counts on chips follow the list, so that typing is answered first."""
_GRAVE = (State.ERR, State.WARN, State.INFO)


class Nobody:
    """A RowSource without rows, until the desk is open."""

    def ids(self, _query: QuerySpec) -> array[int]:
        """See RowSource."""
        return array("q")

    def rows(self, _ids: Sequence[int]) -> list[RowData]:
        """See RowSource."""
        return []

    def counts(self, _query: QuerySpec) -> dict[str, int]:
        """See RowSource."""
        return {}


class RosterPresenter(QObject):
    """Holds the page's state and its table model; `changed` is emitted with a new state."""

    changed = pyqtSignal(object)
    """RosterState."""
    found = pyqtSignal(int, int)
    """(row, column) to go to."""
    unit_changed = pyqtSignal(str)
    """Another unit's people are listed: what was under way for the one before counts no more."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.state = RosterState()
        self.drafts: Drafts = {}
        self.source: RosterSource | None = None
        self.model = PagedTableModel(col.COLUMNS, Nobody(), parent=self)
        self.model.listed.connect(self._on_listed)
        self.keep_rows = False
        """Whether the next refresh leaves the list as it is: own edits must not make rows jump."""
        self._unit = ""
        self._masked = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COUNT_AFTER_MS)
        self._timer.timeout.connect(self.count_now)

    def change(self, **changes: Any) -> None:
        """Change the state and tell it."""
        self.state = replace(self.state, **changes)
        self.changed.emit(self.state)

    # The list

    def refresh(self) -> None:
        """Read again what is listed; first what was written since is noted, in the database lane."""
        session = self.services.session
        unit = session.unit()
        if unit is None:
            return
        if unit.unit_number != self._unit:
            self._begin(unit.unit_number)
        masked = session.masked()
        self.source = RosterSource(session.desk(), unit, session.period(), masked, self.drafts)
        self.model.source = self.source
        if masked != self._masked:
            self._masked = masked
            self.model.set_masked(masked)
        if is_due(session.desk().store, unit.unit_number):
            self._catch_up()
        else:
            self._list()

    def query(self, text: str, filters: tuple[tuple[str, str], ...]) -> None:
        """List people by what is typed and chosen."""
        self.model.set_query(QuerySpec(text, filters, self.model.query.order))

    def count_now(self) -> None:
        """Count what each chip would find."""
        self._timer.stop()
        if self.source is None:
            return
        counts = self.source.counts(self.model.query)
        store, unit = self.source.desk.store, self.source.unit.unit_number
        everybody = counts.get("state:", 0) if not self.model.query.is_narrow() else self._everybody()
        self.change(counts=counts, departments=tuple(departments(store, unit)), total=everybody)

    def _everybody(self) -> int:
        assert self.source is not None
        return self.state.total or len(self.source.ids(QuerySpec()))

    def _begin(self, unit_number: str) -> None:
        self._unit = unit_number
        self.drafts = {}
        self.state = RosterState()
        self.unit_changed.emit(unit_number)

    def _catch_up(self) -> None:
        def work(context: TaskContext) -> bool:
            return catch_up(context.desk().store, context.unit().unit_number)

        if self.model.count():
            self._list()
        self.services.tasks.run(Lane.DB, "d-roster-noting", work, done=lambda _done: self._list())

    def _list(self) -> None:
        if self.keep_rows:
            self.keep_rows = False
            self.model.reread()
            self._timer.start()
        else:
            self.model.refresh()

    def _on_listed(self, listed: int) -> None:
        narrow = self.model.query.is_narrow()
        empty = Emptiness.NO if listed else Emptiness.NO_MATCH if narrow else Emptiness.NOBODY
        self.change(listed=listed, emptiness=empty, total=self.state.total if narrow else listed)
        self._timer.start()

    # The current person

    def show_person(self, row: int) -> None:
        """Somebody is the current person (-1: nobody)."""
        shown = self.model.shown(row)
        self.change(detail=self._detail(shown) if shown is not None and shown.row else None)
        if self.state.life_open:
            self.show_life(row)

    def _detail(self, shown: Shown) -> Detail:
        def text(key: str) -> str:
            return shown.texts[self.model.places[key]]

        facts = (col.DEPARTMENT, col.INSURANCES, col.CHANGE)
        told = [say("d-roster-fact", title=self.column(key).title(), value=text(key)) for key in facts if text(key)]
        return Detail(
            text(col.ID), text(col.NAME), say("d-roster-fact-comma").join(told), text(col.STATE), _reasons(shown)
        )

    def column(self, key: str) -> ColumnSpec:
        """A column by its key."""
        return self.model.columns[self.model.places[key]]

    def reveal(self, index: QModelIndex) -> None:
        """Show a masked cell; the journal says of which column."""
        if index.isValid() and self.model.reveal(index):
            self.services.session.note_unmask(self.model.columns[index.column()].key)

    def id_number_at(self, row: int) -> str:
        """The ID number in a row, unmasked; empty for no row."""
        shown = self.model.shown(row)
        return str(shown.row.get(col.ID, "")) if shown is not None else ""

    # Findings

    def next_finding(self, row: int, step: int) -> None:
        """Go to the next person with a finding (step 1) or the one before (-1), around the end of the list."""
        troubled = self._troubled()
        ids = self.model.ids()
        count = len(ids)
        for distance in range(1, count + 1):
            place = (row + step * distance) % count
            if ids[place] in troubled:
                self.found.emit(place, self._worst_column(place))
                return
        self.services.shell.say(say("d-roster-no-finding"))

    def _troubled(self) -> set[int]:
        if self.source is None:
            return set()
        store, unit = self.source.desk.store, self.source.unit.unit_number
        return self.source.troubled() | {note_id(store, unit, number) or 0 for number in self.drafts}

    def _worst_column(self, row: int) -> int:
        shown = self.model.shown(row)
        marks = marks_of(shown.row) if shown is not None else {}
        ranked = sorted(
            (_GRAVE.index(mark.state), self.model.places[key]) for key, mark in marks.items() if mark.reasons
        )
        return ranked[0][1] if ranked else 0

    # The life line

    def show_life(self, row: int) -> None:
        """Read the life line of the person in a row."""
        number = self.id_number_at(row)
        if not number:
            self.change(life_name="", life=(), life_open=True)
            return
        self.services.tasks.run(
            Lane.DB,
            "d-roster-life-reading",
            lambda context: life_line(context.desk(), context.unit(), number),
            done=self._show_life,
        )

    def hide_life(self) -> None:
        """Close the panel."""
        self.change(life_name="", life=(), life_open=False)

    def _show_life(self, told: LifeLine) -> None:
        catalog = self.services.session.desk().catalog
        rows = life_rows(told.events, catalog, masked=self.services.session.masked())
        self.change(life_name=told.name, life=rows, life_open=True)

    # Copying much

    def copy_many(self, spans: Sequence[tuple[int, int]], columns: Sequence[int], titles: bool) -> None:
        """Put many rows on the clipboard: read and written in the database lane."""
        ids = self.model.ids_of(spans)
        period, masked = self.services.session.period(), self.services.session.masked()
        chosen = [self.model.columns[place] for place in columns]

        def work(context: TaskContext) -> str:
            return _clip(context, RosterSource(context.desk(), context.unit(), period, masked), ids, chosen, titles)

        self.services.tasks.run(Lane.DB, "d-roster-copying", work, done=lambda text: self._copied(text, len(ids)))

    def _copied(self, text: str, count: int) -> None:
        self.services.files.copy_text(text)
        self.services.shell.say(say("d-roster-copied", count=f"{count:,}"))

    def period(self) -> Period:
        """The month worked on."""
        return self.services.session.period()


def _reasons(shown: Shown) -> tuple[Reason, ...]:
    """All findings of a row, the gravest first."""
    found = [
        Reason(mark.state, key, text)
        for key, mark in marks_of(shown.row).items()
        if mark.state in _GRAVE
        for text in mark.reasons
    ]
    return tuple(sorted(found, key=lambda reason: _GRAVE.index(reason.state)))


def _clip(
    context: TaskContext, source: RosterSource, ids: array[int], columns: Sequence[ColumnSpec], titles: bool
) -> str:
    lines = ["\t".join(column.title() for column in columns)] if titles else []
    for start in range(0, len(ids), PAGE):
        context.progress(start, len(ids))
        for row in source.rows(ids[start : start + PAGE]):
            cells = (
                column.masked_text(row.get(column.key)) if source.masked else column.plain_text(row.get(column.key))
                for column in columns
            )
            lines.append("\t".join(column.clip_text(cell) for column, cell in zip(columns, cells, strict=True)))
    return "\r\n".join(lines)
