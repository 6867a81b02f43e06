"""The few PKCS#11 calls that python-pkcs11 lacks, straight through the library's function list. Child process only.

It has no raw token label (vendors write GB 18030 there), no login without a PIN where the token does not say that it
has a keypad (libraries that show a window of their own), and none of CKU_CONTEXT_SPECIFIC by keypad.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any

from unitclient.tokens.wire import Refused

USER, CONTEXT = 1, 2
"""CKU_USER, CKU_CONTEXT_SPECIFIC."""
_GET_TOKEN_INFO, _LOGIN, _LOGOUT, _SIGN_INIT, _SIGN = 6, 18, 19, 42, 43
_PACK = 1 if sys.platform == "win32" else 0
_MAX_SIGNATURE = 1024
_LABEL_BYTES = 32


class _FunctionList(ctypes.Structure):
    if _PACK:
        _pack_ = _PACK
    _fields_ = (("version", ctypes.c_ubyte * 2), ("function", ctypes.c_void_p * 68))


class _Mechanism(ctypes.Structure):
    if _PACK:
        _pack_ = _PACK
    _fields_ = (("mechanism", ctypes.c_ulong), ("parameter", ctypes.c_void_p), ("length", ctypes.c_ulong))


class CkrError(Exception):
    """A call answered with this CKR."""

    def __init__(self, ckr: int) -> None:
        super().__init__(f"CKR {ckr:#x}")
        self.ckr = ckr


class RawLibrary:
    """A library that python-pkcs11 has loaded and initialised, or will."""

    def __init__(self, library: str) -> None:
        """Raises Refused key-library-broken, key-library-not-pkcs11."""
        try:
            module = ctypes.CDLL(str(Path(library)))
        except OSError as error:
            raise Refused("key-library-broken", library=library, reason=str(error)) from error
        try:
            get = module.C_GetFunctionList
        except AttributeError as error:
            raise Refused("key-library-not-pkcs11", library=library) from error
        functions = ctypes.POINTER(_FunctionList)()
        if get(ctypes.byref(functions)):
            raise Refused("key-library-not-pkcs11", library=library)
        self._functions = functions.contents.function

    def _call(self, number: int, *arguments: Any) -> None:
        prototype = ctypes.CFUNCTYPE(ctypes.c_ulong, *(type(one) for one in arguments))
        answer = prototype(self._functions[number])(*arguments)
        if answer:
            raise CkrError(answer)

    def label(self, slot: int) -> bytes:
        """The token's label as the token gives it, padding included."""
        info = ctypes.create_string_buffer(512)
        self._call(_GET_TOKEN_INFO, ctypes.c_ulong(slot), ctypes.cast(info, ctypes.c_void_p))
        return info.raw[:_LABEL_BYTES]

    def login_elsewhere(self, session: int, user: int) -> None:
        """C_Login without a PIN: it is entered on the device's keypad, or in a window of the vendor's."""
        self._call(_LOGIN, ctypes.c_ulong(session), ctypes.c_ulong(user), ctypes.c_void_p(None), ctypes.c_ulong(0))

    def logout(self, session: int) -> None:
        """C_Logout."""
        self._call(_LOGOUT, ctypes.c_ulong(session))

    def sign_on_device(self, session: int, key: int, mechanism: int, data: bytes) -> bytes:
        """A signature with a key that wants its PIN before each one, entered on the device."""
        wanted = _Mechanism(mechanism, None, 0)
        handle = ctypes.c_ulong(session)
        self._call(_SIGN_INIT, handle, ctypes.cast(ctypes.pointer(wanted), ctypes.c_void_p), ctypes.c_ulong(key))
        self.login_elsewhere(session, CONTEXT)
        out, length = ctypes.create_string_buffer(_MAX_SIGNATURE), ctypes.c_ulong(_MAX_SIGNATURE)
        block = ctypes.create_string_buffer(data, len(data))
        pointers = [ctypes.cast(one, ctypes.c_void_p) for one in (block, out, ctypes.pointer(length))]
        self._call(_SIGN, handle, pointers[0], ctypes.c_ulong(len(data)), pointers[1], pointers[2])
        return out.raw[: length.value]


def text_of(label: bytes, encoding: str) -> str:
    """A label as a person can read it.

    UTF-8 where it is that, even when 32 bytes cut it off in the middle of a character; else the vendor's encoding.
    """
    plain = label.rstrip(b"\0 ")
    if encoding != "utf-8":
        return plain.decode(encoding, "replace")
    for end in (len(plain), *(len(plain) - cut for cut in (1, 2, 3) if len(plain) > _LABEL_BYTES - 4)):
        try:
            return plain[:end].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return plain.decode("gb18030", "replace")
