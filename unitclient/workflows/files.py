"""Files that a clerk names: nothing that is there already is lost, and what cannot be written is said beforehand."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from unitclient.clock import CHINA
from unitclient.errors import UserError


def read_file(path: Path) -> bytes:
    """The bytes of a file; UserError file-missing, file-is-folder, file-unreadable."""
    try:
        return path.read_bytes()
    except FileNotFoundError as failure:
        raise UserError("file-missing", path=path) from failure
    except IsADirectoryError as failure:
        raise UserError("file-is-folder", path=path) from failure
    except OSError as failure:
        raise UserError("file-unreadable", path=path) from failure


def first_line(path: Path) -> str:
    """The first line of a file that holds a passphrase; UserError secret-file-empty, and those of `read_file`."""
    lines = read_file(path).decode("utf-8-sig", "replace").splitlines()
    if not lines or not lines[0].strip():
        raise UserError("secret-file-empty", path=path)
    return lines[0]


def refuse_unwritable(path: Path) -> None:
    """UserError file-unwritable when a file could not be written there; nothing is written yet."""
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if path.is_dir():
        raise UserError("file-unwritable", path=path)
    try:
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as failure:
        raise UserError("file-unwritable", path=path) from failure


def keep_aside(path: Path, now: datetime) -> Path | None:
    """Move a file that is about to be written anew to a name with the time; where it went, None when there is none.

    Somebody may have worked in it: a template that is being filled in, an error workbook that is being mended.
    """
    if not path.exists():
        return None
    stamp = f"{now.astimezone(CHINA):%Y%m%dT%H%M%S}"
    aside = path.with_name(f"{path.stem}-{stamp}{path.suffix}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem}-{stamp}-{number}{path.suffix}")
    try:
        path.rename(aside)
    except OSError as failure:
        raise UserError("file-unwritable", path=path) from failure
    return aside
