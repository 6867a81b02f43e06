"""Settings: checks what was entered, keeps it, and says what is wrong with what it cannot keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.dialogs.service import FileAsk, FileMode
from unitclient.desktop.pages.settings.state import SettingsState
from unitclient.desktop.settings_schema import BY_KEY, SETTINGS, Kind, SettingSpec
from unitclient.errors import UserError
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services

_REFUSALS = {
    "setting-not-address": "d-set-not-url",
    "setting-no-certificates": "d-set-no-certificates",
    "setting-not-name": "d-set-not-name",
    "no-unit": "d-set-no-unit",
    "right-missing": "d-set-no-right",
    "operator-must-change": "d-set-no-right",
}
"""Refusals of `workflows.settings` -> the short text beside the field; the others are about the file."""


class SettingsPresenter(QObject):
    """Gives `changed(SettingsState)` after every act."""

    changed = pyqtSignal(object)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.state = SettingsState({})

    def refresh(self) -> None:
        """Read all settings again."""
        values = {spec.key: self._services.settings.get(spec.key) for spec in SETTINGS if not spec.hidden}
        self._show(replace(self.state, values=values))

    def set(self, key: str, value: Any) -> None:
        """Keep a value, or say what is wrong with it and leave the old one."""
        spec = BY_KEY[key]
        value = value.strip() if isinstance(value, str) else value
        problems = {name: problem for name, problem in self.state.problems.items() if name != key}
        wrong = problem_of(spec, value)
        if wrong:
            self._show(replace(self.state, problems={**problems, key: wrong}, values={**self.state.values, key: value}))
            return
        before = self._services.settings.get(key)
        try:
            self._services.settings.set(key, value)
        except UserError as refusal:
            wrong = _REFUSALS.get(refusal.code, "d-set-no-file")
            self._show(replace(self.state, problems={**problems, key: wrong}, values={**self.state.values, key: value}))
            return
        restart = self.state.restart or (spec.restart and before != value)
        self._show(SettingsState({**self.state.values, key: value}, problems, restart))
        if before != value:
            self._services.shell.say(say("d-set-kept", name=say(spec.text_key)))

    def choose(self, key: str) -> None:
        """Ask for the file or folder of a setting."""
        spec = BY_KEY[key]
        mode = FileMode.FOLDER if spec.kind is Kind.FOLDER else FileMode.OPEN
        filters = () if mode is FileMode.FOLDER else (("d-file-certificates", "*.pem *.crt *.cer"),)
        ask = FileAsk(mode, spec.text_key, filters, str(self.state.values.get(key, "")))
        self._services.dialogs.choose_file(ask, lambda path: self._chosen(key, path))

    def _chosen(self, key: str, path: Path | None) -> None:
        if path is not None:
            self.set(key, str(path))

    def _show(self, state: SettingsState) -> None:
        self.state = state
        self.changed.emit(state)


def problem_of(spec: SettingSpec, value: Any) -> str:
    """The text that says what is wrong with a value, or nothing. An empty text is always allowed: not set."""
    if not isinstance(value, str) or not value:
        return ""
    if spec.kind is Kind.URL:
        return "" if _is_url(value) else "d-set-not-url"
    if spec.kind is Kind.FILE:
        return "" if Path(value).is_file() else "d-set-no-file"
    if spec.kind is Kind.FOLDER:
        return "" if Path(value).is_dir() else "d-set-no-folder"
    return ""


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
