"""Change of the centre's signing key: the old key signs a statement that names the new one, then signs no more."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.serialization import Encoding

from unitclient.central.database import CentreDatabase
from unitclient.central.documents import Publisher
from unitclient.central.identity import Identity
from unitclient.sync.protocol import DocumentKind, SignedDocument


class KeyChanges:
    """Makes and tells the statements."""

    def __init__(self, database: CentreDatabase, publisher: Publisher, identity: Identity) -> None:
        self._database = database
        self._publisher = publisher
        self._identity = identity

    def change(self) -> str:
        """Change the key; the statement's reference."""
        fresh = self._identity.next_signing_key()
        certificate = base64.b64encode(fresh.certificate.public_bytes(Encoding.DER)).decode("ascii")
        _ = self._identity.crl  # a fresh list goes along, and making one is a write of its own
        statement = self._publisher.sign(DocumentKind.KEY_ROLLOVER, "", {"certificate": certificate})
        with self._database.write() as tx:
            ref = self._publisher.store(tx, "", DocumentKind.KEY_ROLLOVER, statement, None)
        self._identity.use_signing_key(fresh)
        return ref

    def statements(self) -> list[SignedDocument]:
        """All of them, oldest first."""
        rows = self._database.read().execute(
            "SELECT document, cms FROM document WHERE unit_number = '' AND kind = ? ORDER BY rowid",
            (DocumentKind.KEY_ROLLOVER.value,),
        )
        return [SignedDocument(row[0], row[1]) for row in rows]
