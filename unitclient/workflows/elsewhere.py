"""What another computer of the unit declared: found in the centre's documents, before the same is signed here too."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.store.declarations import Declaration, events
from unitclient.store.documents import foreign_documents
from unitclient.store.units import Unit
from unitclient.sync.outcomes import NotSent, OutcomeUnknown, ProblemAnswer
from unitclient.sync.protocol import Acceptance, DocumentKind
from unitclient.sync.reading import NotBelieved
from unitclient.workflows.desk import Desk
from unitclient.workflows.lines import MONTHLY
from unitclient.workflows.rights import needs
from unitclient.workflows.roster import MOVING

_OVER = frozenset({Acceptance.RETURNED, Acceptance.VOIDED, Acceptance.REPLACED})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A declaration that another computer sent and that stands; `number` is its acceptance number."""

    submission_id: str
    form: str
    period: str
    number: str
    at: str


def declared_elsewhere(desk: Desk, unit: Unit, form: str, period: str) -> Elsewhere | None:
    """The newest standing declaration of a form and month that is not of this computer, or None."""
    standing: dict[str, Elsewhere] = {}
    for document in foreign_documents(desk.store, unit.unit_number, (DocumentKind.RECEIPT, DocumentKind.ACCEPTANCE)):
        told = json.loads(document.document)
        if (told["form"], told["period"]) != (form, period):
            continue
        name = str(told["submission_id"])
        standing[name] = Elsewhere(name, form, period, str(told["acceptance_number"]), str(told["issued_at"]))
        if told.get("state") in _OVER:
            del standing[name]
    return next(reversed(standing.values()), None)


def refuse_doubled(desk: Desk, unit: Unit, declarations: Iterable[Declaration]) -> None:
    """Before anything is signed: nothing that another computer of the unit has done already.

    UserError month-declared-elsewhere for a month that stands already; prepared-before-other where another computer's
    declaration moved the roster after this one was prepared: preparing anew checks every row again.
    """
    for known in declarations:
        if known.kind != "original" or not _counts_on_roster(desk, known.form):
            continue
        found = declared_elsewhere(desk, unit, known.form, known.period) if known.form == MONTHLY else None
        if found is not None:
            raise UserError("month-declared-elsewhere", period=known.period, number=found.number)
        later = _moved_since(desk, unit, known)
        if later is not None:
            form = desk.catalog.forms.get(str(later["form"]))
            title = str(form.title) if form else str(later["form"])
            raise UserError("prepared-before-other", form=title, number=later["acceptance_number"])


def _counts_on_roster(desk: Desk, form_id: str) -> bool:
    form = desk.catalog.forms.get(form_id)
    return form is not None and (form.effect in MOVING or form.effect is ChangeKind.ASSESS)


def _moved_since(desk: Desk, unit: Unit, known: Declaration) -> dict[str, Any] | None:
    """The decision on another computer's declaration that came here after this one was prepared, or None."""
    prepared = events(desk.store, known.id)[0].at
    for document in foreign_documents(desk.store, unit.unit_number, (DocumentKind.ACCEPTANCE,)):
        told: dict[str, Any] = json.loads(document.document)
        taken = told["state"] != Acceptance.RETURNED and _counts_on_roster(desk, str(told["form"]))
        if taken and document.received_at is not None and document.received_at > prepared:
            return told
    return None


@needs("sign")
def learn_first(desk: Desk, unit: Unit) -> None:
    """Ask the centre what other computers did, before signing. Without a line one signs with what is known."""
    from unitclient.workflows.centre import open_engine

    with suppress(NotSent, OutcomeUnknown, ProblemAnswer, NotBelieved, UserError), open_engine(desk, unit) as engine:
        engine.fetch()
