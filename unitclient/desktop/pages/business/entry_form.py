"""EntryForm: the inputs of one business, made from its form: sections, fields, findings and consequences in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6 import sip
from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from unitclient.catalog.model import Field, Form, ScreenSection
from unitclient.desktop.pages.business.editors import Editor, InsurancesEditor, make_editor
from unitclient.desktop.pages.business.file_editor import FileEditor
from unitclient.desktop.pages.business.state import EntryState, Note
from unitclient.desktop.theme.tokens import SIGNS, State
from unitclient.desktop.widgets.basic import button, discard, label, restyle, row
from unitclient.domain.period import Period
from unitclient.texts import say

_KINDS = {State.ERR: "error", State.WARN: "warning"}


class EntryField(QWidget):
    """One field: title, input, what is found, what follows."""

    reveal = pyqtSignal(str)

    def __init__(self, field: Field, editor: Editor) -> None:
        super().__init__()
        self.field, self.editor = field, editor
        self.title = str(field.title)
        head = QLabel(say("d-field-required", title=self.title) if field.required else self.title)
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setObjectName("secondary")
        head.setBuddy(editor)
        self._masked = label("", "strong")
        self._show = button(say("d-reveal"), lambda: self.reveal.emit(field.name), "link")
        self._show.setAccessibleName(say("d-business-reveal", field=self.title))
        self._hidden_row = QWidget()
        self._hidden_row.setLayout(row(self._masked, self._show, 1))
        self._notes = QVBoxLayout()
        self._notes.setSpacing(2)
        self._told: tuple[Note, ...] | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(head)
        box.addWidget(editor)
        box.addWidget(self._hidden_row)
        box.addLayout(self._notes)
        self.setToolTip(field.guidance())
        self.tell(())
        self.hide_value("")

    def tell(self, notes: tuple[Note, ...]) -> None:
        """Show what is found at the field; without anything, nothing."""
        if notes == self._told:
            return
        self._told = notes
        while (item := self._notes.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                discard(widget)
        for note in notes:
            self._notes.addWidget(note_label(note))
        described = " ".join((self.field.guidance(), *(note.text for note in notes))).strip()
        self.editor.describe(self.title, described)

    def hide_value(self, text: str) -> None:
        """Show a masked text in place of the input; "" shows the input."""
        self._masked.setText(text)
        self._masked.setAccessibleName(f"{self.title} {text}")
        self._hidden_row.setVisible(bool(text))
        self.editor.setVisible(not text)

    def told(self) -> tuple[Note, ...]:
        """What is told now."""
        return self._told or ()


def note_label(note: Note) -> QLabel:
    """A sentence in its state's look: findings as coloured text with a sign, consequences on a tint."""
    made = label(f"{SIGNS[note.state]} {note.text}", wrap=True)
    if note.state in _KINDS:
        made.setObjectName(_KINDS[note.state])
    else:
        made.setProperty("pill", note.state.value)
    made.setAccessibleName(say("d-pill-name", word=note.text, state=say(f"d-state-{note.state.value}")))
    restyle(made)
    return made


class Section(QWidget):
    """A group of fields. One without required fields is folded until somebody opens it, or something in it is wrong."""

    def __init__(self, section: ScreenSection, fields: Sequence[EntryField]) -> None:
        super().__init__()
        self.fields = fields
        self._inner = QWidget()
        box = QVBoxLayout(self._inner)
        box.setContentsMargins(0, 0, 0, 8)
        box.setSpacing(8)
        for field in fields:
            box.addWidget(field)
        self._title, self._count = str(section.title), len(fields)
        self.foldable = not any(field.field.required or field.field.required_when for field in fields)
        self._head = button("", self._toggle, "flat")
        self._plain = label(self._title, "sectionTitle")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addWidget(self._head if self.foldable else self._plain)
        outer.addWidget(self._inner)
        self.open(not self.foldable)

    def open(self, wanted: bool) -> None:
        """Unfold it, or fold it."""
        self._inner.setVisible(wanted)
        self._head.setText(
            f"{'▾' if wanted else '▸'} {say('d-business-optional', title=self._title, count=self._count)}"
        )
        word = "d-business-unfolded" if wanted else "d-business-folded"
        self._head.setAccessibleName(say(word, title=self._title, count=self._count))

    def is_open(self) -> bool:
        """Whether its fields are shown."""
        return not self._inner.isHidden()

    def look(self, state: EntryState) -> None:
        """Unfold it when one of its fields has a value of its own or something to say."""
        names = [field.field.name for field in self.fields]
        if self.foldable and any(state.notes.get(name) for name in names):
            self.open(True)

    def _toggle(self) -> None:
        self.open(not self.is_open())


