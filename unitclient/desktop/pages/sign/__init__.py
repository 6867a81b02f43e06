"""签名与报送: what waits for the signature, exactly what is signed, one PIN for all of it, and sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.sign.page import make_page

    return make_page(services)


SPEC = PageSpec("sign", "d-sign", "sign", 50, "", "d-sign-help", _make)
