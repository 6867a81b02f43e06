"""The record of attempts as a paper to be handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cryptography import x509

from unitclient.documents import parts
from unitclient.documents.model import ListColumn, Marks, UnitHead
from unitclient.documents.proof import ProofData, ProofTable, render_proof
from unitclient.documents.sealing import Seal, Unsigned
from unitclient.store.units import Unit
from unitclient.texts import say
from unitclient.workflows import outage
from unitclient.workflows.desk import Desk
from unitclient.workflows.paper_files import centre_name


def draw(desk: Desk, unit: Unit, record: outage.AttemptRecord, envelope: bytes, at: datetime) -> Unsigned:
    """The paper that waits for the unit's signature; UserError font-missing without a Chinese font."""
    told = record.content()
    certificate = x509.load_der_x509_certificate(unit.certificate_der)
    seal = Seal(unit.name, certificate.subject.rfc4514_string(), at, envelope, by_unit=True)
    data = ProofData(
        title=say("outage-title"),
        number=f"{unit.unit_number}-{record.sha256[:12]}",
        unit=UnitHead(unit.name, unit.unit_number, unit.uscc),
        marks=Marks(unit.name, at, practice=unit.practice),
        sha256=record.sha256,
        pairs=[
            (say("document-period"), told["period"] or say("outage-all")),
            (say("outage-centre"), centre_name(desk, unit)),
            (say("document-issued-at"), parts.moment(at)),
            *((say(f"outage-count-{key}"), str(count)) for key, count in outage.counts(told["attempts"]).items()),
        ],
        tables=[_submissions(told["submissions"]), _attempts(told)],
        notes=[say("outage-statement", entry=told["journal"]["entry"], hash=told["journal"]["hash"])],
    )
    return render_proof(data, seal)


def _submissions(found: list[dict[str, Any]]) -> ProofTable:
    columns = _columns(("form", 22), ("period", 9), ("deadline", 20), ("received", 20), ("digest", 18))
    rows = [
        (one["title"], one["period"], _time(one["deadline"]), _time(one["received_at"]) or say("outage-not-received"),
         one["sha256"][:16])
        for one in found
    ]  # fmt: skip
    return ProofTable(say("outage-submissions"), columns, tuple(rows))


def _attempts(told: dict[str, Any]) -> ProofTable:
    names = {one["submission_id"]: one["title"] for one in told["submissions"]}
    columns = _columns(("at", 21), ("clock", 7), ("form", 18), ("answer-of", 8), ("said", 36))
    rows = [
        (_time(one["at"]), say(f"outage-clock-{one['clock']}"), names[one["submission_id"]],
         say(f"outage-of-{one['answer_of']}"), one["said"])
        for one in told["attempts"]
    ]  # fmt: skip
    return ProofTable(say("outage-attempts"), columns, tuple(rows))


def _columns(*told: tuple[str, int]) -> tuple[ListColumn, ...]:
    return tuple(ListColumn(say(f"outage-column-{name}"), width) for name, width in told)


def _time(text: str | None) -> str:
    return parts.moment(datetime.fromisoformat(text)) if text else ""
