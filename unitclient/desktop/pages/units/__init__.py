"""单位与账户: every unit of this computer and how far its month is; switch, add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.units.page import make_page

    return make_page(services)


SPEC = PageSpec("units", "d-units", "units", 120, "", "d-units-help", _make, needs_unit=False)
