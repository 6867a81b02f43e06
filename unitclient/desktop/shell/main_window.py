"""The window: accent strip, top bar, notices, navigation, page host, status bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
)
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from unitclient.desktop.actions.registry import ActionRegistry
from unitclient.desktop.pages.base import PageSpec
from unitclient.desktop.services import Services
from unitclient.desktop.shell.acts import MENUS, SHELL_ACTS, page_acts
from unitclient.desktop.shell.commands import ShellCommands
from unitclient.desktop.shell.nav import Navigation
from unitclient.desktop.shell.notices import Notices
from unitclient.desktop.shell.page_host import PageHost
from unitclient.desktop.shell.status_bar import StatusBar
from unitclient.desktop.shell.top_bar import TopBar
from unitclient.desktop.theme.icons import icon
from unitclient.desktop.theme.tokens import COLLAPSE_BELOW
from unitclient.desktop.widgets.basic import button, restyle
from unitclient.desktop.widgets.task_center import TaskCenter
from unitclient.texts import say

DropHandler = Callable[[list[str]], bool]


class MainWindow(QWidget):
    """Everything inside the frame. Without a frame (in tests) it is a window of its own."""

    closing = pyqtSignal()

    def __init__(self, services: Services, specs: Sequence[PageSpec]) -> None:
        super().__init__()
        self.services = services
        self.specs = list(specs)
        self.acts = ActionRegistry()
        self.tasks = TaskCenter()
        self.status = StatusBar(self.tasks)
        self.notices = Notices()
        self.nav = Navigation(self.specs)
        self.host = PageHost(services, self.specs)
        self.menu_button = button("", None, "flat", icon="menu", name=say("d-menu"))
        self.top = TopBar(services.session, self.menu_button)
        self.strip = QFrame()
        self.strip.setObjectName("accentStrip")
        self.strip.setFixedHeight(3)
        self.commands = ShellCommands(self)
        self._drop_handlers: list[DropHandler] = []
        self._may_close = False
        self.setAcceptDrops(True)
        self._lay_out()
        self._bind()
        self.render_unit()

    def go(self, page_id: str, **target: str) -> None:
        """See Shell."""
        self.host.go(page_id, target)

    def say(self, text: str) -> None:
        """See Shell."""
        self.status.say(text)

    def add_drop_handler(self, handler: DropHandler) -> None:
        """Offer dropped files to `handler` when the page in front does not take them."""
        self._drop_handlers.append(handler)

    def drop(self, paths: list[str]) -> bool:
        """Hand files to the page in front, else to the first handler that takes them."""
        page = self.host.current_page()
        takers = [page.drop_files] if page is not None else []
        return any(taker(paths) for taker in (*takers, *self._drop_handlers))

    def render_unit(self, _what: object = None) -> None:
        """The unit names itself in the title and colours the strip; a practice unit says so on every page."""
        unit = self.services.session.unit()
        name = say("d-app-name")
        self.top_level().setWindowTitle(say("d-window-title", unit=unit.name, app=name) if unit else name)
        practice = unit is not None and unit.practice
        self.strip.setProperty("practice", "true" if practice else "false")
        restyle(self.strip)
        self.notices.show_practice(practice)

    def top_level(self) -> QWidget:
        """The frame, or this widget where it has none."""
        return self.window() or self

    def settle(self) -> None:
        """Now inside its frame: title, icon and a first focus."""
        self.top_level().setWindowIcon(icon("app", "accent"))
        self.render_unit()
        self.nav.take_focus()

    def bring_forward(self) -> None:
        """A second start asked for the window."""
        frame = self.top_level()
        frame.setWindowState(frame.windowState() & ~Qt.WindowState.WindowMinimized)
        frame.show()
        frame.raise_()
        frame.activateWindow()

    def close_now(self) -> None:
        """Close without asking again."""
        self._may_close = True
        self.top_level().close()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """A narrow window shows the navigation as icons."""
        super().resizeEvent(event)
        narrow = self.width() < COLLAPSE_BELOW
        self.nav.collapse(narrow)
        self.top.compact(narrow)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Esc takes the page's message away when nothing inside the page wanted the key."""
        page = self.host.current_page()
        if event is not None and event.key() == Qt.Key.Key_Escape and page is not None:
            page.banner.dismiss()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:  # noqa: N802 - Qt's name
        """Files of this computer may be dropped."""
        if event is not None and _paths(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the files once the drop is over: a dialog inside it would hold the other program up."""
        paths = _paths(event) if event is not None else []
        if event is not None and paths:
            event.acceptProposedAction()
            QTimer.singleShot(0, lambda: self.drop(paths))

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Unsaved work and running tasks are asked about first."""
        if event is None:
            return
        if self._may_close:
            self.closing.emit()
            event.accept()
            return
        event.ignore()
        # Not from inside the close that is just being refused: Qt takes a second one for part of the first.
        QTimer.singleShot(0, self.commands.close_window)

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.nav)
        middle.addWidget(self.host, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for widget in (self.strip, self.top, self.notices):
            outer.addWidget(widget)
        outer.addLayout(middle, 1)
        outer.addWidget(self.status)

    def _bind(self) -> None:
        session, commands, top = self.services.session, self.commands, self.top
        self.nav.chosen.connect(self.go)
        self.host.shown.connect(self.nav.show_page)
        self.host.made.connect(lambda page: self.acts.bind_all(page, page, page.page_actions()))
        session.unit_changed.connect(self.render_unit)
        top.unit_asked.connect(commands.choose_unit)
        top.period_asked.connect(commands.choose_period)
        top.period_stepped.connect(commands.step_period)
        top.queue_asked.connect(lambda: self.go("queue"))
        top.palette_asked.connect(commands.open_palette)
        top.masking_asked.connect(session.set_masked)
        session.data_changed.connect(commands.count_queue)
        session.unit_changed.connect(commands.count_queue)
        self.acts.bind_all(self, commands, SHELL_ACTS)
        for spec, page_id in page_acts(self.specs):
            self.acts.bind(self, spec, partial(self.go, page_id))
        self.menu_button.setMenu(self._menu())

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for name in MENUS:
            menu.addSection(say(f"d-menu-{name}"))
            menu.addActions([act.action for act in self.acts.all() if act.spec.menu == name])
        menu.aboutToShow.connect(self.acts.refresh)
        menu.aboutToHide.connect(self._enable_all)
        return menu

    def _enable_all(self) -> None:
        # A greyed action does not even see its shortcut; whether it can be done is asked again when it is pressed.
        for act in self.acts.all():
            act.action.setEnabled(True)


def _paths(event: QDropEvent) -> list[str]:
    data = event.mimeData()
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data is not None else []
