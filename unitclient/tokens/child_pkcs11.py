"""PKCS#11 as the helper process sees it. Runs in the child only: a vendor's library may hang or crash.

python-pkcs11 calls C_Initialize without locking, so everything here stays on one thread. After any error the parent
ends this process: a failed operation leaves sessions and half-open operations behind in many libraries.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pkcs11
from pkcs11 import Attribute, CertificateType, Mechanism, ObjectClass, TokenFlag
from pkcs11 import exceptions as ckr

from unitclient.tokens.child_errors import named_errors
from unitclient.tokens.child_match import attribute, private_key_of
from unitclient.tokens.cryptoki import Again, Cryptoki, text_of
from unitclient.tokens.libraries import need_library
from unitclient.tokens.wire import Refused, to_text

_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 (RFC 8017, 9.2): CKM_RSA_PKCS adds only the padding."""
_NOTICED_S = 2.0
_Quirks = Mapping[str, Any]


class Library:
    """A vendor's library, loaded. Raises Refused key-library-..."""

    def __init__(self, library: str, quirks: _Quirks) -> None:
        need_library(library)
        self.raw = Cryptoki(library)
        self._encoding = str(quirks.get("labels", "utf-8"))
        try:
            self._library = pkcs11.lib(library)
        except (ckr.PKCS11Error, OSError) as error:
            reason = str(error) or type(error).__name__
            raise Refused("key-library-broken", library=library, reason=reason) from error

    def tokens(self) -> tuple[list[Any], int]:
        """Initialised tokens that are plugged in now, and how many others are there that this library cannot read."""
        tokens, unreadable = [], 0
        for slot in self._library.get_slots(token_present=True):
            try:
                token = slot.get_token()
            except (ckr.TokenNotPresent, ckr.DeviceRemoved):
                continue  # pulled out between the two calls
            except ckr.TokenNotRecognised:
                unreadable += 1
                continue
            if token.flags & TokenFlag.TOKEN_INITIALIZED:
                tokens.append(token)
        return tokens, unreadable

    def find(self, serial: str) -> list[Any]:
        """The tokens with this serial number; some makers give all the same. Refused key-not-recognised."""
        tokens, unreadable = self.tokens()
        if unreadable and not tokens:
            raise Refused("key-not-recognised")
        return [token for token in tokens if serial_of(token) == serial]

    def label(self, token: Any) -> str:
        """The token's label, readable."""
        try:
            return text_of(self.raw.label(token.slot.slot_id), self._encoding)
        except ckr.PKCS11Error:
            return str(token.label).strip("\0 ")


def list_certificates(library: str, quirks: _Quirks) -> dict[str, Any]:
    """Certificates on every token that this library sees, readable without a PIN."""
    loaded = Library(library, quirks)
    tokens, unreadable = loaded.tokens()
    return {"tokens": [_describe_token(loaded, token) for token in tokens], "unreadable": unreadable}


def _describe_token(library: Library, token: Any) -> dict[str, Any]:
    with token.open() as session:
        certificates = [to_text(value) for value, _ in _certificates(session)]
    return {
        "label": library.label(token),
        "serial": serial_of(token),
        "certificates": certificates,
        **pin_state(token),
    }


