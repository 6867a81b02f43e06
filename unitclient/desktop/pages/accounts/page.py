"""The accounts page put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.accounts.presenter import AccountsPresenter
from unitclient.desktop.pages.accounts.view import AccountsView

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services) -> AccountsView:
    """The page with its presenter."""
    view, presenter = AccountsView(services), AccountsPresenter(services)
    presenter.setParent(view)
    view.intent_read.connect(presenter.read)
    view.intent_ask.connect(presenter.ask)
    view.intent_category.connect(presenter.choose)
    view.intent_business.connect(presenter.open_business)
    presenter.changed.connect(view.render_state)
    view.render_state(presenter.state)
    return view
