"""The units page put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.units.presenter import UnitsPresenter
from unitclient.desktop.pages.units.view import UnitsView

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services) -> UnitsView:
    """The page with its presenter."""
    view, presenter = UnitsView(services), UnitsPresenter(services)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.intent_select.connect(presenter.select)
    view.intent_switch.connect(presenter.switch)
    view.intent_open.connect(presenter.open_month)
    view.intent_add.connect(presenter.add)
    presenter.changed.connect(view.render_state)
    presenter.switched.connect(view.tell_switched)
    view.render_state(presenter.state)
    return view
