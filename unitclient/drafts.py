"""Files and folders under way: they get their name when they are whole, and what a crash left of them is taken away.

A draft has the mark of its computer and its process in its name. Whoever makes the same thing again removes the drafts
of processes that are gone; those of other computers (a shared folder) and of living processes are left alone.
"""

from __future__ import annotations

import os
import platform
import re
import secrets
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from unitclient.processes import is_alive

_NAMED = 40
"""Characters of the final name that a draft shows: a file name must not become too long for the disk."""
_COMPUTER = f"{zlib.crc32(platform.node().encode()):08x}"
_under_way: set[str] = set()


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """A free name beside `path` for a file or folder that is being made; gone at the end, unless it was renamed.

    The folder must be there. OSError goes through.
    """
    sweep(path)
    draft = path.with_name(f"{_stem(path.name)}.{_COMPUTER}-{os.getpid()}-{secrets.token_hex(4)}.part")
    _under_way.add(draft.name)
    try:
        yield draft
    finally:
        _under_way.discard(draft.name)
        _remove(draft)


def sweep(path: Path) -> None:
    """Take away what a crash left of the drafts of `path`."""
    _sweep(path.parent, _stem(path.name))


@contextmanager
def scratch(folder: Path, purpose: str) -> Iterator[Path]:
    """A folder of one's own inside `folder`, with everything in it gone at the end."""
    with draft_of(folder / purpose) as draft:
        draft.mkdir(mode=0o700)
        yield draft


def write_whole(path: Path, data: bytes, mode: int = 0o666) -> Path:
    """Write a file so that its name never stands for half of it; a file of that name is replaced. OSError goes through.

    `mode` are the rights of a new file, less what the process's umask takes away.
    """
    with draft_of(path) as draft:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return path


def _stem(name: str) -> str:
    return f".{name[:_NAMED]}"


def _sweep(folder: Path, stem: str) -> None:
    """Remove drafts of that name whose process on this computer is gone."""
    form = re.compile(re.escape(stem) + rf"\.{_COMPUTER}-(\d+)-[0-9a-f]{{8}}\.part")
    with suppress(OSError), os.scandir(folder) as entries:
        for name in [entry.name for entry in entries]:
            match = form.fullmatch(name)
            if match and name not in _under_way and _gone(int(match[1])):
                _remove(folder / name)


def _gone(pid: int) -> bool:
    """Process numbers are used again: a draft with our own that we do not know is an earlier process's."""
    return pid == os.getpid() or not is_alive(pid)


def _remove(draft: Path) -> None:
    """What cannot be removed (a virus scanner holds it) is left for the next time."""
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
        return
    with suppress(OSError):
        draft.unlink(missing_ok=True)
