"""The documents page's widgets: the list, the preview, and the answer of a verification."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QSplitter, QStackedWidget, QWidget

from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.documents.preview import PaperPreview
from unitclient.desktop.pages.documents.state import DocumentsState
from unitclient.desktop.pages.documents.words import (
    COLUMNS,
    paper_title,
    proof_words,
    table_row,
    verdict,
    verdict_lines,
)
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.desktop.widgets.table_view import TableView
from unitclient.desktop.widgets.table_view_layout import TableLayout
from unitclient.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unitclient.desktop.services import Services

_ENDINGS = (".asice", ".json", ".pdf")
_EMPTY, _LISTED, _CHECK = 0, 1, 2


class DocumentsView(Page):
    """Shows a DocumentsState."""

    page_id, title_key, help_id = "documents", "d-documents", "d-documents-help"
    topics = frozenset({"documents", "declarations", "units"})

    intent_refresh = pyqtSignal()
    intent_select = pyqtSignal(str)
    intent_want = pyqtSignal(str)
    intent_save = pyqtSignal()
    intent_envelope = pyqtSignal()
    intent_verify = pyqtSignal()
    intent_export = pyqtSignal()
    intent_check = pyqtSignal(object)
    """Path of a file that was dropped."""
    intent_close_check = pyqtSignal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.state = DocumentsState()
        self.verify = button(say("d-documents-verify"), self.intent_verify.emit, icon="check")
        self.export = button(say("d-documents-export"), self.intent_export.emit, icon="export")
        self.head.addWidget(self.export)
        self.head.addWidget(self.verify)
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-documents-table"))
        self.table.set_model(self.model)
        self.table.keep_layout(TableLayout(services.settings, "documents"))
        self.table.current_changed.connect(self._on_current)
        self.empty = EmptyState(say("d-documents-empty"), say("d-documents-empty-why"), say("d-go-sign"),
                                lambda: services.shell.go("sign"))  # fmt: skip
        self.right = QStackedWidget()
        self.right.addWidget(EmptyState(say("d-documents-hint"), say("d-documents-hint-why")))
        self.right.addWidget(self._paper_side())
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.right)
        split.setSizes([420, 560])
        self.pages = QStackedWidget()
        for side in (self.empty, split, self._check_side()):
            self.pages.addWidget(side)
        self.body.addWidget(self.pages, 1)

    def _paper_side(self) -> QWidget:
        self.preview = PaperPreview()
        self.paper_name = label("", "sectionTitle")
        self.smaller = button("－", lambda: self._zoom(-1), "flat", name=say("d-documents-smaller"))
        self.zoomed = button("100 %", lambda: self._zoom(0), "flat", name=say("d-documents-usual"))
        self.larger = button("＋", lambda: self._zoom(1), "flat", name=say("d-documents-larger"))
        self.envelope = button(say("d-documents-envelope"), self.intent_envelope.emit, icon="export")
        self.save = button(say("d-documents-save"), self.intent_save.emit, icon="save")
        self.print = button(say("d-documents-print"), self._print, "primary", icon="print")
        card = Card()
        card.body.addLayout(row(self.paper_name, 1, self.smaller, self.zoomed, self.larger, gap=4))
        self.proof = StatusPill()
        card.body.addLayout(row(self.proof, 1, self.envelope, self.save, self.print))
        card.body.addWidget(self.preview, 1)
        return card

    def _check_side(self) -> QWidget:
        self.verdict = StatusPill()
        self.told = label("", wrap=True, selectable=True)
        self.close_check = button(say("d-documents-close-check"), self.intent_close_check.emit)
        self.again = button(say("d-documents-verify-other"), self.intent_verify.emit)
        card = Card(say("d-documents-verdict"))
        card.body.addLayout(row(self.verdict, 1))
        card.body.addWidget(self.told)
        card.body.addStretch(1)
        card.body.addLayout(row(1, self.again, self.close_check))
        return boxed(column(card))

    # -- the shell's calls

    def refresh(self) -> None:
        """Read again."""
        self.intent_refresh.emit()

    def main_action(self) -> None:
        """Print the paper in front, or verify a file where there is none."""
        (self.print if self.state.pdf else self.verify).click()

    def receive(self, target: Mapping[str, str]) -> None:
        """Led here with a declaration, or with a file to verify."""
        if target.get("declaration"):
            self.intent_want.emit(target["declaration"])
        if target.get("file"):
            self.intent_check.emit(Path(target["file"]))

    def drop_files(self, paths: list[str]) -> bool:
        """A signed file may be dropped on the page."""
        signed = [path for path in paths if path.lower().endswith(_ENDINGS)]
        if signed:
            self.intent_check.emit(Path(signed[0]))
        return bool(signed)

    # -- rendering

    def render_state(self, state: DocumentsState) -> None:
        """Show a state."""
        self.state = state
        self.model.set_rows(table_row(paper) for paper in state.papers)
        self.pages.setCurrentIndex(_CHECK if state.checked else _LISTED if state.papers else _EMPTY)
        if state.reading:
            self.empty.tell(say("d-documents-reading"), "")
        elif not state.papers:
            self.empty.tell(say("d-documents-empty"), say("d-documents-empty-why"), say("d-go-sign"),
                            lambda: self.services.shell.go("sign"))  # fmt: skip
        if state.current:
            place = self.model.row_of(state.current)
            if place >= 0 and place != self.table.current_row():
                self.table.go(place)
        self._render_right(state)

    def _render_right(self, state: DocumentsState) -> None:
        paper = state.paper()
        if state.checked is not None:
            colour, head = verdict(state.checked)
            self.verdict.show_state(colour, head)
            text = "\n".join(verdict_lines(state.checked))
            self.told.setText(text)
            self.told.setAccessibleName(text)
        self.right.setCurrentIndex(1 if paper else 0)
        self.paper_name.setText(paper_title(paper) if paper else "")
        self.preview.show_pdf(state.pdf)
        shown = proof_words(state)
        self.proof.setVisible(shown is not None)
        if shown is not None:
            self.proof.show_state(*shown)
        for act in (self.save, self.print):
            act.setEnabled(bool(state.pdf))
        self.envelope.setVisible(paper is not None and paper.name == "receipt")

    def tell_saved(self, path: Path) -> None:
        """Where a file was written."""
        self.banner.tell(State.OK, say("d-saved-to", path=path), say("d-show-folder"),
                         lambda: self.services.files.show(path))  # fmt: skip

    def _zoom(self, steps: int) -> None:
        self.preview.zoom(steps)
        self.zoomed.setText(f"{self.preview.percent()} %")

    def _print(self) -> None:
        from unitclient.desktop.pages.documents.printing import PdfPrint, ask_printer

        pdf, paper = self.state.pdf, self.state.paper()
        if pdf and paper is not None:
            ask_printer(self, paper_title(paper), lambda printer: PdfPrint(pdf, printer, self).start())

    def _on_current(self, place: int, _column: int) -> None:
        found = self.model.row(place)
        wanted = str(found["id"]) if found else ""
        if wanted and wanted != self.state.current:
            self.intent_select.emit(wanted)
