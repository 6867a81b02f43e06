"""The restore wizard's presenter: choose a backup, say what will happen, close everything, restore, open again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.session import TOPICS
from unitclient.desktop.tasks import Lane
from unitclient.errors import Cancelled, UserError
from unitclient.texts import say
from unitclient.workflows.rights import need

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.store.restore import RestoreReport


@dataclass(frozen=True)
class RestoreState:
    """What the dialog shows. `needs_word`: the backup was made with a passphrase of its own."""

    file: Path | None = None
    made_at: str = ""
    needs_word: bool = False
    busy: bool = False
    refusal: UserError | None = None
    report: RestoreReport | None = None


class RestorePresenter(QObject):
    """Leads the dialog."""

    changed = pyqtSignal(object)
    """RestoreState."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.state = RestoreState()

    def choose(self) -> None:
        """Ask for the backup."""
        ask = FileAsk(FileMode.OPEN, "d-restore-which", (("d-restore-files", "*.ucbackup"), ("d-documents-any", "*")),
                      self._folder())  # fmt: skip
        self._services.dialogs.choose_file(ask, lambda path: self.take(path) if path is not None else None)

    def take(self, path: Path) -> None:
        """Look at a backup: when it was made, and whether it wants a passphrase."""
        from unitclient.store.backup import open_backup
        from unitclient.store.backupfile import read_header

        try:
            with open_backup(path) as opened:
                header, _line = read_header(opened, path)
        except UserError as refusal:
            self._set(file=None, refusal=refusal)
            return
        self._set(file=path, made_at=header["made_at"], needs_word=header["key"] == "passphrase", refusal=None)

    def ask_and_restore(self, word: str) -> None:
        """Ask once more, then do it."""
        state = self.state
        if state.file is None or state.busy:
            return
        if self._services.tasks.tasks():
            self._set(refusal=UserError("d-restore-busy"))
            return
        text = say("d-restore-ask", file=state.file.name)
        self._services.dialogs.confirm("d-restore-title", text, "d-restore-act",
                                       lambda yes: self._restore(word) if yes else None, danger=True)  # fmt: skip

    def _restore(self, word: str) -> None:
        file, services = self.state.file, self._services
        assert file is not None
        try:
            need(services.session.desk(), "restore")
        except UserError as refusal:
            self._set(refusal=refusal)
            return
        self._set(busy=True, refusal=None)
        home, own, key = services.home, services.session.passphrase, services.session.key()
        name = services.session.signed_in
        clock = services.session.system_clock
        services.tasks.close_desks()
        services.session.close()

        def work(_context: object) -> RestoreReport:
            from unitclient.store.restore import restore

            return restore(file, home, word or None, clock=clock, home_passphrase=own, home_operator=name,
                           home_key=key if name else None)  # fmt: skip

        def done(report: RestoreReport) -> None:
            self._reopen(own, key, name)
            self._set(busy=False, report=report)
            self._catch_up()

        def failed(fault: BaseException) -> None:
            # Whatever was refused, the database that was there is there.
            self._reopen(own, key, name)
            self._set(busy=False, refusal=fault if isinstance(fault, UserError) else None)
            if not isinstance(fault, UserError):
                raise fault

        services.tasks.run(Lane.DB, "d-restore-running", work, done=done, failed=failed)

    def _catch_up(self) -> None:
        """Ask the centre at once what happened since the backup; without a line the next sync does."""
        from unitclient.desktop.pages.queue.work import sync_all

        if self._services.session.unit() is None:
            return

        def ignored(fault: BaseException) -> None:
            if not isinstance(fault, UserError | Cancelled):
                raise fault

        self._services.tasks.run(Lane.NET, "d-restore-asking", sync_all, done=lambda _round: None, failed=ignored,
                                 topics=TOPICS - {"units"})  # fmt: skip

    def _reopen(self, passphrase: str | None, key: bytes | None, operator: str) -> None:
        session = self._services.session
        session.open(passphrase=passphrase, key=key if operator else None, operator=operator)
        session.data_changed.emit(TOPICS)

    def _folder(self) -> str:
        folder = self._services.settings.get("backup.folder") if self._services.session.is_open() else ""
        return str(Path(folder) / "x.ucbackup") if folder else ""

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)
