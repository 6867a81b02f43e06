"""The running centre and its client, as the tests of the central service have them."""

from __future__ import annotations

from tests.central.conftest import client, shared_centre

__all__ = ["client", "shared_centre"]
