"""The desktop's entry: `run(home)` shows the window of a home and returns when it is closed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from unitclient.desktop.screen import has_screen, missing_library
from unitclient.errors import UserError


def run(home: Path, language: str = "") -> int:
    """Show the window; the exit code. `language` overrides the setting for this run.

    UserError d-no-screen, d-screen-library (a system library of Qt is missing), d-window-silent (another process
    holds the home and does not answer).
    """
    if not has_screen():
        raise UserError("d-no-screen")
    lacking = missing_library()
    if lacking:
        raise UserError("d-screen-library", library=lacking)
    from unitclient.desktop.start import show

    return show(home, language)


def main() -> int:
    """The windowed program (no console): the usual home, or the one UNITCLIENT_HOME names."""
    from unitclient.config import default_home
    from unitclient.texts import error_texts

    try:
        return run(default_home())
    except UserError as refusal:
        sys.stderr.write(os.linesep.join([*error_texts(refusal.code, refusal.params), ""]))
        return 3


if __name__ == "__main__":
    sys.exit(main())
