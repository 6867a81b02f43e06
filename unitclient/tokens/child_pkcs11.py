"""PKCS#11 as the helper process sees it. Runs in the child only: a vendor's library may hang or crash.

python-pkcs11 calls C_Initialize without locking, so everything here stays on one thread. After any error the parent
ends this process: a failed operation leaves sessions and half-open operations behind in many libraries.
"""

from __future__ import annotations

import hashlib
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pkcs11
from pkcs11 import Attribute, CertificateType, Mechanism, ObjectClass, TokenFlag
from pkcs11 import exceptions as ckr

from unitclient.tokens.wire import Refused, to_text

_GONE = (
    ckr.DeviceRemoved,
    ckr.DeviceError,
    ckr.TokenNotPresent,
    ckr.TokenNotRecognised,
    ckr.SessionHandleInvalid,
    ckr.SessionClosed,
    ckr.ObjectHandleInvalid,
    ckr.KeyHandleInvalid,
)
"""A token pulled out has many names; OpenSC gives the session's or the object's (measured)."""
_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 (RFC 8017, 9.2): CKM_RSA_PKCS adds only the padding."""


def list_certificates(library: str) -> dict[str, Any]:
    """Certificates on every token that this library sees, readable without a PIN."""
    return {"tokens": [_describe_token(token) for token in _tokens(library)]}


def _describe_token(token: Any) -> dict[str, Any]:
    with token.open() as session:
        certificates = [to_text(value) for value, _ in _certificates(session)]
    return {
        "label": token.label.strip("\0 "),
        "serial": _serial(token),
        "certificates": certificates,
        **pin_state(token),
    }


class TokenKey:
    """One key on one token: opened, logged in, used, closed."""

    def __init__(self, ref: dict[str, str]) -> None:
        self._library = ref["library"]
        self._token = _find(self._library, ref["token_serial"])
        self._session: Any = None
        self._key: Any = None
        self._is_rsa = False
        self._context_pin: str | None = None
        with named_errors(self):
            self._value, self._id, self._others = self._find_certificate(ref["certificate_sha256"])

    def _find_certificate(self, fingerprint: str) -> tuple[bytes, bytes, list[bytes]]:
        with self._token.open() as session:
            found = list(_certificates(session))
        for value, identifier in found:
            if hashlib.sha256(value).hexdigest() == fingerprint:
                return value, identifier, [other for other, _ in found if other != value]
        raise Refused("key-not-found")

    @property
    def certificate(self) -> bytes:
        """The certificate of this key, DER."""
        return self._value

    @property
    def identifier(self) -> bytes:
        """CKA_ID of the certificate; b"" when it has none."""
        return self._id

    @property
    def slot_id(self) -> int:
        """Where the token is plugged in now."""
        return int(self._token.slot.slot_id)

    @property
    def on_device(self) -> bool:
        """Whether the PIN is entered on the device itself."""
        return bool(self._token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH)

    def certificates(self) -> dict[str, Any]:
        """The certificate and the others beside it, as the parent reads them."""
        return {"certificate": to_text(self._value), "others": [to_text(other) for other in self._others]}

    def describe(self) -> dict[str, Any]:
        """What to tell the person before the PIN is asked for."""
        return {
            "label": self._token.label.strip("\0 "),
            "on_device": self.on_device,
            **self.certificates(),
            **pin_state(self._token),
        }

    def login(self, pin: str) -> dict[str, Any]:
        """Log in, once, and find the private key. Raises Refused pin-wrong (with the state after it), pin-locked ..."""
        with named_errors(self):
            self._session = self._token.open(user_pin=pkcs11.PROTECTED_AUTH if self.on_device else pin)
            self._key = self._find_key()
            self._is_rsa = self._key.key_type is pkcs11.KeyType.RSA  # asked once: it is a call to the token
            if self._asks_always():
                self._context_pin = pin
        return self.certificates()

    def _find_key(self) -> Any:
        wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: self._id}
        keys = list(self._session.get_objects(wanted)) or list(self._by_modulus())
        if not keys:
            raise Refused("key-not-found")
        return keys[0]

    def _by_modulus(self) -> Iterator[Any]:
        """Some vendors give key and certificate different ids; an RSA pair is known by its modulus."""
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import rsa

        public = x509.load_der_x509_certificate(self._value).public_key()
        if isinstance(public, rsa.RSAPublicKey):
            modulus = public.public_numbers().n
            for key in self._session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}):
                if int.from_bytes(_attribute(key, Attribute.MODULUS) or b"") == modulus:
                    yield key

    def _asks_always(self) -> bool:
        """CKA_ALWAYS_AUTHENTICATE: qualified keys want the PIN before each signature; it is kept while this is open."""
        return bool(_attribute(self._key, Attribute.ALWAYS_AUTHENTICATE))

    def sign(self, data: bytes) -> bytes:
        """PKCS#1 v1.5 block, or r and s one after the other; SHA-256 is computed here."""
        digest = hashlib.sha256(data).digest()
        options = {"pin": self._context_pin} if self._context_pin is not None else {}
        with named_errors(self):
            if self._is_rsa:
                signature = self._key.sign(_SHA256_INFO + digest, mechanism=Mechanism.RSA_PKCS, **options)
            else:
                signature = self._key.sign(digest, mechanism=Mechanism.ECDSA, **options)
        return bytes(signature)

    def close(self) -> None:
        """Log out."""
        self._context_pin = None
        if self._session is not None:
            self._session.close()
            self._session = None

    def is_gone(self) -> bool:
        """Whether no token with this serial is there now."""
        try:
            present = {_serial(token) for token in _tokens(self._library)}
        except (Refused, ckr.PKCS11Error):
            return True
        return _serial(self._token) not in present

    def pin_state_now(self) -> dict[str, Any]:
        """The PIN flags, read again: they may have changed with the last try."""
        try:
            return pin_state(self._token.slot.get_token())
        except ckr.PKCS11Error:
            return {"pin_state": "unknown", "tries": None}


