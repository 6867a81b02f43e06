"""文书: the papers of every declaration, seen, printed and saved; and files that somebody brings, verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.documents.page import make_page

    return make_page(services)


SPEC = PageSpec("documents", "d-documents", "documents", 100, "", "d-documents-help", _make)
