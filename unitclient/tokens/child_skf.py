"""An SKF device (GM/T 0016) as the helper process sees it: SM2, the PIN's tries left, one container, one signature.

Runs in the child only: a vendor's library may hang or crash. Z and the digest are computed here; the device signs the
32 bytes e = SM3(Z || message), as GM/T 0016, 7.6 has it.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from ctypes import create_string_buffer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from unitclient.gm.sm2 import BadSignature, Sm2PublicKey
from unitclient.tokens.skf import Container, Device, SkfError, SkfLibrary
from unitclient.tokens.wire import Refused, to_text

_GONE = {
    0x0A000005: "SAR_INVALIDHANDLEERR",
    0x0A000023: "SAR_DEVICE_REMOVED",
}
"""A device pulled out: most libraries say so, some only that their handle is worth nothing any more."""
_PIN_FORM = {0x0A000026, 0x0A000027}
_PIN_INCORRECT, _PIN_LOCKED = 0x0A000024, 0x0A000025


def list_certificates(library: str) -> dict[str, Any]:
    """Certificates of every device that this library sees, readable without a PIN."""
    with _named_errors():
        return {"tokens": [_describe(device) for device in SkfLibrary(library).devices()], "unreadable": 0}


def _describe(device: Device) -> dict[str, Any]:
    with device:
        found = list(device.containers())
        told = _pin_state(found[0].tries_left() if found else None)
        certificates = dict.fromkeys(one for container in found for one in container.certificates())
        return {
            "kind": "skf",
            "label": device.label,
            "serial": device.serial,
            "certificates": [to_text(one) for one in certificates],
            **told,
        }


def _pin_state(tries: tuple[int, int] | None) -> dict[str, Any]:
    """(most, left) in our words. SKF counts the tries that are left, which PKCS#11 does not."""
    if tries is None:
        return {"pin_state": "unknown", "tries": None}
    most, left = tries
    state = "locked" if left == 0 else "final" if left == 1 else "low" if left < most else "ok"
    return {"pin_state": state, "tries": left}


class SkfKey:
    """One SM2 key in one container: found by its certificate, logged in, used, closed."""

    def __init__(self, ref: dict[str, str]) -> None:
        with _named_errors():
            self._device = self._find_device(ref)
            self._container, self._value, self._others = self._find_container(ref["certificate_sha256"])
            self._public = self._need_own_key()

    @staticmethod
    def _find_device(ref: dict[str, str]) -> Device:
        for device in SkfLibrary(ref["library"]).devices():
            if device.serial == ref["token_serial"]:
                return device
            device.close()
        raise Refused("key-not-found")

    def _find_container(self, fingerprint: str) -> tuple[Container, bytes, list[bytes]]:
        containers = list(self._device.containers())
        every = [one for container in containers for one in container.certificates()]
        for container in containers:
            signing = container.certificate(signing=True)
            if signing and hashlib.sha256(signing).hexdigest() == fingerprint:
                return container, signing, [one for one in every if one != signing]
        raise Refused("key-not-found")

    def _need_own_key(self) -> Sm2PublicKey:
        """The certificate's key, which must be the container's: a renewed certificate may lie beside an old key."""
        public = Sm2PublicKey.of_certificate(self._value)
        if public is None:
            raise Refused("key-unsupported")
        if self._container.public_point() != public.point:
            raise Refused("key-skf-mismatch")
        return public

    def describe(self) -> dict[str, Any]:
        """What to tell the person before the PIN is asked for, with the tries that are left."""
        return {
            "label": self._device.label,
            "on_device": False,
            **self._certificates(),
            **self.pin_state_now(),
        }

    def _certificates(self) -> dict[str, Any]:
        return {"certificate": to_text(self._value), "others": [to_text(other) for other in self._others]}

    def login(self, pin: str) -> dict[str, Any]:
        """Verify the PIN, once. Raises Refused pin-wrong with the tries left, pin-locked, pin-form ..."""
        secret = create_string_buffer(pin.encode("utf-8"))
        with _named_errors(self):
            left = self._container.verify_pin(secret)
        if left is None:
            return self._certificates()
        raise Refused("pin-locked") if left == 0 else Refused("pin-wrong", **self._wrong(left))

    def _wrong(self, left: int) -> dict[str, Any]:
        return {"pin_state": "final" if left == 1 else "low", "tries": left}

    def sign(self, data: bytes) -> bytes:
        """DER of r and s. Raises Refused key-signature-wrong when the device answers with another signature."""
        with _named_errors(self):
            r, s = self._container.sign(self._public.e(data))
        signature = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
        try:
            self._public.verify(signature, data)
        except BadSignature as error:
            raise Refused("key-signature-wrong") from error
        return signature

    def pin_state_now(self) -> dict[str, Any]:
        """How the PIN stands, asked again."""
        try:
            return _pin_state(self._container.tries_left())
        except SkfError:
            return _pin_state(None)

    def close(self) -> None:
        """Log out; a device that is gone is closed all the same."""
        with contextlib.suppress(SkfError):
            self._device.close()


@contextlib.contextmanager
def _named_errors(key: SkfKey | None = None) -> Iterator[None]:
    """Turns SAR codes into the refusals that the parent knows. Only SAR_PIN_INCORRECT is a wrong PIN."""
    try:
        yield
    except SkfError as error:
        raise _refusal(error, key) from error


def _refusal(error: SkfError, key: SkfKey | None) -> Refused:
    if error.code == _PIN_LOCKED:
        return Refused("pin-locked")
    if error.code == _PIN_INCORRECT:
        return Refused("pin-wrong", **(key.pin_state_now() if key else _pin_state(None)))
    if error.code in _PIN_FORM:
        return Refused("pin-form")
    if error.code in _GONE:
        return Refused("key-gone")
    return Refused("key-failed", reason=str(error))
