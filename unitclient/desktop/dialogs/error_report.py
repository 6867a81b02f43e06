"""The error report: an unexpected fault is shown with what would be sent, and the work goes on."""

from __future__ import annotations

from PyQt6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.errors import FaultReport
from unitclient.desktop.services import Services
from unitclient.desktop.theme import fonts
from unitclient.desktop.theme.look import look
from unitclient.desktop.widgets.basic import button, label, row
from unitclient.desktop.widgets.room import resize_within
from unitclient.texts import say

_open: list[ErrorReport] = []


class ErrorReport(QDialog):
    """One dialog however many faults follow: later ones are added to the text and counted."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._reports: list[FaultReport] = []
        self.setWindowTitle(say("d-fault-title"))
        self.setAccessibleName(say("d-fault-title"))
        self.title = label(say("d-fault-what"), "sectionTitle", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(fonts.mono(look().font_size))
        self.text.setAccessibleName(say("d-fault-report"))
        self.said = label("", "secondary")
        go_on = button(say("d-fault-go-on"), self.accept, "primary")
        go_on.setDefault(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(8)
        box.addWidget(self.title)
        box.addWidget(label(say("d-fault-why"), wrap=True))
        box.addWidget(label(say("d-fault-report"), "strong"))
        box.addWidget(self.text, 1)
        box.addWidget(self.said)
        box.addLayout(row(button(say("d-copy"), self.copy), button(say("d-save-as"), self.save), 1, go_on))
        resize_within(self, 620, 440)
        go_on.setFocus()
        self.finished.connect(self._closed)

    def add(self, report: FaultReport) -> None:
        """One more fault. The same one again is only counted."""
        self._reports.append(report)
        texts = list(dict.fromkeys(one.text.partition("\nkind ")[2] for one in self._reports))
        head = self._reports[0].text.partition("\nkind ")[0]
        self.text.setPlainText("\n\n".join([head, *(f"kind {text}" for text in texts)]))
        count = len(self._reports)
        self.title.setText(say("d-fault-what") if count == 1 else say("d-fault-whats", count=count))

    def copy(self) -> None:
        """The report to the clipboard."""
        self._services.files.copy_text(self.text.toPlainText())
        self.said.setText(say("d-copied"))

    def save(self) -> None:
        """The report to a file of the person's choice."""
        ask = FileAsk(FileMode.SAVE, "d-save-as", (("d-file-text", "*.txt"),), "unitclient-report.txt")
        self._services.dialogs.choose_file(ask, lambda path: save_text(self, path, self.text.toPlainText()))

    def _closed(self, _answer: int) -> None:
        if self in _open:
            _open.remove(self)
        self.deleteLater()


def save_text(dialog: ErrorReport, path: object, text: str) -> None:
    """Write the report; what went wrong is said in the dialog."""
    from pathlib import Path

    if not isinstance(path, Path):
        return
    try:
        path.write_text(text, "utf-8")
    except OSError:
        dialog.said.setText(say("d-not-saved", path=str(path)))
    else:
        dialog.said.setText(say("d-saved-to", path=str(path)))


def show_report(services: Services, report: FaultReport, parent: QWidget | None) -> ErrorReport:
    """Show a fault, in the dialog that is open already if there is one."""
    if not _open:
        _open.append(ErrorReport(services, parent))
    dialog = _open[0]
    dialog.add(report)
    dialog.open()
    return dialog
