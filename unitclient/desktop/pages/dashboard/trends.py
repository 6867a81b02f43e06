"""The trends: a chart of staff or of amounts by insurance, and the same figures as a table for whoever reads those."""

from __future__ import annotations

from functools import partial

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QBoxLayout, QButtonGroup, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.dashboard.state import TrendRow, Trends
from unitclient.desktop.pages.sign.words import insurance_word, yuan
from unitclient.desktop.services import Services
from unitclient.desktop.widgets.basic import button, label
from unitclient.desktop.widgets.chart import BarChart, ChartData, Series
from unitclient.desktop.widgets.table_view import TableView
from unitclient.texts import say

_LAYOUT = "dashboard.trends"
_STAFF, _MONEY = "staff", "money"
_CHART, _TABLE = "chart", "table"
_WAN_FEN = 1_000_000
"""Fen in 万元."""


class TrendsView(QWidget):
    """Chart and table behind two pairs of buttons; how it was left is remembered."""

    def __init__(self, services: Services, head: QBoxLayout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = services.settings
        left = services.settings.layout(_LAYOUT, {})
        kept: dict[str, str] = left if isinstance(left, dict) else {}
        self._what = kept.get("what", _STAFF)
        self._how = kept.get("how", _CHART)
        self._trends = Trends()
        self._none = label(say("d-trends-none"), "secondary", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.chart = BarChart()
        self.table = TableView(say("d-trends-table-name"), frozen=1)
        self._model: ListTableModel | None = None
        self._stack = QStackedWidget()
        for page in (self._none, self.chart, self.table):
            self._stack.addWidget(page)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack, 1)
        self.buttons: dict[str, QPushButton] = {}
        self._pair(head, (_STAFF, _MONEY))
        head.addSpacing(16)
        self._pair(head, (_CHART, _TABLE))

    def show_trends(self, trends: Trends) -> None:
        """Show these months."""
        self._trends = trends
        self._render()

    def choose(self, word: str) -> None:
        """Staff or money, chart or table."""
        self.buttons[word].setChecked(True)
        if word in (_STAFF, _MONEY):
            self._what = word
        else:
            self._how = word
        self._settings.set_layout(_LAYOUT, {"what": self._what, "how": self._how})
        self._render()

    def _pair(self, head: QBoxLayout, words: tuple[str, str]) -> None:
        group = QButtonGroup(self)
        for word in words:
            made = button(say(f"d-trends-{word}"), partial(self.choose, word), "flat")
            made.setCheckable(True)
            made.setChecked(word in (self._what, self._how))
            group.addButton(made)
            head.addWidget(made)
            self.buttons[word] = made

    def _render(self) -> None:
        table = self._how == _TABLE
        for word in (_STAFF, _MONEY):
            self.buttons[word].setEnabled(not table)
        if not self._trends.rows:
            self._stack.setCurrentWidget(self._none)
        elif table:
            self._fill_table()
            self._stack.setCurrentWidget(self.table)
        else:
            self.chart.show_data(staff_chart(self._trends) if self._what == _STAFF else money_chart(self._trends))
            self._stack.setCurrentWidget(self.chart)

    def _fill_table(self) -> None:
        columns = trend_columns(self._trends.insurances)
        if self._model is None or self._model.columns != columns:
            self._model = ListTableModel(columns, "month", self)
            self.table.set_model(self._model)
        self._model.set_rows([table_row(row, self._trends.insurances) for row in reversed(self._trends.rows)])


def trend_columns(insurances: tuple[str, ...]) -> tuple[ColumnSpec, ...]:
    """Month, persons, sum, and a column an insurance."""
    amounts = (ColumnSpec(name, f"insurance-{name}", Kind.MONEY, 12, sortable=False) for name in insurances)
    return (
        ColumnSpec("month", "d-trends-month", Kind.MONTH, 9, sortable=False),
        ColumnSpec("persons", "d-trends-persons", Kind.COUNT, 8, sortable=False),
        ColumnSpec("total", "d-trends-total", Kind.MONEY, 13, sortable=False),
        *amounts,
        ColumnSpec("sent", "d-trends-sent", Kind.TEXT, 8, sortable=False),
    )


def table_row(row: TrendRow, insurances: tuple[str, ...]) -> dict[str, object]:
    """One month as a row of the table."""
    amounts = dict(zip(insurances, row.amounts, strict=True))
    sent = say("d-trends-is-sent" if row.sent else "d-trends-not-sent")
    return {"month": row.month, "persons": row.persons, "total": row.total, "sent": sent, **amounts}


def _months(trends: Trends) -> tuple[str, ...]:
    return tuple(row.month[2:] if row.sent else f"{row.month[2:]}*" for row in trends.rows)


def _star(trends: Trends) -> str:
    """What the star beside a month means, when there is one."""
    return "" if all(row.sent for row in trends.rows) else say("d-trends-star")


def staff_chart(trends: Trends) -> ChartData:
    """Persons a month."""
    last = trends.rows[-1]
    return ChartData(
        say("d-trends-staff-title"),
        _months(trends),
        (Series(say("d-trends-persons"), tuple(float(row.persons) for row in trends.rows)),),
        say("d-trends-staff-summary", months=len(trends.rows), month=last.month, count=last.persons),
        note=_star(trends),
    )


def money_chart(trends: Trends) -> ChartData:
    """Amounts of both sides by insurance, stacked, in 万元 once they are that large."""
    top = max(row.total for row in trends.rows)
    large = top >= 10 * _WAN_FEN
    scale = _WAN_FEN if large else 100
    series = tuple(
        Series(insurance_word(name), tuple(row.amounts[place] / scale for row in trends.rows))
        for place, name in enumerate(trends.insurances)
    )
    last = trends.rows[-1]
    return ChartData(
        say("d-trends-money-title", unit=say("d-trends-wan" if large else "d-trends-yuan")),
        _months(trends),
        series,
        say("d-trends-money-summary", months=len(trends.rows), month=last.month, total=yuan(last.total)),
        note=_star(trends),
    )
