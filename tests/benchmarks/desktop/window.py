"""The running window over a home, looked at from inside: `python -m tests.benchmarks.desktop.window ACT HOME ...`.

The real program is started in this process; once its first page is there and everything was imported, the act is done
on the window's thread, a JSON object is printed, and the window is closed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer
from PyQt6.QtWidgets import QApplication, QLineEdit, QTextEdit, QWidget

from tests.benchmarks.desktop import tables
from tests.benchmarks.desktop.tables import Painted, wait, wheel
from unitclient.desktop.app import Desktop
from unitclient.desktop.dialogs.qt import QtDialogs
from unitclient.desktop.widgets.table_view import TableView

CALM_S = 4.0
"""After this long hooks and pages are imported and the program rests."""
Figures = dict[str, Any]


def memory_of(desktop: Desktop, page_id: str) -> Figures:
    """Memory of the whole process in MB with a page in front that shows a table: resident, proportional, own."""
    app = desktop.app
    desktop.window.go(page_id)
    wait(app, 3.0)
    page: Any = desktop.window.host.current_page()
    table = page.view.table if page_id == "roster" else page.findChild(TableView)
    bar = table.panes.main.bar()
    for place in (0.3, 0.9, 0.5, 0.0):  # a person looks around
        bar.setValue(round(bar.maximum() * place))
        wait(app, 0.2)
    wait(app, 1.0)
    rows = table.panes.main.model().rowCount()
    return {"rows": rows, **_memory(), **_wheeled(table)}


def _memory() -> Figures:
    told = dict(line.split(":", 1) for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    kib = {name: int(value.split()[0]) for name, value in told.items() if value.endswith("kB")}
    own = kib["Private_Clean"] + kib["Private_Dirty"]
    return {"rss": kib["Rss"] * 1024 / 1e6, "pss": kib["Pss"] * 1024 / 1e6, "uss": own * 1024 / 1e6}


def _wheeled(table: TableView) -> Figures:
    viewports = [pane.screen() for pane in table.panes.panes() if pane.isVisible()]
    painted = Painted(*viewports)
    whole = sum(viewport.width() * viewport.height() for viewport in viewports)
    wheel(viewports[-1])
    return {"wheel": painted.area / whole}


class Everything(QObject):
    """Counts what is painted anywhere; fields that blink because they have the focus are counted apart."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.painted: list[str] = []
        self.blinked = 0
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """See QObject."""
        if event is not None and event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            focused = QApplication.focusWidget()
            inside = focused is not None and (watched is focused or watched.isAncestorOf(focused))
            if inside and isinstance(focused, QLineEdit | QTextEdit):
                self.blinked += watched is focused
            else:
                self.painted.append(type(watched).__name__)
        return False


def idle(desktop: Desktop) -> Figures:
    """What every page paints in a second in which nothing happens."""
    found: Figures = {}
    for spec in desktop.window.specs:
        desktop.window.go(spec.id)
        wait(desktop.app, 1.5)
        seen = Everything(desktop.app)
        wait(desktop.app, 1.0)
        desktop.app.removeEventFilter(seen)
        found[spec.id] = {"paints": len(seen.painted), "blinks": seen.blinked, "what": sorted(set(seen.painted))}
    return {"pages": found, "countdown": _counts_down(desktop)}


def _counts_down(desktop: Desktop) -> str:
    """What the dashboard's countdown reads; RuntimeError where what is painted would not have been seen."""
    seen = Everything(desktop.app)
    desktop.window.go("dashboard")
    wait(desktop.app, 0.5)
    desktop.app.removeEventFilter(seen)
    if not seen.painted:
        raise RuntimeError("a page came to the front and nothing was seen to be painted")
    page: Any = desktop.window.host.current_page()
    return str(page.countdown.number.text()) if page.countdown._timer.isActive() else ""


class Lateness(QObject):
    """How late a timer of ten milliseconds comes on the window's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._last = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(10)

    def _tick(self) -> None:
        now = time.monotonic()
        self.late.append(max(0.0, (now - self._last) * 1000 - 10))
        self._last = now


def bring(desktop: Desktop, path: str) -> Figures:
    """An import in the child process, and how late the window's timer is before and meanwhile."""
    before = Lateness()
    wait_by_events(desktop.app, lambda: len(before.late) >= 200)
    idle_late = before.late[:]
    before.deleteLater()
    from unitclient.desktop.proc.orders import import_order, look_order
    from unitclient.desktop.tasks import Lane

    told: list[Any] = []

    def run(order: Any) -> Any:
        told.clear()
        desktop.runner.run(Lane.PROC, "d-import-running", order, done=told.append, failed=told.append)
        wait_by_events(desktop.app, lambda: bool(told))
        if isinstance(told[0], BaseException):
            raise told[0]
        return told[0]

    look = run(look_order(desktop.session, "enrol", Path(path)))
    meanwhile, started = Lateness(), time.monotonic()
    chosen = {name: look[name] for name in ("sheet", "header_rows", "columns")}
    result = run(import_order(desktop.session, "enrol", Path(path), chosen, look["rows"]))
    taken = time.monotonic() - started
    return {"idle": idle_late, "late": meanwhile.late, "seconds": taken, "rows": result["read"]}


def wait_by_events(app: QApplication, until: Callable[[], bool]) -> None:
    """Let events come, without asking for them again and again: that would be lateness of our own."""
    del app
    from PyQt6.QtCore import QEventLoop

    loop, watch = QEventLoop(), QTimer()
    watch.timeout.connect(lambda: loop.quit() if until() else None)
    watch.start(50)
    loop.exec()


def roster(home: str) -> Figures:
    """Not in the running program but in a page alone: filter, sort, painted area."""
    return asdict(tables.measure(Path(home)))


ACTS: dict[str, Callable[..., Figures]] = {"memory": memory_of, "idle": idle, "import": bring}


def _in_the_window(act: str, home: str, rest: list[str]) -> int:
    opened = Desktop._after_opening

    def do(desktop: Desktop) -> None:
        _stop_sync(desktop)
        try:
            print(json.dumps(ACTS[act](desktop, *rest)), flush=True)
        except BaseException as fault:
            sys.__excepthook__(type(fault), fault, fault.__traceback__)
            os._exit(1)
        desktop.window.close_now()

    def after(desktop: Desktop) -> None:
        opened(desktop)
        QTimer.singleShot(round(CALM_S * 1000), lambda: do(desktop))

    # Nothing may pop up over what is measured; and this is the moment in which everything is there.
    setattr(QtDialogs, "has", lambda _dialogs, _name: False)  # noqa: B010 - the program's own types forbid to assign it
    setattr(Desktop, "_after_opening", after)  # noqa: B010 - likewise
    from unitclient.entry import main

    return main(["--home", home])


def _stop_sync(desktop: Desktop) -> None:
    """No talk with the centre while something is measured."""
    from unitclient.desktop.pages.queue.auto_sync import AutoSync

    for sync in desktop.window.findChildren(AutoSync):
        sync.stop()


def main() -> int:
    """Do one act."""
    act, home, *rest = sys.argv[1:]
    if act == "roster":
        print(json.dumps(roster(home)))
        return 0
    return _in_the_window(act, home, rest)


if __name__ == "__main__":
    sys.exit(main())
