"""Real faults of a disk: a small one that fills up, one that may only be read, a program that ends the hard way.

A disk of its own takes a right of the system; `needs_mount` skips with that reason.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def _can_mount() -> bool:
    command = ["unshare", "--mount", "true"]
    return _IS_ROOT and shutil.which("unshare") is not None and subprocess.run(command, check=False).returncode == 0


needs_mount = pytest.mark.skipif(not _can_mount(), reason="a small disk of its own takes an administrator's right")


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of that size ("2m") below `folder`; taken away afterwards."""
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill_up(disk: Path, leave: int = 0) -> None:
    """Fill a disk to its end, but for some bytes."""
    with (disk / "film.bin").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            file.truncate(max(0, file.tell() - leave))


def read_only(disk: Path) -> None:
    """From now on nothing can be written there."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def content_of(home: Path) -> dict[str, str]:
    """{file: SHA-256} of everything in a home, but for the memory SQLite's processes share (-shm)."""
    files = (path for path in sorted(home.rglob("*")) if path.is_file() and not path.name.endswith("-shm"))
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def crashed(script: str, *arguments: object) -> None:
    """Run a program that ends by itself the hard way (os._exit): no connection is closed, no log folded in."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    subprocess.run(command, check=True, timeout=60)


def refusal(act: Callable[[], object]) -> str:
    """The code an act is refused with."""
    from unitclient.errors import UserError

    with pytest.raises(UserError) as told:
        act()
    return told.value.code
