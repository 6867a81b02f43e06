"""Bar charts by month, drawn by PyQt6-Charts without any animation. Imported only once the window can be seen.

A chart is a picture: whoever cannot see it gets the same figures from the table beside it (the page's toggle).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCharts import (
    QAbstractBarSeries,
    QBarCategoryAxis,
    QBarSeries,
    QBarSet,
    QChart,
    QChartView,
    QStackedBarSeries,
    QValueAxis,
)
from PyQt6.QtCore import QMargins, Qt
from PyQt6.QtGui import QBrush, QPainter, QPen
from PyQt6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from unitclient.desktop.theme import fonts
from unitclient.desktop.theme.look import colour, look
from unitclient.desktop.theme.series import series_colour

TICKS = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values, a value a month."""

    title: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ChartData:
    """What a chart shows. `title` names the unit; several series are stacked; `summary` says the chart in words."""

    title: str
    months: tuple[str, ...]
    series: tuple[Series, ...]
    summary: str
    note: str = ""
    """Stands below the months."""


class BarChart(QWidget):
    """A bar chart. It takes no focus: it can only be looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = QChartView(self)
        self.view.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFrameShape(QChartView.Shape.NoFrame)
        self.view.setMinimumSize(280, 150)
        # A graphics view asks for more room than the chart needs: it takes what the page has left.
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        viewport = self.view.viewport()
        if viewport is not None:
            viewport.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the view around it has the name
        self._data: ChartData | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)
        look().changed.connect(self._draw)

    def show_data(self, data: ChartData) -> None:
        """Draw it; the same data again draws nothing."""
        if data != self._data:
            self._data = data
            self._draw()

    def _draw(self) -> None:
        data = self._data
        if data is None:
            return
        chart = QChart()
        chart.setAnimationOptions(QChart.AnimationOption.NoAnimation)
        chart.setBackgroundVisible(False)
        chart.setMargins(QMargins(0, 0, 0, 0))
        layout = chart.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)
        chart.setTitle(data.title)
        chart.setTitleFont(fonts.body(look().font_size))
        chart.setTitleBrush(QBrush(colour("text2")))
        bars = self._bars(data)
        chart.addSeries(bars)
        self._axes(chart, bars, data)
        self._legend(chart, visible=len(data.series) > 1)
        before = self.view.chart()
        self.view.setChart(chart)
        self.view.setBackgroundBrush(QBrush(colour("surface")))
        if before is not None:
            before.deleteLater()
        for named in (self, self.view):
            named.setAccessibleName(data.title)
            named.setAccessibleDescription(data.summary)

    def _bars(self, data: ChartData) -> QAbstractBarSeries:
        bars: QAbstractBarSeries = QStackedBarSeries() if len(data.series) > 1 else QBarSeries()
        for place, series in enumerate(data.series):
            made = QBarSet(series.title)
            made.append(list(series.values))
            made.setColor(series_colour(place))
            made.setBorderColor(colour("surface"))
            bars.append(made)
        bars.setBarWidth(min(0.6, len(data.months) / 10))
        return bars

    def _axes(self, chart: QChart, bars: QAbstractBarSeries, data: ChartData) -> None:
        months, values = QBarCategoryAxis(), QValueAxis()
        months.append(list(data.months))
        top = max(_tops(data.series), default=0.0)
        values.setRange(0, _ceiling(top))
        values.setTickCount(TICKS)
        values.setLabelFormat("%.0f")
        months.setTitleText(data.note)
        for axis in (months, values):
            axis.setLabelsFont(fonts.body(look().font_size))
            axis.setTitleFont(fonts.body(look().font_size))
            axis.setLabelsBrush(QBrush(colour("text2")))
            axis.setTitleBrush(QBrush(colour("text2")))
            axis.setLinePen(QPen(colour("outline")))
            axis.setGridLinePen(QPen(colour("hairline")))
        months.setGridLineVisible(False)
        chart.addAxis(months, Qt.AlignmentFlag.AlignBottom)
        chart.addAxis(values, Qt.AlignmentFlag.AlignLeft)
        bars.attachAxis(months)
        bars.attachAxis(values)

    def _legend(self, chart: QChart, *, visible: bool) -> None:
        legend = chart.legend()
        if legend is None:
            return
        legend.setVisible(visible)
        legend.setAlignment(Qt.AlignmentFlag.AlignRight)
        legend.setFont(fonts.body(look().font_size))
        legend.setLabelBrush(QBrush(colour("text")))


def _tops(series: Sequence[Series]) -> list[float]:
    return [sum(values) for values in zip(*(one.values for one in series), strict=True)]


def _ceiling(top: float) -> float:
    """The next round number above, so that the ticks fall on readable ones."""
    if top <= 0:
        return float(TICKS - 1)
    size = 10.0 ** (len(str(int(top))) - 1)
    steps = next(step for step in (1, 2, 4, 6, 8, 10, 12, 16, 20) if step * size >= top)
    return max(steps * size, float(TICKS - 1))
