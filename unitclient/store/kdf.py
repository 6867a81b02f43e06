"""Keys from passphrases (Argon2id) and keys from keys (HKDF-SHA256)."""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

KEY_BYTES = 32
SALT_BYTES = 16


class Cost(NamedTuple):
    """What one guess at a passphrase costs. The default is RFC 9106's second choice: 64 MiB, three passes, 4 lanes."""

    iterations: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


DEFAULT_COST = Cost()
_ONE_AT_A_TIME = Lock()
"""OpenSSL has one pool of threads for all derivations of a process: two at once fail (MemoryError) or wait for ever."""


def from_passphrase(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """32 key bytes from what a person remembers; about half a second on an office computer."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    with _ONE_AT_A_TIME:
        return kdf.derive(passphrase.encode())


def from_key(key: bytes, salt: bytes, purpose: str) -> bytes:
    """32 key bytes for one purpose from another key, so that no key serves two ends."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose.encode()).derive(key)
