"""The top bar: unit, period, centre, queue, operator, masking, palette and menu."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from unitclient.desktop.session import Connection, Session
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, label
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.texts import language, say

HEIGHT = 44
_PILLS = {
    Connection.UNKNOWN: (State.OFF, "○"),
    Connection.WORKING: (State.INFO, "…"),
    Connection.ONLINE: (State.OK, "✓"),
    Connection.OFFLINE: (State.WARN, "!"),
}


class _UnitButton(QPushButton):
    """The unit's name, cut off where there is no room for it; the whole of it is the tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("flat")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._name = ""

    def show_unit(self, name: str, number: str) -> None:
        """Set what is shown."""
        self._name = name
        self.setToolTip(say("d-unit-tip", name=name, number=number) if number else say("d-unit-none"))
        self.setAccessibleName(say("d-unit-button", name=name))
        self._cut()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A few characters."""
        return QSize(self.fontMetrics().averageCharWidth() * 14, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the whole name."""
        return QSize(self.fontMetrics().horizontalAdvance(f"{self._name}  ▾") + 32, super().sizeHint().height())

    def resizeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Cut the name anew."""
        self._cut()

    def _cut(self) -> None:
        room = max(40, self.width() - 32 - self.fontMetrics().horizontalAdvance("  ▾"))
        self.setText(self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room) + "  ▾")


class TopBar(QFrame):
    """What the window is about. It asks; the window answers."""

    unit_asked = pyqtSignal()
    period_asked = pyqtSignal()
    period_stepped = pyqtSignal(int)
    queue_asked = pyqtSignal()
    palette_asked = pyqtSignal()
    masking_asked = pyqtSignal(bool)

    def __init__(self, session: Session, menu_button: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self._session = session
        self.unit = _UnitButton()
        self.unit.clicked.connect(self.unit_asked)
        self.earlier = button("‹", lambda: self.period_stepped.emit(-1), "flat", name=say("d-period-earlier"))
        self.period = button("", self.period_asked.emit, "flat")
        self.later = button("›", lambda: self.period_stepped.emit(1), "flat", name=say("d-period-later"))
        self.connection = StatusPill()
        self.queue = button("", self.queue_asked.emit, "flat", icon="queue")
        self.operator = label("", "secondary")
        self.masking = button(say("d-mask"), None, "flat", icon="mask", name=say("d-mask-name"))
        self.masking.setCheckable(True)
        self.masking.setToolTip(say("d-mask-tip"))
        self.masking.clicked.connect(self.masking_asked.emit)
        self.palette_button = button("", self.palette_asked.emit, "flat", icon="search", name=say("d-palette"))
        self.palette_button.setToolTip(say("d-palette-tip"))
        self._lay_out(menu_button)
        self.render_session()
        self.show_queue(0)
        session.unit_changed.connect(self.render_session)
        session.period_changed.connect(self.render_session)
        session.masking_changed.connect(self.masking.setChecked)
        session.connection_changed.connect(self.render_session)
        session.operator_changed.connect(self.render_session)

    def render_session(self, _what: object = None) -> None:
        """Show unit, period, operator and connection as they are now."""
        unit = self._session.unit()
        self.unit.show_unit(unit.name if unit else say("d-unit-none"), unit.unit_number if unit else "")
        for widget in (self.earlier, self.period, self.later, self.connection, self.queue):
            widget.setVisible(unit is not None)
        if unit is not None:
            self._show_period()
        self.operator.setText(self._session.operator())
        self.operator.setToolTip(say("d-operator-tip"))
        connection = self._session.connection
        state, sign = _PILLS[connection]
        self.connection.show_state(state, say(f"d-connection-{connection.value}"), sign)
        self.masking.setChecked(self._session.masked())

    def show_queue(self, count: int) -> None:
        """How many submissions wait to be sent."""
        self.queue.setText(say("d-queue-count", count=count))
        self.queue.setAccessibleName(say("d-queue-name", count=count))

    def compact(self, narrow: bool) -> None:
        """In a narrow window the operator's name makes room."""
        self.operator.setVisible(not narrow)
        self.masking.setText("" if narrow and language() == "en" else say("d-mask"))

    def _show_period(self) -> None:
        period = self._session.period()
        text = say("d-period", year=period.year, month=period.month)
        self.period.setText(text)
        self.period.setAccessibleName(say("d-period-name", period=text))
        self.period.setToolTip(say("d-period-tip"))

    def _lay_out(self, menu_button: QPushButton) -> None:
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 4, 12, 4)
        box.setSpacing(4)
        box.addWidget(self.unit)
        box.addSpacing(8)
        for widget in (self.earlier, self.period, self.later):
            box.addWidget(widget)
        box.addStretch(1)
        box.addWidget(self.connection)
        box.addWidget(self.queue)
        box.addWidget(self.operator)
        for tool in (self.masking, self.palette_button, menu_button):
            box.addWidget(tool)
        self.setFixedHeight(max(HEIGHT, self.fontMetrics().height() + 24))
