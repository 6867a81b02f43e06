"""After a crash: submissions that were being sent by somebody who is gone become unknown, and are asked about."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from unitclient.processes import is_alive
from unitclient.store.declarations import set_transport
from unitclient.store.models import OutboxRow
from unitclient.store.outbox import OutboxState
from unitclient.store.store import Store, is_open_here
from unitclient.store.times import from_text, to_text
from unitclient.store.transport import Transport

CLAIM_HOLDS = timedelta(minutes=15)
"""A claim older than this counts for nothing, whoever holds it: process numbers are used again."""


def recover_sending(store: Store, now: datetime) -> list[str]:
    """Make what was left in `sending` unknown and due at once; gives the ids. Call it when an engine starts.

    What another living process (or another Store of this one) is sending at the moment is left alone.
    """
    with store.write("outbox.recover") as act:
        query = OutboxRow.select(OutboxRow.submission_id, OutboxRow.claimed_by, OutboxRow.last_at)
        sending = store.rows(query.where(OutboxRow.state == OutboxState.SENDING.value))
        left = [row["submission_id"] for row in sending if _is_left(store, row["claimed_by"], row["last_at"], now)]
        for submission_id in left:
            set_transport(store, submission_id, Transport.UNKNOWN, note="interrupted")
            columns = {"state": OutboxState.UNKNOWN.value, "next_at": to_text(now), "claimed_by": ""}
            store.change(OutboxRow.update(columns).where(OutboxRow.submission_id == submission_id))
        act.detail["recovered"] = len(left)
        if not left:
            act.unchanged()
        return left


def _is_left(store: Store, claimed_by: str, claimed_at: str, now: datetime) -> bool:
    if claimed_by == store.token or now - from_text(claimed_at) > CLAIM_HOLDS:
        return True
    pid = int(claimed_by.partition(":")[0])
    return not (is_open_here(claimed_by) if pid == os.getpid() else is_alive(pid))
