"""The documents page's presenter: list, show one, save, print, verify."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.pages.documents import work
from unitclient.desktop.pages.documents.state import Checked, DocumentsState, Paper
from unitclient.desktop.pages.documents.words import file_name
from unitclient.desktop.tasks import Lane
from unitclient.errors import Cancelled, UserError

if TYPE_CHECKING:
    from unitclient.desktop.services import Services


class DocumentsPresenter(QObject):
    """Leads the documents page."""

    changed = pyqtSignal(object)
    """DocumentsState."""
    saved = pyqtSignal(object)
    """Path of a file that was written."""
    refused = pyqtSignal(object)
    """UserError."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._wanted = ""
        self.state = DocumentsState()

    def refresh(self) -> None:
        """Read which papers there are."""

        def done(papers: tuple[Paper, ...]) -> None:
            self._set(reading=False, papers=papers)
            self.select(self._wanted or self.state.current)

        self._services.tasks.run(Lane.DB, "d-documents-reading", work.list_papers, done=done)

    def want(self, declaration_id: str) -> None:
        """Led here with a declaration: show its first paper, now or when the list is read."""
        self._wanted = f"{declaration_id}/"
        self.select(self._wanted)

    def select(self, paper_id: str) -> None:
        """Put a paper in front (its id, or the beginning of it) and make it."""
        paper = next((one for one in self.state.papers if paper_id and one.id.startswith(paper_id)), None)
        if paper is None:
            self._set(current="", pdf=b"", making=False, signed=False, fetching=False)
            return
        self._wanted = ""
        if paper.id == self.state.current and (self.state.pdf or self.state.making):
            return
        self._set(current=paper.id, pdf=b"", making=True, signed=False, fetching=False, checked=None)
        self._make(paper)

    def _make(self, paper: Paper) -> None:
        def done(made: tuple[bytes, bool]) -> None:
            pdf, signed = made
            if self.state.current == paper.id:
                self._set(pdf=pdf, making=False, signed=signed)
                if not signed and paper.name in work.SIGNED:
                    self._fetch(paper)

        def failed(fault: BaseException) -> None:
            self._set(making=False)
            self._refuse(fault)

        self._services.tasks.run(
            Lane.DB, "d-documents-making",
            lambda context: work.make_paper(context, paper.declaration_id, paper.name), done=done, failed=failed,
        )  # fmt: skip

    def _fetch(self, paper: Paper) -> None:
        """Ask the centre for its own paper while the print is seen; without a centre the print stays."""

        def done(pdf: bytes) -> None:
            if self.state.current == paper.id:
                self._set(pdf=pdf, signed=True, fetching=False)

        def failed(fault: BaseException) -> None:
            if self.state.current == paper.id:
                self._set(fetching=False)
            if not isinstance(fault, UserError) or (self.state.current == paper.id and not self.state.pdf):
                self._refuse(fault)

        self._set(fetching=True)
        self._services.tasks.run(
            Lane.NET, "d-documents-fetching",
            lambda context: work.fetch_paper(context, paper.declaration_id, paper.name), done=done, failed=failed,
        )  # fmt: skip

    def save(self) -> None:
        """Ask for a name and write the PDF."""
        paper, pdf = self.state.paper(), self.state.pdf
        if paper is None or not pdf:
            return
        ask = FileAsk(FileMode.SAVE, "d-documents-save", (("d-documents-files", "*.pdf"),), file_name(paper))

        def chosen(path: Path | None) -> None:
            if path is not None:
                self._write(path, pdf)

        self._services.dialogs.choose_file(ask, chosen)

    def _write(self, path: Path, pdf: bytes) -> None:
        try:
            path.write_bytes(pdf)
        except OSError as failure:
            refusal = UserError("file-unwritable", path=path)
            refusal.__cause__ = failure
            self.refused.emit(refusal)
            return
        self.saved.emit(path)

    def save_envelope(self) -> None:
        """Ask for a folder and write the signed receipt itself."""
        paper = self.state.paper()
        if paper is None:
            return

        def chosen(folder: Path | None) -> None:
            if folder is not None:
                self._services.tasks.run(
                    Lane.DB, "d-documents-making",
                    lambda context: work.save_envelope(context, paper.declaration_id, folder),
                    done=self.saved.emit, failed=self._refuse,
                )  # fmt: skip

        self._services.dialogs.choose_file(FileAsk(FileMode.FOLDER, "d-documents-envelope-where"), chosen)

    def export(self) -> None:
        """Ask for a folder and export everything of the unit into a new one inside it."""

        def chosen(folder: Path | None) -> None:
            if folder is not None:
                self._services.tasks.run(
                    Lane.DB, "d-documents-exporting", lambda context: work.export_unit(context, folder),
                    done=self.saved.emit, failed=self._refuse,
                )  # fmt: skip

        self._services.dialogs.choose_file(FileAsk(FileMode.FOLDER, "d-documents-export-where"), chosen)

    def verify(self) -> None:
        """Ask for a file and verify it."""
        ask = FileAsk(FileMode.OPEN, "d-documents-verify-which",
                      (("d-documents-verify-files", "*.asice *.json *.pdf"), ("d-documents-any", "*")))  # fmt: skip
        self._services.dialogs.choose_file(ask, lambda path: self.check(path) if path is not None else None)

    def check(self, path: Path) -> None:
        """Verify a file (chosen, or dropped)."""

        def done(checked: Checked) -> None:
            self._set(checked=checked)

        self._services.tasks.run(Lane.DB, "d-documents-verifying", lambda context: work.check_file(context, path),
                                 done=done, failed=self._refuse)  # fmt: skip

    def close_check(self) -> None:
        """Take the answer away; the paper is seen again."""
        self._set(checked=None)

    def _refuse(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self.refused.emit(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)
