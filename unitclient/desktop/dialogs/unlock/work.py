"""Passphrases in the lanes: the key derivation takes its time on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from unitclient.desktop.tasks import Lane

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.desktop.tasks import TaskContext

SHORTEST = 8
"""Characters of a new passphrase."""


def has_passphrase(services: Services) -> bool:
    """Whether the database of this home asks for one."""
    from unitclient.store.keys import needs_passphrase

    return needs_passphrase(services.home)


def has_operators(services: Services) -> bool:
    """Whether this home opens for its operators only."""
    from unitclient.store.keys import needs_operator

    return needs_operator(services.home)


def check(services: Services, word: str, right: Callable[[], None], wrong: Callable[[BaseException], None],
          operator: str = "") -> None:  # fmt: skip
    """Whether `word` (of this operator) opens the database key; one of the two is called."""
    home, clock = services.home, services.session.system_clock

    def work(_context: object) -> None:
        from unitclient.store.keys import load

        load(home, word, operator, now=clock.now())

    services.tasks.run(Lane.DB, "d-unlock-checking", work, done=lambda _none: right(), failed=wrong)


def change(services: Services, old: str | None, new: str | None, done: Callable[[], None],
           failed: Callable[[BaseException], None]) -> None:  # fmt: skip
    """Wrap the database key anew; the database itself stays open and is not touched. None is without a passphrase."""
    home, session = services.home, services.session

    def work(context: TaskContext) -> None:
        from unitclient.store.keys import change_passphrase
        from unitclient.workflows.operators import change_password, refuse_weak_in

        if session.signed_in:
            change_password(context.desk(), old or "", new or "")
        else:
            if new is not None:
                refuse_weak_in(context.desk().store, new)
            change_passphrase(home, old, new)

    def changed(_none: None) -> None:
        if session.signed_in:
            done()
            return
        session.passphrase = new
        with session.desk().store.write("passphrase.change", detail={"set": new is not None}):
            pass
        done()

    services.tasks.run(Lane.DB, "d-unlock-changing", work, done=changed, failed=failed)


def keep_backup_word(
    services: Services, word: str, done: Callable[[], None], failed: Callable[[BaseException], None]
) -> None:
    """Keep a passphrase for automatic backups, in a lane: the derivation takes its time on purpose."""

    def kept(context: TaskContext) -> None:
        from unitclient.workflows.automatic_backup import keep_passphrase

        keep_passphrase(context.desk(), word)

    services.tasks.run(Lane.DB, "d-unlock-changing", kept, done=lambda _none: done(), failed=failed,
                       topics=frozenset({"settings"}))  # fmt: skip


def weakness(first: str, second: str) -> str:
    """Text key of what is wrong with a new passphrase that was typed twice; empty when nothing is."""
    if len(first) < SHORTEST:
        return "d-unlock-too-short"
    if len(set(first)) < 4:
        return "d-unlock-too-plain"
    return "" if first == second else "d-unlock-differs"
