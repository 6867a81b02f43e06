"""申报核对: a month is prepared, compared with the last one, explained to the fen, and passed by a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.review.view import ReviewPage

    return ReviewPage(services)


SPEC = PageSpec("review", "d-page-review", "review", 40, "", "d-help-review", _make)
