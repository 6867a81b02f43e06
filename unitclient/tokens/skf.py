"""The SKF interface (GM/T 0016-2012) through its C ABI: devices, applications, containers. Runs in the child only.

ULONG and BOOL are 32 bits on every system, calls are stdcall on 32-bit Windows, names are GBK, and name lists end with
two zero bytes. r and s of a signature stand right-aligned in 64 bytes.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from ctypes import Array, Structure, byref, c_char, c_char_p, c_int32, c_ubyte, c_uint32, c_void_p, create_string_buffer
from types import TracebackType
from typing import Any

from unitclient.tokens.libraries import need_library
from unitclient.tokens.wire import Refused

OK = 0
_FAIL, _UNSUPPORTED, _NO_KEY, _NO_CERTIFICATE = 0x0A000001, 0x0A000003, 0x0A00001B, 0x0A00001C
_PIN_INCORRECT = 0x0A000024
_USER, _ECC = 1, 2
_NAMES = {
    0x0A000001: "SAR_FAIL",
    0x0A000002: "SAR_UNKNOWNERR",
    0x0A000003: "SAR_NOTSUPPORTYETERR",
    0x0A000005: "SAR_INVALIDHANDLEERR",
    0x0A000006: "SAR_INVALIDPARAMERR",
    0x0A00000A: "SAR_KEYUSAGEERR",
    0x0A00000E: "SAR_MEMORYERR",
    0x0A00000F: "SAR_TIMEOUTERR",
    0x0A000010: "SAR_INDATALENERR",
    0x0A00001B: "SAR_KEYNOTFOUNTERR",
    0x0A00001C: "SAR_CERTNOTFOUNTERR",
    0x0A000020: "SAR_BUFFER_TOO_SMALL",
    0x0A000023: "SAR_DEVICE_REMOVED",
    0x0A000024: "SAR_PIN_INCORRECT",
    0x0A000025: "SAR_PIN_LOCKED",
    0x0A000026: "SAR_PIN_INVALID",
    0x0A000027: "SAR_PIN_LEN_RANGE",
    0x0A000029: "SAR_USER_PIN_NOT_INITIALIZED",
    0x0A00002B: "SAR_APPLICATION_NAME_INVALID",
    0x0A00002D: "SAR_USER_NOT_LOGGED_IN",
    0x0A00002E: "SAR_APPLICATION_NOT_EXISTS",
}
"""GM/T 0016-2012, annex A: those that are met, by the standard's own spelling."""


class SkfError(Exception):
    """A call that did not answer SAR_OK; `code` is the number."""

    def __init__(self, function: str, code: int) -> None:
        super().__init__(f"{function}: {_NAMES.get(code, 'SAR')} (0x{code:08X})")
        self.code = code


class _Blob(Structure):
    """ECCPUBLICKEYBLOB."""

    _fields_ = (("bits", c_uint32), ("x", c_ubyte * 64), ("y", c_ubyte * 64))


class _Signature(Structure):
    """ECCSIGNATUREBLOB."""

    _fields_ = (("r", c_ubyte * 64), ("s", c_ubyte * 64))


class _DeviceInfo(Structure):
    """DEVINFO up to the serial number; the rest, which differs between vendors' alignments, is only room."""

    _fields_ = (
        ("version", c_ubyte * 2),
        ("manufacturer", c_char * 64),
        ("issuer", c_char * 64),
        ("label", c_char * 32),
        ("serial", c_char * 32),
        ("rest", c_ubyte * 318),
    )


class SkfLibrary:
    """A vendor's library, loaded. Raises Refused key-library-missing, key-library-wrong-bits, key-library-broken."""

    def __init__(self, path: str) -> None:
        need_library(path)
        try:
            # WinDLL speaks stdcall on 32-bit Windows; elsewhere there is one convention, and no WinDLL.
            self._library: Any = getattr(ctypes, "WinDLL", ctypes.CDLL)(path)
        except OSError as error:
            raise Refused("key-library-broken", library=path, reason=str(error)) from error

    def call(self, name: str, *arguments: object) -> None:
        """Call a function; raises SkfError unless it answers SAR_OK."""
        code = self.code(name, *arguments)
        if code != OK:
            raise SkfError(name, code)

    def code(self, name: str, *arguments: object) -> int:
        """The number that a function answers. One that the library lacks counts as not supported."""
        function = getattr(self._library, name, None)
        if function is None:
            raise SkfError(name, _UNSUPPORTED)
        function.restype = c_uint32
        return int(function(*arguments))

    def names(self, function: str, *before: object) -> list[bytes]:
        """A list of names, asked for with its length first; asked again when it grew in between."""
        data = self.data(function, *before)
        return [name for name in data.split(b"\0") if name]

    def data(self, function: str, *before: object) -> bytes:
        """Bytes of a length that the library says first."""
        size = c_uint32(0)
        self.call(function, *before, None, byref(size))
        if size.value == 0:
            return b""
        size.value += 64
        room = create_string_buffer(size.value)
        self.call(function, *before, room, byref(size))
        return room.raw[: size.value]

    def devices(self) -> Iterator[Device]:
        """Every device that is plugged in, connected; one that vanishes meanwhile is left out."""
        for name in self.names("SKF_EnumDev", c_int32(1)):
            try:
                yield Device(self, name)
            except SkfError:
                continue


