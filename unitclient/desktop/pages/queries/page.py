"""The queries page put together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from unitclient.desktop.pages.queries.presenter import QueriesPresenter
from unitclient.desktop.pages.queries.view import QueriesView

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services, folder: Path | None = None) -> QueriesView:
    """The page with its presenter. `folder` is where the query files lie; resources/queries when not given."""
    view, presenter = QueriesView(services), QueriesPresenter(services, folder)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.intent_choose.connect(presenter.choose)
    view.intent_run.connect(presenter.run)
    view.intent_export.connect(presenter.export)
    view.intent_batch.connect(presenter.ask_sheet)
    view.intent_watch.connect(presenter.watch)
    presenter.changed.connect(view.render_state)
    presenter.batch_done.connect(view.tell_batch)
    presenter.exported.connect(view.tell_exported)
    presenter.refused.connect(view.banner.refuse)
    view.render_state(presenter.state)
    return view
