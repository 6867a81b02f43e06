"""申报记录: every declaration with its three tracks, its whole history, the centre's reasons and the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.records.page import make_page

    return make_page(services)


SPEC = PageSpec("records", "d-records", "records", 70, "", "d-records-help", _make)
