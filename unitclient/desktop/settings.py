"""Settings of the desktop, by key: those the window needs at once in home/desktop.json, the others in the database."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

from unitclient.desktop.settings_schema import BY_KEY, Kind, Place, SettingSpec

if TYPE_CHECKING:
    from unitclient.store.store import Store

FILE_NAME = "desktop.json"
_LAYOUT = "layout"


class Settings(QObject):
    """Typed settings. A value that does not fit its schema counts as absent."""

    changed = pyqtSignal(str)
    """The key of a setting that was set."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._path = home / FILE_NAME
        self._file = _read(self._path)
        self._store: Store | None = None

    def use_store(self, store: Store | None) -> None:
        """Where the settings of the database are; None while it is closed."""
        self._store = store

    def get(self, key: str) -> Any:
        """The value of a setting of the schema, or its default."""
        spec = BY_KEY[key]
        value = self._stored(key) if spec.place is Place.STORE else self._file.get(key)
        return value if fits(spec, value) else spec.default

    def set(self, key: str, value: Any) -> None:
        """Set it.

        ValueError for a value that does not fit the schema, RuntimeError when its place is closed, UserError for what
        the checks of the command line (`workflows.settings`) do not take.
        """
        spec = BY_KEY[key]
        if not fits(spec, value):
            raise ValueError(f"{key}: {value!r}")
        if value == self.get(key):
            return
        if spec.place is Place.STORE:
            self._put_stored(key, value)
        else:
            self._file[key] = value
            self._save()
        self.changed.emit(key)

    def layout(self, key: str, default: Any = None) -> Any:
        """How something was left on the screen (window place, columns of a table), by a free key."""
        return self._file.get(_LAYOUT, {}).get(key, default)

    def set_layout(self, key: str, value: Any) -> None:
        """Remember how something was left; anything JSON can hold, nothing personal."""
        if self.layout(key) != value:
            self._file.setdefault(_LAYOUT, {})[key] = value
            self._save()

    def _stored(self, key: str) -> Any:
        if self._store is None:
            return None
        from unitclient.store.settings import get_setting
        from unitclient.workflows.settings import CHECKS, setting

        return setting(self._store, key).value if key in CHECKS else get_setting(self._store, key)

    def _put_stored(self, key: str, value: Any) -> None:
        from unitclient.store.settings import put_setting
        from unitclient.workflows.rights import need
        from unitclient.workflows.settings import CHECKS, change_setting

        if self._store is None:
            raise RuntimeError("the database is closed")
        if key in CHECKS:
            change_setting(self._store, key, value or None)
            return
        need(self._store, "settings")
        with self._store.write("setting.change", subject=key):
            put_setting(self._store, key, value)

    def _save(self) -> None:
        # A look that cannot be remembered is no reason to stop anybody's work.
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = self._path.with_suffix(".new")
            fresh.write_text(json.dumps(self._file, ensure_ascii=False, indent=1), "utf-8")
            fresh.replace(self._path)


def fits(spec: SettingSpec, value: Any) -> bool:
    """Whether a value is one the schema allows."""
    if spec.kind is Kind.CHOICE:
        return value in spec.choices and not isinstance(value, bool)
    if spec.kind is Kind.BOOL:
        return isinstance(value, bool)
    if spec.kind is Kind.NUMBER:
        return isinstance(value, int) and not isinstance(value, bool) and spec.low <= value <= spec.high
    return isinstance(value, str)


def _read(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) and isinstance(told.get(_LAYOUT, {}), dict) else {}
