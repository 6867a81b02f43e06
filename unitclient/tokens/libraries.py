"""A vendor's library before it is loaded: there at all, of our own word size, and which interface it speaks."""

from __future__ import annotations

import ctypes
import struct
from pathlib import Path

from unitclient.tokens.child_pkcs11 import library_bits
from unitclient.tokens.wire import Refused


def need_library(library: str) -> None:
    """Raises Refused key-library-missing, key-library-wrong-bits."""
    path = Path(library)
    if not path.is_file():
        raise Refused("key-library-missing", library=library)
    bits, own = library_bits(path), 8 * struct.calcsize("P")
    if bits and bits != own:
        raise Refused("key-library-wrong-bits", library=library, bits=bits, own=own)


def speaks_skf(library: str) -> bool:
    """Whether it offers SKF and no PKCS#11. What cannot be loaded is left to the PKCS#11 side to name."""
    try:
        need_library(library)
        loaded = ctypes.CDLL(library)
    except (Refused, OSError):
        return False
    return hasattr(loaded, "SKF_EnumDev") and not hasattr(loaded, "C_GetFunctionList")
