"""The backup file: a short header in clear, a sealed list of contents, and the database under a key of its own.

    unitclient-backup 1\\n
    {"v": 1, "key": "passphrase" | "database-key", "salt": ..., cost, "nonce": ..., "list": bytes, "made_at": ...}\\n
    the list of contents (JSON: schema version, rows and SHA-256 per table), AES-256-GCM, the header line as its AAD
    the database, SQLCipher 4

Both keys come from one secret (Argon2id over the passphrase, or the unit's own database key) by HKDF.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from unitclient.errors import UserError
from unitclient.store import jsontext
from unitclient.store.contents import TableContent
from unitclient.store.journal_file import Anchor
from unitclient.store.kdf import DEFAULT_COST, SALT_BYTES, Cost, from_key, from_passphrase

MAGIC = b"unitclient-backup 1\n"
_MAX_HEADER = 4096
UNTOLD = Anchor(0, "")
"""The end of the journal in a backup of a version that did not write it down."""
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Listing:
    """The sealed list of contents. `journal` is the journal's end, by which a cut one is found out later."""

    schema: int
    tables: dict[str, TableContent]
    journal: Anchor

    @property
    def rows(self) -> dict[str, int]:
        """{table: rows}."""
        return {name: content.rows for name, content in self.tables.items()}

    def is_of(self, found: Listing) -> bool:
        """Whether this list is what was found in the backup."""
        same_end = self.journal in (UNTOLD, found.journal)
        return same_end and (self.schema, self.tables) == (found.schema, found.tables)


@dataclass(frozen=True, slots=True)
class KeptSecret:
    """What a passphrase came to, for backups that are made when nobody is there to type it. It lies in the database."""

    secret: bytes
    salt: bytes
    cost: Cost

    @classmethod
    def of(cls, passphrase: str, cost: Cost = DEFAULT_COST) -> KeptSecret:
        """Of a passphrase; takes its time."""
        salt = secrets.token_bytes(SALT_BYTES)
        return cls(from_passphrase(passphrase, salt, cost), salt, cost)

    def to_json(self) -> dict[str, Any]:
        """For the settings."""
        cost = [self.cost.iterations, self.cost.memory_kib, self.cost.lanes]
        return {"secret": self.secret.hex(), "salt": self.salt.hex(), "cost": cost}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> KeptSecret:
        """From the settings."""
        return cls(bytes.fromhex(told["secret"]), bytes.fromhex(told["salt"]), Cost(*told["cost"]))


@dataclass(frozen=True, slots=True)
class BackupKeys:
    """Keys of one backup, and the header members that let them be found again."""

    database: bytes
    listing: bytes
    header: dict[str, Any]


def new_keys(
    passphrase: str | KeptSecret | None, database_key: bytes, made_at: str, cost: Cost = DEFAULT_COST
) -> BackupKeys:
    """Keys for a new backup: from the passphrase when there is one, else from the unit's database key."""
    kept = passphrase if isinstance(passphrase, KeptSecret) else None
    if kept is not None:
        cost = kept.cost
    header: dict[str, Any] = {"v": 1, "salt": secrets.token_hex(SALT_BYTES), "made_at": made_at}
    if passphrase is None:
        header["key"] = "database-key"
    else:
        header |= {"key": "passphrase", "iterations": cost.iterations, "memory_kib": cost.memory_kib,
                   "lanes": cost.lanes}  # fmt: skip
    if kept is not None:
        header["salt"] = kept.salt.hex()
        return _of_secret(header, kept.secret, kept.salt)
    assert not isinstance(passphrase, KeptSecret)
    return _keys(header, passphrase, database_key)


