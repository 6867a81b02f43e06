"""查询中心: every query that is described as data, as form, table, workbook and print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.queries.page import make_page

    return make_page(services)


SPEC = PageSpec("queries", "d-queries", "queries", 90, "", "d-queries-help", _make)
