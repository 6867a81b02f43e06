"""One page for every business that is entered row by row, made from the forms of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.business.page import BusinessPage

    return BusinessPage(services)


SPEC = PageSpec(
    id="business",
    title_key="d-business-title",
    icon="business",
    nav=3,
    shortcut="Ctrl+3",
    help_id="d-business-help",
    make=_make,
)
