"""The import wizard: file, matching of columns, preview, run in a child process, result by row and cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from unitclient.desktop.services import Services
    from unitclient.desktop.shell.main_window import MainWindow

SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt", ".tsv"})
"""Endings of files that the wizard takes when they are dropped on the window."""


def open_dialog(
    services: Services, parent: QWidget | None, params: Mapping[str, Any], done: Callable[[Any], None]
) -> None:
    """Open the wizard. `params`: "form" (or "" to find it by the titles) and "path" (or "").

    `done` is given the number of rows taken over, or None when nothing was imported.
    """
    from unitclient.desktop.dialogs.import_wizard.dialog import ImportDialog

    dialog = ImportDialog(services, str(params.get("form", "")), str(params.get("path", "")), done, parent)
    dialog.open()


def first_sheet(paths: Sequence[str]) -> str:
    """The first spreadsheet among dropped files, or ""."""
    return next((path for path in paths if Path(path).suffix.lower() in SHEETS), "")


def install(services: Services, window: MainWindow) -> None:
    """Take spreadsheets that are dropped on the window while a page without use for them is in front."""
    window.add_drop_handler(lambda paths: take_dropped(services, paths))


def take_dropped(services: Services, paths: Sequence[str]) -> bool:
    """Open the wizard with the first spreadsheet among dropped files; False when there is none, or no unit."""
    sheet = first_sheet(paths)
    if not sheet or not services.session.is_open() or services.session.unit() is None:
        return False
    services.dialogs.open_wizard("import_wizard", {"form": "", "path": sheet}, lambda _answer: None)
    return True
