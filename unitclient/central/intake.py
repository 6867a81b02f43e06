"""The intake: a container comes in, is verified, stored and receipted in one transaction, or refused and not kept.

The key is (unit, submission id). The same bytes again are answered with the stored receipt, bit for bit, at any time
and without verifying anew; other bytes under a taken id are refused. A receipt leaves this module only after commit.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from unitclient.central.core import Core
from unitclient.central.declared import declaration_fault
from unitclient.central.documents import by_ref
from unitclient.central.feed import next_seq
from unitclient.central.identity import seal_problem
from unitclient.central.numbers import acceptance_number, instant, is_uuid7
from unitclient.central.particulars import codes_of
from unitclient.central.problems import ProblemError
from unitclient.central.regions import calendar_entry, deadline_instant
from unitclient.central.registry import certificate_of_unit, role_of, unit_row
from unitclient.central.worker import wake_waiting
from unitclient.clock import SystemClock
from unitclient.domain.period import Period
from unitclient.seal.refusal import SealRefused
from unitclient.sync.protocol import MAX_CONTAINER_BYTES, Acceptance, Declaration, DocumentKind, SignedDocument


@dataclass(frozen=True)
class Receipted:
    """The receipt, and whether it is new (201) or was given before (200)."""

    signed: SignedDocument
    created: bool


@dataclass(frozen=True)
class _Submission:
    """A verified submission, ready to be stored."""

    unit: sqlite3.Row
    submission_id: str
    data: bytes
    sha256: str
    declaration: Declaration
    signer_sha256: str


class Intake:
    """Takes submissions in."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._system = SystemClock()

    def take(self, unit_number: str, submission_id: str, data: bytes) -> Receipted:
        """Take one container in. ProblemError for whatever is wrong with it; then nothing was stored."""
        if not is_uuid7(submission_id):
            raise ProblemError("id-not-uuidv7", submission_id=submission_id)
        if len(data) > MAX_CONTAINER_BYTES:
            raise ProblemError("too-large", submission_id=submission_id)
        sha256 = hashlib.sha256(data).hexdigest()
        known = self._known(self._core.database.read(), unit_number, submission_id, sha256)
        if known is not None:
            return known
        try:
            verified = self._verify(unit_number, submission_id, data, sha256)
        except ProblemError as problem:
            problem.submission_id = submission_id
            raise
        return self._store(verified)

    def receipt(self, unit_number: str, submission_id: str, sha256: str) -> SignedDocument:
        """The stored receipt of exactly these bytes; ProblemError `not-found` when they are not here."""
        connection = self._core.database.read()
        row = self._row(connection, unit_number, submission_id)
        if row is None or row["sha256"] != sha256:
            raise ProblemError("not-found", submission_id=submission_id)
        return self._receipt_of(connection, row)

    def _row(self, connection: sqlite3.Connection, unit_number: str, submission_id: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = connection.execute(
            "SELECT unit_number, sha256, receipt_ref FROM submission WHERE unit_number = ? AND submission_id = ?",
            (unit_number, submission_id),
        ).fetchone()
        return row

    def _receipt_of(self, connection: sqlite3.Connection, row: sqlite3.Row) -> SignedDocument:
        receipt = by_ref(connection, row["unit_number"], row["receipt_ref"])
        assert receipt is not None, "stored with the submission"
        return receipt

    def _known(
        self, connection: sqlite3.Connection, unit_number: str, submission_id: str, sha256: str
    ) -> Receipted | None:
        row = self._row(connection, unit_number, submission_id)
        if row is None:
            return None
        if row["sha256"] != sha256:
            raise ProblemError("id-reused", submission_id=submission_id)
        return Receipted(self._receipt_of(connection, row), created=False)

    def _verify(self, unit_number: str, submission_id: str, data: bytes, sha256: str) -> _Submission:
        unit = unit_row(self._core.database.read(), unit_number)
        now = self._core.clock.now()
        try:
            check = self._core.identity.verify_container(data, now)
            if check.refusal:
                raise check.refusal
            container = check.need()
            declaration = Declaration.from_bytes(container.declaration)
        except SealRefused as refusal:
            raise seal_problem(refusal) from None
        except (ValueError, KeyError, TypeError) as broken:
            raise ProblemError("schema-invalid", f"declaration.json: {broken}") from None
        assert check.signature is not None
        signer = check.signature.certificate_sha256
        certificate = self._registered(unit_number, signer)
        if container.submission_id != submission_id:
            raise ProblemError("path-mismatch", "submission_id of the manifest")
        self._check_header(declaration, unit, submission_id)
        self._check_role(certificate, declaration.header.form)
        return _Submission(unit, submission_id, data, sha256, declaration, signer)

    def _registered(self, unit_number: str, signer_sha256: str) -> sqlite3.Row:
        known = certificate_of_unit(self._core.database.read(), signer_sha256)
        if known is None or known["unit_number"] != unit_number:
            raise ProblemError("certificate-not-authorised")
        if known["revoked_at"]:
            raise ProblemError("certificate-revoked")
        return known

    def _check_role(self, certificate: sqlite3.Row, form: str) -> None:
        role = role_of(self._core.database.read(), certificate)
        if form in self._core.rulebook.certificates.roles[role].forms_refused:
            raise ProblemError("certificate-role", form)

    def _check_header(self, declaration: Declaration, unit: sqlite3.Row, submission_id: str) -> None:
        header = declaration.header
        if header.service != self._core.identity.service:
            raise ProblemError("wrong-audience", f"this is {self._core.identity.service}")
        told = (header.submission_id, header.unit_number)
        codes = codes_of(self._core.database.read(), unit)
        if told != (submission_id, unit["unit_number"]) or header.uscc not in codes:
            raise ProblemError("path-mismatch", "submission_id, unit_number or uscc of the header")
        fault = declaration_fault(declaration)
        if fault:
            raise ProblemError("schema-invalid", fault)

    def _store(self, sub: _Submission) -> Receipted:
        with self._core.database.write() as tx:
            # A twin may have come in between; the first one wins and the second gets its receipt.
            known = self._known(tx, sub.unit["unit_number"], sub.submission_id, sub.sha256)
            if known is not None:
                return known
            now = self._core.clock.now()
            seq = next_seq(tx, sub.unit["unit_number"])
            number = acceptance_number(tx, sub.unit["region"], now)
            deadline = self._deadline(sub)
            members = {
                "receipt_id": number,
                "acceptance_number": number,
                "submission_id": sub.submission_id,
                "form": sub.declaration.header.form,
                "period": sub.declaration.header.period,
                "sha256": sub.sha256,
                "size": len(sub.data),
                "received_at": instant(now),
                "deadline": instant(deadline),
                "timely": now <= deadline,
                "signer_cert_sha256": sub.signer_sha256,
                "feed_seq": seq,
                "prev_receipt_sha256": self._previous_receipt(tx, sub.unit["unit_number"]),
            }
            published = self._core.publisher.publish(
                tx, sub.unit["unit_number"], DocumentKind.RECEIPT, members, sub.submission_id, seq
            )
            self._insert(tx, sub, number, published.ref, now, deadline)
            wake_waiting(tx, sub.unit["unit_number"], instant(self._system.now()))
        return Receipted(published.signed, created=True)

    def _insert(
        self, tx: sqlite3.Connection, sub: _Submission, number: str, ref: str, now: datetime, deadline: datetime
    ) -> None:
        header = sub.declaration.header
        row = {
            "unit_number": header.unit_number,
            "submission_id": header.submission_id,
            "sha256": sub.sha256,
            "container": sub.data,
            "form": header.form,
            "form_version": header.form_version,
            "period": header.period,
            "kind": header.kind,
            "supersedes": header.supersedes,
            "requires": json.dumps(list(header.requires)),
            "declared_fen": sum(sum(sides.values()) for sides in header.totals.values()),
            "received_at": instant(now),
            "deadline": instant(deadline),
            "timely": int(now <= deadline),
            "signer_sha256": sub.signer_sha256,
            "acceptance_number": number,
            "receipt_ref": ref,
            "acceptance": Acceptance.RECEIVED.value,
            "step": "accept",
            "due_at": instant(self._system.now()),
        }
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        tx.execute(f"INSERT INTO submission ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 - names stand above

    def _previous_receipt(self, tx: sqlite3.Connection, unit_number: str) -> str | None:
        row = tx.execute(
            "SELECT sha256 FROM document WHERE unit_number = ? AND kind = 'receipt' ORDER BY rowid DESC LIMIT 1",
            (unit_number,),
        ).fetchone()
        return str(row[0]) if row else None

    def _deadline(self, sub: _Submission) -> datetime:
        package = self._core.rulebook.package(sub.unit["region"])
        return deadline_instant(calendar_entry(package, Period.parse(sub.declaration.header.period)))
