"""The notices page put together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from unitclient.desktop.pages.notices.presenter import NoticesPresenter
from unitclient.desktop.pages.notices.view import NoticesView

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services, folder: Path | None = None) -> NoticesView:
    """The page with its presenter. `folder` is where the other lists are described; resources/notices else."""
    presenter = NoticesPresenter(services, folder)
    view = NoticesView(services, presenter.state.services)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.intent_select.connect(presenter.select)
    view.knowledge.intent_find.connect(presenter.find)
    view.intent_mark_all.connect(presenter.mark_all)
    presenter.changed.connect(view.render_state)
    view.render_state(presenter.state)
    return view
