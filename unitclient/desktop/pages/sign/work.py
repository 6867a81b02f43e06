"""What the signing page does in the lanes: read what waits, sign it, and follow what was sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from unitclient.desktop.pages.sign.state import Outcome
from unitclient.desktop.tasks import TaskContext
from unitclient.errors import Cancelled, UserError
from unitclient.store.declarations import Declaration, Event
from unitclient.store.outbox import OutboxState
from unitclient.store.queue_view import queue_entries
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.tokens.keyref import KeyRef, PinPrompt
from unitclient.tokens.keys import KeyHelper
from unitclient.workflows.centre import trust_for_signing
from unitclient.workflows.certificate_roles import refuse_role
from unitclient.workflows.desk import Desk
from unitclient.workflows.elsewhere import learn_first, refuse_doubled
from unitclient.workflows.queueing import retry_unreached
from unitclient.workflows.reviewing import refuse_unreviewed, review_required
from unitclient.workflows.signable import Certificate, Signable, as_shown, certificate_of, signables
from unitclient.workflows.signing import sign_and_queue
from unitclient.workflows.syncing import SyncResult, sync_until_settled
from unitclient.workflows.timestamps import timestamper, trust_with_authority
from unitclient.workflows.unit_keys import key_environment

OpenHelper = Callable[[Desk, Unit], KeyHelper]
LIMIT_S = 180.0
"""How long sending is followed on the page; the automatic sync goes on afterwards."""
_TICK_S = 0.1


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the page reads: what waits, under which certificate, and what the unit asks for."""

    signables: tuple[Signable, ...]
    certificate: Certificate | None
    days_left: int | None
    review: bool
    queued: int


def read_waiting(context: TaskContext) -> Waiting:
    """Everything that waits for a signature."""
    desk, unit = context.desk(), context.unit()
    certificate = certificate_of(unit)
    days = certificate.days_left(desk.now()) if certificate else None
    queued = sum(entry.state in (OutboxState.QUEUED, OutboxState.UNKNOWN) for entry in
                 queue_entries(desk.store, unit.unit_number, ended=False))  # fmt: skip
    return Waiting(
        tuple(signables(desk, unit)), certificate, days, review_required(desk.store, unit.unit_number), queued
    )


def helper_for(desk: Desk, unit: Unit) -> KeyHelper:
    """The key helper that sees the unit's key."""
    return KeyHelper(env=key_environment(desk.home, unit))


def sign(
    context: TaskContext,
    shown: Mapping[str, str],
    helper: KeyHelper,
    prompt: PinPrompt,
    *,
    retry: bool = False,
    begun: Callable[[Declaration], None] = lambda _: None,
) -> Outcome:
    """Sign what was shown ({id: digest}) with one PIN and queue it. A key that fails midway leaves the rest waiting.

    What was signed before stays signed and queued: each is safe before the next begins.
    """
    desk, unit = context.desk(), context.unit()
    try:
        with helper:
            waiting = as_shown(desk, unit, shown)
            refuse_unreviewed(desk, unit, waiting)
            refuse_role(desk, unit, waiting)
            learn_first(desk, unit)
            refuse_doubled(desk, unit, waiting)
            _sign_all(context, desk, unit, waiting, helper, prompt, retry, begun)
    except Cancelled:
        return _outcome(desk, shown, None, cancelled=True)
    except UserError as refusal:
        return _outcome(desk, shown, refusal)
    return _outcome(desk, shown, None)


def _sign_all(
    context: TaskContext,
    desk: Desk,
    unit: Unit,
    waiting: list[Declaration],
    helper: KeyHelper,
    prompt: PinPrompt,
    retry: bool,
    begun: Callable[[Declaration], None],
) -> None:
    done = 0

    def told(declaration: Declaration) -> None:
        nonlocal done
        context.progress(done, len(waiting))
        begun(declaration)
        done += 1

    if context.cancelled():
        raise Cancelled
    trust = trust_with_authority(desk, trust_for_signing(unit))
    with helper.open_signer(KeyRef.from_dict(unit.key_ref), prompt, retry=retry) as signer:
        sign_and_queue(desk, unit, waiting, signer, trust, timestamper=timestamper(desk, unit), told=told)


def _outcome(desk: Desk, shown: Mapping[str, str], refusal: UserError | None, *, cancelled: bool = False) -> Outcome:
    signed = [name for name in sorted(shown) if _is_signed(desk, name)]
    left = [name for name in sorted(shown) if name not in signed]
    return Outcome(tuple(signed), tuple(left), refusal, cancelled)


def _is_signed(desk: Desk, declaration_id: str) -> bool:
    query = "SELECT transport FROM declaration WHERE id = ?"
    row = desk.store.connection.execute(query, (declaration_id,)).fetchone()
    return row is not None and row[0] not in (Transport.DRAFT, Transport.CHECKED, Transport.REVIEWED,
                                              Transport.WITHDRAWN)  # fmt: skip


def follow(context: TaskContext, told: Callable[[Declaration, Event], None], limit_s: float = LIMIT_S) -> SyncResult:
    """Send what is due and follow it until nothing more is to be expected; the person may stop looking.

    Where the centre cannot be reached at all, one round is enough: the automatic sync goes on by itself.
    """

    def pause(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if context.cancelled():
                raise Cancelled
            time.sleep(_TICK_S)

    desk, unit = context.desk(), context.unit()
    retry_unreached(desk, unit)
    first = sync_until_settled(desk, unit, 0, told=told, sleep=pause)
    if first.trouble or first.settled:
        return first
    rest = sync_until_settled(desk, unit, limit_s, told=told, sleep=pause)
    rest.tried = {**first.tried, **rest.tried}
    rest.changes += first.changes
    return rest
