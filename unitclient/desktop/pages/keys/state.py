"""What the keys page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unitclient.errors import UserError

TOKEN, FILE, UNIT = "token", "file", "unit"
"""Where a certificate was found: on a token, in a PKCS#12 file, or only in what is known of a unit."""


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of a chain."""

    subject: str
    until: datetime


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One certificate with what is known of its key. `pin` is a PinState's value ("" where no token was asked)."""

    id: str
    """Its fingerprint, SHA-256 in hex."""
    found: str
    subject: str
    issuer: str
    serial: str
    since: datetime
    until: datetime
    algorithm: str
    signs: bool
    days: int
    place: str
    """Token label and serial, or the file."""
    pin: str = ""
    tries: int | None = None
    units: tuple[str, ...] = ()
    """Names of the units it signs for."""
    numbers: tuple[str, ...] = ()
    """Their numbers."""
    practice: bool = False
    role: str = ""
    """`chief` or `authorised`; "" for what no unit signs with."""
    chain: tuple[Link, ...] = ()
    trusted: bool = False
    """Whether its chain ends at an authority this computer believes."""


@dataclass(frozen=True, slots=True)
class ListLine:
    """One revocation list: whose it is, since when, and until when it counts as fresh."""

    issuer: str
    since: datetime
    until: datetime | None
    fresh: bool


@dataclass(frozen=True)
class KeysState:
    """Everything the view needs."""

    reading: bool = True
    searching: bool = False
    keys: tuple[KeyLine, ...] = ()
    lists: tuple[ListLine, ...] = ()
    problems: tuple[UserError, ...] = ()
    libraries: tuple[str, ...] = ()
    acting: bool = False
    """Whether a certificate is being renewed, upgraded or changed."""
    done: str = ""
    """What came of the last act, in a sentence."""
    current: str = ""

    def key(self) -> KeyLine | None:
        """The one in front."""
        return next((key for key in self.keys if key.id == self.current), None)
