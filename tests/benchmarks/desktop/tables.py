"""The roster of a crowd, looked through: filter, sort, jump, and the area that is painted meanwhile.

CPU time from the query to the painted table; the counts on the chips follow by themselves. Needs a running application.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PyQt6.QtGui import QPaintEvent, QRegion, QWheelEvent
from PyQt6.QtWidgets import QApplication, QWidget

from unitclient.desktop.models.rows import QuerySpec
from unitclient.desktop.widgets.table_view import TableView

TYPED = {
    "张": "name, 1 character",
    "z": "initial, 1 letter",
    "张伟": "name, 2 characters",
    "zs": "initials, 2 letters",
    "zhangw": "pinyin, 6 letters",
    "zhw": "initials, 3 letters",
    "1234": "tail of the ID",
    "财务": "department",
    "王 生产": "name and department",
}
TIMES = 5


class Painted(QObject):
    """Counts the area that is painted in some widgets, in logical pixels."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.area = 0
        self.times = 0
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Look at paint events, and let them go on."""
        if isinstance(event, QPaintEvent):
            self.times += 1
            self.area += _area(event.region())
        return False


def _area(region: QRegion) -> int:
    """Pixels of a region, counted on a grid of 4 x 2: its parts cannot be asked for one by one."""
    whole = region.boundingRect()
    if region.rectCount() == 1:
        return whole.width() * whole.height()
    rows, columns = range(whole.top(), whole.bottom() + 1, 2), range(whole.left(), whole.right() + 1, 4)
    return sum(8 for y in rows for x in columns if region.contains(QPoint(x, y)))


@dataclass
class Figures:
    """What was measured: CPU in ms of each run, painted area as a share of the viewports."""

    people: int = 0
    open_ms: list[float] = field(default_factory=list)
    filter_ms: dict[str, list[float]] = field(default_factory=dict)
    count_ms: dict[str, list[float]] = field(default_factory=dict)
    sort_ms: dict[str, list[float]] = field(default_factory=dict)
    jump_ms: list[float] = field(default_factory=list)
    wheel: float = 0
    mouse_paints: int = 0
    idle_paints: int = 0
    pages_read: int = 0


def measure(home: Path) -> Figures:
    """All figures of the roster page over a filled home."""
    from tests.desktop.roster.crowd import November
    from tests.desktop.stage import make_stage
    from unitclient.desktop.pages.roster.page import RosterPage
    from unitclient.desktop.theme import look
    from unitclient.desktop.theme.tokens import Scheme

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    look.apply(app, Scheme.LIGHT)
    stage = make_stage(home, clock=November())
    page = RosterPage(stage.services)
    page.resize(1190, 640)
    figures = Figures()
    figures.open_ms = _cpu(lambda: _open(page), 1)
    figures.people = page.presenter.model.count()
    figures.pages_read = page.presenter.model.misses
    model = page.presenter.model

    def list_by(query: QuerySpec) -> None:
        model.set_query(query)
        app.processEvents()

    for text in TYPED:
        figures.filter_ms[text] = _cpu(lambda text=text: list_by(QuerySpec(text)))  # type: ignore[misc]  # bound now
        figures.count_ms[text] = _cpu(page.presenter.count_now)
    list_by(QuerySpec())
    for column in model.columns:
        if column.sortable:
            figures.sort_ms[column.key] = _cpu(_sorter(page.view.table, model.places[column.key]))
    _look_around(page, app, figures)
    page.close()
    page.deleteLater()
    stage.close()
    return figures


def _sorter(table: TableView, column: int) -> Callable[[], None]:
    """Sorts by a column, up and down in turn."""
    ways = itertools.cycle((Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder))

    def sort() -> None:
        table.sort(column, next(ways))
        QApplication.processEvents()

    return sort


def _open(page: QWidget) -> None:
    from unitclient.desktop.pages.base import Page

    assert isinstance(page, Page)
    page.show()
    page.on_shown()
    QApplication.processEvents()


def _look_around(page: QWidget, app: QApplication, figures: Figures) -> None:
    from unitclient.desktop.pages.roster.page import RosterPage

    assert isinstance(page, RosterPage)
    table = page.view.table
    rows = iter((70_001, 3, 45_678, 99_000, 12_345, 60_000))

    def jump() -> None:
        table.panes.main.bar().setValue(next(rows) % max(1, figures.people))
        app.processEvents()

    figures.jump_ms = _cpu(jump)
    viewports = [pane.screen() for pane in table.panes.panes()]
    painted = Painted(*viewports)
    whole = sum(viewport.width() * viewport.height() for viewport in viewports)
    wheel(viewports[1])
    figures.wheel = painted.area / whole
    painted.times = 0
    for step in range(20):
        _move(viewports[1], QPoint(60, 10 + 12 * step))
    figures.mouse_paints = painted.times
    wait(app, 0.3)
    painted.times = 0
    wait(app, 1.0)
    figures.idle_paints = painted.times


def wheel(viewport: QWidget) -> None:
    """One notch down, and what it paints."""
    event = QWheelEvent(
        QPointF(60, 60), viewport.mapToGlobal(QPointF(60, 60)), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)
    QApplication.processEvents()


def _move(viewport: QWidget, place: QPoint) -> None:
    from PyQt6.QtTest import QTest

    test: Any = QTest  # its stubs take the class for an instance
    test.mouseMove(viewport, place)
    QApplication.processEvents()


def wait(app: QApplication, seconds: float) -> None:
    """Let the application do what it wants for so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.01)


def _cpu(run: Callable[[], object], times: int = TIMES) -> list[float]:
    taken = []
    for _ in range(times):
        start = time.process_time()
        run()
        taken.append((time.process_time() - start) * 1000)
    return taken
