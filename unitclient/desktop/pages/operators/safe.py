"""The operators page's second presenter: ways back in, and the journal checked and exported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import FileAsk, FileMode, SignSummary
from unitclient.desktop.pages.operators import work
from unitclient.desktop.pages.sign.prompt import LanePrompt
from unitclient.desktop.pages.sign.work import helper_for
from unitclient.desktop.tasks import Lane
from unitclient.desktop.theme.tokens import State
from unitclient.errors import Cancelled, UserError
from unitclient.texts import say
from unitclient.workflows.signable import certificate_of

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.store.units import Unit
    from unitclient.workflows.journal_files import JournalReport

_FILES = (("d-journal-files", "*.jsonl"),)


class SafePresenter(QObject):
    """Leads the two cards below the table."""

    changed = pyqtSignal()
    """A way back in was set up."""
    told = pyqtSignal(object, str)
    """What came of it: a State and a sentence."""
    refused = pyqtSignal(object)
    """UserError."""

    def __init__(self, services: Services, open_helper: work.OpenHelper = helper_for) -> None:
        super().__init__()
        self._services = services
        self._open_helper = open_helper

    # -- ways back in

    def make_code(self) -> None:
        """Make a recovery code after asking, and show it once."""
        self._services.dialogs.confirm("d-operators-code", say("d-operators-code-ask"), "d-operators-code",
                                       lambda yes: self._make_code() if yes else None)  # fmt: skip

    def _make_code(self) -> None:
        def done(code: str) -> None:
            self.changed.emit()
            self._services.dialogs.open_wizard("recover", {"code": code}, lambda _answer: None)

        self._services.tasks.run(Lane.DB, "d-operators-writing", work.make_code, done=done, failed=self._refuse)

    def allow_certificate(self) -> None:
        """Ask for the PIN of the unit's key, and let it open the database from now on."""
        try:
            unit = self._services.session.need_unit()
        except UserError as refusal:
            self.refused.emit(refusal)
            return
        helper = self._open_helper(self._services.session.desk(), unit)
        prompt = LanePrompt(self._services.dialogs, _summary(unit))

        def done(_none: None) -> None:
            self.changed.emit()
            self.told.emit(State.OK, say("recovery-certificate-allowed", unit=unit.name))

        handle = self._services.tasks.run(
            Lane.SIGN, "d-operators-certificate-task",
            lambda context: work.allow_certificate(context, helper, prompt), done=done, failed=self._refuse,
        )  # fmt: skip
        handle.on_cancel(prompt.give_up)
        handle.on_cancel(helper.cancel)

    # -- journal

    def check(self) -> None:
        """Check the chain in the database."""
        self._services.tasks.run(Lane.DB, "d-journal-checking", work.check, done=self._checked, failed=self._refuse)

    def check_file(self) -> None:
        """Check a file that was exported, and whether the database still holds the same."""

        def chosen(path: Path | None) -> None:
            if path is not None:
                self._services.tasks.run(Lane.DB, "d-journal-checking", lambda context: work.check_file(context, path),
                                         done=self._checked, failed=self._refuse)  # fmt: skip

        self._services.dialogs.choose_file(FileAsk(FileMode.OPEN, "d-journal-check-file", _FILES), chosen)

    def export(self) -> None:
        """Write the journal into a file of the person's choice."""

        def chosen(path: Path | None) -> None:
            if path is not None:
                self._export(path)

        name = f"unitclient-journal-{self._services.session.now():%Y%m%d}.jsonl"
        self._services.dialogs.choose_file(FileAsk(FileMode.SAVE, "d-journal-export", _FILES, name), chosen)

    def _export(self, path: Path) -> None:
        self._services.tasks.run(Lane.DB, "d-journal-exporting", lambda context: work.export(context, path),
                                 done=lambda report: self._exported(path, report), failed=self._refuse)  # fmt: skip

    def _exported(self, path: Path, report: JournalReport) -> None:
        self.told.emit(State.OK, say("d-journal-exported", path=path, entries=report.entries, head=report.head[:16]))

    def _checked(self, report: JournalReport) -> None:
        if report.broken_at is None:
            text = say("d-journal-whole", entries=report.entries, head=report.head[:16])
            self.told.emit(State.OK, text)
        else:
            self.told.emit(State.ERR, say("d-journal-broken", entry=report.broken_at))

    def _refuse(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self.refused.emit(fault)
        elif not isinstance(fault, Cancelled):
            raise fault


def _summary(unit: Unit) -> SignSummary:
    """What the PIN dialog says of a signature that is no declaration."""
    certificate = certificate_of(unit)
    named = f"{certificate.subject} · {certificate.serial}" if certificate else ""
    return SignSummary(unit.name, unit.unit_number, named, (), unit.practice, say("d-recover-purpose"))
