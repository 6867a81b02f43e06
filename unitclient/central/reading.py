"""What a unit reads: states of submissions, the snapshot, posting lines, and verification for anyone."""

from __future__ import annotations

import sqlite3
from typing import Any

from unitclient.central import wire
from unitclient.central.billing import posting_lines
from unitclient.central.core import Core
from unitclient.central.documents import sha256_hex
from unitclient.central.feed import change_of, change_wire
from unitclient.central.problems import ProblemError
from unitclient.central.registers import whole_registers
from unitclient.central.roster import records
from unitclient.sync.protocol import Acceptance, DocumentKind, SignedDocument, canonical

_OUT_OF_FORCE = (Acceptance.RETURNED, Acceptance.VOIDED, Acceptance.REPLACED)


def submission_state(connection: sqlite3.Connection, unit_number: str, submission_id: str) -> dict[str, Any]:
    """What became of one submission; ProblemError `not-found`."""
    row = connection.execute(
        "SELECT * FROM submission WHERE unit_number = ? AND submission_id = ?", (unit_number, submission_id)
    ).fetchone()
    if row is None:
        raise ProblemError("not-found", submission_id=submission_id)
    return _state(connection, row)


def submission_states(connection: sqlite3.Connection, unit_number: str, period: str | None) -> list[dict[str, Any]]:
    """All submissions of a unit (and period), newest first."""
    rows = connection.execute(
        "SELECT * FROM submission WHERE unit_number = ? AND period = coalesce(?, period) ORDER BY rowid DESC",
        (unit_number, period),
    ).fetchall()
    return [_state(connection, row) for row in rows]


def _state(connection: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    documents = connection.execute(
        "SELECT kind, ref, sha256, at FROM document WHERE unit_number = ? AND submission_id = ? ORDER BY rowid",
        (row["unit_number"], row["submission_id"]),
    )
    same = ("submission_id", "form", "period", "kind", "supersedes", "money", "received_at", "deadline")
    return {
        **{name: row[name] for name in same},
        "acceptance_number": row["acceptance_number"],
        "state": row["acceptance"],
        "timely": bool(row["timely"]),
        "documents": [dict(document) for document in documents],
    }


def roster_document(core: Core, unit_number: str) -> SignedDocument:
    """The roster as the centre holds it now, signed."""
    connection = core.database.read()
    connection.execute("BEGIN")
    try:
        persons = records(connection, unit_number)
        seq = core.feed.last_seq(unit_number)
    finally:
        connection.execute("COMMIT")
    return core.publisher.sign(DocumentKind.ROSTER, unit_number, {"persons": persons, "feed_seq": seq})


def snapshot(core: Core, unit_number: str) -> dict[str, Any]:
    """Roster, the newest document of each kind and submission, and a cursor from which nothing is missed."""
    roster = roster_document(core, unit_number)
    seq = roster.content()["feed_seq"]
    rows = core.database.read().execute(
        "SELECT f.seq, f.kind, f.submission_id, f.ref, f.at, d.sha256, d.document, d.cms"
        " FROM feed f JOIN document d USING (ref) WHERE f.unit_number = ? AND f.seq <= ? AND f.seq IN"
        " (SELECT max(seq) FROM feed WHERE unit_number = ? AND seq <= ? GROUP BY kind, submission_id"
        "  , CASE WHEN kind IN ('announcement', 'article', 'message') THEN ref END)"
        " AND f.kind <> 'register' ORDER BY f.seq",
        (unit_number, seq, unit_number, seq),
    )
    registers = whole_registers(core.database.read(), unit_number)
    return {
        "next_cursor": core.feed.cursor(unit_number, seq),
        "roster": roster.to_wire(),
        "registers": [
            core.publisher.sign(
                DocumentKind.REGISTER, unit_number, {"register": name, "entries": entries, "whole": True}
            ).to_wire()
            for name, entries in registers.items()
        ],
        "documents": [change_wire(change_of(row, True)) for row in rows],
    }


def bill_postings(core: Core, unit_number: str, bill_id: str) -> dict[str, Any]:
    """The credits of one bill, line by line; ProblemError `not-found`."""
    connection = core.database.read()
    if bill_row(connection, unit_number, bill_id) is None:
        raise ProblemError("not-found")
    lines = posting_lines(connection, unit_number, bill_id)
    return {"bill_id": bill_id, "lines": lines, "lines_sha256": sha256_hex(canonical(lines))}


def bill_row(connection: sqlite3.Connection, unit_number: str, bill_id: str) -> sqlite3.Row | None:
    """A unit's bill."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM bill WHERE unit_number = ? AND bill_id = ?", (unit_number, bill_id)
    ).fetchone()
    return row


def verify(connection: sqlite3.Connection, acceptance_number: str, sha256: str) -> wire.VerifyAnswer:
    """Whether number and digest belong together. Nothing is told to somebody who has only one of them."""
    row = connection.execute("SELECT * FROM submission WHERE acceptance_number = ?", (acceptance_number,)).fetchone()
    if row is None:
        return wire.VerifyAnswer(known=False)
    in_force = row["acceptance"] not in _OUT_OF_FORCE
    if row["sha256"] == sha256:
        return wire.VerifyAnswer(known=True, kind="submission", at=row["received_at"], in_force=in_force)
    document = connection.execute(
        "SELECT kind, at FROM document WHERE unit_number = ? AND submission_id = ? AND sha256 = ?",
        (row["unit_number"], row["submission_id"], sha256),
    ).fetchone()
    if document is None:
        return wire.VerifyAnswer(known=False)
    return wire.VerifyAnswer(known=True, kind=document["kind"], at=document["at"], in_force=in_force)
