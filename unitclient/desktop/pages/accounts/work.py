"""What the accounts page does in the lanes: read what is known, ask every unit's centre, read the log."""

from __future__ import annotations

from unitclient.desktop.pages.accounts.state import LogLine
from unitclient.desktop.pages.sign.words import moment
from unitclient.desktop.tasks import TaskContext
from unitclient.store.units import get_unit
from unitclient.texts import error_texts, say
from unitclient.workflows import accounts as book
from unitclient.workflows.accounts import Account

Read = tuple[tuple[Account, ...], tuple[LogLine, ...]]


def read_accounts(context: TaskContext, category: str) -> Read:
    """What is known of all units' accounts, and the operation log."""
    desk = context.desk()
    log = (LogLine(one.seq, moment(one.at), one.act, one.subject, one.actor) for one in book.operation_log(desk))
    return tuple(book.accounts(desk, category)), tuple(log)


def refresh_accounts(context: TaskContext) -> tuple[str, ...]:
    """Ask every unit's centre; a sentence for each that failed."""
    desk = context.desk()
    return tuple(
        say("d-accounts-failed", unit=get_unit(desk.store, one.unit_number).name,
            why=error_texts(one.refusal.code, one.refusal.params).why)
        for one in book.refresh(desk, context.progress)
    )  # fmt: skip
