"""Every setting as data: the settings page and its checks are made from this list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How a setting is entered."""

    CHOICE = "choice"
    BOOL = "bool"
    NUMBER = "number"
    TEXT = "text"
    URL = "url"
    FILE = "file"
    FOLDER = "folder"


class Place(StrEnum):
    """Where a setting is kept."""

    FILE = "file"
    """home/desktop.json: what the window must know before the database is open."""
    STORE = "store"
    """The database."""


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One setting; texts are `d-set-<key>` and `d-set-<key>-help`, dots as dashes; its group is `d-set-group-<group>`.

    `choices` are values whose words are `d-set-<key>-<value>`; `low` and `high` bound a number.
    """

    key: str
    kind: Kind
    default: Any
    place: Place
    group: str
    choices: tuple[Any, ...] = ()
    low: int = 0
    high: int = 0
    restart: bool = False
    hidden: bool = False

    @property
    def text_key(self) -> str:
        """The text that names it."""
        return "d-set-" + self.key.replace(".", "-").replace("_", "-")


SETTINGS: tuple[SettingSpec, ...] = (
    SettingSpec("language", Kind.CHOICE, "zh", Place.FILE, "look", choices=("zh", "en"), restart=True),
    SettingSpec("theme", Kind.CHOICE, "system", Place.FILE, "look", choices=("system", "light", "dark")),
    SettingSpec("density", Kind.CHOICE, "normal", Place.FILE, "look", choices=("compact", "normal", "roomy")),
    SettingSpec("font_size", Kind.CHOICE, 9, Place.FILE, "look", choices=(9, 10, 11, 12)),
    SettingSpec("remote_mode", Kind.CHOICE, "auto", Place.FILE, "look", choices=("auto", "on", "off")),
    SettingSpec("network.proxy", Kind.URL, "", Place.STORE, "network"),
    SettingSpec("network.ca_file", Kind.FILE, "", Place.STORE, "network"),
    SettingSpec("tsa.url", Kind.URL, "", Place.STORE, "network"),
    SettingSpec("tsa.ca_file", Kind.FILE, "", Place.STORE, "network"),
    SettingSpec("operator", Kind.TEXT, "", Place.STORE, "work"),
    SettingSpec("review.required", Kind.BOOL, False, Place.STORE, "work"),
    SettingSpec("backup.folder", Kind.FOLDER, "", Place.STORE, "work"),
    SettingSpec("idle_lock_minutes", Kind.NUMBER, 15, Place.FILE, "work", low=0, high=240),
    SettingSpec("masking", Kind.BOOL, False, Place.FILE, "look", hidden=True),
)
BY_KEY = {spec.key: spec for spec in SETTINGS}
