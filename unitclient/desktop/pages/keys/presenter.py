"""The keys page's presenter: what is known at once, what the tokens hold when asked, files and libraries chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.pages.keys import work
from unitclient.desktop.pages.keys.state import KeyLine, KeysState
from unitclient.desktop.tasks import Lane
from unitclient.errors import Cancelled, UserError

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

LIBRARIES = "key-libraries"
"""Layout key of the PKCS#11 libraries that were chosen."""


class KeysPresenter(QObject):
    """Leads the keys page."""

    changed = pyqtSignal(object)
    """KeysState."""
    refused = pyqtSignal(object)
    """UserError."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._files: tuple[KeyLine, ...] = ()
        self.state = KeysState(libraries=chosen_libraries(services))

    def refresh(self) -> None:
        """Read what is kept here, then look at the tokens."""
        self._services.tasks.run(Lane.DB, "d-keys-reading", work.read_known, done=self._show)
        self.search()

    def search(self) -> None:
        """Look at every token without a PIN. A library that hangs or crashes takes nothing with it."""
        if self.state.searching:
            return
        self._set(searching=True)
        libraries = self.state.libraries

        def done(found: work.Found) -> None:
            self._set(searching=False, problems=found.problems)
            self._show(found)

        def failed(fault: BaseException) -> None:
            self._set(searching=False)
            self._refuse(fault)

        self._services.tasks.run(Lane.SIGN, "d-keys-searching", lambda context: work.find_keys(context, libraries),
                                 done=done, failed=failed)  # fmt: skip

    def select(self, key_id: str) -> None:
        """Put one in front."""
        self._set(current=key_id)

    def choose_library(self) -> None:
        """Ask for a vendor's PKCS#11 library; it is looked at from now on."""
        ask = FileAsk(FileMode.OPEN, "d-keys-library-which", (("d-keys-library-files", "*.dll *.so *.dylib"),))

        def chosen(path: Path | None) -> None:
            if path is None or str(path) in self.state.libraries:
                return
            self._set(libraries=(*self.state.libraries, str(path)))
            self._services.settings.set_layout(LIBRARIES, list(self.state.libraries))
            self.search()

        self._services.dialogs.choose_file(ask, chosen)

    def choose_file(self) -> None:
        """Ask for a PKCS#12 file and its passphrase, and show what it holds. The passphrase is kept nowhere."""
        ask = FileAsk(FileMode.OPEN, "d-keys-file-which", (("d-keys-file-files", "*.pfx *.p12 *.pem"),))

        def chosen(path: Path | None) -> None:
            if path is not None:
                self._services.dialogs.open_wizard("unlock", {"file": path.name}, lambda word: self._read(path, word))

        self._services.dialogs.choose_file(ask, chosen)

    def _read(self, path: Path, passphrase: object) -> None:
        if not isinstance(passphrase, str):
            return

        def done(line: KeyLine) -> None:
            self._files = (*(one for one in self._files if one.id != line.id), line)
            self._show(work.Found(self.state.keys, self.state.lists))
            self._set(current=line.id)

        self._services.tasks.run(Lane.SIGN, "d-keys-file-reading",
                                 lambda context: work.read_file(context, path, passphrase),
                                 done=done, failed=self._refuse)  # fmt: skip

    def _show(self, found: work.Found) -> None:
        known = {key.id for key in found.keys}
        keys = (*found.keys, *(one for one in self._files if one.id not in known))
        current = self.state.current if any(key.id == self.state.current for key in keys) else ""
        self._set(reading=False, keys=keys, lists=found.lists, current=current or (keys[0].id if keys else ""))

    def _refuse(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self.refused.emit(fault)
        elif not isinstance(fault, Cancelled):
            raise fault

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)


def chosen_libraries(services: Services) -> tuple[str, ...]:
    """The PKCS#11 libraries chosen on this computer."""
    told = services.settings.layout(LIBRARIES, [])
    kept = [str(one) for one in told] if isinstance(told, list) else []
    return tuple(dict.fromkeys(kept))
