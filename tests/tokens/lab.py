"""Real tokens for tests: SoftHSM2, bare or behind the fault-injecting shim."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from unitclient.errors import Cancelled
from unitclient.seal.pki import Credential
from unitclient.tokens.keyref import KeyInfo, KeyRef, PinAsk
from unitclient.tokens.keys import KeyHelper, Timeouts
from unitclient.tokens.softhsm import find_softhsm_library, init_softhsm_token, softhsm_environment

PIN, SO_PIN = "4711-Geheim-PIN", "12345678"
TEMPLATES: dict[tuple[str, ...], tuple[Path, tuple[KeyInfo, ...]]] = {}


@dataclass
class Prompt:
    """Answers with one PIN and remembers what it was asked; `None` cancels."""

    pin: str | None = PIN
    asked: list[PinAsk] = field(default_factory=list)

    def ask(self, question: PinAsk) -> str:
        """The PIN."""
        self.asked.append(question)
        if self.pin is None:
            raise Cancelled
        return self.pin


@dataclass(frozen=True)
class Lab:
    """Tokens in one folder. `shim` is "" for bare SoftHSM2."""

    folder: Path
    keys: tuple[KeyInfo, ...]
    shim: str = ""

    @property
    def ref(self) -> KeyRef:
        """The first token's key, reached through the shim if there is one."""
        ref = self.keys[0].ref
        return dataclasses.replace(ref, library=self.shim) if self.shim else ref

    def helper(self, timeouts: Timeouts | None = None) -> KeyHelper:
        """A KeyHelper that sees these tokens."""
        env = softhsm_environment(self.folder)
        if self.shim:
            env |= {"P11SHIM_MODULE": self.keys[0].ref.library, "P11SHIM_FOLDER": str(self.folder)}
        return KeyHelper(env=env, timeouts=timeouts)

    def control(self, *lines: str) -> None:
        """What the shim does from now on; nothing when empty."""
        (self.folder / "control").write_text("".join(line + "\n" for line in lines))

    def calls(self, name: str) -> int:
        """How often a PKCS#11 function was called through the shim."""
        calls = self.folder / "calls"
        return calls.read_text().split().count(name) if calls.exists() else 0


def make_lab(folder: Path, credentials: tuple[Credential, ...], shim: str = "") -> Lab:
    """Tokens with these keys. Making one costs a quarter of a second, so equal ones are copied."""
    wanted = tuple(one.certificate_der.hex() for one in credentials)
    if wanted not in TEMPLATES:
        template = folder / "template"
        template.mkdir()
        infos = tuple(
            init_softhsm_token(
                template,
                f"单位密钥{number}",
                PIN,
                SO_PIN,
                one.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
                one.certificate_der,
                one.signer().chain_der,
            )
            for number, one in enumerate(credentials, 1)
        )
        TEMPLATES[wanted] = template, infos
    template, infos = TEMPLATES[wanted]
    own = folder / "lab"
    shutil.copytree(template, own)
    settings = own / "softhsm2.conf"
    settings.write_text(settings.read_text().replace(str(template), str(own)))
    return Lab(own, infos, shim)


def build_shim(folder: Path) -> str | None:
    """Compile the shim; None where there is no compiler or no SoftHSM2."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or find_softhsm_library() is None:
        return None
    library = folder / "libp11shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return str(library)


LabMaker = Callable[..., Lab]
