"""Menus that choose the unit and the period."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QMenu, QWidget

from unitclient.desktop.services import Services
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.store.units import Unit

_MONTHS_BACK = 12
MOST_IN_MENU = 12
"""More units than this are looked for by typing."""


def units_of(services: Services) -> list[Unit]:
    """All units of this computer, by name."""
    from unitclient.store.units import list_units

    return list_units(services.session.desk().store)


def unit_menu(services: Services, parent: QWidget, switch: Callable[[str], object]) -> QMenu:
    """All units of this computer, the one in front marked, and a way to add one."""
    menu = _menu(parent, say("d-act-unit"))
    group = QActionGroup(menu)
    for unit in units_of(services):
        text = say("d-unit-practice", name=unit.name) if unit.practice else unit.name
        action = _choice(menu, group, f"{text}    {unit.unit_number}")
        action.setChecked(unit.unit_number == services.session.unit_number())
        action.triggered.connect(lambda _checked, number=unit.unit_number: switch(number))
    menu.addSeparator()
    add = _action(menu, say("d-no-unit-act"))
    add.triggered.connect(lambda _checked: services.dialogs.open_wizard("first_run", {}, lambda _answer: None))
    return menu


def period_menu(services: Services, parent: QWidget) -> QMenu:
    """The month that is due next, and those around it."""
    from unitclient.workflows.calendar import next_period

    session = services.session
    menu = _menu(parent, say("d-period-choose"))
    group = QActionGroup(menu)
    due = next_period(session.desk(), session.need_unit())
    for step in range(1, -_MONTHS_BACK - 1, -1):
        period = due + step
        text = say("d-period", year=period.year, month=period.month)
        action = _choice(menu, group, say("d-period-due", period=text) if step == 0 else text)
        action.setChecked(period == session.period())
        action.triggered.connect(lambda _checked, month=period: session.set_period(month))
    return menu


def open_below(menu: QMenu, widget: QWidget) -> None:
    """Open a menu under a widget."""
    menu.popup(widget.mapToGlobal(QPoint(0, widget.height())))


def _menu(parent: QWidget, name: str) -> QMenu:
    menu = QMenu(parent)
    menu.setAccessibleName(name)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _choice(menu: QMenu, group: QActionGroup, text: str) -> QAction:
    action = _action(menu, text)
    action.setCheckable(True)
    group.addAction(action)
    return action


def _action(menu: QMenu, text: str) -> QAction:
    # An ampersand in a unit's name is not a mnemonic.
    action = menu.addAction(text.replace("&", "&&"))
    assert action is not None
    return action
