"""The DialogService of the running program: opens dialogs over the window without blocking anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtWidgets import QFileDialog, QWidget

from unitclient.desktop.dialogs.service import FileAsk, FileMode, SignSummary
from unitclient.texts import ErrorTexts, say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.tokens.keyref import PinAsk

_DIALOGS = "unitclient.desktop.dialogs"
_FOLDER = "last-folder"


class QtDialogs:
    """Knows the window after `attach`."""

    def __init__(self) -> None:
        self._services: Services | None = None
        self._parent: QWidget | None = None

    def attach(self, services: Services, parent: QWidget) -> None:
        """Say over which window dialogs open."""
        self._services, self._parent = services, parent

    def ask_pin(self, question: PinAsk, summary: SignSummary, done: Callable[[str | None], None]) -> None:
        """See DialogService. The dialog is `dialogs.pin`, opened with params "question" and "summary"."""
        self.open_wizard("pin", {"question": question, "summary": summary}, done)

    def confirm(
        self, title_key: str, text: str, act_key: str, done: Callable[[bool], None], *, danger: bool = False
    ) -> None:
        """See DialogService."""
        from unitclient.desktop.dialogs.confirm import Confirm

        Confirm(say(title_key), text, say(act_key), done, danger=danger, parent=self._over()).open()

    def refuse(self, texts: ErrorTexts, done: Callable[[], None] | None = None) -> None:
        """See DialogService."""
        from unitclient.desktop.dialogs.confirm import Refusal

        Refusal(texts, done, self._over()).open()

    def choose_file(self, ask: FileAsk, done: Callable[[Path | None], None]) -> None:
        """See DialogService. The folder chosen last is where the next question begins."""
        dialog = QFileDialog(self._over(), say(ask.title_key), self._begin(ask))
        dialog.setNameFilters([f"{say(key)} ({pattern})" for key, pattern in ask.filters])
        if ask.mode is FileMode.SAVE:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(Path(ask.suggested).suffix.lstrip("."))
            dialog.selectFile(Path(ask.suggested).name)
        elif ask.mode is FileMode.FOLDER:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.finished.connect(lambda answer: done(self._chosen(dialog) if answer else None))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_wizard(self, name: str, params: Mapping[str, Any], done: Callable[[Any], None]) -> None:
        """See DialogService."""
        assert self._services is not None
        import_module(f"{_DIALOGS}.{name}").open_dialog(self._services, self._over(), params, done)

    def has(self, name: str) -> bool:
        """Whether there is a dialog of that name to open."""
        from unitclient.desktop.shell.registry import exists

        return exists(f"{_DIALOGS}.{name}")

    def _begin(self, ask: FileAsk) -> str:
        suggested = Path(ask.suggested)
        if suggested.is_absolute():
            return str(suggested.parent)
        return str(self._services.settings.layout(_FOLDER, str(Path.home()))) if self._services else str(Path.home())

    def _chosen(self, dialog: QFileDialog) -> Path | None:
        files = dialog.selectedFiles()
        if not files:
            return None
        path = Path(files[0])
        if self._services is not None:
            self._services.settings.set_layout(_FOLDER, str(path if path.is_dir() else path.parent))
        return path

    def _over(self) -> QWidget | None:
        """The dialog in front, else the window."""
        from PyQt6.QtWidgets import QApplication

        return QApplication.activeModalWidget() or self._parent
