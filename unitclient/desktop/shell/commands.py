"""What the window's acts do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from unitclient.desktop.actions.search import Choice, choice
from unitclient.desktop.shell.choosing import MOST_IN_MENU, open_below, period_menu, unit_menu, units_of
from unitclient.desktop.theme.look import look
from unitclient.desktop.theme.tokens import Scheme
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.shell.main_window import MainWindow


class ShellCommands(QObject):
    """Handlers of SHELL_ACTS."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._services = window.services

    def has_page(self) -> bool:
        """Whether a page is in front."""
        return self._window.host.current_page() is not None

    def has_unit(self) -> bool:
        """Whether a unit is in front."""
        return self._services.session.unit() is not None

    def is_open(self) -> bool:
        """Whether the session is open."""
        return self._services.session.is_open()

    def do_main(self) -> None:
        """The main act of the page in front."""
        if (page := self._window.host.current_page()) is not None:
            page.main_action()

    def do_find(self) -> None:
        """Into the page's search field."""
        if (page := self._window.host.current_page()) is not None:
            page.focus_search()

    def do_refresh(self) -> None:
        """Read the page again."""
        page = self._window.host.current_page()
        if page is not None and self.is_open():
            page.refresh()

    def do_next_finding(self) -> None:
        """To the next finding."""
        if (page := self._window.host.current_page()) is not None:
            page.next_finding()

    def do_previous_finding(self) -> None:
        """To the finding before."""
        if (page := self._window.host.current_page()) is not None:
            page.previous_finding()

    def choose_unit(self) -> None:
        """Open the list of units; a long one is searched by typing."""
        if not self.is_open():
            return
        if len(units_of(self._services)) > MOST_IN_MENU:
            self._open_palette(list(self._units()))
        else:
            open_below(unit_menu(self._services, self._window, self.switch_unit), self._window.top.unit)

    def switch_unit(self, number: str) -> None:
        """Put another unit in front, unless unsaved work of the page keeps this one."""
        page = self._window.host.current_page()
        session = self._services.session
        if page is None:
            session.set_unit(number)
        else:
            page.may_leave(lambda leave: session.set_unit(number) if leave else None)

    def choose_period(self) -> None:
        """Open the list of months."""
        if self.has_unit():
            open_below(period_menu(self._services, self._window), self._window.top.period)

    def step_period(self, months: int) -> None:
        """Some months on or back."""
        session = self._services.session
        session.set_period(session.period() + months)

    def earlier_period(self) -> None:
        """One month back."""
        self.step_period(-1)

    def later_period(self) -> None:
        """One month on."""
        self.step_period(1)

    def toggle_masking(self) -> None:
        """Hide or show ID numbers, phones and wages."""
        session = self._services.session
        session.set_masked(not session.masked())

    def toggle_scheme(self) -> None:
        """Light or dark, from now on."""
        self._services.settings.set("theme", "light" if look().scheme is Scheme.DARK else "dark")

    def open_tasks(self) -> None:
        """Show what is being done."""
        self._window.tasks.open_list()

    def focus_navigation(self) -> None:
        """Into the list of pages."""
        self._window.nav.take_focus()

    def open_palette(self) -> None:
        """The command palette."""
        self._open_palette(list(self.choices()))

    def choices(self) -> Iterator[Choice]:
        """Everything the palette offers now."""
        page = self._window.host.current_page()
        for act in self._window.acts.acts(page):
            if act.enabled() and act.spec.id != "palette":
                keys = act.spec.shortcuts()
                yield choice(act.title(), act.do, keys[0] if keys else "", act.spec.title_key)
        if self.is_open():
            yield from self._units()

    def _units(self) -> Iterator[Choice]:
        for unit in units_of(self._services):
            if unit.unit_number != self._services.session.unit_number():
                switch = say("d-palette-unit", name=unit.name)
                yield choice(switch, partial(self.switch_unit, unit.unit_number), unit.unit_number)

    def _open_palette(self, choices: list[Choice]) -> None:
        from unitclient.desktop.shell.palette import Palette

        palette = Palette(choices, self._window)
        palette.finished.connect(palette.deleteLater)
        palette.open()

    def open_help(self) -> None:
        """What the page is for, and the shortcuts."""
        from unitclient.desktop.shell.help_sheet import HelpSheet

        page = self._window.host.current_page()
        title = page.title() if page is not None else say("d-app-name")
        acts = [act for act in self._window.acts.acts(page) if act.spec.shortcut]
        HelpSheet(title, page.help_text() if page is not None else "", acts, self._window).show()

    def open_about(self) -> None:
        """Version, licence, libraries."""
        from unitclient.desktop.dialogs.about import About

        About(self._services, self._window).open()

    def close_window(self) -> None:
        """Close, after unsaved work and running tasks were asked about."""
        page = self._window.host.current_page()
        if page is None:
            self._close_after_tasks(True)
        else:
            page.may_leave(self._close_after_tasks)

    def count_queue(self, _what: object = None) -> None:
        """Count what waits to be sent, for the top bar."""
        from unitclient.store.outbox import waiting_count

        session = self._services.session
        number = session.unit_number()
        self._window.top.show_queue(waiting_count(session.desk().store, number) if number else 0)

    def _close_after_tasks(self, leave: bool) -> None:
        running = [handle.title() for handle in self._services.tasks.tasks()]
        if not leave:
            return
        if not running:
            self._window.close_now()
            return
        text = say("d-close-tasks", tasks="\n".join(f"· {title}" for title in running))
        self._services.dialogs.confirm("d-close-title", text, "d-close-act", self._closed)

    def _closed(self, yes: bool) -> None:
        if yes:
            self._window.close_now()
