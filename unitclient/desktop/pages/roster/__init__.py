"""The roster (参保花名册): everybody of the unit in one table, to look through, find in, and change in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.roster.page import RosterPage

    return RosterPage(services)


SPEC = PageSpec(
    id="roster",
    title_key="d-roster-title",
    icon="roster",
    nav=2,
    shortcut="Ctrl+2",
    help_id="d-roster-help",
    make=_make,
)
