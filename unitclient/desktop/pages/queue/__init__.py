"""待发队列: what was signed and is on its way, what the centre answered, and whether it will be in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.queue.page import make_page

    return make_page(services)


SPEC = PageSpec("queue", "d-queue", "queue", 60, "", "d-queue-help", _make)
