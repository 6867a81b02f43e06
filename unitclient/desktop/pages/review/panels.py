"""The parts of the review page: figures, the reviewer's bar, and one person explained."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from unitclient.desktop.masking import mask
from unitclient.desktop.pages.review.state import Explained, Figure, LineView, ReviewBar
from unitclient.desktop.session import Session
from unitclient.desktop.widgets.basic import button, clear_layout, column, label, line, row
from unitclient.desktop.widgets.scrolled import dress
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.texts import say


class Figures(QWidget):
    """A few figures side by side, each with how it moved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(24)
        self._shown: tuple[Figure, ...] = ()

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        """Show them; the same ones again change nothing."""
        if figures == self._shown:
            return
        self._shown = figures
        clear_layout(self._row)
        for each in figures:
            value = label(each.value, "sectionTitle", selectable=True)
            value.setAccessibleName(say("d-review-figure-name", title=each.title, value=each.value, change=each.change))
            self._row.addLayout(column(label(each.title, "hint"), value, label(each.change, "secondary"), 1, gap=0))


class ReviewerBar(QFrame):
    """Four eyes: where they stand, the reviewer's name, pass or send back."""

    def __init__(self, on_pass: Callable[[], None], on_back: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pill = StatusPill()
        self.text = label("", wrap=True)
        self.name = QLineEdit()
        self.name.setMinimumWidth(180)
        self.name.setMaxLength(50)
        self.name.setPlaceholderText(say("d-review-name"))
        self.name.setAccessibleName(say("d-review-name"))
        self.passes = button(say("d-review-act-pass"), on_pass)
        self.back = button(say("d-review-act-back"), on_back)
        self._hands = (self.name, self.passes, self.back)
        made = row(self.pill)
        made.addWidget(self.text, 1)
        for widget in self._hands:
            made.addWidget(widget)
        self.setLayout(made)
        self.hide()

    def show_bar(self, bar: ReviewBar | None) -> None:
        """Show how far the review is, or nothing."""
        self.setVisible(bar is not None)
        if bar is None:
            return
        self.pill.show_state(bar.state, bar.word)
        self.text.setText(bar.text)
        for widget in self._hands:
            widget.setVisible(bar.open)


class ExplainPanel(QScrollArea):
    """One person's amounts, insurance by insurance. While values are masked they are shown after a click only."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._explained: Explained | None = None
        self._revealed = False
        inner = QWidget()
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(0, 8, 8, 8)
        self._box.setSpacing(6)
        dress(self, inner, say("d-why-name"))
        session.masking_changed.connect(self._on_masking)
        self.show_person(None)

    def show_person(self, explained: Explained | None) -> None:
        """Explain a person, or say how to choose one."""
        self._explained, self._revealed = explained, False
        self._render()

    def text(self) -> str:
        """Everything that is said."""
        return "\n".join(self._said)

    def _render(self) -> None:
        self._said: list[str] = []
        clear_layout(self._box)
        told = self._explained
        if told is None:
            self._add(label(say("d-why-choose"), "secondary", wrap=True))
        else:
            hidden = self._session.masked() and not self._revealed
            number = mask("id", told.number) if hidden else told.number
            self._add(label(f"{told.name}　{told.change}", "sectionTitle", wrap=True, selectable=True))
            self._add(label(number, "secondary", selectable=True))
            if hidden:
                self._add(label(say("d-why-masked"), "secondary", wrap=True))
                self._box.addLayout(row(button(say("d-reveal"), self._reveal), 1))
            else:
                for each in told.lines:
                    self._line(each)
        self._box.addStretch(1)

    def _line(self, each: LineView) -> None:
        self._box.addWidget(line())
        head = row(label(each.title, "strong"))
        if each.pill is not None:
            head.addWidget(StatusPill(*each.pill))
        head.addStretch(1)
        self._box.addLayout(head)
        self._said.append(each.title)
        self._add(label(each.sums, "strong", wrap=True, selectable=True))
        for text in each.lines:
            self._add(label(text, wrap=True, selectable=True))
        if each.trouble:
            self._add(label(f"× {each.trouble}", "error", wrap=True, selectable=True))
        source = label(each.source, "hint", wrap=True, selectable=True)
        source.setToolTip(each.all_sources)
        self._add(source)

    def _add(self, widget: QWidget) -> None:
        self._box.addWidget(self._note(widget))

    def _note(self, widget: QWidget) -> QWidget:
        text = getattr(widget, "text", None)
        if callable(text):
            self._said.append(str(text()))
        return widget

    def _reveal(self) -> None:
        self._session.note_unmask("explanation")
        self._revealed = True
        self._render()

    def _on_masking(self, _masked: bool) -> None:
        self._revealed = False
        self._render()
