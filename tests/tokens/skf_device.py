"""A make-believe SKF device for tests: the compiled library, its folder, and what goes wrong with it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.tokens.lab import PIN
from unitclient.seal.pki import Credential
from unitclient.tokens.keyref import KeyKind, KeyRef
from unitclient.tokens.keys import KeyHelper, Timeouts


@dataclass(frozen=True)
class SkfDevice:
    """One device with one container, behind the library at `library`."""

    folder: Path
    library: str
    credential: Credential

    @property
    def ref(self) -> KeyRef:
        """The key on it."""
        fingerprint = self.credential.certificate_sha256
        return KeyRef(KeyKind.SKF, fingerprint, library=self.library, token_serial="GM0001")

    @property
    def env(self) -> dict[str, str]:
        """What the library reads."""
        return {"SKF_FOLDER": str(self.folder), "SKF_PIN": PIN}

    def helper(self, timeouts: Timeouts | None = None) -> KeyHelper:
        """A KeyHelper that sees it."""
        return KeyHelper(env=self.env, timeouts=timeouts)

    def control(self, *lines: str) -> None:
        """What the device does from now on; nothing odd when empty."""
        (self.folder / "control").write_text("".join(line + "\n" for line in lines))

    def calls(self, name: str) -> int:
        """How often a function was called."""
        calls = self.folder / "calls"
        return calls.read_text().split().count(name) if calls.exists() else 0


def make_device(folder: Path, library: str, credential: Credential, encryption: bytes = b"") -> SkfDevice:
    """A device with this key and certificate, and perhaps a certificate for encryption (DER)."""
    folder.mkdir(exist_ok=True)
    (folder / "key.pem").write_bytes(credential.key_pem)
    (folder / "sign.der").write_bytes(credential.certificate_der)
    if encryption:
        (folder / "encrypt.der").write_bytes(encryption)
    return SkfDevice(folder, library, credential)


def build_with_openssl(folder: Path, source: str, name: str = "") -> str | None:
    """Compile one of the test libraries against libcrypto; None where compiler or OpenSSL's headers are missing."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = folder / (name or f"lib{Path(source).stem}.so")
    command = [compiler, "-shared", "-fPIC", "-o", str(library), str(Path(__file__).with_name(source))]
    built = subprocess.run([*command, "-lcrypto", "-ldl"], check=False, capture_output=True, text=True)
    if "openssl/" in built.stderr and "No such file" in built.stderr:
        return None
    assert built.returncode == 0, built.stderr
    return str(library)
