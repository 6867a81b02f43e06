"""What is known before anything is opened: where the home is, and the options that count for every front end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def default_home() -> Path:
    """The folder of the local database and all files when --home does not say: UNITCLIENT_HOME, else the user's own."""
    chosen = os.environ.get("UNITCLIENT_HOME")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "UnitClient"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "unitclient"


def value_of(arguments: Sequence[str], option: str) -> str | None:
    """What follows an option, or stands behind its equals sign."""
    for index, argument in enumerate(arguments):
        if argument == option and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith(option + "="):
            return argument.partition("=")[2]
    return None
