"""Windows Data Protection API: bytes that only this Windows account on this computer can read back.

The account's password and the computer's secrets stand behind it, so a copied disk or another account cannot unwrap;
a program that runs as the same account can. After a lost Windows profile only a backup with a passphrase helps.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _UI_FORBIDDEN = 0x1

    class _Blob(ctypes.Structure):
        _fields_ = [("size", wintypes.DWORD), ("data", ctypes.POINTER(ctypes.c_char))]

    def _call(function: str, data: bytes) -> bytes:
        """One of the two calls; both take and give a blob and have the same seven parameters."""
        given = _Blob(len(data), ctypes.cast(ctypes.create_string_buffer(data, len(data)), _Blob._fields_[1][1]))
        made = _Blob()
        crypt = getattr(ctypes.WinDLL("crypt32", use_last_error=True), function)
        if not crypt(ctypes.byref(given), None, None, None, None, _UI_FORBIDDEN, ctypes.byref(made)):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            return ctypes.string_at(made.data, made.size)
        finally:
            ctypes.WinDLL("kernel32").LocalFree(ctypes.cast(made.data, ctypes.c_void_p))

    def protect(data: bytes) -> bytes:
        """Wrap for this account on this computer."""
        return _call("CryptProtectData", data)

    def unprotect(data: bytes) -> bytes:
        """Unwrap; OSError when another account or computer wrapped it."""
        return _call("CryptUnprotectData", data)

    AVAILABLE = True
else:
    AVAILABLE = False

    def protect(data: bytes) -> bytes:
        """Only on Windows."""
        raise OSError("DPAPI is Windows only")

    def unprotect(data: bytes) -> bytes:
        """Only on Windows."""
        raise OSError("DPAPI is Windows only")
