"""The same centre and room as in the tests of signing."""

from tests.desktop.sign.conftest import centre, desk

__all__ = ["centre", "desk"]
