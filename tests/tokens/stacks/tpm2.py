"""tpm2-pkcs11 over swtpm: the key is made inside the TPM and never was outside."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.seal.practice import NOW, world
from tests.tokens.stacks.stack import Stack
from unitclient.seal import pki
from unitclient.tokens.keyref import PinState

LIBRARY = "/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so"
PIN, SO_PIN, ID = "471147", "12345678", "4711"


def lacking() -> str:
    """Why this stack cannot be had here; "" when it can."""
    tools = shutil.which("swtpm") and shutil.which("pkcs11-tool")
    driver = any(Path("/usr/lib/x86_64-linux-gnu").glob("libtss2-tcti-swtpm.so*"))
    return "" if tools and driver and Path(LIBRARY).exists() else "swtpm, libtpm2-pkcs11-1 or its TCTI is not installed"


@contextmanager
def opened(folder: Path) -> Iterator[Stack]:
    """A TPM with a token on it."""
    socket = folder / "tpm.sock"
    env = {"TPM2_PKCS11_STORE": str(folder), "TPM2_PKCS11_TCTI": f"swtpm:path={socket}", "TSS2_LOG": "all+NONE"}
    command = [
        "swtpm", "socket", "--tpm2", "--tpmstate", f"dir={folder}", "--flags", "not-need-init,startup-clear",
        "--server", f"type=unixio,path={socket}", "--ctrl", f"type=unixio,path={socket}.ctrl",
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        try:
            _wait_for(socket)
            yield Stack("tpm2", LIBRARY, PIN, env, _key(folder, env), PinState.OK, process.kill)
        finally:
            process.kill()


def _wait_for(socket: Path) -> None:
    end = time.monotonic() + 10
    while not socket.exists():
        assert time.monotonic() < end, "swtpm did not start"
        time.sleep(0.02)


def _key(folder: Path, env: dict[str, str]) -> bytes:
    """Make a token and a key, and put a certificate for it beside it."""

    def tool(*words: str) -> None:
        command = ["pkcs11-tool", "--module", LIBRARY, *words]
        subprocess.run(command, check=True, capture_output=True, timeout=60, env={**os.environ, **env})

    public, certificate = folder / "public.der", folder / "certificate.der"
    tool("--init-token", "--slot-index", "0", "--label", "单位密钥", "--so-pin", SO_PIN)
    tool("--init-pin", "--login", "--login-type", "so", "--so-pin", SO_PIN, "--pin", PIN)
    tool("--login", "--pin", PIN, "--keypairgen", "--key-type", "rsa:2048", "--id", ID)
    tool("--read-object", "--type", "pubkey", "--id", ID, "--output-file", str(public))
    key = load_der_public_key(public.read_bytes())
    assert isinstance(key, rsa.RSAPublicKey)
    subject = pki.name("济南测试单位", unit_number="37010001")
    issued = world().ca.issue_unit(subject, key, pki.Validity.around(NOW, 365))
    certificate.write_bytes(world().ca.credential_for(world().unit.key, issued).certificate_der)
    tool("--login", "--pin", PIN, "--write-object", str(certificate), "--type", "cert", "--id", ID)
    return certificate.read_bytes()
