"""The keys page's presenter: what is known at once, what the tokens hold when asked, files and libraries chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.pages.keys import work
from unitclient.desktop.pages.keys.acts import Act, perform, summary_of
from unitclient.desktop.pages.keys.state import KeyLine, KeysState
from unitclient.desktop.pages.sign.prompt import LanePrompt
from unitclient.desktop.pages.sign.words import day
from unitclient.desktop.tasks import Lane
from unitclient.errors import Cancelled, UserError
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.dialogs.certificate.dialog import ActChoice
    from unitclient.desktop.services import Services
    from unitclient.workflows.certificate_acts import Followed

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

    def act(self, name: str) -> None:
        """Renew, upgrade or change the certificate in front: what the act needs is asked for, then the PIN."""
        key = self.state.key()
        if key is None or not key.numbers or self.state.acting:
            return
        number, unit = key.numbers[0], key.units[0]

        def chosen(choice: ActChoice | None) -> None:
            if choice is not None:
                self._act(Act(name, number, unit, choice), key)

        self._services.dialogs.open_wizard("certificate", {"act": name, "unit": unit}, chosen)

    def _act(self, act: Act, key: KeyLine) -> None:
        prompt = LanePrompt(self._services.dialogs, summary_of(act, key))
        self._set(acting=True, done="")

        def done(followed: Followed) -> None:
            words = say(f"certificate-{act.name}-done", name=act.unit_name, until=day(followed.until))
            revoked = say("certificate-old-revoked") if followed.old_revoked else ""
            self._set(acting=False, current=followed.certificate_sha256, done=words + revoked)
            self.refresh()

        def failed(fault: BaseException) -> None:
            self._set(acting=False)
            self._refuse(fault)

        self._services.tasks.run(Lane.SIGN, f"d-certificate-{act.name}-doing",
                                 lambda context: perform(context, act, prompt),
                                 done=done, failed=failed, topics=frozenset({"units"}))  # fmt: skip

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
