"""证书与密钥: certificates and keys that this computer finds, how long they last, and what revocation knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.base import Page, PageSpec

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


def _make(services: Services) -> Page:
    from unitclient.desktop.pages.keys.page import make_page

    return make_page(services)


SPEC = PageSpec("keys", "d-keys", "keys", 130, "", "d-keys-help", _make, needs_unit=False)
