"""Menus that choose the unit and the period."""

from __future__ import annotations

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from unitclient.desktop.services import Services
from unitclient.texts import say

_MONTHS_BACK = 12


def unit_menu(services: Services, parent: QWidget) -> QMenu:
    """All units of this computer, the one in front marked, and a way to add one."""
    from unitclient.store.units import list_units

    session = services.session
    menu = _menu(parent, say("d-act-unit"))
    for unit in list_units(session.desk().store):
        text = say("d-unit-practice", name=unit.name) if unit.practice else unit.name
        action = _action(menu, f"{text}    {unit.unit_number}")
        action.setCheckable(True)
        action.setChecked(unit.unit_number == session.unit_number())
        action.triggered.connect(lambda _checked, number=unit.unit_number: session.set_unit(number))
    menu.addSeparator()
    add = _action(menu, say("d-no-unit-act"))
    add.triggered.connect(lambda _checked: services.dialogs.open_wizard("first_run", {}, lambda _answer: None))
    return menu


def period_menu(services: Services, parent: QWidget) -> QMenu:
    """The month that is due next, and those around it."""
    from unitclient.workflows.calendar import next_period

    session = services.session
    menu = _menu(parent, say("d-period-choose"))
    due = next_period(session.desk(), session.need_unit())
    for step in range(1, -_MONTHS_BACK - 1, -1):
        period = due + step
        text = say("d-period", year=period.year, month=period.month)
        action = _action(menu, say("d-period-due", period=text) if step == 0 else text)
        action.setCheckable(True)
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


def _action(menu: QMenu, text: str) -> QAction:
    # An ampersand in a unit's name is not a mnemonic.
    action = menu.addAction(text.replace("&", "&&"))
    assert action is not None
    return action
