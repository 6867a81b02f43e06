"""Writing small secret files: durably, for the owner alone, and whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from unitclient.drafts import draft_of


def publish(path: Path, content: bytes, *, replace: bool) -> None:
    """Write durably under a name of its own, then give it the real name in one step.

    Without `replace` the first of two writers wins and the other's file is dropped.
    """
    with draft_of(path) as draft:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            _name_first(draft, path)


def _name_first(draft: Path, path: Path) -> None:
    try:
        if sys.platform == "win32":
            draft.rename(path)  # refuses an existing name on Windows
        else:
            path.hardlink_to(draft)
    except FileExistsError:
        pass  # the other process was first; its key counts
