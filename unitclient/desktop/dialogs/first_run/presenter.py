"""The wizard's presenter: from the choice of a centre to a unit that can work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.first_run import work
from unitclient.desktop.dialogs.first_run.state import Enrolled, FirstRunState, KeyChoice, Step, Wish
from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.dialogs.unlock import work as unlock
from unitclient.desktop.pages.keys.presenter import LIBRARIES, chosen_libraries
from unitclient.desktop.tasks import Lane
from unitclient.errors import Cancelled, UserError
from unitclient.workflows.centre_process import practice_home
from unitclient.workflows.loopback import is_loopback

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

USUAL_REGION = "510100"


class FirstRunPresenter(QObject):
    """Leads the wizard."""

    changed = pyqtSignal(object)
    """FirstRunState."""
    finished = pyqtSignal(str)
    """Number of the unit that was added."""

    def __init__(self, services: Services, *, only_unit: bool = False) -> None:
        super().__init__()
        self._services = services
        folder = services.settings.get("backup.folder") or str(Path.home() / "unitclient-backup")
        held = practice_home(services.home).is_dir()
        self.state = FirstRunState(only_unit=only_unit, has_practice=held, folder=str(folder))

    def start(self) -> None:
        """Read which regions there are rules for."""
        self._services.tasks.run(Lane.DB, "d-first-reading", work.regions,
                                 done=lambda found: self._set(regions=found))  # fmt: skip

    def choose_mode(self, *, real: bool) -> None:
        """Practice or a real centre."""
        self._set(real=real)

    def onward(self) -> None:
        """From the first page to the second; the others have acts of their own."""
        self._go(Step.REAL if self.state.real else Step.PRACTICE)
        if self.state.real and not self.state.keys:
            self.search()

    def back(self) -> None:
        """To the first page; what was enrolled cannot be taken back here."""
        if self.state.step in (Step.PRACTICE, Step.REAL) and not self.state.busy:
            self._go(Step.MODE)

    # -- practice

    def begin_practice(self, region: str) -> None:
        """Start the practice centre with a unit in a region."""
        self._work(Lane.NET, "d-first-starting", lambda context: work.begin_practice(context, region))

    # -- a real centre

    def choose_authorities(self) -> None:
        """Ask for the file with the centre's root certificates."""
        ask = FileAsk(FileMode.OPEN, "d-first-ca-which", (("d-file-certificates", "*.pem *.crt *.cer"),))
        self._services.dialogs.choose_file(ask, lambda path: self._set(authorities=path or self.state.authorities))

    def search(self) -> None:
        """Look for keys in the libraries that were chosen and in all vendors' that are installed."""
        libraries = chosen_libraries(self._services)
        if self.state.searching:
            return
        self._set(searching=True)
        files = tuple(one for one in self.state.keys if one.ref.path)

        def done(found: tuple[tuple[KeyChoice, ...], tuple[UserError, ...]]) -> None:
            keys, problems = found
            chosen = self.state.chosen if self.state.key() in files else (0 if keys else self.state.chosen)
            self._set(searching=False, keys=(*keys, *files), refusal=problems[0] if problems else None, chosen=chosen)

        def failed(fault: BaseException) -> None:
            self._set(searching=False)
            self._failed(fault)

        self._services.tasks.run(Lane.SIGN, "d-keys-searching", lambda context: work.find_keys(context, libraries),
                                 done=done, failed=failed)  # fmt: skip

    def choose_library(self) -> None:
        """Ask for the PKCS#11 library of the token's vendor."""
        ask = FileAsk(FileMode.OPEN, "d-keys-library-which", (("d-keys-library-files", "*.dll *.so *.dylib"),))

        def chosen(path: Path | None) -> None:
            if path is not None:
                known = chosen_libraries(self._services)
                self._services.settings.set_layout(LIBRARIES, list(dict.fromkeys((*known, str(path)))))
                self.search()

        self._services.dialogs.choose_file(ask, chosen)

    def choose_file(self) -> None:
        """Ask for a PKCS#12 file."""
        ask = FileAsk(FileMode.OPEN, "d-keys-file-which", (("d-keys-file-files", "*.pfx *.p12 *.pem"),))

        def chosen(path: Path | None) -> None:
            if path is not None:
                self._set(keys=(*self.state.keys, work.file_key(path)), chosen=len(self.state.keys))

        self._services.dialogs.choose_file(ask, chosen)

    def choose_key(self, place: int) -> None:
        """One of the keys in the list."""
        if place != self.state.chosen:
            self._set(chosen=place)

    def enrol(self, url: str, operator: str, pin: str) -> None:
        """Check what was typed, open the key, and enrol."""
        key = self.state.key()
        wish = Wish(url.strip().rstrip("/"), self.state.authorities, key.ref if key else None, operator.strip())
        wrong = wrong_of(wish, key, pin)
        if wrong[0]:
            self._set(wrong=wrong, refusal=None)
            return
        self._work(Lane.SIGN, "d-first-enrolling", lambda context: work.enrol(context, wish, pin))

    # -- this computer

    def choose_folder(self) -> None:
        """Ask for the folder of the backups."""
        ask = FileAsk(FileMode.FOLDER, "d-first-folder-which")
        self._services.dialogs.choose_file(ask, lambda path: self._set(folder=str(path)) if path else None)

    def keep(self, folder: str, first: str, second: str) -> None:
        """Keep the backup folder, and set the passphrase where one was typed."""
        wrong = "" if not (first or second) else unlock.weakness(first, second)
        if wrong:
            self._set(wrong=("again" if wrong == "d-unlock-differs" else "new", wrong))
            return
        try:
            Path(folder).expanduser().mkdir(parents=True, exist_ok=True)
        except OSError:
            self._set(wrong=("folder", "d-first-folder-wrong"))
            return
        self._services.settings.set("backup.folder", str(Path(folder).expanduser()))
        if not first:
            self._go(Step.DONE)
            return
        self._set(busy="d-unlock-changing", wrong=("", ""))
        old = self._services.session.passphrase

        def backups_too() -> None:
            # One word to remember: the same opens the automatic backups on another computer.
            unlock.keep_backup_word(self._services, first, lambda: self._go(Step.DONE), self._failed)

        unlock.change(self._services, old, first, backups_too, self._failed)

    def finish(self) -> None:
        """To the month of the new unit."""
        if self.state.unit is not None:
            self.finished.emit(self.state.unit.number)
            self._services.shell.go("dashboard")

    # -- small

    def _work(self, lane: Lane, key: str, act: work.Act) -> None:
        if self.state.busy:
            return
        self._set(busy=key, refusal=None, wrong=("", ""))

        def done(unit: Enrolled) -> None:
            self._set(unit=unit)
            self._go(Step.DONE if self.state.only_unit else Step.KEEPING)

        self._services.tasks.run(lane, key, act, done=done, failed=self._failed, topics=frozenset({"units"}))

    def _go(self, step: Step) -> None:
        self._set(step=step, busy="", refusal=None, wrong=("", ""))

    def _failed(self, fault: BaseException) -> None:
        self._set(busy="", refusal=fault if isinstance(fault, UserError) else None)
        if not isinstance(fault, UserError | Cancelled):
            raise fault

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of the state's own members
        self.changed.emit(self.state)


def wrong_of(wish: Wish, key: KeyChoice | None, pin: str) -> tuple[str, str]:
    """(field, text key) of the first thing that cannot be taken; ("", "") when all can."""
    if not _is_address(wish.url):
        return "url", "d-first-url-wrong"
    if not wish.url.startswith("https://") and not is_loopback(wish.url):
        return "url", "d-first-url-open"
    if key is None:
        return "key", "d-first-key-none"
    if key.pin == "locked":
        return "key", "d-first-key-locked"
    if not pin:
        return "pin", "d-first-pin-none"
    return ("", "") if wish.operator else ("operator", "d-first-operator-none")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
