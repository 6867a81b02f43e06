"""Which key, what is known about it, and how the PIN is asked for. Plain values; no handle of an open token in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class KeyKind(StrEnum):
    """Where the private key lives."""

    PKCS11 = "pkcs11"
    """On a token, worked through its vendor's PKCS#11 library."""
    PKCS12 = "pkcs12"
    """In a file: PKCS#12 (.pfx, .p12), or PEM with key and certificates."""
    SKF = "skf"
    """On a device worked through its vendor's SKF library (GM/T 0016): SM2."""


@dataclass(frozen=True, slots=True)
class KeyRef:
    """How a key is remembered: token serial and certificate, never slot or handle (slots change with every plugging).

    `library` and `token_serial` for a token or an SKF device, `path` for a file. `certificate_sha256` is the
    fingerprint in hex.
    """

    kind: KeyKind
    certificate_sha256: str
    library: str = ""
    token_serial: str = ""
    path: str = ""

    def to_dict(self) -> dict[str, str]:
        """JSON form, for the store."""
        return {
            "kind": self.kind.value,
            "certificate_sha256": self.certificate_sha256,
            "library": self.library,
            "token_serial": self.token_serial,
            "path": self.path,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> KeyRef:
        """From `to_dict`; raises KeyError or ValueError when it is not that."""
        optional = {name: str(data.get(name, "")) for name in ("library", "token_serial", "path")}
        return cls(KeyKind(data["kind"]), str(data["certificate_sha256"]), **optional)


class PinState(StrEnum):
    """What the token says about wrong PINs so far (CK_TOKEN_INFO flags). Not every token says it."""

    OK = "ok"
    LOW = "low"
    """A wrong PIN was entered since the last right one."""
    FINAL = "final"
    """One more wrong PIN locks the token."""
    LOCKED = "locked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key that was found. `signs` is false for encryption certificates and algorithms this program cannot use."""

    ref: KeyRef
    token_label: str
    certificate_der: bytes
    subject: str
    not_after: datetime
    algorithm: str
    """`rsa`, `ec`, `sm2`, or `unknown`."""
    pin_state: PinState = PinState.UNKNOWN
    tries_left: int | None = None
    signs: bool = True
    chain_der: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class PinAsk:
    """What the person is told when the PIN is asked for.

    `retry`: the caller says that an earlier try in this work was wrong. `on_device`: the PIN is entered on the device
    itself; show that, and return any string.
    """

    token_label: str
    pin_state: PinState
    tries_left: int | None
    retry: bool = False
    on_device: bool = False


class PinPrompt(Protocol):
    """Asks a person for a PIN: a dialog, the terminal, a file. Token code knows no window."""

    def ask(self, question: PinAsk) -> str:
        """The PIN as entered. Raises Cancelled when the person stops."""
        ...
