"""设置: one list of all settings, made from the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.settings.view import SettingsPage

    return SettingsPage(services)


SPEC = PageSpec("settings", "d-set-title", "settings", 140, "", "d-set-help", _make, needs_unit=False)
