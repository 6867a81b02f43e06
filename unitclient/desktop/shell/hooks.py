"""What other rooms of the desktop hang into the window: called once, after the session was first opened."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from unitclient.desktop.shell.registry import HOOKS, exists

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.desktop.shell.main_window import MainWindow


def install_hooks(services: Services, window: MainWindow) -> None:
    """Call `install(services, window)` of every hook module that is there and has one."""
    for name in HOOKS:
        install = getattr(import_module(name), "install", None) if exists(name) else None
        if install is not None:
            install(services, window)
