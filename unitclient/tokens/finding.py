"""Which vendors' libraries are on this computer, by the profiles: those that can be used, and why others cannot.

A library that is there for another kind of machine is told apart from one that is missing, and a key that is plugged
in without any library from no key at all.
"""

from __future__ import annotations

import glob
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import environ
from pathlib import Path

from unitclient.errors import UserError
from unitclient.tokens.header import Header, foreign, own_header
from unitclient.tokens.profiles import Place, Profile, Profiles, known_profiles

_VARIABLE = re.compile(r"%([^%]+)%")
_USB_DEVICES = Path("/sys/bus/usb/devices")


@dataclass(frozen=True, slots=True)
class FoundLibrary:
    """A library that this program can load, and the profile by which it was found."""

    path: str
    profile: Profile


@dataclass(frozen=True)
class Found:
    """Libraries in the order of the profiles, and what a person should know about the others."""

    libraries: tuple[FoundLibrary, ...]
    problems: tuple[UserError, ...] = ()


@dataclass(frozen=True)
class Computer:
    """What is looked at; tests make one up. `usb` are the ids of what is plugged in, as vendor:product."""

    system: str
    own: Header
    variables: Mapping[str, str]
    usb: frozenset[str] = frozenset()

    @classmethod
    def here(cls) -> Computer:
        """This one."""
        system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
        return cls(system, own_header(), environ, frozenset(plugged_in()))


def find_libraries(computer: Computer | None = None, profiles: Profiles | None = None) -> Found:
    """Every vendor's library that is installed here; of one product the first that can be loaded."""
    computer, known = computer or Computer.here(), profiles or known_profiles()
    libraries: list[FoundLibrary] = []
    problems = list(known.problems)
    seen: set[Path] = set()
    for profile in known.profiles:
        if not profile.automatic:
            continue
        refusals = []
        for path in _installed(profile.places, computer):
            refusal = foreign(path, computer.own)
            if refusal is None:
                if path.resolve() not in seen:
                    seen.add(path.resolve())
                    libraries.append(FoundLibrary(str(path), profile))
                break
            refusals.append(UserError(refusal.code, **refusal.params))
        else:
            problems += refusals[:1] or _driver_missing(profile, computer)
    return Found(tuple(libraries), tuple(problems))


def _installed(places: Iterable[Place], computer: Computer) -> Iterator[Path]:
    """Files that are there, in the order of the profile; of several versions the last in order of name first."""
    for place in places:
        if place.system != computer.system:
            continue
        path = _expanded(place.path, computer.variables)
        if path:
            found = sorted(glob.glob(path), reverse=True) if "*" in path else [path]  # noqa: PTH207 - any drive, any root
            yield from (Path(one) for one in found if Path(one).is_file())


def _expanded(path: str, variables: Mapping[str, str]) -> str:
    """The path with its variables; "" when one of them is not set on this computer."""
    lacking = [name for name in _VARIABLE.findall(path) if name not in variables]
    return "" if lacking else _VARIABLE.sub(lambda found: variables[found[1]], path)


def _driver_missing(profile: Profile, computer: Computer) -> list[UserError]:
    if computer.usb.isdisjoint(profile.usb):
        return []
    return [UserError("key-driver-missing", key=profile.name)]


def plugged_in(devices: Path = _USB_DEVICES) -> Iterator[str]:
    """USB ids of what is plugged in. Linux tells; elsewhere nothing is known."""
    for device in devices.glob("*"):
        try:
            vendor, product = ((device / name).read_text().strip() for name in ("idVendor", "idProduct"))
        except OSError:
            continue
        yield f"{vendor}:{product}"
