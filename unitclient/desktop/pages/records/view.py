"""The records page's widgets: filter, list, and the panel of the declaration in front."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QSplitter, QStackedWidget, QWidget

from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.records.detail import DetailPanel
from unitclient.desktop.pages.records.rows import COLUMNS, record_row
from unitclient.desktop.pages.records.state import LIGHTS, RecordsState
from unitclient.desktop.pages.sign.words import moment
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.filter_bar import Chip, FilterBar
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.texts import say
from unitclient.workflows.tickets import TICKET

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.workflows.following import ReceiptCheck

_CHIPS = tuple(Chip(("light", light), f"light-{light}", "light") for light in LIGHTS)

ACTS = (
    ActionSpec("records-verify", "d-records-verify", "", Scope.PAGE, "verify_one", "d-act-verify-help", "can_verify"),
    ActionSpec("records-papers", "d-records-papers", "", Scope.PAGE, "papers_one", "d-act-papers-help", "can_papers"),
    ActionSpec(
        "records-envelope", "d-records-envelope", "", Scope.PAGE, "envelope_one", "d-act-envelope-help", "can_envelope"
    ),
    ActionSpec(
        "records-correct", "d-records-correct", "", Scope.PAGE, "correct_one", "d-act-correct-help", "can_correct"
    ),
    ActionSpec("records-void", "d-records-void", "", Scope.PAGE, "void_one", "d-act-void-help", "can_void"),
    ActionSpec("records-ticket", "d-records-ticket", "", Scope.PAGE, "ticket_one", "d-act-ticket-help", "can_ticket"),
)


class RecordsView(Page):
    """Shows a RecordsState."""

    page_id, title_key, help_id = "records", "d-records", "d-records-help"
    topics = frozenset({"declarations", "outbox", "documents", "units"})

    intent_refresh = pyqtSignal()
    intent_select = pyqtSignal(str)
    intent_lights = pyqtSignal(object)
    """frozenset of lights."""
    intent_verify = pyqtSignal()
    intent_envelope = pyqtSignal()
    intent_correct = pyqtSignal()
    intent_void = pyqtSignal()
    intent_go = pyqtSignal(str)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = RecordsState()
        self._wanted = ""
        self.filter = FilterBar(say("d-records-search"), say("d-records-search-hint"), _CHIPS)
        self.filter.changed.connect(self._on_filter)
        self.model = ListTableModel(COLUMNS)
        self.model.listed.connect(self._show_count)
        self.table = TableView(say("d-records-table"))
        self.table.set_model(self.model)
        self.table.keep_layout(TableLayout(services.settings, "records"))
        self.table.current_changed.connect(self._on_current)
        self.filter.onward.connect(self._to_table)
        self.panel = DetailPanel(
            services.session,
            {
                "verify": self.intent_verify.emit,
                "papers": lambda: services.shell.go("documents", declaration=self.state.current),
                "envelope": self.intent_envelope.emit,
                "correct": self.intent_correct.emit,
                "void": self.intent_void.emit,
                "ticket": lambda: services.shell.go("business", form=TICKET, about=self.state.current),
                "pay": lambda: services.shell.go("payments", declaration=self.state.current),
            },
        )
        self.empty = EmptyState(say("d-records-empty"), say("d-records-empty-why"))
        # From the page inwards: what is put into its place is dressed once, not once more for every box around it.
        self.split, self.pages = QSplitter(Qt.Orientation.Vertical), QStackedWidget()
        self.body.addWidget(self.filter)
        self.body.addWidget(self.pages, 1)
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.split)
        self.split.addWidget(self.table)
        self.split.addWidget(self.panel)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 4)
        self.split.setSizes([300, 320])
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(12)

    # -- the shell's calls

    def refresh(self) -> None:
        """Read again."""
        self.intent_refresh.emit()

    def main_action(self) -> None:
        """Verify the receipt of the declaration in front."""
        if self.panel.offers("verify"):
            self.intent_verify.emit()

    def focus_search(self) -> None:
        """Into the search field."""
        self.filter.focus_search()

    def next_finding(self) -> None:
        """To the next declaration that needs a look."""
        self._step(1)

    def previous_finding(self) -> None:
        """To the one before."""
        self._step(-1)

    def receive(self, target: Mapping[str, str]) -> None:
        """Led here with a declaration, a month, or a light. What is not read yet is gone to once it is."""
        lights = [("light", target["light"])] if target.get("light") else []
        self._wanted = target.get("declaration", "")
        self.filter.choose(lights, "" if self._wanted else target.get("period", ""))
        self._go_wanted()

    def page_actions(self) -> tuple[ActionSpec, ...]:
        """See Page."""
        return ACTS

    def verify_one(self) -> None:
        """See the button verify."""
        self.panel.buttons["verify"].click()

    def can_verify(self) -> bool:
        """Whether it can be done with the declaration in front."""
        return self.panel.offers("verify")

    def papers_one(self) -> None:
        """See the button papers."""
        self.panel.buttons["papers"].click()

    def can_papers(self) -> bool:
        """Whether it can be done with the declaration in front."""
        return self.panel.offers("papers")

    def envelope_one(self) -> None:
        """See the button envelope."""
        self.panel.buttons["envelope"].click()

    def can_envelope(self) -> bool:
        """Whether it can be done with the declaration in front."""
        return self.panel.offers("envelope")

    def correct_one(self) -> None:
        """See the button correct."""
        self.panel.buttons["correct"].click()

    def can_correct(self) -> bool:
        """Whether it can be done with the declaration in front."""
        return self.panel.offers("correct")

    def void_one(self) -> None:
        """See the button void."""
        self.panel.buttons["void"].click()

    def can_void(self) -> bool:
        """Whether it can be done with the declaration in front."""
        return self.panel.offers("void")

    def ticket_one(self) -> None:
        """See the button ticket."""
        self.panel.buttons["ticket"].click()

    def can_ticket(self) -> bool:
        """Whether it can be done with the declaration in front."""
        return self.panel.offers("ticket")

    # -- rendering

    def render_state(self, state: RecordsState) -> None:
        """Show a state."""
        self.state = state
        self.model.set_rows(record_row(one) for one in state.shown())
        self.pages.setCurrentIndex(1 if state.records else 0)
        self.filter.setVisible(bool(state.records))
        self.filter.set_counts({f"light:{light}": count for light, count in state.counts().items()})
        self._show_count()
        if not state.records:
            self._render_empty(state)
        self.panel.render_state(state)
        self._go_wanted()

    def tell_verified(self, check: ReceiptCheck) -> None:
        """What the verification of the receipt found."""
        if check.code:
            self.banner.tell(State.ERR, say("d-receipt-bad", code=check.code))
        elif not check.same_bytes:
            self.banner.tell(State.ERR, say("d-receipt-other"))
        else:
            timely = say("d-receipt-timely" if check.timely else "d-receipt-late")
            text = say("d-receipt-ok", number=check.acceptance_number, at=moment(check.received_at), timely=timely,
                       signer=check.signer, sha256=check.sha256)  # fmt: skip
            self.banner.tell(State.OK if check.timely else State.WARN, text)

    def tell_envelope(self, path: Path) -> None:
        """Where the receipt lies."""
        self.banner.tell(State.OK, say("d-records-envelope-made", path=path), say("d-show-folder"),
                         lambda: self.services.files.show(path))  # fmt: skip

    def tell_corrected(self, period: str) -> None:
        """A correction is prepared: the next step is its review."""
        self.banner.tell(State.INFO, say("d-records-corrected", period=period), say("d-go-review"),
                         lambda: self.intent_go.emit("review"))  # fmt: skip

    def tell_voided(self, name: str) -> None:
        """A void is prepared: the next step is its signature."""
        self.banner.tell(State.INFO, say("d-records-voided", name=name), say("d-go-sign"),
                         lambda: self.intent_go.emit("sign"))  # fmt: skip

    def _render_empty(self, state: RecordsState) -> None:
        if state.reading:
            self.empty.tell(say("d-reading"), "")
        else:
            self.empty.tell(say("d-records-empty"), say("d-records-empty-why"), say("d-go-review"),
                            lambda: self.intent_go.emit("review"))  # fmt: skip

    # -- small

    def _go_wanted(self) -> None:
        place = self.model.row_of(self._wanted) if self._wanted else -1
        if place >= 0:
            self._wanted = ""
            self.table.go(place)

    def _on_filter(self) -> None:
        self.intent_lights.emit(frozenset(value for _name, value in self.filter.filters()))
        self.model.set_text(self.filter.text())

    def _show_count(self, _count: int = 0) -> None:
        self.filter.set_summary(say("d-records-count", count=self.model.count()))

    def _to_table(self) -> None:
        self.table.setFocus()
        self.table.go(max(0, self.table.current_row()))

    def _on_current(self, place: int, _column: int) -> None:
        found = self.model.row(place)
        wanted = str(found["id"]) if found else ""
        if wanted != self.state.current:
            self.intent_select.emit(wanted)

    def _step(self, way: int) -> None:
        shown = self.model.rows()
        by_id = {one.id: one for one in self.state.records}
        wanted = [place for place, one in enumerate(shown) if by_id[str(one["id"])].light.value == "trouble"]
        here = self.table.current_row()
        ahead = [place for place in wanted if (place - here) * way > 0]
        if ahead:
            self.table.go(min(ahead) if way > 0 else max(ahead))
