"""Passphrases: asked at the start, for a PKCS#12 file, set or changed; and the lock that covers an idle window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from unitclient.desktop.dialogs.unlock.guards import Guards
    from unitclient.desktop.dialogs.unlock.lock import IdleLock
    from unitclient.desktop.services import Services
    from unitclient.desktop.shell.main_window import MainWindow


def open_dialog(services: Services, parent: QWidget | None, params: Mapping[str, Any],
                done: Callable[[Any], None]) -> None:  # fmt: skip
    """Ask for the passphrase of the database; `done` gets it, an empty text where it is forgotten, or None.

    Params: "wrong" (the last one was wrong), or "file" (the name of a PKCS#12 file whose passphrase is asked for), or
    "change" (set, change or remove the database's own, or change an operator's: `done` gets True when that was done),
    or "backup" (the passphrase of automatic backups: likewise), or "operator" (who signs in: `done` gets (name,
    password), with None for a forgotten password; "name" and "refusal" are of the attempt before).
    """
    if params.get("operator"):
        from unitclient.desktop.dialogs.unlock.login import SignIn

        SignIn(done, name=str(params.get("name", "")), refusal=str(params.get("refusal", "")), parent=parent).open()
        return
    if params.get("change"):
        from unitclient.desktop.dialogs.unlock.change import ChangePassphrase

        ChangePassphrase(services, done, parent).open()
        return
    if params.get("backup"):
        from unitclient.desktop.dialogs.unlock.backup_word import BackupWord

        BackupWord(services, done, parent).open()
        return
    from unitclient.desktop.dialogs.unlock.ask import AskPassphrase

    AskPassphrase(done, str(params.get("file", "")), wrong=bool(params.get("wrong")), parent=parent).open()


def install(services: Services, window: MainWindow) -> IdleLock:
    """Hang the lock, and the acts about passphrase, backup and practice, into the window."""
    from unitclient.desktop.dialogs.unlock.acts import bind_acts
    from unitclient.desktop.dialogs.unlock.lock import IdleLock

    lock = IdleLock(services, window)
    bind_acts(services, window, lock)
    held: list[Guards] = []

    def hold(_name: str = "") -> None:
        """Also from the moment on when the first operator is added."""
        from unitclient.desktop.dialogs.unlock.guards import hold_to_rights

        if services.session.signed_in and not held:
            held.append(hold_to_rights(services, window))

    hold()
    services.session.operator_changed.connect(hold)
    return lock
