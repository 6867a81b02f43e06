"""The running desktop: puts the parts together, shows the window, and opens the session after the first paint."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from pathlib import Path

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSlot
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication

from unitclient.clock import Clock
from unitclient.desktop import errors, front
from unitclient.desktop.collector import Collector
from unitclient.desktop.dialogs.qt import QtDialogs
from unitclient.desktop.dialogs.service import texts_of
from unitclient.desktop.errors import FaultCatcher
from unitclient.desktop.files import QtFiles
from unitclient.desktop.front import Front
from unitclient.desktop.lanes import LaneRunner
from unitclient.desktop.leaving import Leaving, leaving
from unitclient.desktop.screen import remote_mode
from unitclient.desktop.services import Services
from unitclient.desktop.session import Session, SessionClock
from unitclient.desktop.settings import Settings
from unitclient.desktop.shell.frame import PLACE, Frame
from unitclient.desktop.shell.main_window import MainWindow
from unitclient.desktop.shell.registry import page_specs
from unitclient.desktop.theme import look
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.warmup import Ready, WarmUp
from unitclient.errors import UserError
from unitclient.texts import say

_LOOKS = ("theme", "density", "font_size")
_SETTLED_MS = 3000
"""After this long the pages are imported: what lives then lives until the end."""
_DRAWN_MS = 300
"""After the first page was read: its charts are drawn by then."""
_COVERED_MS = 3000
"""How long a picture of the first page stays at most."""
_SIGN_IN = ("store-operator-needed", "operator-refused", "operator-wait", "operator-blocked", "operator-unknown")
"""Refusals after which somebody is asked who works here."""
_log = logging.getLogger("unitclient.desktop")


class Shelf:
    """Stands in for the window in Services until there is one."""

    def __init__(self) -> None:
        self.window: MainWindow | None = None

    def go(self, page_id: str, **target: str) -> None:
        """See Shell."""
        if self.window is not None:
            self.window.go(page_id, **target)

    def say(self, text: str) -> None:
        """See Shell."""
        if self.window is not None:
            self.window.say(text)


class Desktop(QObject):
    """Everything of one run."""

    def __init__(self, app: QApplication, home: Path, settings: Settings, catcher: FaultCatcher,
                 clock: Clock | None = None) -> None:  # fmt: skip
        super().__init__()
        self.app = app
        self._frame: Frame | None = None
        self._name = ""
        self.front: Front | None = None
        """Taken when the window closes, for the next start."""
        self.left: Leaving | None = None
        """Likewise, for the automatic backup."""
        self.settings = settings
        self.session = Session(home, settings, clock)
        self.dialogs = QtDialogs()
        self.runner = LaneRunner(self.session, self.dialogs.refuse, self.show_fault)
        shelf = Shelf()
        self.services = Services(home, self.runner, self.dialogs, QtFiles(), SessionClock(self.session), self.session,
                                 settings, shelf)  # fmt: skip
        self.apply_look()
        self.window = shelf.window = MainWindow(self.services, page_specs())
        self.window.host.in_steps = True
        self.dialogs.attach(self.services, self.window)
        self.runner.added.connect(self.window.tasks.add)
        self.collector = Collector(self)
        self.warm_up = WarmUp(home, self.session.system_clock)
        self.warm_up.ready.connect(self._on_ready)
        self.warm_up.failed.connect(self._on_failed)
        self.warm_up.hooks_ready.connect(self._on_hooks)
        self.runner.rested.connect(lambda: QTimer.singleShot(0, self.uncover))
        self.runner.rested.connect(lambda: QTimer.singleShot(_DRAWN_MS, self.warm_up.calm_now))
        self.window.closing.connect(self.stop)
        self.apply_remote()
        catcher.show_by(self.show_fault)
        settings.changed.connect(self._on_setting)
        hints = QGuiApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(lambda _scheme: self.apply_look())

    def start(self, frame: Frame) -> None:
        """Show the content in its frame with the first page, then open the session."""
        self._frame = frame
        if self.window.specs:
            self.window.go(self.window.specs[0].id)
        frame.take(self.window)
        self.window.host.shown.connect(self._on_shown)
        QTimer.singleShot(_COVERED_MS, self.uncover)
        self.window.settle()
        self.collector.start()
        _log.info("content after %d ms of CPU", round(time.process_time() * 1000))
        self.warm_up.start()

    @pyqtSlot()
    def uncover(self) -> None:
        """Show the window itself instead of the picture of it."""
        if self._frame is not None:
            self._frame.uncover()

    @pyqtSlot(str)
    def _on_shown(self, page_id: str) -> None:
        if page_id != self.window.specs[0].id:
            self.uncover()

    def apply_look(self) -> None:
        """Scheme, density and font size as set; a high-contrast system keeps its own colours."""
        scheme = look.scheme_for(self.settings.get("theme"))
        plain = look.high_contrast(self.app)
        look.apply(self.app, scheme, density=self.settings.get("density"), font_size=self.settings.get("font_size"),
                   system_colours=plain)  # fmt: skip

    def apply_remote(self) -> None:
        """In remote mode nothing blinks, and the window says so."""
        remote = remote_mode(self.settings.get("remote_mode"))
        self.window.status.remote.setVisible(remote)
        self.app.setCursorFlashTime(0 if remote else 1000)

    def show_fault(self, fault: object) -> None:
        """A refusal nobody took becomes a dialog, a fault of the program a report."""
        assert isinstance(fault, BaseException)
        if isinstance(fault, UserError):
            self.dialogs.refuse(texts_of(fault))
            return
        from unitclient.desktop.dialogs.error_report import show_report

        show_report(self.services, errors.report_of(fault, datetime.now().astimezone()), self.window)

    def tell_crash(self, frames: str) -> None:
        """The run before ended in a crash: say so, and offer its report."""
        banner = self.window.notices.show_notice("crash", State.WARN, say("d-crash-found"))
        report = errors.FaultReport("crash", "\n".join([*errors.about_machine(), "kind crash", "", frames]))

        def show() -> None:
            from unitclient.desktop.dialogs.error_report import show_report

            show_report(self.services, report, self.window)

        banner.tell(State.WARN, say("d-crash-found"), say("d-crash-show"), show)

    @pyqtSlot()
    def stop(self) -> None:
        """Stop the lanes and close the database; a second call does nothing."""
        if self._frame is not None:
            self.settings.set_layout(PLACE, self._frame.where())
            self.collector.stop()
        self._frame, closing = None, self._frame is not None
        self.warm_up.stop()
        self.runner.stop()
        try:
            if closing:
                self.left = leaving(self.session)
                self.front = front.take(self.window, self.session)
        finally:
            self.session.close()

    @pyqtSlot(object)
    def _on_ready(self, ready: Ready) -> None:
        try:
            self.session.open(ready.parts, ready.passphrase, ready.key, ready.operator)
            if ready.operator:
                self.session.sign_in(ready.operator)
        except UserError as refusal:
            self._on_failed(refusal)
            return
        self.window.notices.drop_notice("closed")
        # By an event of its own: opening has filled the first page already.
        QTimer.singleShot(0, self._after_opening)

    @pyqtSlot(object)
    def _on_failed(self, fault: BaseException) -> None:
        self.uncover()
        if isinstance(fault, UserError):
            self._not_opened(fault)
        else:
            self.show_fault(fault)

    def _not_opened(self, refusal: UserError) -> None:
        """A database that needs a passphrase asks for it; any other refusal stays to be read."""
        asks = refusal.code in ("store-passphrase-needed", "store-passphrase-wrong")
        if asks and self.dialogs.has("unlock"):
            told = {"wrong": refusal.code == "store-passphrase-wrong"}
            self.dialogs.open_wizard("unlock", told, self._on_passphrase)
            return
        if refusal.code in _SIGN_IN and self.dialogs.has("unlock"):
            first = refusal.code == "store-operator-needed"
            who = {"operator": True, "name": self._name, "refusal": "" if first else texts_of(refusal).what}
            self.dialogs.open_wizard("unlock", who, self._on_sign_in)
            return
        banner = self.window.notices.show_notice("closed", State.ERR, "\n".join(texts_of(refusal)), lasting=True)
        banner.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_passphrase(self, passphrase: object) -> None:
        if passphrase == "":
            self._recover("")
        elif isinstance(passphrase, str):
            self.warm_up.open_with(passphrase)
        else:
            QTimer.singleShot(0, self.window.close_now)

    def _on_sign_in(self, given: object) -> None:
        if isinstance(given, tuple):
            self._name, word = given
            if word is None:
                self._recover(self._name)
            else:
                self.warm_up.open_with(word, self._name)
        else:
            QTimer.singleShot(0, self.window.close_now)

    def _recover(self, name: str) -> None:
        """A password is forgotten; whatever comes of it, somebody is asked to sign in again."""
        self.dialogs.open_wizard("recover", {"name": name}, lambda _answer: self.warm_up.open_with(None))

    def _after_opening(self) -> None:
        if not self.session.is_open():
            return
        self.app.installTranslator(self.warm_up.translator(self.app))
        if self.session.unit() is None and self.dialogs.has("first_run"):
            self.dialogs.open_wizard("first_run", {}, lambda _answer: None)
        self.warm_up.import_rest([spec.id for spec in self.window.specs])
        QTimer.singleShot(_SETTLED_MS, self._settled)

    @pyqtSlot()
    def _on_hooks(self) -> None:
        from unitclient.desktop.shell.hooks import install_hooks

        if self._frame is not None:
            install_hooks(self.services, self.window)

    def _settled(self) -> None:
        if self._frame is not None:
            self.collector.settle()

    def _on_setting(self, key: str) -> None:
        if key in _LOOKS:
            self.apply_look()
        elif key == "remote_mode":
            self.apply_remote()
