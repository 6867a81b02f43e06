"""Four eyes (复核): where the unit asks for it, a prepared declaration is passed by somebody else before it is signed.

Who prepared and who passed is kept in the journal. In a home with operators both are who signed in with a password of
their own; in one clerk's home the names are what the people at the keyboard say: the program holds apart two names, it
does not prove who sits there. What was passed is bytes: preparing anew makes other declarations, which nobody has
passed yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.store.declarations import Declaration, get_declaration, set_transport
from unitclient.store.overview import briefs, last_act
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.store import Store
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import needs

UNSIGNED = (Transport.DRAFT, Transport.CHECKED, Transport.REVIEWED)
_REQUIRED = "review.required"
_ASKED, _PASSED, _SENT_BACK = "declaration.review-asked", "declaration.reviewed", "declaration.review-refused"


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How far the review of one declaration is. Times are by the centre's clock, names as they were given."""

    required: bool
    passed: bool
    sent_back: bool
    prepared_by: str
    asked_at: datetime | None = None
    reviewer: str = ""
    at: datetime | None = None
    """When it was passed or sent back."""


def review_required(store: Store, unit_number: str) -> bool:
    """Whether the unit wants four eyes: its own setting, else the one of this computer."""
    own = get_setting(store, f"{_REQUIRED}:{unit_number}")
    return bool(get_setting(store, _REQUIRED, False) if own is None else own)


@needs("settings")
def set_review_required(store: Store, unit_number: str, required: bool) -> None:
    """Set it for one unit."""
    with store.write("setting.change", subject=f"{_REQUIRED}:{unit_number}"):
        put_setting(store, f"{_REQUIRED}:{unit_number}", required)


def batch(desk: Desk, unit: Unit, period: Period) -> list[Declaration]:
    """What is prepared of a month and not signed yet; payloads left out."""
    return [known for known in briefs(desk.store, unit.unit_number, str(period)) if known.transport in UNSIGNED]


def review_state(desk: Desk, unit: Unit, declaration: Declaration) -> ReviewState:
    """Where the review of a declaration stands."""
    asked = last_act(desk.store, _ASKED, declaration.id)
    passed = last_act(desk.store, _PASSED, declaration.id)
    back = last_act(desk.store, _SENT_BACK, declaration.id)
    ahead = desk.now() - desk.store.now()
    decided = passed if declaration.transport is not Transport.DRAFT else back
    return ReviewState(
        required=review_required(desk.store, unit.unit_number),
        passed=passed is not None and declaration.transport is not Transport.DRAFT,
        sent_back=back is not None and declaration.transport is Transport.DRAFT,
        prepared_by=prepared_by(desk, declaration.id),
        asked_at=asked[0] + ahead if asked else None,
        reviewer=decided[1] if decided else "",
        at=decided[0] + ahead if decided else None,
    )


def prepared_by(desk: Desk, declaration_id: str) -> str:
    """The operator whom the declaration itself names; UserError declaration-unknown."""
    query = "SELECT json_extract(CAST(payload AS TEXT), '$.header.operator') FROM declaration WHERE id = ?"
    row = desk.store.connection.execute(query, (declaration_id,)).fetchone()
    if row is None:
        raise UserError("declaration-unknown", id=declaration_id)
    return str(row[0] or "")


@needs("prepare")
def ask_review(desk: Desk, unit: Unit, ids: Iterable[str]) -> int:
    """Say that declarations wait for their reviewer (送复核); gives how many. UserError declaration-unknown."""
    asked = 0
    for known in _named(desk, unit, ids):
        if known.transport is Transport.DRAFT:
            raise UserError("review-sent-back", period=known.period)
        if known.transport is Transport.CHECKED:
            with desk.store.write(_ASKED, subject=known.id, actor=prepared_by(desk, known.id)):
                asked += 1
    return asked


@needs("review")
def pass_review(desk: Desk, unit: Unit, ids: Iterable[str], reviewer: str) -> int:
    """Pass declarations (复核通过): checked becomes reviewed. Gives how many were passed now; all of them or none.

    UserError review-needs-name, review-same-person (whoever prepared cannot pass), review-sent-back (it has to be
    prepared anew first), already-signed, declaration-unknown.
    """
    known = _named(desk, unit, ids)
    name = _another(desk, known, reviewer)
    passed = 0
    with desk.store.write("review.pass", detail={"declarations": len(known)}, actor=name) as act:
        for one in known:
            if one.transport is Transport.DRAFT:
                raise UserError("review-sent-back", period=one.period)
            if one.transport is Transport.CHECKED:
                with desk.store.write(_PASSED, subject=one.id, actor=name):
                    set_transport(desk.store, one.id, Transport.REVIEWED, note="reviewed")
                passed += 1
        if not passed:
            act.unchanged()
    return passed


@needs("review")
def send_back(desk: Desk, unit: Unit, ids: Iterable[str], reviewer: str) -> int:
    """Send declarations back to whoever prepared them: they are drafts again and are not signed. Gives how many.

    UserError as `pass_review`.
    """
    known = _named(desk, unit, ids)
    name = _another(desk, known, reviewer)
    returned = 0
    with desk.store.write("review.send-back", detail={"declarations": len(known)}, actor=name) as act:
        for one in known:
            if one.transport is Transport.DRAFT:
                continue
            with desk.store.write(_SENT_BACK, subject=one.id, actor=name):
                set_transport(desk.store, one.id, Transport.DRAFT, note="review-refused")
            returned += 1
        if not returned:
            act.unchanged()
    return returned


def refuse_unreviewed(desk: Desk, unit: Unit, declarations: Iterable[Declaration]) -> None:
    """UserError review-missing when the unit wants four eyes and one of them was not passed yet."""
    if not review_required(desk.store, unit.unit_number):
        return
    passed = {known.id for known in briefs(desk.store, unit.unit_number) if known.transport is Transport.REVIEWED}
    missing = [known for known in declarations if known.id not in passed]
    if missing:
        raise UserError("review-missing", count=len(missing), period=missing[0].period)


def _named(desk: Desk, unit: Unit, ids: Iterable[str]) -> list[Declaration]:
    found = []
    for wanted in ids:
        known = get_declaration(desk.store, wanted)
        if known is None or known.unit != unit.unit_number:
            raise UserError("declaration-unknown", id=wanted)
        if known.transport not in UNSIGNED:
            raise UserError("already-signed", id=wanted)
        found.append(known)
    return found


def _another(desk: Desk, declarations: Iterable[Declaration], reviewer: str) -> str:
    """The reviewer's name, once it is known to be nobody's who prepared: who signed in, whatever was typed."""
    name = " ".join((desk.store.operator or reviewer).split())
    if not name:
        raise UserError("review-needs-name")
    for known in declarations:
        if _same(name, prepared_by(desk, known.id)):
            raise UserError("review-same-person", name=name)
    return name


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
