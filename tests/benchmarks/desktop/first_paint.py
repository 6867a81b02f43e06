"""When a program is first painted: `python first_paint.py PROGRAM ARGUMENT...` prints a JSON object and ends.

One instrument for this program, a bare window and the peers, run by the interpreter of each; so it imports nothing but
PyQt6. Times count from the moment in `BENCH_STARTED` (time.monotonic of the one who started it) to the first event
after the window was painted; CPU is that of the process until then.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

CLOSE_AFTER_MS = 100
Test = Callable[[QWidget], bool]


class Instrument(QObject):
    """Sees every event of the window's thread; notes when each of its marks was painted, and ends with the last."""

    def __init__(self, marks: dict[str, Test]) -> None:
        super().__init__()
        self._marks = dict(marks)
        self._painted: list[str] = []
        self.found: dict[str, dict[str, float]] = {}

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """A mark counts when the painting it was seen in is over: with the first other event after it."""
        if event is None:
            return False
        if event.type() != QEvent.Type.Paint:
            if self._painted:
                self._note()
        elif isinstance(watched, QWidget):
            self._painted += [name for name, test in self._marks.items() if test(watched)]
            for name in self._painted:
                self._marks.pop(name, None)
        return False

    def _note(self) -> None:
        taken = (time.monotonic() - float(os.environ["BENCH_STARTED"])) * 1000
        for name in self._painted:
            self.found[name] = {"wall_ms": taken, "cpu_ms": time.process_time() * 1000}
        self._painted = []
        if not self._marks:
            self.end()

    def end(self) -> None:
        """Say what was seen, and leave without a goodbye: how a program ends is not what is measured."""
        print(json.dumps(self.found), flush=True)
        os._exit(0)


def watch(marks: dict[str, Test]) -> None:
    """Have the application that is about to be made watched."""
    made = QApplication.__init__

    def make(self: QApplication, *arguments: Any, **named: Any) -> None:
        made(self, *arguments, **named)
        instrument = Instrument(marks)
        self._instrument = instrument  # type: ignore[attr-defined]  # keeps it alive, whoever made the application
        self.installEventFilter(instrument)

    QApplication.__init__ = make  # type: ignore[method-assign]  # the one place all programs pass


def main_window(name: str) -> Test:
    """Whether it is the top-level window of that class."""
    return lambda widget: type(widget).__name__ == name and widget.isWindow()


class Bare(QWidget):
    """The floor: a window with a label in it."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(1280, 800)
        box = QVBoxLayout(self)
        box.addWidget(QLabel("本月申报"))


def bare() -> None:
    """A window of Qt and nothing else."""
    watch({"window": main_window("Bare")})
    app = QApplication(sys.argv[:1])
    window = Bare()
    window.show()
    app.exec()


class Dashboard:
    """Tells when the dashboard shows what is known of its unit: its month's pieces were painted with their figures."""

    def __init__(self) -> None:
        self._waiting: set[QWidget] | None = None

    def live(self, widget: QWidget) -> bool:
        """Whether with this widget the last piece that lies in sight was painted after the month was read."""
        if self._waiting is None:
            page = _dashboard()
            if page is None or page.presenter.state is None:
                return False
            pieces = (page.countdown.number, page.stepper, page.queue.text, page.certificate.text, page.backup.text)
            self._waiting = {one for one in pieces if not one.visibleRegion().isEmpty()}
        self._waiting.discard(widget)
        return not self._waiting

    def first(self, widget: QWidget) -> bool:
        """Whether its figures are painted, be it from the picture that was kept when the window was closed."""
        shown = type(widget).__name__ == "Frame" and widget.isWindow() and getattr(widget, "picture", None) is not None
        return shown or self.live(widget)

    def charts(self, widget: QWidget) -> bool:
        """Whether it is the chart of the months before."""
        page = _dashboard()
        body = page.trends_body if page is not None else None
        return body is not None and body.isAncestorOf(widget)


def _dashboard() -> Any:
    """The dashboard page of the running window, once there is one."""
    if "unitclient.desktop.pages.dashboard.view" not in sys.modules:
        return None
    frames = [one for one in QApplication.topLevelWidgets() if type(one).__name__ == "Frame"]
    content = getattr(frames[0], "content", None) if frames else None
    page = content.host.current_page() if content is not None else None
    return page if type(page).__name__ == "DashboardPage" else None


def unitclient() -> None:
    """This program over the home in the arguments: `first_paint.py unitclient --home DIR`."""
    from unitclient.entry import main

    dashboard = Dashboard()
    marks = {"frame": main_window("Frame"), "first": dashboard.first, "live": dashboard.live}
    watch({**marks, "charts": dashboard.charts})
    sys.exit(main(sys.argv[2:]))


def close() -> None:
    """This program, closed as a person closes it once the dashboard has stood there for a while: the start before."""
    from PyQt6.QtCore import QTimer

    from unitclient.entry import main

    dashboard = Dashboard()

    def end() -> None:
        frames = [one for one in QApplication.topLevelWidgets() if type(one).__name__ == "Frame"]
        frames[0].content.close_now()  # type: ignore[attr-defined]  # the instrument runs where our types may be absent

    def seen(widget: QWidget) -> bool:
        if dashboard.charts(widget):
            QTimer.singleShot(CLOSE_AFTER_MS, end)
            return True
        return False

    watch({"charts": seen, "never": lambda _widget: False})
    print("{}")
    sys.exit(main(sys.argv[2:]))


def anki() -> None:
    """Anki over a base folder with a profile: `first_paint.py anki -b DIR -p PROFILE`."""
    watch({"window": main_window("AnkiQt")})
    sys.argv = ["anki", *sys.argv[2:]]
    import aqt  # type: ignore[import-not-found,unused-ignore]  # a peer's environment has it, ours does not

    aqt.run()


def vorta() -> None:
    """Vorta with its folders under HOME."""
    watch({"window": main_window("MainWindow")})
    sys.argv = ["vorta"]
    from vorta.__main__ import (  # type: ignore[import-not-found,unused-ignore]  # a peer's environment has it
        main,
    )

    main()


PROGRAMS = {"bare": bare, "unitclient": unitclient, "close": close, "anki": anki, "vorta": vorta}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]]()
