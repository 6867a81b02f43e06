"""The queue page put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.queue.presenter import QueuePresenter
from unitclient.desktop.pages.queue.view import QueueView
from unitclient.desktop.pages.sign.work import OpenHelper, helper_for

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def make_page(services: Services, open_helper: OpenHelper = helper_for) -> QueueView:
    """The page with its presenter. `open_helper` opens the unit's key."""
    view, presenter = QueueView(services), QueuePresenter(services, open_helper)
    presenter.setParent(view)
    view.intent_refresh.connect(presenter.refresh)
    view.intent_send_all.connect(presenter.send_all)
    view.intent_send_one.connect(presenter.send_one)
    view.intent_withdraw.connect(presenter.withdraw)
    view.intent_export.connect(presenter.export)
    view.intent_reply.connect(presenter.import_reply)
    view.intent_take_reply.connect(presenter.take_reply)
    view.intent_record.connect(presenter.record)
    presenter.recorded.connect(view.tell_recorded)
    view.intent_select.connect(presenter.select)
    view.intent_ended.connect(presenter.show_ended)
    view.intent_go.connect(services.shell.go)
    presenter.changed.connect(view.render_state)
    presenter.synced.connect(view.tell_synced)
    presenter.exported.connect(view.tell_exported)
    presenter.replied.connect(view.tell_replied)
    presenter.withdrawn.connect(view.tell_withdrawn)
    presenter.refused.connect(view.banner.refuse)
    view.render_state(presenter.state)
    return view