def write(out: BinaryIO, keys: BackupKeys, listing: Listing, database: Path) -> None:
    """Write a whole backup file."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    tables = {name: [content.rows, content.sha256] for name, content in listing.tables.items()}
    end = [listing.journal.entries, listing.journal.head]
    plain = jsontext.dump({"schema": listing.schema, "tables": tables, "journal": end}).encode()
    tag_bytes = 16
    header = {**keys.header, "nonce": nonce.hex(), "list": len(plain) + tag_bytes}
    line = jsontext.dump(header).encode() + b"\n"
    out.write(MAGIC + line + AESGCM(keys.listing).encrypt(nonce, plain, line))
    with database.open("rb") as source:
        shutil.copyfileobj(source, out, 1 << 20)


def read_header(file: BinaryIO, path: Path) -> tuple[dict[str, Any], bytes]:
    """(header, its line) from the beginning of a file; UserError backup-broken when it is not a backup of ours."""
    magic, line = file.read(len(MAGIC)), file.readline(_MAX_HEADER)
    try:
        header = dict(jsontext.load(line.decode()))
        if magic == MAGIC and _is_sound(header):
            return header, line
    except (ValueError, KeyError, TypeError, OverflowError) as fault:
        raise UserError("backup-broken", path=path) from fault
    raise UserError("backup-broken", path=path)


def _is_sound(header: dict[str, Any]) -> bool:
    """Whether the members are there and moderate: the header is read before anything of it is proved."""
    sizes = len(bytes.fromhex(header["salt"])), len(bytes.fromhex(header["nonce"]))
    moderate = sizes == (SALT_BYTES, _NONCE_BYTES) and isinstance(header["made_at"], str)
    moderate = moderate and 16 < header["list"] < 1 << 20 and isinstance(header["list"], int)
    if header["key"] == "passphrase":
        moderate = moderate and _is_cost(Cost(header["iterations"], header["memory_kib"], header["lanes"]))
    return bool(header["v"] == 1 and header["key"] in ("passphrase", "database-key") and moderate)


def _is_cost(cost: Cost) -> bool:
    """Whether the derivation can be done at all, in reasonable memory and time: at most 1 GiB, 16 times over."""
    if any(type(each) is not int for each in cost):
        return False
    return 1 <= cost.iterations <= 16 and 1 <= cost.lanes <= 64 and 8 * cost.lanes <= cost.memory_kib <= 1 << 20


def open_keys(header: dict[str, Any], passphrase: str | None, database_key: bytes | None, path: Path) -> BackupKeys:
    """Keys of a backup that exists. UserError backup-needs-passphrase, backup-needs-key."""
    if header["key"] == "passphrase" and passphrase is None:
        raise UserError("backup-needs-passphrase", path=path)
    if header["key"] == "database-key" and database_key is None:
        raise UserError("backup-needs-key", path=path)
    return _keys(header, passphrase, database_key or b"")


def read_listing(file: BinaryIO, keys: BackupKeys, line: bytes, path: Path) -> Listing:
    """The list of contents, after the header. UserError backup-wrong-key (or the file was changed)."""
    header = jsontext.load(line.decode())
    sealed = file.read(int(header["list"]))
    try:
        plain = AESGCM(keys.listing).decrypt(bytes.fromhex(header["nonce"]), sealed, line)
    except InvalidTag:
        raise UserError("backup-wrong-key", path=path) from None
    members = jsontext.load(plain.decode())
    tables = {name: TableContent(*content) for name, content in members["tables"].items()}
    # A backup of a version that did not write it down holds it in its table all the same.
    return Listing(members["schema"], tables, Anchor(*members["journal"]) if "journal" in members else UNTOLD)


def _keys(header: dict[str, Any], passphrase: str | None, database_key: bytes) -> BackupKeys:
    salt = bytes.fromhex(header["salt"])
    if header["key"] == "passphrase":
        assert passphrase is not None
        secret = from_passphrase(passphrase, salt, Cost(header["iterations"], header["memory_kib"], header["lanes"]))
    else:
        secret = database_key
    return _of_secret(header, secret, salt)


def _of_secret(header: dict[str, Any], secret: bytes, salt: bytes) -> BackupKeys:
    return BackupKeys(
        from_key(secret, salt, "unitclient backup database"), from_key(secret, salt, "unitclient backup list"), header
    )
