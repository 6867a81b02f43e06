"""The pages of the import wizard: each shows a WizardState, and tells what was wanted."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from unitclient.desktop.dialogs.import_wizard.state import ColumnChoice, Look, MatchLine, WizardState
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, column, discard, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.texts import say


class FileStep(QWidget):
    """Which file, into which business."""

    path_typed = pyqtSignal(str)
    choose_wanted = pyqtSignal()
    form_chosen = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.path = QLineEdit()
        self.path.setPlaceholderText(say("d-import-path-hint"))
        self.path.textChanged.connect(self.path_typed)
        self.path.setAccessibleName(say("d-import-path"))
        self.browse = button(say("d-import-choose"), self.choose_wanted.emit, icon="folder")
        self.form = QComboBox()
        self.form.setAccessibleName(say("d-import-form"))
        self.form.activated.connect(lambda _place: self.form_chosen.emit(str(self.form.currentData())))
        path_label, form_label = label(say("d-import-path"), "secondary"), label(say("d-import-form"), "secondary")
        path_label.setBuddy(self.path)
        form_label.setBuddy(self.form)
        card = Card(say("d-import-file-title"))
        card.body.addWidget(label(say("d-import-file-why"), "secondary", wrap=True))
        card.body.addWidget(path_label)
        line = row(self.path, self.browse)
        line.setStretch(0, 1)
        card.body.addLayout(line)
        card.body.addWidget(form_label)
        card.body.addLayout(row(self.form, 1))
        box = column(card, 1)
        self.setLayout(box)

    def render_state(self, state: WizardState) -> None:
        """Show it."""
        if self.path.text() != state.path:
            self.path.setText(state.path)
        if self.form.count() == 0:
            self.form.addItem(say("d-import-form-find"), "")
            for form_id, title in state.forms:
                self.form.addItem(title, form_id)
        self.form.setCurrentIndex(max(0, self.form.findData(state.form_id)))
        for widget in (self.path, self.browse, self.form):
            widget.setEnabled(not state.busy)


class MatchStep(QWidget):
    """Which column is which field."""

    matched = pyqtSignal(str, str)
    sheet_chosen = pyqtSignal(str)
    header_chosen = pyqtSignal(int, int)
    automatic_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.sheet = QComboBox()
        self.sheet.setAccessibleName(say("d-import-sheet"))
        self.sheet.activated.connect(lambda _place: self.sheet_chosen.emit(str(self.sheet.currentData())))
        self.first, self.last = _row_number("d-import-header-first"), _row_number("d-import-header-last")
        for number in (self.first, self.last):
            number.editingFinished.connect(self._on_header)
        self.origin = StatusPill()
        self.reset = button(say("d-import-automatic"), self.automatic_wanted.emit, "link")
        sheet_label, header_label = (
            label(say("d-import-sheet"), "secondary"),
            label(say("d-import-header"), "secondary"),
        )
        sheet_label.setBuddy(self.sheet)
        header_label.setBuddy(self.first)
        to = label(say("d-import-header-to"), "secondary")
        head = row(sheet_label, self.sheet, header_label, self.first, to, self.last, self.origin, self.reset, 1)
        self.missing = label("", "error", wrap=True)
        self.lines: dict[str, QComboBox] = {}
        self._samples: dict[str, QLabel] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        inner = QWidget()
        inner.setLayout(self._grid)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        _see_through(area, inner)
        card = Card(say("d-import-match-title"))
        card.body.addWidget(area, 1)
        box = column(gap=12)
        box.addLayout(head)
        box.addWidget(self.missing)
        box.addWidget(card, 1)
        self.setLayout(box)
        self._shown: tuple[Look | None, tuple[str, ...]] = (None, ())

    def render_state(self, state: WizardState) -> None:
        """Show it; the lines are made anew only for another look or another business."""
        look = state.look
        if look is None:
            return
        key = (look, tuple(line.field for line in state.matches))
        if key != self._shown:
            self._shown = key
            self._show_head(look)
            self._make_lines(state.matches, look.columns)
        for line in state.matches:
            box = self.lines.get(line.field)
            if box is not None:
                box.setCurrentIndex(max(0, box.findData(line.letters)))
                self._samples[line.field].setText(line.samples)
        self._show_origin(state)
        self.setEnabled(not state.busy)

    def go(self) -> None:
        """Put the focus where there is something to do: the first field that must have a column, else the first."""
        empty = (box for box in self.lines.values() if not box.currentData())
        lacking = next(empty, None) if self.missing.text() else None
        target = lacking or next(iter(self.lines.values()), None)
        if target is not None:
            target.setFocus()

    def _show_head(self, look: Look) -> None:
        self.sheet.clear()
        for name in look.sheets:
            self.sheet.addItem(name or say("d-import-sheet-only"), name)
        self.sheet.setCurrentIndex(max(0, self.sheet.findData(look.sheet)))
        self.sheet.setEnabled(len(look.sheets) > 1)
        for box, value in ((self.first, look.header_rows[0]), (self.last, look.header_rows[1])):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def _show_origin(self, state: WizardState) -> None:
        look = state.look
        assert look is not None
        by_hand = any(not line.automatic for line in state.matches)
        if state.remembered:
            self.origin.show_state(State.INFO, say("d-import-remembered"))
        elif by_hand:
            self.origin.show_state(State.INFO, say("d-import-by-hand"), "✎")
        elif look.recognised:
            self.origin.show_state(State.OK, say("d-import-recognised"))
        else:
            self.origin.show_state(State.WARN, say("d-import-unrecognised"))
        self.reset.setVisible(by_hand)
        told = (
            [say("d-import-lacking", columns=say("d-business-list-comma").join(state.lacking))] if state.lacking else []
        )
        told += [say("d-import-twice", columns=say("d-business-list-comma").join(state.twice))] if state.twice else []
        self.missing.setText("\n".join(told))
        self.missing.setVisible(bool(told))

    def _make_lines(self, matches: tuple[MatchLine, ...], columns: tuple[ColumnChoice, ...]) -> None:
        _clear(self._grid)
        self.lines, self._samples = {}, {}
        for place, key in enumerate(("d-import-field", "d-import-column", "d-import-samples")):
            self._grid.addWidget(label(say(key), "strong"), 0, place)
        for number, line in enumerate(matches, 1):
            name = label(say("d-field-required", title=line.title) if line.required else line.title)
            name.setToolTip(line.help)
            box = self._choice(line, columns)
            name.setBuddy(box)
            sample = label("", "hint")
            for place, widget in enumerate((name, box, sample)):
                self._grid.addWidget(widget, number, place)
            self.lines[line.field], self._samples[line.field] = box, sample
        self._grid.setRowStretch(len(matches) + 1, 1)

    def _choice(self, line: MatchLine, columns: tuple[ColumnChoice, ...]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(say("d-import-column-of", field=line.title))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(18)
        box.addItem(say("d-import-no-column"), "")
        for choice in columns:
            box.addItem(f"{choice.letters}  {choice.label or say('d-import-no-title')}", choice.letters)
        box.activated.connect(lambda _place: self.matched.emit(line.field, str(box.currentData())))
        return box

    def _on_header(self) -> None:
        first, last = self.first.value(), max(self.first.value(), self.last.value())
        self.header_chosen.emit(first, last)


class RunStep(QWidget):
    """How far the import is."""

    def __init__(self) -> None:
        super().__init__()
        self.what = label("", "sectionTitle")
        self.count = label("", "secondary")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(say("d-import-progress"))
        card = Card()
        for widget in (self.what, self.bar, self.count, label(say("d-import-safe"), "hint", wrap=True)):
            card.body.addWidget(widget)
        self.setLayout(column(1, card, 2))

    def render_state(self, state: WizardState) -> None:
        """Show it; without a known total the bar says only that something goes on."""
        done, total = state.progress
        self.what.setText(state.busy)
        self.bar.setRange(0, total if done else 0)
        self.bar.setValue(done)
        self.count.setText(say("d-import-rows-done", done=f"{done:,}", total=f"{total:,}") if done else "")


def _row_number(key: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, 18)
    box.setAccessibleName(say(key))
    box.setToolTip(say(key))
    return box


def _see_through(area: QScrollArea, inner: QWidget) -> None:
    """The card behind shows through a scroll area."""
    viewport = area.viewport()
    if viewport is not None:
        viewport.setAutoFillBackground(False)
    inner.setAutoFillBackground(False)


def _clear(grid: QGridLayout) -> None:
    """Take everything out of a grid and destroy it."""
    while (item := grid.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            discard(widget)
