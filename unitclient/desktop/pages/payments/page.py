"""The payments page put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.payments.presenter import BackWish, PaymentsPresenter
from unitclient.desktop.pages.payments.view import PaymentsView

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services) -> PaymentsView:
    """The page with its presenter."""
    view, presenter = PaymentsView(services), PaymentsPresenter(services)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.intent_select.connect(presenter.select)
    view.intent_again.connect(presenter.pay_again)
    view.intent_statement.connect(presenter.statement)
    view.fee.asked.connect(presenter.estimate_fee)
    for panel in (view.fee, view.back):
        panel.cleared.connect(presenter.forget_estimates)
    view.back.asked.connect(lambda *wish: presenter.estimate_back(BackWish(*wish)))
    presenter.changed.connect(view.render_state)
    presenter.paid.connect(view.tell_paid)
    presenter.paper_made.connect(view.tell_paper)
    presenter.refused.connect(view.banner.refuse)
    view.render_state(presenter.state)
    return view
