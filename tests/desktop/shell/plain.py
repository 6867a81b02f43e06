"""A window over plain pages that remember what they were asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.hands import key as key_click
from tests.desktop.stage import Stage
from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.pages.base import Page, PageSpec
from unitclient.desktop.services import Services
from unitclient.desktop.shell.main_window import MainWindow


class Plain(Page):
    """A page that remembers what it was asked."""

    page_id = "plain"
    title_key = "d-set-title"
    help_id = "d-set-help"
    topics = frozenset({"items"})

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.did: list[str] = []
        self.stays = False
        self.field = QLineEdit()
        self.field.setAccessibleName("查找")
        self.body.addWidget(self.field)

    def refresh(self) -> None:
        self.did.append("refresh")

    def main_action(self) -> None:
        self.did.append("main")

    def focus_search(self) -> None:
        self.did.append("find")

    def next_finding(self) -> None:
        self.did.append("next")

    def previous_finding(self) -> None:
        self.did.append("previous")

    def receive(self, target: Mapping[str, str]) -> None:
        self.did.append(f"target {dict(target)}")

    def drop_files(self, paths: list[str]) -> bool:
        self.did.append("drop")
        return paths[0].endswith(".xlsx")

    def may_leave(self, done: Callable[[bool], None]) -> None:
        done(not self.stays)

    def special(self) -> None:
        self.did.append("special")

    def page_actions(self) -> tuple[ActionSpec, ...]:
        return (ActionSpec("plain.special", "d-diag-again", "Ctrl+B", Scope.PAGE, "special", "d-close"),)


def spec_of(name: str, nav: int, *, needs_unit: bool = False) -> PageSpec:
    """A page made of Plain."""
    return PageSpec(name, "d-set-title", "settings", nav, "", "d-set-help", Plain, needs_unit)


SPECS = [spec_of("one", 1), spec_of("two", 2, needs_unit=True), spec_of("hidden", 0)]


def shown(stage: Stage, qtbot: QtBot) -> MainWindow:
    """A window over a stage, with the first page in front."""
    window = MainWindow(stage.services, SPECS)
    qtbot.addWidget(window, before_close_func=_let_go)
    window.close_now = window.hide  # type: ignore[method-assign]  # qtbot closes it for good
    window.resize(1200, 700)
    window.show()
    window.go("one")
    return window


def _let_go(window: QWidget) -> None:
    """Close without asking."""
    assert isinstance(window, MainWindow)
    window._may_close = True


def page(window: MainWindow, name: str = "one") -> Plain:
    """A page as what it is."""
    made = window.host.page(name)
    assert isinstance(made, Plain)
    return made


def press(window: MainWindow, qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
    """A key, to whatever has the focus."""
    window.activateWindow()
    target = QApplication.focusWidget() or window
    key_click(target, key, modifiers or Qt.KeyboardModifier.NoModifier)
