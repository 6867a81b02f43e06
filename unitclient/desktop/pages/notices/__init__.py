"""公告 - 预约 - 问题反馈: what the centre announces, and lists of other services described as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.notices.page import make_page

    return make_page(services)


SPEC = PageSpec("notices", "d-notices", "notices", 110, "", "d-notices-help", _make)
