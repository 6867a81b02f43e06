"""Where declarations stand: three tracks, never one status, and one traffic light computed from them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.domain.findings import Finding
from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.store.declarations import Declaration, Event, events, find_declarations, get_declaration
from unitclient.store.documents import latest_document
from unitclient.store.outbox import get_submission
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.sync.protocol import Acceptance, DocumentKind, Money
from unitclient.workflows.desk import Desk
from unitclient.workflows.lines import total_fen


class Light(StrEnum):
    """The traffic light: what is asked of the clerk."""

    WAITING = "waiting"
    """Under way, nothing to do."""
    TO_DO = "to-do"
    """Somebody must act before it goes on."""
    TROUBLE = "trouble"
    """Something went wrong and needs a look."""
    DONE = "done"
    ENDED = "ended"
    """Withdrawn, voided or replaced: nothing follows."""


FAILED = (Money.DEBIT_FAILED, Money.REFUND_FAILED)
"""What the bank could not do, debit or pay out."""
ENDED = (Acceptance.VOIDED, Acceptance.REPLACED)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason of the centre; `row` is the 0-based row of the declaration, None when it is about the whole."""

    row: int | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class Status:
    """One declaration with its history."""

    declaration: Declaration
    history: tuple[Event, ...]
    light: Light
    last_code: str
    refusals: tuple[Refusal, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For machines; totals in fen."""
        known = self.declaration
        return {
            "id": known.id,
            "form": known.form,
            "period": known.period,
            "kind": known.kind,
            "supersedes": known.supersedes,
            "rows": known.row_count,
            "total": total_fen(known.totals),
            "transport": known.transport.value,
            "acceptance": known.acceptance,
            "money": known.money,
            "tracks": {
                "transport": known.transport.value,
                "acceptance": known.acceptance,
                "money": known.money,
            },
            "acceptance_number": known.acceptance_number,
            "light": self.light.value,
            "last_code": self.last_code,
            "requires": list(known.requires),
            "history": [
                {
                    "track": event.track,
                    "state": event.state,
                    "at": event.at.isoformat(),
                    "source": event.source,
                    "note": event.note,
                }
                for event in self.history
            ],
        }


def status(desk: Desk, unit: Unit, declaration_id: str) -> Status:
    """One declaration; UserError declaration-unknown."""
    known = get_declaration(desk.store, declaration_id)
    if known is None or known.unit != unit.unit_number:
        raise UserError("declaration-unknown", id=declaration_id)
    return _status(desk, known)


def all_status(desk: Desk, unit: Unit) -> list[Status]:
    """Everything that was prepared, oldest first; drafts that were prepared anew are left out."""
    found = [_status(desk, known) for known in find_declarations(desk.store, unit.unit_number)]
    return [one for one in found if not _replaced_draft(one)]


def unanswered(statuses: Sequence[Status]) -> list[Status]:
    """Declarations in trouble that no other one of the same form and period has made good: what waits for the clerk."""
    standing = {(s.declaration.form, s.declaration.period) for s in statuses if s.light in (Light.DONE, Light.WAITING)}
    return [
        one
        for one in statuses
        if one.light is Light.TROUBLE and (one.declaration.form, one.declaration.period) not in standing
    ]


def _replaced_draft(one: Status) -> bool:
    return one.declaration.transport is Transport.WITHDRAWN and one.history[-1].note == "prepared-again"


def _status(desk: Desk, known: Declaration) -> Status:
    submission = get_submission(desk.store, known.id)
    history = tuple(events(desk.store, known.id))
    last_code = submission.last_code if submission else ""
    return Status(known, history, light(desk, known), last_code, _refusals(desk, known))


def _refusals(desk: Desk, known: Declaration) -> tuple[Refusal, ...]:
    document = latest_document(desk.store, known.unit, DocumentKind.ACCEPTANCE, known.id)
    if document is None:
        return ()
    # With it come the readers of signed documents, which the dashboard can do without.
    from unitclient.sync.apply import finding_of

    told = json.loads(document.document)
    whole = [Refusal(None, finding_of(one)) for one in told["findings"]]
    rows = [Refusal(int(one["row"]), finding_of(one)) for one in told["refused"]]
    return (*whole, *rows)


def light(desk: Desk, known: Declaration) -> Light:
    """The light over the three tracks."""
    if known.transport is Transport.WITHDRAWN or known.acceptance in ENDED:
        return Light.ENDED
    if known.transport is Transport.PARKED or known.acceptance == Acceptance.RETURNED:
        return Light.TROUBLE
    if known.money in FAILED:
        return Light.TROUBLE
    if known.transport in (Transport.DRAFT, Transport.CHECKED, Transport.REVIEWED) and known.acceptance is None:
        return Light.TO_DO
    if not is_settled(desk, known):
        return Light.WAITING
    return Light.TROUBLE if known.acceptance == Acceptance.PARTLY else Light.DONE


def is_settled(desk: Desk, known: Declaration) -> bool:
    """Whether nothing more is to be expected without an act of ours."""
    if known.transport in (Transport.WITHDRAWN, Transport.PARKED):
        return True
    if known.acceptance in (*ENDED, Acceptance.RETURNED):
        return True
    if known.acceptance not in (Acceptance.ACCEPTED, Acceptance.PARTLY):
        return False
    if known.money in (Money.DEBIT_FAILED, Money.CANCELLED) or known.kind == "void":
        return True
    if known.money == Money.REFUND_ISSUED:
        return False
    if not has_money(known, desk.catalog):
        return True
    return known.money == Money.RECEIPTED or _owes_nothing(desk, known)


def _owes_nothing(desk: Desk, known: Declaration) -> bool:
    """Whether no bill will follow: nobody was declared, or the centre's assessment comes to nothing."""
    if not known.row_count:
        return True
    if known.money != Money.ASSESSED:
        return False
    document = latest_document(desk.store, known.unit, DocumentKind.ASSESSMENT, known.id)
    return document is not None and json.loads(document.document)["total_fen"] == 0


def has_money(known: Declaration, catalog: Catalog) -> bool:
    """Whether the centre will assess and bill it."""
    form = catalog.forms.get(known.form)
    return form is not None and (form.charge is not None or form.effect in (ChangeKind.ASSESS, ChangeKind.BACK_PAYMENT))
