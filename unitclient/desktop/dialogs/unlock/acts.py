"""Acts of the whole window about safety: lock now, passphrase, restore, one more unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.actions.spec import ActionSpec, Scope

if TYPE_CHECKING:
    from unitclient.desktop.dialogs.unlock.lock import IdleLock
    from unitclient.desktop.services import Services
    from unitclient.desktop.shell.main_window import MainWindow


def _act(name: str, shortcut: str = "", icon: str = "") -> ActionSpec:
    return ActionSpec(name, f"d-act-{name}", shortcut, Scope.APP, name, f"d-act-{name}-help", icon=icon)


ACTS = (
    _act("lock", "Ctrl+L", "lock"),
    _act("passphrase", icon="keys"),
    _act("backup-word", icon="keys"),
    _act("restore", icon="backup"),
    _act("add-unit", icon="add"),
)


def bind_acts(services: Services, window: MainWindow, lock: IdleLock) -> None:
    """Make them known to palette and shortcut sheet."""

    def passphrase() -> None:
        services.dialogs.open_wizard("unlock", {"change": True}, lambda _answer: None)

    def lock_now() -> None:
        if lock.can_lock():
            lock.lock()
        elif not lock.locked():
            passphrase()

    doing = {
        "lock": lock_now,
        "passphrase": passphrase,
        "backup-word": lambda: services.dialogs.open_wizard("unlock", {"backup": True}, lambda _answer: None),
        "restore": lambda: services.dialogs.open_wizard("restore", {}, lambda _answer: None),
        "add-unit": lambda: services.dialogs.open_wizard("first_run", {"mode": "unit"}, lambda _answer: None),
    }
    for spec in ACTS:
        window.acts.bind(window, spec, doing[spec.id])
