"""NSS softokn, the store of Firefox: a key database in a folder. Its library wants the folder at C_Initialize."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.seal.practice import world
from tests.tokens.stacks.stack import Stack
from unitclient.tokens.keyref import PinState

LIBRARY = "/usr/lib/x86_64-linux-gnu/libsoftokn3.so"
PIN = "4711-nss"


def lacking(shim: str | None) -> str:
    """Why this stack cannot be had here; "" when it can."""
    if not Path(LIBRARY).exists() or not shutil.which("pk12util"):
        return "libnss3 or libnss3-tools is not installed"
    return "" if shim else "no C compiler for the wrapper that hands NSS its parameters"


@contextmanager
def opened(folder: Path, shim: str) -> Iterator[Stack]:
    """A database with the unit's key."""
    store, word = folder / "nss", folder / "word"
    store.mkdir()
    word.write_text(PIN)
    (folder / "unit.p12").write_bytes(world().unit.to_pkcs12(PIN))
    words = ["-d", f"sql:{store}"]
    _run("certutil", "-N", *words, "-f", str(word))
    _run("pk12util", *words, "-i", str(folder / "unit.p12"), "-k", str(word), "-w", str(word))
    env = {
        "P11SHIM_MODULE": LIBRARY,
        "P11SHIM_FOLDER": str(folder),
        "P11SHIM_PARAMS": f"configdir='sql:{store}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=readOnly",
    }
    yield Stack("nss", shim, PIN, env, world().unit.certificate_der, PinState.OK)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=30)
