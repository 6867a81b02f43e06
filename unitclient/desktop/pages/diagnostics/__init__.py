"""诊断与帮助: what a help desk asks first, and a report without personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.diagnostics.view import DiagnosticsPage

    return DiagnosticsPage(services)


SPEC = PageSpec("diagnostics", "d-diag-title", "diagnostics", 150, "", "d-diag-help", _make, needs_unit=False)
