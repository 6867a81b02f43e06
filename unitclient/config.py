"""Settings of this computer that are not the unit's: where the home is."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def default_home() -> Path:
    """The folder of the local database and all files when --home does not say: UNITCLIENT_HOME, else the user's own."""
    chosen = os.environ.get("UNITCLIENT_HOME")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "UnitClient"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "unitclient"
