"""操作员: who may open this home and do what in it, the ways back in, and the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.operators.page import make_page

    return make_page(services)


SPEC = PageSpec("operators", "d-operators", "user", 135, "", "d-operators-help", _make, needs_unit=False)
