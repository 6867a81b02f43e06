"""The review page's widgets: headline with figures, the people on the left, why and how much on the right."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QSizePolicy, QSplitter, QStackedWidget, QTabWidget, QWidget

from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.models.paged import PagedTableModel
from unitclient.desktop.models.rows import QuerySpec
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.review.panels import ExplainPanel, Figures, ReviewerBar
from unitclient.desktop.pages.review.presenter import ReviewPresenter
from unitclient.desktop.pages.review.source import ANY, CHANGES, LIMITS, PeopleSource
from unitclient.desktop.pages.review.state import Act, Explained, ReviewState, TotalRow
from unitclient.desktop.services import Services
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.filter_bar import Chip, FilterBar
from unitclient.desktop.widgets.scrolled import scrolled
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.desktop.widgets.todo import NoteList
from unitclient.errors import UserError
from unitclient.texts import say

COLUMNS = (
    ColumnSpec("name", "name", Kind.TEXT, 10),
    ColumnSpec("id_number", "id-number", Kind.ID, 20, sensitive=True),
    ColumnSpec("change", "d-col-change", Kind.STATE, 11),
    ColumnSpec("before", "d-col-before", Kind.MONEY, 10, sensitive=True),
    ColumnSpec("after", "d-col-after", Kind.MONEY, 10, sensitive=True),
    ColumnSpec("delta", "d-review-delta", Kind.MONEY, 10, sensitive=True),
    ColumnSpec("limit", "d-review-limit", Kind.TEXT, 9),
)
TOTALS = (
    ColumnSpec("insurance", "insurance", Kind.TEXT, 12, sortable=False),
    ColumnSpec("persons", "d-review-figure-persons", Kind.COUNT, 7, sortable=False),
    ColumnSpec("unit", "unit-part", Kind.MONEY, 12, sortable=False),
    ColumnSpec("person", "person-part", Kind.MONEY, 12, sortable=False),
    ColumnSpec("total", "sum", Kind.MONEY, 13, sortable=False),
    ColumnSpec("before", "before", Kind.MONEY, 13, sortable=False),
    ColumnSpec("delta", "d-review-delta", Kind.MONEY, 12, sortable=False),
)
_LEFT, _RIGHT = 700, 430
CHIPS = (
    Chip(("change", ANY), "d-review-chip-any", "change"),
    *(Chip(("change", word), f"change-{word}", "change") for word in CHANGES),
    *(Chip(("limit", word), f"d-review-{word}", "limit") for word in LIMITS),
    Chip(("note", ANY), "d-review-chip-note"),
)
ACTS = (
    ActionSpec("review-prepare", "d-review-act-prepare", "", Scope.PAGE, "prepare", "d-review-act-prepare-help"),
    ActionSpec(
        "review-pass", "d-review-act-pass", "", Scope.PAGE, "pass_review", "d-review-act-pass-help", "can_review"
    ),
)


class ReviewPage(Page):
    """申报核对."""

    page_id = "review"
    title_key = "d-page-review"
    help_id = "d-help-review"
    topics = frozenset({"items", "roster", "declarations", "documents", "units", "settings"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.presenter = ReviewPresenter(services, self)
        self.month = QComboBox()
        self.month.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.month.setAccessibleName(say("d-review-month"))
        # On Linux the name of such a box is its value; what it is for is said by the description.
        self.month.setAccessibleDescription(say("d-review-month"))
        self.month.activated.connect(lambda place: self.presenter.choose_month(str(self.month.itemData(place))))
        self.main = button("", self.presenter.main_action, "primary")
        self.others = [button("", partial(self._do_other, place)) for place in range(2)]
        self.pill, self.headline = StatusPill(), label("", "strong", wrap=True, selectable=True)
        self.details = label("", "secondary", wrap=True, selectable=True)
        self.figures = Figures()
        self.bar = ReviewerBar(partial(self.presenter.do, Act.PASS), partial(self.presenter.do, Act.SEND_BACK))
        self.filters = FilterBar(say("d-review-search"), say("d-review-search-hint"), CHIPS, brief=True)
        self.table = TableView(say("d-review-table"), frozen=1)
        self.model = PagedTableModel(COLUMNS, PeopleSource())
        self.why = ExplainPanel(services.session)
        self.totals = TableView(say("d-review-totals"), frozen=1)
        self.totals_model = ListTableModel(TOTALS, "insurance")
        self.findings = NoteList(say("d-review-findings"), say("d-review-findings-none"))
        self.notes = NoteList(say("d-review-notes"), say("d-review-notes-none"))
        self.tabs = QTabWidget()
        self.empty = EmptyState("", "")
        self._declaration = ""
        self._lay_out()
        self._bind()

    # -- Page

    def refresh(self) -> None:
        """See Page."""
        self.presenter.refresh()

    def main_action(self) -> None:
        """See Page: whatever is next."""
        self.presenter.main_action()

    def prepare(self) -> None:
        """Prepare the month, anew where it was."""
        self.presenter.do(Act.PREPARE)

    def pass_review(self) -> None:
        """Pass the month as its reviewer."""
        self.presenter.do(Act.PASS)

    def can_review(self) -> bool:
        """Whether somebody is asked to review."""
        state = self.presenter.state
        return state is not None and state.review is not None and state.review.open

    def page_actions(self) -> tuple[ActionSpec, ...]:
        """See Page."""
        return ACTS

    def focus_search(self) -> None:
        """See Page."""
        self.filters.focus_search()

    def next_finding(self) -> None:
        """See Page: the next person with a finding."""
        self._go_marked(1)

    def previous_finding(self) -> None:
        """See Page."""
        self._go_marked(-1)

    def receive(self, target: Mapping[str, str]) -> None:
        """See Page: `period` puts a month in front, `person` explains somebody."""
        if target.get("period"):
            self.presenter.choose_month(target["period"])
        if target.get("person"):
            self.filters.choose((), target["person"])
            self.table.go(0)

    # -- ReviewShown

    def render_state(self, state: ReviewState, source: PeopleSource) -> None:
        """See ReviewShown."""
        self._render_months(state)
        self._render_acts(state)
        self._stack.setCurrentIndex(0 if state.declaration else 1)
        if not state.declaration:
            self.empty.tell(state.headline, say("d-review-none-why"), state.main.word, self.presenter.main_action)
            self._declaration = ""
            return
        self.pill.show_state(state.state, state.word)
        self.headline.setText(state.headline)
        self.details.setText(state.details)
        self.figures.show_figures(state.figures)
        self.bar.show_bar(state.review)
        self.findings.show_notes(state.findings)
        self.notes.show_notes(state.consequences)
        self.totals_model.set_rows([_total_row(one) for one in state.totals])
        self._render_tabs(state)
        self._render_people(state, source)

    def render_person(self, explained: Explained | None) -> None:
        """See ReviewShown."""
        self.why.show_person(explained)

    def told(self, text: str, word: str = "", act: Act | None = None) -> None:
        """See ReviewShown."""
        self.banner.tell(State.OK, text, word, partial(self.presenter.do, act) if act is not None else None)

    def refused(self, refusal: UserError) -> None:
        """See ReviewShown."""
        self.banner.refuse(refusal)

    def reviewer(self) -> str:
        """See ReviewShown."""
        return self.bar.name.text().strip()

    # -- inside

    def _render_months(self, state: ReviewState) -> None:
        known = [(self.month.itemData(place), self.month.itemText(place)) for place in range(self.month.count())]
        if known != list(state.months):
            self.month.clear()
            for period, word in state.months:
                self.month.addItem(word, period)
        self.month.setCurrentIndex(self.month.findData(state.period))

    def _render_acts(self, state: ReviewState) -> None:
        self.main.setText(state.main.word)
        self.main.setVisible(bool(state.declaration))
        for place, widget in enumerate(self.others):
            shown = state.others[place] if place < len(state.others) else None
            widget.setVisible(shown is not None)
            if shown is not None:
                widget.setText(shown.word)

    def _do_other(self, place: int) -> None:
        state = self.presenter.state
        if state is not None and place < len(state.others):
            self.presenter.do(state.others[place].act)

    def _render_tabs(self, state: ReviewState) -> None:
        self.tabs.setTabText(2, say("d-review-tab-findings", count=len(state.findings)))
        self.tabs.setTabText(3, say("d-review-tab-notes", count=len(state.consequences)))

    def _render_people(self, state: ReviewState, source: PeopleSource) -> None:
        """Another declaration starts with what changed; the same one keeps what was chosen."""
        fresh = state.declaration != self._declaration
        self._declaration = state.declaration
        self.model.source = source
        if fresh:
            self.render_person(None)
            self.filters.choose([("change", ANY)] if state.changed else ())
        else:
            self._query()

    def _query(self) -> None:
        query = QuerySpec(self.filters.text(), self.filters.filters(), self.model.query.order)
        self.filters.set_counts(self.model.source.counts(query))
        self.model.set_query(query)

    def _to_table(self) -> None:
        self.table.setFocus()
        if self.table.current_row() < 0:
            self.table.go(0)

    def _on_listed(self, count: int) -> None:
        state = self.presenter.state
        self.filters.set_summary(say("d-review-listed", count=f"{count:,}", all=f"{state.people if state else 0:,}"))

    def _on_current(self, place: int, _column: int) -> None:
        shown = self.model.shown(place)
        if shown is not None:
            self.presenter.explain(str(shown.row["id_number"]))

    def _go_marked(self, step: int) -> None:
        count = self.model.count()
        start = self.table.current_row()
        for turn in range(1, count + 1):
            place = (start + step * turn) % count
            shown = self.model.shown(place)
            if shown is not None and "name" in shown.marks:
                self.table.go(place)
                return

    def _bind(self) -> None:
        self.table.set_model(self.model)
        self.totals.set_model(self.totals_model)
        self.table.keep_layout(TableLayout(self.services.settings, "review"))
        self.filters.changed.connect(self._query)
        self.filters.onward.connect(self._to_table)
        self.model.listed.connect(self._on_listed)
        self.table.current_changed.connect(self._on_current)
        self.findings.acted.connect(self.presenter.mend)
        self.services.session.masking_changed.connect(self.model.set_masked)
        self.model.set_masked(self.services.session.masked())

    def _lay_out(self) -> None:
        for widget in (self.month, *self.others, self.main):
            self.head.addWidget(widget)
        # From the page inwards: what is put into its place is dressed once, not once more for every box around it.
        self._stack, whole = QStackedWidget(), QWidget()
        self.body.addWidget(self._stack, 1)
        self._stack.addWidget(whole)
        self._stack.addWidget(self.empty)
        split, left, why = QSplitter(Qt.Orientation.Horizontal), QWidget(), Card()
        box = column(gap=12)
        whole.setLayout(box)
        box.addWidget(self._standing())
        box.addWidget(split)
        split.setChildrenCollapsible(False)
        split.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        split.addWidget(left)
        split.addWidget(why)
        left.setLayout(column(self.filters, self.table))
        why.body.addWidget(self.tabs)
        for widget, key in (
            (self.why, "d-review-tab-why"),
            (self.totals, "d-review-tab-totals"),
            (_notes(self.findings), "d-review-findings"),
            (_notes(self.notes), "d-review-notes"),
        ):
            self.tabs.addTab(widget, say(key))
        self.tabs.setAccessibleName(say("d-review-tabs"))
        split.setSizes([_LEFT, _RIGHT])
        split.setStretchFactor(0, _LEFT)
        split.setStretchFactor(1, _RIGHT)

    def _standing(self) -> Card:
        """How the month stands, with its figures; as high as it must be, so that the table gets the room."""
        card = Card()
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        head = row(self.pill)
        head.addWidget(self.headline, 1)
        words = column(gap=4)
        words.addLayout(head)
        words.addWidget(self.details)
        words.addStretch(1)
        across = row(gap=24)
        across.addLayout(words, 1)
        across.addWidget(self.figures)
        card.body.addLayout(across)
        card.body.addWidget(self.bar)
        return card


def _total_row(one: TotalRow) -> dict[str, object]:
    return {column.key: getattr(one, column.key) for column in TOTALS}


def _notes(inner: NoteList) -> QWidget:
    inner.setContentsMargins(0, 8, 8, 8)
    return scrolled(inner, inner.accessibleName())
