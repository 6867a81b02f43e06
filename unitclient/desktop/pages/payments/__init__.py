"""缴费: bills, what the bank did, slips, asking for a debit again, and estimates of late fees and back payments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.payments.page import make_page

    return make_page(services)


SPEC = PageSpec("payments", "d-payments", "payments", 80, "", "d-payments-help", _make)
