"""What is known of vendors' keys, as data (`resources/keys`): where their library lies, what is odd about it, USB ids.

A profile is read strictly: an unknown word, a missing source or date is refused, so that nothing is believed of which
nobody knows where it came from. An administrator adds files to `admin_folder()`; docs/keys.md tells how.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from unitclient.errors import UserError
from unitclient.paths import resources_root

SYSTEMS = ("windows", "linux", "macos")
CONFIDENCES = ("measured", "documented", "reported", "guessed")
"""Tried by us; said by the vendor; said by somebody who used it; a convention."""
ODDITIES = (
    "certificate-without-label",
    "certificate-and-key-with-different-ids",
    "key-without-label",
    "private-key-after-login-only",
    "hashes-outside",
    "library-is-32-bit-only",
    "hangs-sometimes",
)
"""What was seen and needs no setting, because the program expects it of every key."""
_USB = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Quirks:
    """What has to be done differently with a key.

    `login`: once, or each-signature (the key logs itself out after every signature). `pin`: token (its flags say how),
    or window (the vendor's library shows a window of its own). `labels`: the encoding of its texts; utf-8 or gb18030.
    `wait_s`: seconds to wait at least for listing, opening and each signature; 0 for the usual.
    """

    login: str = "once"
    pin: str = "token"
    labels: str = "utf-8"
    wait_s: float = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON form, for the helper process."""
        return asdict(self)


_CHOICES = {"login": ("once", "each-signature"), "pin": ("token", "window"), "labels": ("utf-8", "gb18030")}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a library may lie. `path` may hold %VARIABLES% and, in one part, `*`; no `machines` means any."""

    system: str
    path: str
    confidence: str
    source: str
    machines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """One vendor's product. `automatic` false: never looked for by itself, only known when somebody names it."""

    id: str
    vendor: str
    product: str
    seen: date
    places: tuple[Place, ...]
    usb: tuple[str, ...] = ()
    quirks: Quirks = field(default_factory=Quirks)
    oddities: tuple[str, ...] = ()
    automatic: bool = True

    @property
    def name(self) -> str:
        """Vendor and product."""
        return f"{self.vendor} {self.product}"


@dataclass(frozen=True)
class Profiles:
    """All profiles that could be read, and a refusal for each file that could not."""

    profiles: tuple[Profile, ...]
    problems: tuple[UserError, ...] = ()

    def of(self, library: str) -> Profile | None:
        """The profile of a library, known by its file's name; a person may have put it anywhere."""
        wanted = _file_name(library)
        for profile in self.profiles:
            if any(_matches(_file_name(place.path), wanted) for place in profile.places):
                return profile
        return None

    def quirks(self, library: str) -> Quirks:
        """What to do differently with this library."""
        profile = self.of(library)
        return profile.quirks if profile else Quirks()


def _file_name(path: str) -> str:
    return PureWindowsPath(path).name.lower()


def _matches(pattern: str, name: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None


def admin_folder() -> Path:
    """Where the administrator of this computer adds profiles."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", "C:/ProgramData")) / "unitclient" / "keys"
    return Path("/etc/unitclient/keys")


@cache
def known_profiles() -> Profiles:
    """The administrator's profiles, then those that came with the program; read once."""
    return read_profiles((admin_folder(), resources_root() / "keys"))


def read_profiles(folders: Iterable[Path]) -> Profiles:
    """Every *.toml of these folders in order of name; of two with one id the first counts."""
    found: dict[str, Profile] = {}
    problems = []
    for folder in folders:
        for file in sorted(folder.glob("*.toml")):
            try:
                profile = profile_of(tomllib.loads(file.read_text("utf-8")))
            except (OSError, ValueError, TypeError, AttributeError, RecursionError) as failure:
                problems.append(UserError("key-profile-broken", file=str(file), reason=str(failure)))
            else:
                found.setdefault(profile.id, profile)
    return Profiles(tuple(found.values()), tuple(problems))


def profile_of(data: Mapping[str, Any]) -> Profile:
    """A profile from its file's content; ValueError says what is wrong."""
    words = ("id", "vendor", "product", "seen", "place", "usb", "quirks", "oddities", "automatic")
    _only(data, words, required=words[:5])
    if not _ID.fullmatch(str(data["id"])):
        raise ValueError(f"id {data['id']!r}")
    if type(data["seen"]) is not date:
        raise ValueError("seen is no date")
    usb, oddities = tuple(data.get("usb", ())), tuple(data.get("oddities", ()))
    _all(usb, lambda one: bool(_USB.fullmatch(str(one))), "usb")
    _all(oddities, ODDITIES.__contains__, "oddities")
    places = tuple(_place(one) for one in data["place"])
    if not places:
        raise ValueError("no place")
    vendor, product = str(data["vendor"]), str(data["product"])
    quirks, automatic = _quirks(data.get("quirks", {})), bool(data.get("automatic", True))
    return Profile(str(data["id"]), vendor, product, data["seen"], places, usb, quirks, oddities, automatic)


def _place(data: Mapping[str, Any]) -> Place:
    words = ("system", "path", "confidence", "source", "machines")
    _only(data, words, required=words[:4])
    _all((data["system"],), SYSTEMS.__contains__, "system")
    _all((data["confidence"],), CONFIDENCES.__contains__, "confidence")
    path, source = str(data["path"]), str(data["source"])
    if not source.strip():
        raise ValueError(f"{path}: no source")
    windows = data["system"] == "windows"
    if not (path.startswith("%") or (PureWindowsPath(path) if windows else PurePosixPath(path)).is_absolute()):
        raise ValueError(f"{path}: not a whole path")
    return Place(data["system"], path, data["confidence"], source, tuple(data.get("machines", ())))


def _quirks(data: Mapping[str, Any]) -> Quirks:
    _only(data, (*_CHOICES, "wait_s"))
    for word, choices in _CHOICES.items():
        if word in data:
            _all((data[word],), choices.__contains__, word)
    _all((data.get("wait_s", 0),), lambda one: type(one) in (int, float) and one >= 0, "wait_s")
    return Quirks(**data)


def _only(data: Mapping[str, Any], words: Iterable[str], required: Iterable[str] = ()) -> None:
    unknown, missing = data.keys() - set(words), set(required) - data.keys()
    if unknown or missing:
        raise ValueError(f"unknown {sorted(unknown)}, missing {sorted(missing)}")


def _all(values: Iterable[Any], good: Any, word: str) -> None:
    for value in values:
        if not good(value):
            raise ValueError(f"{word}: {value!r}")
