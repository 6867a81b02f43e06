"""FilterBar: search as you type, chips with live counts, and a choice of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QAction, QKeyEvent
from PyQt6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSizePolicy, QToolButton, QWidget

from unitclient.desktop.theme.icons import icon
from unitclient.desktop.widgets.basic import button, label
from unitclient.desktop.widgets.filter_bar_flow import FlowLayout
from unitclient.texts import say

DEBOUNCE_MS = 150
"""How long typing must rest before a list is asked for."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on or off. `group` names chips of which at most one is on; `filter` is (name, value)."""

    filter: tuple[str, str]
    title_key: str
    group: str = ""

    @property
    def id(self) -> str:
        """The filter as one word, under which its count stands."""
        return ":".join(self.filter)


class SearchField(QLineEdit):
    """The search field: Esc empties it, Down and Enter go on to the table."""

    onward = pyqtSignal()

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setAccessibleName(name)
        self.setToolTip(hint)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(220)
        self.setMaximumWidth(420)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        glass = self.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        assert glass is not None
        glass.triggered.connect(lambda _on=False: self.setFocus(Qt.FocusReason.OtherFocusReason))
        for act in self.findChildren(QAction):
            if act.objectName() == "_q_qlineeditclearaction":
                act.setIcon(icon("close"))
        for inner in self.findChildren(QToolButton):
            inner.setAccessibleName(name if inner.defaultAction() is glass else say("d-filter-clear-text"))
            inner.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """See the class."""
        if event is not None and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.onward.emit()
            return
        if event is not None and event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)


class FilterBar(QWidget):
    """One line (two in a narrow window) over a table. Tells when the filter changed, after typing came to rest."""

    changed = pyqtSignal()
    onward = pyqtSignal()
    """The person goes on to the table."""

    def __init__(
        self, name: str, hint: str, chips: Sequence[Chip] = (), parent: QWidget | None = None, *, brief: bool = False
    ) -> None:
        super().__init__(parent)
        self._brief = brief
        self.field = SearchField(name, hint)
        self._chips = {chip.id: (chip, self._chip(chip)) for chip in chips}
        self._choice = QComboBox()
        self._choice_name = ""
        self._offered: tuple[str, str, tuple[str, ...]] = ("", "", ())
        self._clear = button(say("d-filter-clear"), self.clear, "link")
        self.summary = label("", "secondary")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._tell)
        self.field.textChanged.connect(lambda _text: self._timer.start())
        self.field.onward.connect(self._onward)
        self._choice.activated.connect(lambda _place: self._tell())
        self._choice.hide()
        self._lay_out()
        self._show_clear()

    def text(self) -> str:
        """What is typed."""
        return self.field.text().strip()

    def filters(self) -> tuple[tuple[str, str], ...]:
        """Chosen filters as (name, value)."""
        found = [chip.filter for chip, widget in self._chips.values() if widget.isChecked()]
        chosen = self._choice.currentData() if self._choice_name else None
        return (*found, (self._choice_name, str(chosen))) if chosen else tuple(found)

    def is_narrow(self) -> bool:
        """Whether anything is typed or chosen."""
        return bool(self.text() or self.filters())

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many rows each chip would find, by chip id; a chip that finds nothing is dimmed unless it is on.

        In a `brief` bar such a chip is not there at all.
        """
        for key, (chip, widget) in self._chips.items():
            found = counts.get(key, 0)
            widget.setText(say("d-filter-chip", word=say(chip.title_key), count=f"{found:,}"))
            wanted = found > 0 or widget.isChecked()
            widget.setEnabled(wanted)
            widget.setVisible(wanted or not self._brief)

    def set_summary(self, text: str) -> None:
        """Say what is listed ("1,234 of 100,000")."""
        self.summary.setText(text)
        self.summary.setAccessibleName(text)

    def set_choice(self, name: str, title: str, values: Sequence[str]) -> None:
        """Offer values of one filter; without values there is no choice."""
        if (name, title, tuple(values)) == self._offered:
            return
        self._offered = (name, title, tuple(values))
        chosen = self._choice.currentData()
        self._choice_name = name
        self._choice.blockSignals(True)
        self._choice.clear()
        self._choice.addItem(title, None)
        for value in values:
            self._choice.addItem(value, value)
        self._choice.setCurrentIndex(max(0, self._choice.findData(chosen)))
        self._choice.blockSignals(False)
        self._choice.setAccessibleName(title)
        self._choice.setVisible(bool(values))

    def choose(self, filters: Sequence[tuple[str, str]], text: str = "") -> None:
        """Set typed text and chips, as somebody who led here asks."""
        wanted = set(filters)
        self.field.blockSignals(True)
        self.field.setText(text)
        self.field.blockSignals(False)
        for chip, widget in self._chips.values():
            widget.setChecked(chip.filter in wanted)
        self._choice.setCurrentIndex(0)
        self._tell()

    def clear(self) -> None:
        """Nothing typed, nothing chosen."""
        self.choose(())

    def focus_search(self) -> None:
        """Put the focus into the field, with its text selected."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _chip(self, chip: Chip) -> QPushButton:
        made = button(say(chip.title_key), lambda: self._on_chip(chip), "flat")
        made.setCheckable(True)
        return made

    def _on_chip(self, chip: Chip) -> None:
        for other, widget in self._chips.values():
            if chip.group and other.group == chip.group and other is not chip:
                widget.setChecked(False)
        self._tell()

    def _onward(self) -> None:
        if self._timer.isActive():
            self._tell()
        self.onward.emit()

    def _tell(self) -> None:
        self._timer.stop()
        self._show_clear()
        self.changed.emit()

    def _show_clear(self) -> None:
        self._clear.setVisible(self.is_narrow())

    def _lay_out(self) -> None:
        flow = FlowLayout(self)
        for widget in (self.field, *(one for _, one in self._chips.values()), self._choice, self._clear, self.summary):
            flow.addWidget(widget)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
