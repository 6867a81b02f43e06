"""A vendor's library before it is loaded: there at all, of our own word size, and which interface it speaks."""

from __future__ import annotations

import ctypes
from pathlib import Path

from unitclient.tokens.header import foreign
from unitclient.tokens.wire import Refused


def need_library(library: str) -> None:
    """Raises Refused key-library-missing, key-library-not-library, key-library-wrong-bits, ..."""
    path = Path(library)
    if not path.is_file():
        raise Refused("key-library-missing", library=library)
    refusal = foreign(path)
    if refusal:
        raise refusal


def speaks_skf(library: str) -> bool:
    """Whether it offers SKF and no PKCS#11. What cannot be loaded is left to the PKCS#11 side to name."""
    try:
        need_library(library)
        loaded = ctypes.CDLL(library)
    except (Refused, OSError):
        return False
    return hasattr(loaded, "SKF_EnumDev") and not hasattr(loaded, "C_GetFunctionList")