class named_errors:  # noqa: N801 - used as a with-statement's word
    """Turns CKR codes into the refusals that the parent knows. Only CKR_PIN_INCORRECT is a wrong PIN."""

    def __init__(self, key: TokenKey) -> None:
        self._key = key

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ckr.PKCS11Error):
            raise self._refusal(error) from error

    def _refusal(self, error: ckr.PKCS11Error) -> Refused:
        if isinstance(error, ckr.PinIncorrect):
            state = self._key.pin_state_now()
            return Refused("pin-locked" if state["pin_state"] == "locked" else "pin-wrong", **state)
        if isinstance(error, ckr.PinLocked):
            return Refused("pin-locked")
        if isinstance(error, ckr.PinInvalid | ckr.PinLenRange):
            return Refused("pin-form")
        if isinstance(error, ckr.PinExpired):
            return Refused("pin-expired")
        if isinstance(error, ckr.FunctionCancelled):
            return Refused("cancelled")
        if isinstance(error, _GONE) or (isinstance(error, ckr.GeneralError) and self._key.is_gone()):
            return Refused("key-gone")
        return Refused("key-failed", reason=str(error) or type(error).__name__)


def pin_state(token: Any) -> dict[str, Any]:
    """The PIN flags in our words. PKCS#11 has no count of tries: 1 and 0 are all that can be said."""
    flags = token.flags
    for flag, state, tries in (
        (TokenFlag.USER_PIN_LOCKED, "locked", 0),
        (TokenFlag.USER_PIN_FINAL_TRY, "final", 1),
        (TokenFlag.USER_PIN_COUNT_LOW, "low", None),
    ):
        if flags & flag:
            return {"pin_state": state, "tries": tries}
    return {"pin_state": "ok", "tries": None}


def _certificates(session: Any) -> Iterator[tuple[bytes, bytes]]:
    """(DER, CKA_ID) of the X.509 certificates."""
    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: CertificateType.X_509}
    for found in session.get_objects(wanted):
        value = _attribute(found, Attribute.VALUE)
        if value:
            yield bytes(value), bytes(_attribute(found, Attribute.ID) or b"")


def _attribute(found: Any, attribute: Attribute) -> Any:
    try:
        return found[attribute]
    except (ckr.AttributeTypeInvalid, ckr.AttributeSensitive, ckr.FunctionFailed):
        return None


def _serial(token: Any) -> str:
    return str(token.serial.decode("latin-1")).strip("\0 ")


def _find(library: str, serial: str) -> Any:
    for token in _tokens(library):
        if _serial(token) == serial:
            return token
    raise Refused("key-not-found")


def _tokens(library: str) -> list[Any]:
    """Initialised tokens that are plugged in now."""
    tokens = []
    for slot in _load(library).get_slots(token_present=True):
        try:
            token = slot.get_token()
        except (ckr.TokenNotPresent, ckr.TokenNotRecognised, ckr.DeviceRemoved):
            continue  # pulled out between the two calls, or not a token of this vendor
        if token.flags & TokenFlag.TOKEN_INITIALIZED:
            tokens.append(token)
    return tokens


def _load(library: str) -> Any:
    path = Path(library)
    if not path.is_file():
        raise Refused("key-library-missing", library=library)
    bits, own = library_bits(path), 8 * struct.calcsize("P")
    if bits and bits != own:
        raise Refused("key-library-wrong-bits", library=library, bits=bits, own=own)
    try:
        return pkcs11.lib(library)
    except (ckr.PKCS11Error, OSError) as error:
        raise Refused("key-library-broken", library=library, reason=str(error) or type(error).__name__) from error


def library_bits(path: Path) -> int:
    """32 or 64 by the file's header (ELF, PE); 0 when it tells neither."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head[:4] == b"\x7fELF":
        return {1: 32, 2: 64}.get(head[4], 0)
    if head[:2] == b"MZ" and len(head) >= 64:
        start = struct.unpack_from("<L", head, 60)[0]
        if head[start : start + 4] == b"PE\0\0" and len(head) >= start + 6:
            return {0x14C: 32, 0x8664: 64, 0xAA64: 64}.get(struct.unpack_from("<H", head, start + 4)[0], 0)
    return 0 if sys.platform != "darwin" else 64
