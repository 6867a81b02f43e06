"""The payments page put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.payments.presenter import BackWish, PaymentsPresenter
from unitclient.desktop.pages.payments.reconcile_presenter import ReconcilePresenter
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
    _join_reconciliation(view, services)
    view.render_state(presenter.state)
    return view


def _join_reconciliation(view: PaymentsView, services: Services) -> None:
    presenter = ReconcilePresenter(services)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.reconcile.open_asked.connect(presenter.open)
    view.reconcile.export_asked.connect(presenter.export)
    presenter.changed.connect(view.reconcile.render_state)
    presenter.written.connect(view.tell_written)
    presenter.refused.connect(view.banner.refuse)