class Device:
    """A connected device. A context manager that lets go of it at the end."""

    def __init__(self, library: SkfLibrary, name: bytes) -> None:
        self.library = library
        self._handle = c_void_p()
        self._open: list[tuple[str, c_void_p]] = []
        library.call("SKF_ConnectDev", c_char_p(name), byref(self._handle))
        self._open.append(("SKF_DisConnectDev", self._handle))
        info = _DeviceInfo()
        library.call("SKF_GetDevInfo", self._handle, byref(info))
        self.label = _text(info.label) or _text(name)
        self.serial = _text(info.serial)

    def __enter__(self) -> Device:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close containers, applications and the device, last opened first. Never raises for a device that is gone."""
        while self._open:
            function, handle = self._open.pop()
            self.library.code(function, handle)

    def containers(self) -> Iterator[Container]:
        """Every container with an SM2 pair, in every application, opened."""
        for name in self.library.names("SKF_EnumApplication", self._handle):
            application = self._opened("SKF_OpenApplication", "SKF_CloseApplication", self._handle, name)
            for inner in self.library.names("SKF_EnumContainer", application):
                handle = self._opened("SKF_OpenContainer", "SKF_CloseContainer", application, inner)
                container = Container(self.library, application, handle)
                if container.is_sm2():
                    yield container

    def _opened(self, opening: str, closing: str, parent: c_void_p, name: bytes) -> c_void_p:
        handle = c_void_p()
        self.library.call(opening, parent, c_char_p(name), byref(handle))
        self._open.append((closing, handle))
        return handle


class Container:
    """One container: a signing pair, often an encryption pair, and a certificate for each."""

    def __init__(self, library: SkfLibrary, application: c_void_p, handle: c_void_p) -> None:
        self._library = library
        self._application = application
        self._handle = handle

    def is_sm2(self) -> bool:
        """Whether it holds SM2 keys. A library without the question is given the benefit of the doubt."""
        kind = c_uint32(0)
        try:
            self._library.call("SKF_GetContainerType", self._handle, byref(kind))
        except SkfError as error:
            return error.code == _UNSUPPORTED
        return kind.value == _ECC

    def certificate(self, *, signing: bool) -> bytes:
        """The certificate for signing or for encryption, DER; b"" when there is none."""
        try:
            return self._library.data("SKF_ExportCertificate", self._handle, c_int32(signing))
        except SkfError as error:
            if error.code in (_FAIL, _NO_CERTIFICATE, _NO_KEY):
                return b""
            raise

    def certificates(self) -> list[bytes]:
        """Both, as far as they are there."""
        return [one for one in (self.certificate(signing=True), self.certificate(signing=False)) if one]

    def public_point(self) -> bytes:
        """x and y of the signing key, 64 bytes."""
        blob, size = _Blob(), c_uint32(ctypes.sizeof(_Blob))
        self._library.call("SKF_ExportPublicKey", self._handle, c_int32(1), byref(blob), byref(size))
        return _low(blob.x) + _low(blob.y)

    def tries_left(self) -> tuple[int, int] | None:
        """(tries at most, tries left) of the user's PIN; None when the library does not say."""
        most, left, unchanged = c_uint32(0), c_uint32(0), c_int32(0)
        try:
            self._library.call(
                "SKF_GetPINInfo", self._application, c_uint32(_USER), byref(most), byref(left), byref(unchanged)
            )
        except SkfError as error:
            if error.code == _UNSUPPORTED:
                return None
            raise
        return most.value, left.value

    def verify_pin(self, pin: Array[c_char]) -> int | None:
        """None when the PIN is right, else how many tries are left. Raises SkfError for any other trouble."""
        left = c_uint32(0)
        code = self._library.code("SKF_VerifyPIN", self._application, c_uint32(_USER), pin, byref(left))
        if code == OK:
            return None
        if code == _PIN_INCORRECT:
            return left.value
        raise SkfError("SKF_VerifyPIN", code)

    def sign(self, e: bytes) -> tuple[bytes, bytes]:
        """r and s, 32 bytes each, over a digest of 32 bytes."""
        blob = _Signature()
        self._library.call("SKF_ECCSignData", self._handle, e, c_uint32(len(e)), byref(blob))
        return _low(blob.r), _low(blob.s)


def _low(field: Array[c_ubyte]) -> bytes:
    return bytes(field)[32:]


def _text(name: bytes) -> str:
    """A name as vendors write it: GBK, padded."""
    return name.split(b"\0")[0].decode("gbk", "replace").strip()
