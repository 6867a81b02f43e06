"""The strip below the table: who the current person is and why cells are marked; and the lines not taken above it."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.roster.state import Detail, Reason, RefusedRow
from unitclient.desktop.theme.look import look
from unitclient.desktop.theme.tokens import SIGNS, State
from unitclient.desktop.widgets.basic import LabelKind, boxed, button, clear_layout, label, restyle, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.table_view import TableView
from unitclient.texts import say

_LINES = 3
"""Reasons that are seen without scrolling."""
_KINDS: dict[State, LabelKind] = {State.ERR: "error", State.WARN: "warning"}


class DetailStrip(QFrame):
    """Name, number and facts of the current person; below, every finding with what to do."""

    life_wanted = pyqtSignal()
    column_wanted = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(say("d-roster-strip"))
        self._shown: Detail | None = None
        self.name = label("", "strong")
        self.number = label("", "secondary", selectable=True)
        self.facts = label("", "secondary", wrap=True)
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.life = button(say("d-roster-life"), self.life_wanted.emit, "link")
        self._reasons = QVBoxLayout()
        self._reasons.setSpacing(2)
        self._reasons.setContentsMargins(0, 0, 0, 0)
        self._scroll = self._make_scroll()
        head = row(self.name, self.number, gap=12)
        head.addWidget(self.facts, 1)
        head.addWidget(self.life)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 6, 12, 8)
        box.setSpacing(4)
        box.addLayout(head)
        box.addWidget(self._scroll)
        look().changed.connect(self._size)
        self._size()
        self.show_detail(None)

    def show_detail(self, detail: Detail | None) -> None:
        """Show somebody, or that nobody is chosen."""
        if detail is not None and detail == self._shown:
            return
        self._shown = detail
        self.name.setText(detail.name if detail else say("d-roster-nobody-chosen"))
        restyle_as(self.name, "strong" if detail else "hint")
        self.number.setText(detail.id_number if detail else "")
        self.number.setVisible(detail is not None)
        self.facts.setText(detail.facts if detail else "")
        self.facts.setToolTip(detail.facts if detail else "")
        self.life.setVisible(detail is not None)
        clear_layout(self._reasons)
        for reason in detail.reasons if detail else ():
            self._reasons.addWidget(_reason_label(reason))
        if detail is not None and not detail.reasons:
            self._reasons.addWidget(label(say("d-roster-no-reasons"), "hint"))
        self._reasons.addStretch(1)
        self.setAccessibleDescription(spoken(detail))

    def _make_scroll(self) -> QScrollArea:
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = boxed(self._reasons)
        area.setWidget(inner)
        for part in (area.viewport(), inner):
            if part is not None:
                part.setAutoFillBackground(False)
        return area

    def _size(self) -> None:
        self._scroll.setFixedHeight(_LINES * (self.fontMetrics().height() + 2) + 4)


def restyle_as(widget: QWidget, kind: LabelKind) -> None:
    """Give a label another kind of the style sheet."""
    if widget.objectName() != kind:
        widget.setObjectName(kind)
        restyle(widget)


def spoken(detail: Detail | None) -> str:
    """What a screen reader says of the strip."""
    if detail is None:
        return say("d-roster-nobody-chosen")
    told = " ".join(reason.text for reason in detail.reasons) or say("d-roster-no-reasons")
    return f"{detail.name} {detail.state} {told}"


def _reason_label(reason: Reason) -> QWidget:
    return label(
        f"{SIGNS[reason.state]} {reason.text}", _KINDS.get(reason.state, "secondary"), wrap=True, selectable=True
    )


class RefusedPanel(Card):
    """Lines of the last paste or bulk edit that were not taken, each with its reasons; they can be copied."""

    closed = pyqtSignal()
    row_wanted = pyqtSignal(str)
    """An ID number to go to."""

    _COLUMNS = (
        ColumnSpec("label", "d-roster-refused-line", width=8),
        ColumnSpec("name", "d-roster-name", width=10),
        ColumnSpec("id_number", "d-roster-id", Kind.ID, width=20, sensitive=True),
        ColumnSpec("typed", "d-roster-new-wage", Kind.MONEY, width=12, sensitive=True),
        ColumnSpec("reasons", "d-roster-refused-why", width=30),
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.model = ListTableModel(self._COLUMNS, parent=self)
        self._masked = False
        self.table = TableView(say("d-roster-refused-table"), stretch_last=True)
        self.table.set_model(self.model)
        self.table.setFixedHeight(4 * look().row_height() + 6)
        self.table.activated.connect(self._go)
        self.head.addWidget(button(say("d-roster-refused-close"), self.closed.emit, "link"))
        self.whole = label("", "secondary", wrap=True, selectable=True)
        self.whole.setFixedHeight(2 * self.fontMetrics().lineSpacing() + 2)
        self.whole.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.table.current_changed.connect(lambda row, _column: self._show_whole(row))
        self.body.addWidget(self.table)
        self.body.addWidget(self.whole)
        self.hide()

    def show_rows(self, rows: Sequence[RefusedRow], *, masked: bool) -> None:
        """Show lines, or nothing."""
        self.set_title(say("d-roster-refused-title", count=f"{len(rows):,}"))
        if masked != self._masked:
            self._masked = masked
            self.model.set_masked(masked)
        self.model.set_rows(
            {"id": place, "label": one.label, "name": one.name, "id_number": one.id_number, "typed": one.typed,
             "reasons": one.reasons}
            for place, one in enumerate(rows)
        )  # fmt: skip
        self._show_whole(self.table.current_row())
        self.setVisible(bool(rows))

    def _show_whole(self, place: int) -> None:
        """All reasons of a line, which its cell cuts off: the current one's, else the first one's."""
        found = self.model.row(max(0, place))
        self.whole.setText(str(found["reasons"]) if found is not None else "")
        self.whole.setAccessibleName(self.whole.text())

    def _go(self, place: int) -> None:
        found = self.model.row(place)
        if found is not None:
            self.row_wanted.emit(str(found["id_number"]))