class EntryForm(QScrollArea):
    """All inputs of one form. The first section is there at once, the others follow one by one, each by an event of
    its own: a form of thirty fields at one go would keep the window's thread too long."""

    typed = pyqtSignal(dict, str)
    """(what all inputs hold, the field that changed)."""
    left = pyqtSignal(str)
    reveal = pyqtSignal(str)
    file_wanted = pyqtSignal(str)
    """A file is to be chosen for this field."""

    def __init__(self, form: Form, period: Period, insurances: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.form = form
        self.sections: list[Section] = []
        self._fields: dict[str, EntryField] = {}
        self._period, self._insurances = period, insurances
        self._coming = list(form.screen.sections)
        self._state: EntryState | None = None
        self._serial = -1
        self._asked = 0
        self._row_notes = QVBoxLayout()
        self._row_told: tuple[Note, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 12, 0)
        box.setSpacing(8)
        box.addLayout(self._row_notes)
        self._rows = QVBoxLayout()
        box.addLayout(self._rows)
        unconfirmed = [str(field.title) for field in form.fields if field.unconfirmed]
        if unconfirmed:
            box.addWidget(label(say("d-business-unconfirmed", fields="、".join(unconfirmed)), "hint", wrap=True))
        box.addStretch(1)
        self.setWidget(inner)
        viewport = self.viewport()
        if viewport is not None:
            # The card behind shows through.
            viewport.setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        self._add_section()

    @property
    def fields(self) -> dict[str, EntryField]:
        """All inputs by name; those that were still to come are made now."""
        while self._coming:
            self._make_next()
        return self._fields

    def values(self) -> dict[str, Any]:
        """What the inputs hold; masked ones are left out."""
        return {name: field.editor.value() for name, field in self._fields.items() if not field.editor.isHidden()}

    def render_entry(self, state: EntryState) -> None:
        """Show a row: fill the inputs when it is another one, then findings, defaults and focus."""
        self._state = state
        if state.serial != self._serial:
            self._serial = state.serial
            for section in self.sections:
                _fill(section, state)
        for section in self.sections:
            _show(section, state)
        self._tell_row(state.row_notes)
        if state.focus_serial != self._asked:
            self._asked = state.focus_serial
            self.go(state.focus)

    def go(self, name: str) -> None:
        """Put the focus into a field and bring it into view."""
        field = self.fields.get(name)
        if field is None:
            return
        for section in self.sections:
            if field in section.fields:
                section.open(True)
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(field, 0, 40)

    def _add_section(self) -> None:
        """Make the next section now and the one after it by an event of its own."""
        if sip.isdeleted(self) or not self._coming:
            return
        self._make_next()
        if self._coming:
            QTimer.singleShot(0, self._add_section)

    def _make_next(self) -> None:
        made = self._section(self._coming.pop(0))
        self.sections.append(made)
        self._rows.addWidget(made)
        if self._state is not None:
            _fill(made, self._state)
            _show(made, self._state)

    def _section(self, section: ScreenSection) -> Section:
        made = []
        for name in section.fields:
            field = self.form.field(name)
            editor = FileEditor(field) if field.file is not None else make_editor(field, self._period, self._insurances)
            if isinstance(editor, FileEditor):
                editor.choose.connect(lambda name=name: self.file_wanted.emit(name))
            entry = EntryField(field, editor)
            entry.editor.typed.connect(lambda name=name: self.typed.emit(self.values(), name))
            entry.editor.left.connect(lambda name=name: self._on_left(name))
            entry.reveal.connect(self.reveal)
            self._fields[name] = entry
            made.append(entry)
        return Section(section, made)

    def _on_left(self, name: str) -> None:
        # A form that is taken down takes the focus from its fields when it is half gone itself.
        if not sip.isdeleted(self):
            self.left.emit(name)

    def _tell_row(self, notes: tuple[Note, ...]) -> None:
        if notes == self._row_told:
            return
        self._row_told = notes
        while (item := self._row_notes.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                discard(widget)
        for note in notes:
            self._row_notes.addWidget(note_label(note))


def _fill(section: Section, state: EntryState) -> None:
    """Another row: what its inputs hold."""
    for field in section.fields:
        field.editor.put(state.values.get(field.field.name))
    if section.foldable:
        section.open(False)


def _show(section: Section, state: EntryState) -> None:
    """What there is to say of its fields."""
    for field in section.fields:
        name = field.field.name
        field.tell(state.notes.get(name, ()))
        field.hide_value(state.hidden.get(name, ""))
        field.editor.setEnabled(not (state.locked or state.saving))
        if isinstance(field.editor, InsurancesEditor):
            field.editor.show_codes(state.ticked.get(name, ()))
        else:
            field.editor.show_filled(state.filled.get(name, ""))
    section.look(state)
