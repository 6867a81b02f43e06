"""The few PKCS#11 calls that python-pkcs11 lacks, through the C ABI. Runs in the child only.

It has no raw token label (vendors write GB 18030 there), no login without a PIN where the token does not say that it
has a keypad (libraries that show a window of their own), none of CKU_CONTEXT_SPECIFIC by keypad, and no vendor's
mechanisms.

CK_ULONG is C's unsigned long, and on Windows structures are packed (PKCS#11 base specification, 2.1 and 5.1). Errors
come as python-pkcs11's exceptions, so that they are named in one place.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, Structure, byref, c_char_p, c_ubyte, c_ulong, c_void_p, cast, create_string_buffer
from dataclasses import dataclass
from typing import Any

from pkcs11 import exceptions as ckr

from unitclient.tokens.wire import Refused

_CKO_PRIVATE_KEY = 3
_CKA_CLASS, _CKA_KEY_TYPE, _CKA_ID, _CKA_ALWAYS_AUTHENTICATE = 0x000, 0x100, 0x102, 0x202
_CKU_USER, _CKU_CONTEXT_SPECIFIC = 1, 2
_CKF_SERIAL_SESSION = 4
_MAX_SIGNATURE = 1024
_LABEL_BYTES = 32
_ORDER = {
    "C_GetTokenInfo": 6,
    "C_GetMechanismList": 7,
    "C_OpenSession": 12,
    "C_CloseSession": 13,
    "C_Login": 18,
    "C_Logout": 19,
    "C_GetAttributeValue": 24,
    "C_FindObjectsInit": 26,
    "C_FindObjects": 27,
    "C_FindObjectsFinal": 28,
    "C_SignInit": 42,
    "C_Sign": 43,
}
"""Places in CK_FUNCTION_LIST (PKCS#11 2.40, pkcs11f.h)."""
_ERRORS: dict[int, type[ckr.PKCS11Error]] = {
    0x05: ckr.GeneralError,
    0x06: ckr.FunctionFailed,
    0x30: ckr.DeviceError,
    0x32: ckr.DeviceRemoved,
    0x50: ckr.FunctionCancelled,
    0x60: ckr.KeyHandleInvalid,
    0x70: ckr.MechanismInvalid,
    0x82: ckr.ObjectHandleInvalid,
    0xA0: ckr.PinIncorrect,
    0xA1: ckr.PinInvalid,
    0xA2: ckr.PinLenRange,
    0xA3: ckr.PinExpired,
    0xA4: ckr.PinLocked,
    0xB0: ckr.SessionClosed,
    0xB3: ckr.SessionHandleInvalid,
    0xE0: ckr.TokenNotPresent,
    0xE1: ckr.TokenNotRecognised,
    0x101: ckr.UserNotLoggedIn,
    0x200: ckr.FunctionRejected,
}
_PACK = 1 if sys.platform == "win32" else 0


def _structure(name: str, *fields: tuple[str, Any]) -> type[Structure]:
    """A C structure, packed where PKCS#11 packs."""
    layout = {"_fields_": fields, "__doc__": name}
    return type(name, (Structure,), {"_pack_": _PACK, **layout} if _PACK else layout)


_Attribute = _structure("CK_ATTRIBUTE", ("type", c_ulong), ("value", c_void_p), ("size", c_ulong))
_Mechanism = _structure("CK_MECHANISM", ("mechanism", c_ulong), ("parameter", c_void_p), ("size", c_ulong))
_FunctionList = _structure("CK_FUNCTION_LIST", ("version", c_ubyte * 2), ("functions", c_void_p * 68))


@dataclass(frozen=True, slots=True)
class Again:
    """A key wants its PIN directly before each signature; None: it is entered on the device."""

    pin: str | None


class Cryptoki:
    """A library that python-pkcs11 has loaded and initialised, or will."""

    def __init__(self, library: str) -> None:
        """Raises Refused key-library-broken, key-library-not-pkcs11."""
        try:
            loaded = ctypes.CDLL(library)
        except OSError as error:
            raise Refused("key-library-broken", library=library, reason=str(error)) from error
        functions = POINTER(_FunctionList)()
        if not hasattr(loaded, "C_GetFunctionList") or loaded.C_GetFunctionList(byref(functions)):
            raise Refused("key-library-not-pkcs11", library=library)
        self._functions = functions.contents

    def call(self, name: str, *arguments: object) -> None:
        """Call a function; raises a PKCS11Error unless it answers CKR_OK."""
        address = self._functions.functions[_ORDER[name]]
        _check(name, ctypes.CFUNCTYPE(c_ulong)(address)(*arguments))

    def label(self, slot: int) -> bytes:
        """The token's label as the token gives it, padding included."""
        info = create_string_buffer(512)
        self.call("C_GetTokenInfo", c_ulong(slot), info)
        return info.raw[:_LABEL_BYTES]

    def mechanisms(self, slot: int) -> list[int]:
        """The numbers of the mechanisms that a slot's token offers."""
        count = c_ulong(0)
        self.call("C_GetMechanismList", c_ulong(slot), None, byref(count))
        found = (c_ulong * count.value)()
        self.call("C_GetMechanismList", c_ulong(slot), found, byref(count))
        return list(found)[: count.value]

    def open_session(self, slot: int) -> Session:
        """A session for reading and signing."""
        handle = c_ulong(0)
        self.call("C_OpenSession", c_ulong(slot), c_ulong(_CKF_SERIAL_SESSION), None, None, byref(handle))
        return Session(self, handle)

    def session(self, handle: int) -> Session:
        """A session that is open already."""
        return Session(self, c_ulong(handle))


class Session:
    """One session on one token."""

    def __init__(self, cryptoki: Cryptoki, handle: c_ulong) -> None:
        self._cryptoki = cryptoki
        self._handle = handle

    def login(self, pin: str | None, *, context: bool = False) -> None:
        """C_Login as the user; None lets the device ask for the PIN itself."""
        secret = None if pin is None else pin.encode()
        kind = c_ulong(_CKU_CONTEXT_SPECIFIC if context else _CKU_USER)
        self._cryptoki.call("C_Login", self._handle, kind, secret, c_ulong(len(secret or b"")))

    def private_keys(self, *, identifier: bytes = b"", key_type: int | None = None) -> list[int]:
        """Handles of private keys with this CKA_ID or CKA_KEY_TYPE."""
        class_ = c_ulong(_CKO_PRIVATE_KEY)
        wanted = [_of(_CKA_CLASS, class_)]
        if identifier:
            wanted.append(_of(_CKA_ID, create_string_buffer(identifier, len(identifier))))
        if key_type is not None:
            wanted.append(_of(_CKA_KEY_TYPE, c_ulong(key_type)))
        template = (_Attribute * len(wanted))(*wanted)
        found, count = (c_ulong * 8)(), c_ulong(0)
        self._cryptoki.call("C_FindObjectsInit", self._handle, template, c_ulong(len(wanted)))
        try:
            self._cryptoki.call("C_FindObjects", self._handle, found, c_ulong(len(found)), byref(count))
        finally:
            self._cryptoki.call("C_FindObjectsFinal", self._handle)
        return list(found)[: count.value]

    def asks_always(self, key: int) -> bool:
        """CKA_ALWAYS_AUTHENTICATE; a key that does not know the attribute does not ask."""
        answer = c_ubyte(0)
        attribute = _of(_CKA_ALWAYS_AUTHENTICATE, answer)
        try:
            self._cryptoki.call("C_GetAttributeValue", self._handle, c_ulong(key), byref(attribute), c_ulong(1))
        except ckr.PKCS11Error:
            return False
        return bool(answer.value)

    def sign(self, key: int, mechanism: int, data: bytes, *, again: Again | None = None) -> bytes:
        """C_SignInit with this mechanism, the PIN again where the key wants it, C_Sign."""
        chosen, size = _Mechanism(mechanism, None, 0), c_ulong(_MAX_SIGNATURE)
        out = create_string_buffer(_MAX_SIGNATURE)
        self._cryptoki.call("C_SignInit", self._handle, byref(chosen), c_ulong(key))
        if again is not None:
            self.login(again.pin, context=True)
        self._cryptoki.call("C_Sign", self._handle, c_char_p(data), c_ulong(len(data)), out, byref(size))
        return out.raw[: size.value]

    def close(self) -> None:
        """Log out and close. A token that is gone has done so by itself."""
        for name in ("C_Logout", "C_CloseSession"):
            try:
                self._cryptoki.call(name, self._handle)
            except ckr.PKCS11Error:
                continue


def _of(kind: int, value: Any) -> Structure:
    """An attribute that points to `value`, which it keeps alive."""
    attribute = _Attribute(kind, cast(byref(value), c_void_p), ctypes.sizeof(value))
    attribute.kept = value  # a Python attribute beside the C members
    return attribute


def _check(name: str, code: int) -> None:
    if code:
        raise _ERRORS.get(code, ckr.PKCS11Error)(f"{name}: CKR 0x{code:08X}")


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
