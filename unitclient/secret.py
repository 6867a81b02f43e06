"""Who is asked for a password when a home that is opened wants one; told by the front end, used by `app`."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

AskSecret = Callable[[bool], tuple[str, str | None]]
"""Gives (operator, password) for a home that asks: told whether it asks for an operator or for a passphrase alone."""
_ask: ContextVar[AskSecret | None] = ContextVar("ask", default=None)


def ask_with(ask: AskSecret) -> None:
    """Whom to ask from now on."""
    _ask.set(ask)


def asker() -> AskSecret | None:
    """Whom to ask; None where nobody said."""
    return _ask.get()
