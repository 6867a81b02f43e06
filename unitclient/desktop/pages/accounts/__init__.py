"""一账通: every account of every unit in one list, refreshed by one act; and the operation log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.accounts.page import make_page

    return make_page(services)


SPEC = PageSpec("accounts", "d-accounts", "link", 115, "", "d-accounts-help", _make)
