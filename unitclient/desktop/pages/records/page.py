"""The records page put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.records.presenter import RecordsPresenter
from unitclient.desktop.pages.records.view import RecordsView

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services) -> RecordsView:
    """The page with its presenter."""
    view, presenter = RecordsView(services), RecordsPresenter(services)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.intent_select.connect(presenter.select)
    view.intent_lights.connect(presenter.show_lights)
    view.intent_verify.connect(presenter.verify)
    view.intent_envelope.connect(presenter.envelope)
    view.intent_correct.connect(presenter.correct)
    view.intent_void.connect(presenter.void)
    view.intent_go.connect(services.shell.go)
    presenter.changed.connect(view.render_state)
    presenter.verified.connect(view.tell_verified)
    presenter.envelope_made.connect(view.tell_envelope)
    presenter.corrected.connect(view.tell_corrected)
    presenter.voided.connect(view.tell_voided)
    presenter.refused.connect(view.banner.refuse)
    view.render_state(presenter.state)
    return view
