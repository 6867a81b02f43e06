"""The units page put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.sign.work import helper_for
from unitclient.desktop.pages.units.presenter import UnitsPresenter
from unitclient.desktop.pages.units.view import UnitsView

if TYPE_CHECKING:
    from unitclient.desktop.pages.units.keys import OpenHelper
    from unitclient.desktop.services import Services


def make_page(services: Services, open_helper: OpenHelper = helper_for) -> UnitsView:
    """The page with its presenter; `open_helper` opens the keys."""
    view, presenter = UnitsView(services), UnitsPresenter(services, open_helper)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.intent_select.connect(presenter.select)
    view.intent_switch.connect(presenter.switch)
    view.intent_open.connect(presenter.open_month)
    view.intent_add.connect(presenter.add)
    view.intent_choose.connect(presenter.choose)
    view.intent_prepare.connect(presenter.prepare_many)
    view.intent_sign.connect(presenter.sign_many)
    view.intent_send.connect(presenter.send_many)
    presenter.changed.connect(view.render_state)
    presenter.switched.connect(view.tell_switched)
    presenter.ended.connect(view.tell_ended)
    presenter.refused.connect(view.banner.refuse)
    view.render_state(presenter.state)
    return view
