"""The documents page put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.documents.presenter import DocumentsPresenter
from unitclient.desktop.pages.documents.view import DocumentsView

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services) -> DocumentsView:
    """The page with its presenter."""
    view, presenter = DocumentsView(services), DocumentsPresenter(services)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.intent_select.connect(presenter.select)
    view.intent_want.connect(presenter.want)
    view.intent_save.connect(presenter.save)
    view.intent_envelope.connect(presenter.save_envelope)
    view.intent_export.connect(presenter.export)
    view.intent_verify.connect(presenter.verify)
    view.intent_check.connect(presenter.check)
    view.intent_close_check.connect(presenter.close_check)
    presenter.changed.connect(view.render_state)
    presenter.saved.connect(view.tell_saved)
    presenter.refused.connect(view.banner.refuse)
    view.render_state(presenter.state)
    return view
