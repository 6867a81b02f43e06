"""The keys page put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.keys.presenter import KeysPresenter
from unitclient.desktop.pages.keys.view import KeysView

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services) -> KeysView:
    """The page with its presenter."""
    view, presenter = KeysView(services), KeysPresenter(services)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.intent_search.connect(presenter.search)
    view.intent_select.connect(presenter.select)
    view.intent_library.connect(presenter.choose_library)
    view.intent_file.connect(presenter.choose_file)
    view.intent_act.connect(presenter.act)
    presenter.changed.connect(view.render_state)
    presenter.refused.connect(view.banner.refuse)
    view.render_state(presenter.state)
    return view
