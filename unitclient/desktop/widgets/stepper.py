"""Stepper: the steps of a month side by side, each a button with sign, word and a short note. Drawn, never animated."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from unitclient.desktop.theme import fonts
from unitclient.desktop.theme.look import colour, look, state_colours
from unitclient.desktop.theme.tokens import State
from unitclient.texts import say

DISC = 26
GAP = 6
NARROWEST = 84


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as it is shown. `sign` stands in the disc, `word` names the state, `strong`: it is our turn."""

    id: str
    title: str
    state: State
    sign: str
    word: str
    note: str
    strong: bool = False


class StepButton(QAbstractButton):
    """One step. Its accessible name tells place, title, state and note."""

    def __init__(self, view: StepView, place: int, total: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._total = place, total
        self.view = view
        self._after_done = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look().changed.connect(self._on_look)
        self.show_view(view)

    def _on_look(self) -> None:
        self.updateGeometry()
        self.update()

    def show_view(self, view: StepView, *, after_done: bool = False) -> None:
        """Show how the step stands now, and whether the step before it is done (the line between them says so)."""
        self.view, self._after_done = view, after_done
        self.setText(view.title)
        told = say("d-step-name", place=self._place + 1, total=self._total, title=view.title, state=view.word)
        self.setAccessibleName(told)
        self.setAccessibleDescription(view.note)
        self.setToolTip(f"{told}\n{view.note}")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for disc, title and note."""
        title, note = self._metrics()
        return QSize(NARROWEST + 24, GAP * 3 + DISC + title.height() + note.lineSpacing() * _note_lines() + 4)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The narrowest at which the notes can be read."""
        return QSize(NARROWEST, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Line through the discs, disc with its sign, title, note, focus frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_line(painter)
        self._draw_disc(painter)
        self._draw_words(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics]:
        size = look().font_size
        return QFontMetrics(fonts.strong(size)), QFontMetrics(fonts.body(size))

    def _disc(self) -> QRectF:
        return QRectF((self.width() - DISC) / 2, GAP, DISC, DISC)

    def _draw_line(self, painter: QPainter) -> None:
        disc = self._disc()
        middle = disc.center().y()
        if self._place:
            painter.setPen(_line_pen(done=self._after_done))
            painter.drawLine(QPointF(0, middle), QPointF(disc.left() - 5, middle))
        if self._place < self._total - 1:
            painter.setPen(_line_pen(done=self.view.state is State.OK))
            painter.drawLine(QPointF(disc.right() + 5, middle), QPointF(self.width(), middle))

    def _draw_disc(self, painter: QPainter) -> None:
        text, tint = state_colours(self.view.state)
        if self.view.strong:
            text, tint = colour("accent_on"), colour("accent")
        edge = colour("accent") if self.view.strong else text
        painter.setPen(QPen(edge, 1))
        painter.setBrush(tint)
        painter.drawEllipse(self._disc())
        painter.setPen(text)
        painter.setFont(fonts.strong(look().font_size + 1))
        painter.drawText(self._disc(), Qt.AlignmentFlag.AlignCenter, self.view.sign)

    def _draw_words(self, painter: QPainter) -> None:
        title, note = self._metrics()
        top = GAP * 2 + DISC
        painter.setFont(fonts.strong(look().font_size))
        painter.setPen(colour("hint" if self.view.state is State.OFF and not self.view.strong else "text"))
        box = QRect(2, top, self.width() - 4, title.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self.view.title)
        painter.setFont(fonts.body(look().font_size))
        troubled = self.view.state in (State.ERR, State.WARN)
        painter.setPen(state_colours(self.view.state)[0] if troubled else colour("text2"))
        room = QRect(3, box.bottom() + 2, self.width() - 6, note.lineSpacing() * _note_lines() + 2)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(room, flags, self.view.note)


def _line_pen(*, done: bool) -> QPen:
    return QPen(colour("outline" if done else "hairline"), 2)


def _note_lines() -> int:
    """How many lines a note may take: larger type fits fewer words into a line."""
    return 2 if look().font_size <= 10 else 3


class Stepper(QWidget):
    """All steps in a row. Arrow keys go from step to step; the chosen one is told by `chosen`."""

    chosen = pyqtSignal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.buttons: list[StepButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_steps(self, steps: tuple[StepView, ...]) -> None:
        """Show steps; the buttons stay while their number does."""
        while len(self.buttons) > len(steps):
            self.buttons.pop().deleteLater()
        for place, view in enumerate(steps):
            if place == len(self.buttons):
                self._add(StepButton(view, place, len(steps)))
            self.buttons[place].show_view(view, after_done=place > 0 and steps[place - 1].state is State.OK)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Left and right."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key())) if event is not None else None
        focused = next((n for n, one in enumerate(self.buttons) if one.hasFocus()), None)
        if step is None or focused is None:
            super().keyPressEvent(event)
            return
        self.buttons[max(0, min(len(self.buttons) - 1, focused + step))].setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, made: StepButton) -> None:
        self.buttons.append(made)
        self._row.addWidget(made, 1)
        made.clicked.connect(lambda _checked=False: self.chosen.emit(made.view.id))
