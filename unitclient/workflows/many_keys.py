"""Signing for many units: one PIN for each key, whatever number of units it signs for. See `many_units`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from unitclient.errors import Cancelled, UserError
from unitclient.seal.signer import Signer
from unitclient.store.overview import briefs
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.tokens.keyref import KeyRef
from unitclient.workflows.centre import trust_for_signing
from unitclient.workflows.centre_clock import with_centre_clock
from unitclient.workflows.certificate_roles import refuse_role
from unitclient.workflows.desk import Count, Desk, no_count
from unitclient.workflows.reviewing import refuse_unreviewed
from unitclient.workflows.signable import Signable, as_shown, signables
from unitclient.workflows.signing import UNSIGNED, sign_and_queue
from unitclient.workflows.timestamps import timestamper, trust_with_authority
from unitclient.workflows.unit_outcomes import Act, UnitOutcome, chosen_units, refused, tried


@dataclass(frozen=True, slots=True)
class UnitBatch:
    """What waits for the signature of one unit, as it is shown before the PIN."""

    unit: Unit
    signables: tuple[Signable, ...]

    def shown(self) -> Mapping[str, str]:
        """{id: digest of the bytes}."""
        return {one.id: one.digest for one in self.signables}


@dataclass(frozen=True, slots=True)
class KeyBatch:
    """What is signed with one PIN: every unit whose key this is."""

    units: tuple[UnitBatch, ...]

    @property
    def unit(self) -> Unit:
        """One of them: through it the key is opened."""
        return self.units[0].unit


OpenKey = Callable[[KeyBatch], AbstractContextManager[Signer]]
"""Opens the key of a batch and asks for its PIN once."""


def to_sign_by_key(desk: Desk, numbers: Sequence[str] = ()) -> tuple[list[KeyBatch], list[UnitOutcome]]:
    """(what each key signs, units that no PIN is asked for): by key, in the order of the units.

    Refused beforehand: units-unsigned-none, units-no-key, review-missing, review-sent-back.
    """
    keys: dict[tuple[KeyRef, bool], list[UnitBatch]] = {}
    outcomes: list[UnitOutcome] = []
    for unit in chosen_units(desk, numbers):
        try:
            batch = ready_to_sign(with_centre_clock(desk, unit), unit)
        except UserError as refusal:
            outcomes.append(refused(unit, refusal))
        else:
            keys.setdefault((key_of(unit), unit.practice), []).append(batch)
    return [KeyBatch(tuple(units)) for units in keys.values()], outcomes


def ready_to_sign(desk: Desk, unit: Unit) -> UnitBatch:
    """Everything of a unit that waits for its signature, when nothing is against it; UserErrors of `to_sign_by_key`."""
    refuse_unready(desk, unit)
    return UnitBatch(unit, tuple(signables(desk, unit)))


def refuse_unready(desk: Desk, unit: Unit) -> None:
    """UserErrors of `to_sign_by_key`, without reading what is to be signed."""
    everything = briefs(desk.store, unit.unit_number)
    waiting = [known for known in everything if known.transport in UNSIGNED and known.acceptance is None]
    if not waiting:
        raise UserError("units-unsigned-none")
    key_of(unit)
    back = next((known for known in waiting if known.transport is Transport.DRAFT), None)
    if back is not None:
        raise UserError("review-sent-back", period=back.period)
    refuse_unreviewed(desk, unit, waiting)
    refuse_role(desk, unit, waiting)


def key_of(unit: Unit) -> KeyRef:
    """The unit's key; UserError units-no-key when none is known here."""
    try:
        return KeyRef.from_dict(unit.key_ref)
    except (KeyError, ValueError) as failure:
        raise UserError("units-no-key") from failure


def sign_units(desk: Desk, numbers: Sequence[str], open_key: OpenKey, *, told: Count = no_count) -> list[UnitOutcome]:
    """Sign and queue everything that waits, one PIN for each key; outcomes in the order of the units.

    A key that cannot be opened is the refusal of its units alone, and giving up at a PIN leaves out its units alone.
    When `told` raises Cancelled, the person stopped the act: the rest is left out. What was signed stays signed.
    """
    batches, outcomes = to_sign_by_key(desk, numbers)
    total, done = sum(len(batch.units) for batch in batches), 0
    for batch in batches:
        outcomes += _sign_with_key(desk, batch, open_key, partial(_told_next, told, done, total))
        done += len(batch.units)
    places = {unit.unit_number: place for place, unit in enumerate(chosen_units(desk, numbers))}
    return sorted(outcomes, key=lambda outcome: places[outcome.unit_number])


def _told_next(told: Count, before: int, total: int, place: int = 0) -> None:
    told(before + place, total)


def _sign_with_key(
    desk: Desk, batch: KeyBatch, open_key: OpenKey, goes_on: Callable[[int], None]
) -> Iterable[UnitOutcome]:
    """`goes_on` is told the place of each unit before it is signed for, and raises Cancelled to stop."""
    done: dict[str, UnitOutcome] = {}
    refusal: UserError | None = None
    try:
        goes_on(0)
        with open_key(batch) as signer:
            for place, one in enumerate(batch.units):
                goes_on(place)
                done[one.unit.unit_number] = tried(desk, one.unit, _signing(one, signer))
    except UserError as end:
        refusal = end
    except Cancelled:
        refusal = None
    for one in batch.units:
        done.setdefault(one.unit.unit_number, refused(one.unit, refusal))
    return done.values()


def _signing(batch: UnitBatch, signer: Signer) -> Act:
    def act(desk: Desk, unit: Unit) -> int:
        waiting = as_shown(desk, unit, batch.shown())
        trust = trust_with_authority(desk, trust_for_signing(unit))
        return len(sign_and_queue(desk, unit, waiting, signer, trust, timestamper=timestamper(desk, unit)))

    return act
