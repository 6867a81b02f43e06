"""The signing page put together: the view's wishes go to the presenter, its state and results to the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.sign import work
from unitclient.desktop.pages.sign.presenter import SignPresenter
from unitclient.desktop.pages.sign.view import SignView

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services, open_helper: work.OpenHelper = work.helper_for) -> SignView:
    """The page with its presenter, which lives as long as the page."""
    view = SignView(services)
    presenter = SignPresenter(services, open_helper)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.intent_sign.connect(lambda retry: presenter.sign(retry=retry))
    view.intent_send.connect(presenter.send)
    view.intent_cancel.connect(presenter.cancel)
    view.intent_toggle.connect(presenter.toggle)
    view.intent_all.connect(presenter.choose_all)
    view.intent_only.connect(presenter.choose_only)
    view.intent_go.connect(services.shell.go)
    presenter.changed.connect(view.render_state)
    presenter.signed.connect(view.tell_signed)
    presenter.synced.connect(view.tell_synced)
    presenter.refused.connect(view.banner.refuse)
    view.render_state(presenter.state)
    return view
