"""How values of persons are hidden when somebody looks over the shoulder or helps by remote desktop."""

from __future__ import annotations

HIDDEN = "••••"


def mask(kind: str, value: str) -> str:
    """A value as its kind is masked: "id" and "phone" keep head and tail, money and everything else is hidden."""
    if not value:
        return value
    if kind == "id":
        return _keep(value, 3, 4)
    if kind == "phone":
        return _keep(value, 3, 2)
    return HIDDEN


def _keep(value: str, head: int, tail: int) -> str:
    hidden = len(value) - head - tail
    return value[:head] + "*" * hidden + value[-tail:] if hidden >= 2 else "*" * len(value)
