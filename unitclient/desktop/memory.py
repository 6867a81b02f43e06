"""Memory back to the system after a large work.

glibc keeps what a thread freed for that thread; a lane that read a hundred thousand people once would hold tens of
megabytes until the window is closed. Other systems give it back by themselves.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache


@cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found


def give_back() -> None:
    """Return free memory to the system where it does not go by itself; some milliseconds."""
    trim = _trim()
    if trim is not None:
        trim(0)
