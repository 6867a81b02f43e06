"""Which automatic backups are kept: the newest, then one a month, then one a year (resources/backup.toml)."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from unitclient.clock import CHINA
from unitclient.paths import resources_root
from unitclient.store.store import Store

_NAME = "unitclient-auto-{home}-{at:%Y%m%d-%H%M%S}.ucbackup"


@dataclass(frozen=True, slots=True)
class Rules:
    """How long before a deadline one is made, and how many are kept."""

    before_deadline: timedelta
    newest: int
    months: int
    years: int


@cache
def rules() -> Rules:
    """The rules as the file says them."""
    told = tomllib.loads((resources_root() / "backup.toml").read_text("utf-8"))
    return Rules(timedelta(hours=told["when"]["before_deadline_hours"]), **told["keep"])


def name_of(store: Store, at: datetime) -> str:
    """The name of an automatic backup; it tells this home's from those of other computers in the same folder."""
    return _NAME.format(home=_home(store), at=at.astimezone(CHINA))


def made(store: Store, folder: Path) -> list[Path]:
    """The automatic backups of this home that lie in a folder, oldest first."""
    pattern = re.compile(rf"unitclient-auto-{_home(store)}-\d{{8}}-\d{{6}}\.ucbackup")
    return sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name))


def superfluous(names: Iterable[str], keep: Rules) -> set[str]:
    """Those of the names that no rule keeps."""
    everything = sorted(names, reverse=True)
    kept = set(everything[: keep.newest])
    kept |= _last_of_each(everything, lambda day: day[:6], keep.months)
    kept |= _last_of_each(everything, lambda day: day[:4], keep.years)
    return set(everything) - kept


def _last_of_each(newest_first: list[str], span: Callable[[str], str], most: int) -> set[str]:
    last: dict[str, str] = {}
    for name in newest_first:
        last.setdefault(span(name.split("-")[-2]), name)
    return set(list(last.values())[:most])


def _home(store: Store) -> str:
    return hashlib.sha256(b"unitclient automatic backup" + store.key).hexdigest()[:8]
