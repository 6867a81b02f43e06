"""The three classes of failure on the desktop: cancelled (silent), refused (three sentences), faults of the program.

A fault in a slot would abort the process: `install` puts hooks in its way before the first QObject is made. A report
holds frames and the kind of the exception, never its message or a value: those may be what somebody typed.
"""

from __future__ import annotations

import faulthandler
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO

from PyQt6.QtCore import PYQT_VERSION_STR, QObject, pyqtSignal, pyqtSlot, qVersion

from unitclient import __version__
from unitclient.errors import Cancelled, UserError

FAULT_NAME = "fault.txt"
CRASH_NAME = "crash.txt"
_PACKAGE = Path(__file__).resolve().parent.parent
_open_crash_files: list[IO[str]] = []


@dataclass(frozen=True, slots=True)
class FaultReport:
    """What a person may read and send: `kind` of the exception, and the whole text."""

    kind: str
    text: str


def report_of(fault: BaseException, at: datetime) -> FaultReport:
    """The report of a fault: versions, kind, frames. A fault of a child process brings its own kind and frames."""
    kind = str(getattr(fault, "kind", type(fault).__name__))
    frames = str(getattr(fault, "frames", "")) or "\n".join(_frames(fault))
    lines = (*about_machine(), f"time {at:%Y-%m-%d %H:%M:%S%z}", f"kind {kind}", "", frames, "")
    return FaultReport(kind, "\n".join(lines))


def about_machine() -> list[str]:
    """Versions and system, for reports."""
    return [
        f"unitclient {__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}, PyQt {PYQT_VERSION_STR}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
    ]


def _frames(fault: BaseException) -> list[str]:
    lines = []
    for frame in traceback.extract_tb(fault.__traceback__):
        path = Path(frame.filename)
        name = path.relative_to(_PACKAGE.parent) if path.is_relative_to(_PACKAGE) else Path(path.name)
        lines.append(f"  {name.as_posix()}:{frame.lineno} {frame.name}")
    if fault.__cause__ is not None:
        lines = [*_frames(fault.__cause__), f"  caused ({type(fault.__cause__).__name__})", *lines]
    return lines


class FaultCatcher(QObject):
    """Takes what nobody caught, from any thread, and hands it on to the window's thread."""

    _caught = pyqtSignal(object)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._sink: Callable[[BaseException], None] | None = None
        self._early: list[BaseException] = []
        self._caught.connect(self._deliver)

    def install(self) -> None:
        """Set the hooks of the interpreter."""
        sys.excepthook = self._hook
        threading.excepthook = lambda told: self.catch(told.exc_value) if told.exc_value else None
        sys.unraisablehook = lambda told: self.catch(told.exc_value) if told.exc_value else None

    def uninstall(self) -> None:
        """Put the interpreter's own hooks back."""
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__

    def show_by(self, sink: Callable[[BaseException], None]) -> None:
        """Who shows faults from now on; what was caught before is shown at once."""
        self._sink = sink
        early, self._early = self._early, []
        for fault in early:
            sink(fault)

    def catch(self, fault: BaseException) -> None:
        """Take a fault, from any thread. Cancelled is no fault."""
        if isinstance(fault, Cancelled):
            return
        if not isinstance(fault, UserError):
            self._keep(fault)
        self._caught.emit(fault)

    def _hook(self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
        else:
            self.catch(fault.with_traceback(trace))

    @pyqtSlot(object)
    def _deliver(self, fault: BaseException) -> None:
        if self._sink is None:
            self._early.append(fault)
        else:
            self._sink(fault)

    def _keep(self, fault: BaseException) -> None:
        keep_report(self._folder, report_of(fault, datetime.now().astimezone()).text)


def keep_report(folder: Path, text: str) -> Path:
    """Write a report to the folder's fault file; to standard error where that cannot be written."""
    path = folder / FAULT_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError:
        sys.stderr.write(text)
    return path


def watch_for_crashes(folder: Path) -> str:
    """Have a hard crash (a vendor's library, Qt itself) leave its frames in a file; gives what the last run left."""
    path = folder / CRASH_NAME
    try:
        left = path.read_text("utf-8", "replace") if path.exists() else ""
        if left.strip():
            path.replace(path.with_name("crash-last.txt"))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = path.open("w", encoding="utf-8")
    except OSError:
        return ""
    faulthandler.enable(file=file, all_threads=True)
    _open_crash_files.append(file)
    return left if left.strip() else ""


def stop_watching() -> None:
    """A clean end: no crash file stays."""
    faulthandler.disable()
    while _open_crash_files:
        file = _open_crash_files.pop()
        file.close()
        Path(file.name).unlink(missing_ok=True)
