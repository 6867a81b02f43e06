"""An SM2 key behind PKCS#11: the vendor's own mechanism number, called through the C ABI. Runs in the child only.

PKCS#11 has no SM2 of its own, and python-pkcs11 refuses numbers that it does not know; so the session, the login and
the signature go through ctypes, in the library that python-pkcs11 has loaded and initialised. The numbers are data:
resources/sm2/mechanisms.toml.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from unitclient.gm.sm2 import BadSignature, Sm2PublicKey
from unitclient.paths import resources_root
from unitclient.tokens.certificates import algorithm_of
from unitclient.tokens.child_errors import named_errors
from unitclient.tokens.child_pkcs11 import TokenKey
from unitclient.tokens.cryptoki import Again, Session
from unitclient.tokens.wire import Refused


@dataclass(frozen=True)
class Mechanism:
    """How one vendor signs with SM2; the members are explained in the data file."""

    libraries: tuple[str, ...]
    key_type: int
    mechanism: int


class SigningKey(Protocol):
    """`helper.Key`, told here without importing the helper."""

    def describe(self) -> dict[str, Any]:
        """See `helper.Key`."""
        ...

    def login(self, pin: str) -> dict[str, Any]:
        """See `helper.Key`."""
        ...

    def sign(self, data: bytes) -> bytes:
        """See `helper.Key`."""
        ...

    def close(self) -> None:
        """See `helper.Key`."""
        ...


def with_vendor_mechanism(key: TokenKey, library: str) -> SigningKey:
    """The key itself, or the same key signing with SM2 when its certificate says that it is one."""
    if algorithm_of(key.certificate) != "sm2":
        return key
    return VendorSm2Key(key, library, Sm2PublicKey.need_of_certificate(key.certificate))


def mechanisms(folder: Path) -> list[Mechanism]:
    """What is known of vendors; raises OSError or ValueError when the file is not there or not that."""
    data = tomllib.loads((folder / "sm2" / "mechanisms.toml").read_text("utf-8"))
    return [Mechanism(tuple(one["libraries"]), one["key_type"], one["mechanism"]) for one in data["vendor"]]


class VendorSm2Key:
    """One SM2 key on one token."""

    def __init__(self, key: TokenKey, library: str, public: Sm2PublicKey) -> None:
        self._key = key
        self._public = public
        self._cryptoki = key.library
        self._session: Session | None = None
        self._handle = 0
        self._again: Again | None = None
        self._mechanism = self._known_mechanism(library)

    def _known_mechanism(self, library: str) -> Mechanism:
        """The vendor's by the library's name, if the token lists its number."""
        with named_errors(self._key):
            offered = set(self._cryptoki.mechanisms(self._key.slot_id))
        name = Path(library).name.lower()
        for one in mechanisms(resources_root()):
            if one.mechanism in offered and any(part in name for part in one.libraries):
                return one
        raise Refused("key-sm2-mechanism", library=library)

    def describe(self) -> dict[str, Any]:
        """As the token's other keys."""
        return self._key.describe()

    def login(self, pin: str) -> dict[str, Any]:
        """Log in, once, and find the private key. Raises as `TokenKey.login`."""
        with named_errors(self._key):
            self._session = self._cryptoki.open_session(self._key.slot_id)
            self._session.login(None if self._key.on_device else pin)
            self._handle = self._find_key(self._session)
            if self._session.asks_always(self._handle):
                self._again = Again(None if self._key.on_device else pin)
        return self._key.certificates()

    def _find_key(self, session: Session) -> int:
        """By the certificate's CKA_ID, or the only private key of the vendor's SM2 kind."""
        named = session.private_keys(identifier=self._key.identifier) if self._key.identifier else []
        found = named or session.private_keys(key_type=self._mechanism.key_type)
        if not found or (not named and len(found) > 1):
            raise Refused("key-not-found")
        return found[0]

    def sign(self, data: bytes) -> bytes:
        """DER of r and s. Raises Refused key-signature-wrong when the answer does not fit the certificate."""
        assert self._session is not None
        e = self._public.e(data)
        with named_errors(self._key):
            answer = self._session.sign(self._handle, self._mechanism.mechanism, e, again=self._again)
        signature = _as_der(answer)
        try:
            self._public.verify(signature, data)
        except BadSignature as error:
            raise Refused("key-signature-wrong") from error
        return signature

    def close(self) -> None:
        """Log out."""
        self._again = None
        session, self._session = self._session, None
        if session is not None:
            session.close()
        self._key.close()


def _as_der(answer: bytes) -> bytes:
    """r and s one after the other, as PKCS#11 has it for ECDSA, become DER; some vendors answer in DER at once."""
    if len(answer) != 64:
        return answer
    return encode_dss_signature(int.from_bytes(answer[:32]), int.from_bytes(answer[32:]))
