"""The idle lock: after so many minutes without a hand at keyboard or mouse the window is covered.

Only where the database has a passphrase: without one a cover would promise what it cannot keep. What is under way
goes on (the queue is sent), nothing of it is seen, and no shortcut reaches it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QPalette
from PyQt6.QtWidgets import QApplication, QDialog, QFrame, QLineEdit, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.service import texts_of
from unitclient.desktop.dialogs.unlock import work
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.dialogs.unlock.login import LONGEST_NAME
from unitclient.desktop.theme.icons import pixmap
from unitclient.desktop.theme.tokens import BUTTON_HEIGHT, State
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.form_field import FormField
from unitclient.errors import UserError
from unitclient.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from unitclient.desktop.services import Services
    from unitclient.desktop.shell.main_window import MainWindow

_HANDS = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
                    QEvent.Type.TouchBegin, QEvent.Type.TabletPress})  # fmt: skip
_CARD_WIDTH = 360
_CARD_EDGE = 24


class Cover(QWidget):
    """Hides everything else in the window. Nothing of the unit is named on it."""

    opened = pyqtSignal()

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setAccessibleName(say("d-lock-title"))
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(_CARD_WIDTH)
        picture = label()
        picture.setPixmap(pixmap("lock", 32, "text2", self.devicePixelRatioF()))
        self.word = PassphraseField()
        known = work.has_operators(services)
        self.field = FormField(say("d-login-word" if known else "d-unlock-word"), self.word)
        self.name = QLineEdit(services.session.signed_in)
        self.name.setMaxLength(LONGEST_NAME)
        self.who = FormField(say("d-login-name"), self.name, parent=self)
        self.who.setVisible(known)
        self.name.setMinimumHeight(BUTTON_HEIGHT)
        self.act = button(say("d-lock-open"), self.try_open, "primary", icon="lock")
        self.word.setMinimumHeight(BUTTON_HEIGHT)
        self.word.returnPressed.connect(self.try_open)
        box = QVBoxLayout(card)
        box.setContentsMargins(_CARD_EDGE, _CARD_EDGE, _CARD_EDGE, _CARD_EDGE)
        box.setSpacing(12)
        box.addWidget(picture)
        box.addWidget(label(say("d-lock-title"), "sectionTitle"))
        why = label(say("d-lock-who" if known else "d-lock-why"), "secondary", wrap=True)
        # A wrapped label asks for its height by its width: a fixed one leaves the others theirs.
        why.setFixedWidth(_CARD_WIDTH - 2 * _CARD_EDGE - 2)
        box.addWidget(why)
        if known:
            box.addWidget(self.who)
        box.addWidget(self.field)
        box.addWidget(self.act)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(row(1, card, 1))  # an alignment would ask the card for its height at the window's width
        outer.addStretch(3)

    def try_open(self) -> None:
        """Check what was typed."""
        typed = self.word.take()
        if not typed or not self.act.isEnabled():
            return
        self.act.setEnabled(False)
        work.check(self._services, typed, self._right, self._wrong, self.operator())

    def operator(self) -> str:
        """Who types, where the home has operators."""
        return " ".join(self.name.text().split()) if work.has_operators(self._services) else ""

    def _right(self) -> None:
        self.act.setEnabled(True)
        try:
            if self.operator():
                self._services.session.sign_in(self.operator())
        except UserError as refusal:
            self._wrong(refusal)
            return
        self.opened.emit()

    def _wrong(self, fault: BaseException) -> None:
        self.act.setEnabled(True)
        if not isinstance(fault, UserError):
            raise fault
        known = work.has_operators(self._services)
        self.field.tell(State.ERR, texts_of(fault).what if known else say("d-unlock-wrong"))
        self.word.setFocus()


class IdleLock(QObject):
    """Watches for hands, and covers the window. `now` gives seconds that only go forward."""

    changed = pyqtSignal(bool)
    """Whether the window is covered now."""

    def __init__(self, services: Services, window: MainWindow, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(window)
        self._services, self._window, self._now = services, window, now
        self._last = now()
        self._cover: Cover | None = None
        self._hidden: list[QWidget] = []
        self._dialogs: list[QWidget] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        services.settings.changed.connect(self._on_setting)
        self.look()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Note the hands; and keep the cover as large as the window."""
        if event is not None:
            kind = event.type()
            if kind in _HANDS:
                self._last = self._now()
            elif kind == QEvent.Type.Resize and self._cover is not None and watched is self._cover.parent():
                self._fit()
        return False

    def minutes(self) -> int:
        """After how many minutes the window is covered; 0 is never."""
        return int(self._services.settings.get("idle_lock_minutes"))

    def locked(self) -> bool:
        """Whether the window is covered."""
        return self._cover is not None

    def can_lock(self) -> bool:
        """Whether there is a passphrase that would open it again."""
        return work.has_passphrase(self._services) and not self.locked()

    def look(self) -> None:
        """Cover the window if it was left alone for so long; look again when it may be time."""
        allowed = self.minutes() * 60
        if not allowed:
            self._timer.stop()
            return
        left = allowed - (self._now() - self._last)
        if left <= 0 and not self.locked():
            self.lock()
        self._timer.start(round(max(1.0, left if left > 0 else 30.0) * 1000))

    def lock(self) -> None:
        """Cover the window now; nothing happens without a passphrase."""
        if not self.can_lock():
            return
        frame = self._window.top_level()
        self._dialogs = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not frame]
        for one in self._dialogs:
            one.hide()
        inside = frame.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        self._hidden = [one for one in inside if not one.isWindow() and not one.isHidden()]
        for one in self._hidden:
            one.hide()
        self._cover = Cover(self._services, frame)
        self._cover.opened.connect(self._open)
        self._fit()
        self._cover.show()
        self._cover.raise_()
        self._cover.word.setFocus()
        frame.setWindowTitle(say("d-lock-window", app=say("d-app-name")))
        self.changed.emit(True)

    def _fit(self) -> None:
        if self._cover is not None:
            self._cover.setGeometry(self._window.top_level().rect())

    def _open(self) -> None:
        cover, self._cover = self._cover, None
        if cover is not None:
            cover.hide()
            cover.deleteLater()
        for one in self._hidden:
            one.show()
        for one in self._dialogs:
            # Hiding a dialog takes its modality; opening gives it back.
            one.open() if isinstance(one, QDialog) else one.show()
        self._hidden, self._dialogs = [], []
        self._last = self._now()
        self._window.render_unit()
        self.look()
        self.changed.emit(False)

    def _on_setting(self, key: str) -> None:
        if key == "idle_lock_minutes":
            self.look()
