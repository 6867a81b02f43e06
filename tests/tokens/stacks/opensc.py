"""OpenSC over pcscd and vpcd's virtual reader, with a PIV card in software that wants its PIN before each signature.

vpcd listens on every address and pcscd wants its socket under /run, so both live in a network, mount and process
namespace of their own, which ends with them: nothing of the computer's own readers is touched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.seal.practice import world
from tests.tokens.stacks.stack import Stack
from unitclient.seal.pki import Credential
from unitclient.tokens.keyref import PinState

LIBRARY = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so"
READER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
PORT, PIN = 35963, "47114711"
_SCRIPT = """set -e
mkdir -p /run/pcscd
mount --bind "$1/run" /run/pcscd
ip link set lo up
pcscd --foreground >"$1/pcscd.log" 2>&1 &
exec "$2" -m tests.tokens.stacks.piv_card "$3" "$1"
"""
_NAMESPACES = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"]


def lacking() -> str:
    """Why this stack cannot be had here; "" when it can."""
    if not (Path(LIBRARY).exists() and Path(READER).exists() and shutil.which("pcscd") and shutil.which("ip")):
        return "opensc-pkcs11, pcscd, vsmartcard-vpcd or iproute2 is not installed"
    tried = subprocess.run([*_NAMESPACES, "true"], capture_output=True, check=False) if os.name == "posix" else None
    return "" if tried is not None and tried.returncode == 0 else "namespaces of its own need root"


@contextmanager
def opened(folder: Path) -> Iterator[Stack]:
    """The reader with the card in it."""
    slots = {"9c": _slot(world().unit), "9a": _slot(world().unit_ec)}
    (folder / "card.json").write_text(json.dumps({"pin": PIN, "tries": 3, "slots": slots}))
    (folder / "run").mkdir()
    env = {"PCSCLITE_CSOCK_NAME": str(folder / "run" / "pcscd.comm")}
    command = [*_NAMESPACES, "sh", "-c", _SCRIPT, "reader", str(folder), sys.executable, str(PORT)]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        stack = Stack("opensc", LIBRARY, PIN, env, world().unit.certificate_der, PinState.OK, lambda: _pull(folder))
        try:
            _wait_for(stack)
            yield stack
        finally:
            process.kill()


def _slot(credential: Credential) -> dict[str, str]:
    key = credential.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"certificate": credential.certificate_der.hex(), "key": key.decode()}


def _wait_for(stack: Stack) -> None:
    """pcscd looks for a card about once a second."""
    end = time.monotonic() + 20
    with stack.helper() as helper:
        while not helper.list_keys([stack.library]).keys:
            assert time.monotonic() < end, "the card was not seen"
            time.sleep(0.2)


def _pull(folder: Path) -> None:
    (folder / "pulled").touch()
    time.sleep(1.5)
