"""本月申报: where the month stands, what is next, and what surrounds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.dashboard.view import DashboardPage

    return DashboardPage(services)


SPEC = PageSpec("dashboard", "d-page-dashboard", "dashboard", 1, "Ctrl+1", "d-help-dashboard", _make)
