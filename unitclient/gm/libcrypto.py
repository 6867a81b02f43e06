"""The OpenSSL library that comes with the interpreter, reached by its C interface: for SM2, which `cryptography` lacks.

Python's own `hashlib` and `ssl` rest on it, so it is there in every installation and every frozen program, and nothing
has to be added. OpenSSL 3.0 or later; older ones and builds without SM2 are refused with `gm-unavailable`.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p
from functools import cache
from pathlib import Path

from unitclient.errors import UserError

_OPENSSL_3 = 0x30000000
_P = c_void_p
_OUT = POINTER(c_void_p)
_PROTOTYPES: dict[str, tuple[type | None, tuple[object, ...]]] = {
    "OpenSSL_version_num": (c_ulong, ()),
    "EVP_MD_fetch": (_P, (_P, c_char_p, c_char_p)),
    "EVP_sm3": (_P, ()),
    "EVP_PKEY_free": (None, (_P,)),
    "EVP_PKEY_is_a": (c_int, (_P, c_char_p)),
    "EVP_PKEY_CTX_new": (_P, (_P, _P)),
    "EVP_PKEY_CTX_new_from_name": (_P, (_P, c_char_p, c_char_p)),
    "EVP_PKEY_CTX_free": (None, (_P,)),
    "EVP_PKEY_CTX_set1_id": (c_int, (_P, c_char_p, c_int)),
    "EVP_PKEY_keygen_init": (c_int, (_P,)),
    "EVP_PKEY_generate": (c_int, (_P, _OUT)),
    "EVP_MD_CTX_new": (_P, ()),
    "EVP_MD_CTX_free": (None, (_P,)),
    "EVP_MD_CTX_set_pkey_ctx": (None, (_P, _P)),
    "EVP_DigestSignInit": (c_int, (_P, _P, _P, _P, _P)),
    "EVP_DigestSign": (c_int, (_P, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_DigestVerifyInit": (c_int, (_P, _P, _P, _P, _P)),
    "EVP_DigestVerify": (c_int, (_P, c_char_p, c_size_t, c_char_p, c_size_t)),
    "d2i_PUBKEY": (_P, (_P, POINTER(c_char_p), c_long)),
    "i2d_PUBKEY": (c_int, (_P, _OUT)),
    "d2i_AutoPrivateKey": (_P, (_P, POINTER(c_char_p), c_long)),
    "EVP_PKEY2PKCS8": (_P, (_P,)),
    "PKCS8_PRIV_KEY_INFO_free": (None, (_P,)),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, (_P, _OUT)),
    "BIO_new_mem_buf": (_P, (c_char_p, c_int)),
    "BIO_free": (c_int, (_P,)),
    "PEM_read_bio_PrivateKey": (_P, (_P, _P, _P, c_char_p)),
    "d2i_X509": (_P, (_P, POINTER(c_char_p), c_long)),
    "i2d_X509": (c_int, (_P, _OUT)),
    "X509_free": (None, (_P,)),
    "X509_get_X509_PUBKEY": (_P, (_P,)),
    "i2d_X509_PUBKEY": (c_int, (_P, _OUT)),
    "OPENSSL_sk_new_null": (_P, ()),
    "OPENSSL_sk_push": (c_int, (_P, _P)),
    "OPENSSL_sk_num": (c_int, (_P,)),
    "OPENSSL_sk_value": (_P, (_P, c_int)),
    "OPENSSL_sk_free": (None, (_P,)),
    "d2i_PKCS12": (_P, (_P, POINTER(c_char_p), c_long)),
    "i2d_PKCS12": (c_int, (_P, _OUT)),
    "PKCS12_free": (None, (_P,)),
    "PKCS12_mac_present": (c_int, (_P,)),
    "PKCS12_verify_mac": (c_int, (_P, c_char_p, c_int)),
    "PKCS12_parse": (c_int, (_P, c_char_p, _OUT, _OUT, _OUT)),
    "PKCS12_create": (_P, (c_char_p, c_char_p, _P, _P, _P, c_int, c_int, c_int, c_int, c_int)),
    "CRYPTO_free": (None, (_P, c_char_p, c_int)),
    "ERR_clear_error": (None, ()),
}


@cache
def library() -> ctypes.CDLL:
    """The library with its prototypes. Raises UserError gm-unavailable where there is none that can do SM2."""
    reasons = []
    for place in _places():
        try:
            return _prepared(ctypes.CDLL(place))
        except (OSError, AttributeError, UserError) as error:
            reasons.append(str(error))
    raise UserError("gm-unavailable", mendable=False, reason="; ".join(reasons) or sys.platform)


def _places() -> Iterator[str]:
    """Where it may be, the interpreter's own first: beside or beneath `_hashlib`, which is linked to it."""
    import _hashlib

    module = getattr(_hashlib, "__file__", None)
    if module:
        folders = (Path(module).parent, Path(getattr(sys, "_MEIPASS", Path(module).parent)))
        for folder in dict.fromkeys(folders):
            yield from (str(path) for path in sorted(folder.glob("libcrypto*3*")))
        if sys.platform != "win32":
            yield module  # a name looked up in a module is found in the libraries it is linked to
    # On Windows this would search PATH, where anybody may have put a library of that name.
    found = None if sys.platform == "win32" else ctypes.util.find_library("crypto")
    if found:
        yield found


def _prepared(found: ctypes.CDLL) -> ctypes.CDLL:
    for name, (result, arguments) in _PROTOTYPES.items():
        function = getattr(found, name)
        function.restype = result
        function.argtypes = arguments
    if found.OpenSSL_version_num() < _OPENSSL_3 or not found.EVP_sm3():
        raise UserError("gm-unavailable", mendable=False, reason="OpenSSL < 3")
    return found


class GmError(ValueError):
    """The library does not take it: not a key, not of this kind, damaged."""


def need(result: int | None, what: str) -> int:
    """The result of a call that gives 0 or NULL when it fails. Raises GmError naming `what`."""
    if not result or result < 0:
        library().ERR_clear_error()
        raise GmError(what)
    return result


@contextmanager
def freed(handle: int, kind: str) -> Iterator[int]:
    """A handle that is freed by `<kind>_free` at the end of the block."""
    try:
        yield handle
    finally:
        getattr(library(), f"{kind}_free")(handle)


def decode(kind: str, data: bytes) -> int:
    """The handle that d2i_<kind> makes of DER. Raises GmError."""
    start = c_char_p(data)
    return need(getattr(library(), f"d2i_{kind}")(None, ctypes.byref(start), len(data)), kind)


def encode(kind: str, handle: int) -> bytes:
    """The DER that i2d_<kind> makes of a handle."""
    out = c_void_p()
    size = need(getattr(library(), f"i2d_{kind}")(handle, ctypes.byref(out)), kind)
    try:
        return ctypes.string_at(out.value or 0, size)
    finally:
        library().CRYPTO_free(out, b"", 0)
