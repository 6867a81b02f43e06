"""CalendarField: a day typed as text, or chosen from a calendar. It never starts with today."""

from __future__ import annotations

from PyQt6.QtCore import QDate, QLocale, QPoint, Qt
from PyQt6.QtGui import QAction, QKeyEvent, QTextCharFormat
from PyQt6.QtWidgets import QCalendarWidget, QLineEdit, QToolButton, QVBoxLayout, QWidget

from unitclient.catalog.cells import BadCell, read_date
from unitclient.desktop.theme.icons import icon
from unitclient.desktop.theme.look import colour
from unitclient.texts import language, say


class CalendarField(QLineEdit):
    """A line for a day; the calendar opens by its button, by F4 or by Alt+Down."""

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self._open = QAction(icon("calendar"), say("d-business-calendar"), self)
        self._open.triggered.connect(lambda _checked=False: self.open_calendar())
        self.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)
        for inner in self.findChildren(QToolButton):
            inner.setAccessibleName(say("d-business-calendar"))
            inner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.popup: QWidget | None = None

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """See the class."""
        down = event is not None and event.key() == Qt.Key.Key_Down
        if event is not None and (
            event.key() == Qt.Key.Key_F4 or (down and event.modifiers() & Qt.KeyboardModifier.AltModifier)
        ):
            self.open_calendar()
            return
        super().keyPressEvent(event)

    def open_calendar(self) -> QCalendarWidget:
        """Show the calendar below the line, at the day typed, or at this month."""
        popup = QWidget(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setAccessibleName(say("d-business-calendar"))
        calendar = QCalendarWidget(popup)
        calendar.setAccessibleName(say("d-business-calendar"))
        calendar.setGridVisible(False)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        _dress(calendar)
        day = self.day()
        if day is not None:
            calendar.setSelectedDate(day)
        calendar.clicked.connect(self._choose)
        calendar.activated.connect(self._choose)
        box = QVBoxLayout(popup)
        box.setContentsMargins(1, 1, 1, 1)
        box.addWidget(calendar)
        self.popup = popup
        popup.move(self.mapToGlobal(QPoint(0, self.height())))
        popup.show()
        calendar.setFocus()
        return calendar

    def day(self) -> QDate | None:
        """The day typed, when it can be read."""
        try:
            return QDate.fromString(read_date(self.text()), Qt.DateFormat.ISODate) if self.text().strip() else None
        except BadCell:
            return None

    def _choose(self, day: QDate) -> None:
        self.setText(day.toString(Qt.DateFormat.ISODate))
        if self.popup is not None:
            self.popup.close()
            self.popup = None


def _dress(calendar: QCalendarWidget) -> None:
    """The language in use, and colours and icons of the theme in place of red days and green arrows."""
    chinese = language() == "zh"
    calendar.setLocale(QLocale(QLocale.Language.Chinese if chinese else QLocale.Language.English))
    quiet = QTextCharFormat()
    quiet.setForeground(colour("text2"))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, quiet)
    for name, picture, word in (("prevmonth", "previous", "earlier"), ("nextmonth", "next", "later")):
        arrow = calendar.findChild(QToolButton, f"qt_calendar_{name}")
        if arrow is not None:
            arrow.setIcon(icon(picture))
            arrow.setAccessibleName(say(f"d-business-month-{word}"))
