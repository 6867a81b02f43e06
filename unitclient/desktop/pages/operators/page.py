"""The operators page put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.operators.presenter import OperatorsPresenter
from unitclient.desktop.pages.operators.safe import SafePresenter
from unitclient.desktop.pages.operators.view import OperatorsView

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services) -> OperatorsView:
    """The page with its presenters."""
    view, people, safe = OperatorsView(services), OperatorsPresenter(services), SafePresenter(services)
    people.setParent(view)
    safe.setParent(view)
    view.intent_refresh.connect(people.refresh)
    view.intent_select.connect(people.select)
    view.intent_act.connect(people.act)
    view.intent_code.connect(safe.make_code)
    view.intent_certificate.connect(safe.allow_certificate)
    view.intent_check.connect(safe.check)
    view.intent_check_file.connect(safe.check_file)
    view.intent_export.connect(safe.export)
    people.changed.connect(view.render_state)
    safe.changed.connect(people.refresh)
    for one in (people, safe):
        one.told.connect(view.banner.tell)
        one.refused.connect(view.banner.refuse)
    view.render_state(people.state)
    return view