class TokenKey:
    """One key on one token: opened, logged in, used, closed."""

    def __init__(self, ref: dict[str, str], quirks: _Quirks) -> None:
        self._quirks = quirks
        self._library = Library(ref["library"], quirks)
        self._session: Any = None
        self._key: Any = None
        self._is_rsa = self._asks_always = self._used = False
        self._pin = ""
        with named_errors(self):
            self._find(ref["token_serial"], ref["certificate_sha256"])

    def _find(self, serial: str, fingerprint: str) -> None:
        """The token and the certificate. Refused key-not-found."""
        for token in self._library.find(serial):
            with token.open() as session:
                found = list(_certificates(session))
            for value, identifier in found:
                if hashlib.sha256(value).hexdigest() == fingerprint:
                    self._token, self._value, self._id = token, value, identifier
                    self._others = [other for other, _ in found if other != value]
                    return
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
        """Whether the PIN is entered on the device itself, or in a window of the vendor's."""
        pad = bool(self._token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH)
        return pad or self._quirks.get("pin") == "window"

    @property
    def library(self) -> Cryptoki:
        """The loaded library, for what python-pkcs11 lacks."""
        return self._library.raw

    def certificates(self) -> dict[str, Any]:
        """The certificate and the others beside it, as the parent reads them."""
        return {"certificate": to_text(self._value), "others": [to_text(other) for other in self._others]}

    def describe(self) -> dict[str, Any]:
        """What to tell the person before the PIN is asked for."""
        return {
            "label": self._library.label(self._token),
            "on_device": self.on_device,
            **self.certificates(),
            **pin_state(self._token),
        }

    def login(self, pin: str) -> dict[str, Any]:
        """Log in, once, and find the private key. Raises Refused pin-wrong (with the state after it), pin-locked ..."""
        with named_errors(self):
            self._log_in(pin)
        if self._asks_always or self._quirks.get("login") == "each-signature":
            self._pin = pin  # it has just succeeded; kept while this is open
        return self.certificates()

    def _log_in(self, pin: str) -> None:
        if self.on_device:
            self._session = self._token.open()
            self.library.session(self._session.handle).login(None)
        else:
            self._session = self._token.open(user_pin=pin)
        self._key = private_key_of(self._session, self._value, self._id)
        self._is_rsa = self._key.key_type is pkcs11.KeyType.RSA  # asked once: it is a call to the token
        # Qualified keys want the PIN directly before each signature.
        self._asks_always = bool(attribute(self._key, Attribute.ALWAYS_AUTHENTICATE))
        self._used = False

    def sign(self, data: bytes) -> bytes:
        """PKCS#1 v1.5 block, or r and s one after the other; SHA-256 is computed here."""
        digest = hashlib.sha256(data).digest()
        with named_errors(self):
            if self._used and self._quirks.get("login") == "each-signature":
                self._log_in_again()
            signature = self._sign(_SHA256_INFO + digest if self._is_rsa else digest)
        self._used = True
        return signature

    def _sign(self, block: bytes) -> bytes:
        mechanism = Mechanism.RSA_PKCS if self._is_rsa else Mechanism.ECDSA
        if self._asks_always and self.on_device:
            session = self.library.session(self._session.handle)
            return session.sign(self._key.handle, mechanism.value, block, again=Again(None))
        options = {"pin": self._pin} if self._asks_always else {}
        return bytes(self._key.sign(block, mechanism=mechanism, **options))

    def _log_in_again(self) -> None:
        """A new session, for keys that log themselves out; with the PIN that had succeeded, or on the device."""
        self._session.close()
        self._log_in(self._pin)

    def close(self) -> None:
        """Log out."""
        self._pin = ""
        if self._session is not None:
            self._session.close()
            self._session = None

    def is_gone(self) -> bool:
        """Whether no token with this serial is there. A reader tells of it a moment after the failed call."""
        end = time.monotonic() + _NOTICED_S
        while not (gone := self._is_absent()) and time.monotonic() < end:
            time.sleep(0.1)
        return gone

    def _is_absent(self) -> bool:
        try:
            present = {serial_of(token) for token in self._library.tokens()[0]}
        except (Refused, ckr.PKCS11Error):
            return True
        return serial_of(self._token) not in present

    def pin_state_now(self) -> dict[str, Any]:
        """The PIN flags, read again: they may have changed with the last try."""
        try:
            return pin_state(self._token.slot.get_token())
        except ckr.PKCS11Error:
            return {"pin_state": "unknown", "tries": None}


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
        value = attribute(found, Attribute.VALUE)
        if value:
            yield bytes(value), bytes(attribute(found, Attribute.ID) or b"")


def serial_of(token: Any) -> str:
    """The token's serial number."""
    return str(token.serial.decode("latin-1")).strip("\0 ")
