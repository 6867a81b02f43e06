"""The stage of a walk: folders of a clerk's computer and of a centre, which can be copied, killed and compared.

Everything lies in one folder. `live` is what the programs work in, always under the same path; a copy of it is kept
for every step of the month, so that a run begins at the step it is about.
"""

from __future__ import annotations

import random
import shutil
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.e2e.office import ENROL_HEADERS, credential_of, open_unit, practice_centre, staff
from tests.tokens.lab import PIN, SO_PIN
from unitclient.sheets.table import write_table
from unitclient.tokens.softhsm import find_softhsm_library, init_softhsm_token

STEPS = ("enrol", "import", "prepare", "sign", "sync", "papers", "export", "backup", "restore")
"""The month as the clerk does it, one command each, from a new computer to a restored backup."""
PERIOD = "2026-11"
PEOPLE = 3


@dataclass(frozen=True)
class Stage:
    """Where everything lies, and on which port the clerk's computer looks for the centre."""

    root: Path
    port: int

    @property
    def live(self) -> Path:
        """What the programs work in now."""
        return self.root / "live"

    @property
    def home(self) -> Path:
        """The clerk's home."""
        return self.live / "home"

    @property
    def desk(self) -> Path:
        """The clerk's own files: the workbook that is imported, papers, exports, backups."""
        return self.live / "desk"

    @property
    def centre(self) -> Path:
        """The centre's folder."""
        return self.live / "centre"

    @property
    def tokens(self) -> Path:
        """The SoftHSM2 token with the unit's key: read, never written, so it is not copied."""
        return self.root / "tokens"

    @property
    def url(self) -> str:
        """Where the clerk's computer finds the centre."""
        return f"http://127.0.0.1:{self.port}"

    def keep(self, name: str) -> None:
        """Remember how everything is now. Nothing may run meanwhile."""
        shutil.rmtree(self.root / name, ignore_errors=True)
        shutil.copytree(self.live, self.root / name)

    def go_back(self, name: str) -> None:
        """Make everything as it was then."""
        shutil.rmtree(self.live)
        shutil.copytree(self.root / name, self.live)


def free_port() -> int:
    """A port that nobody listens on now, and below those that the system hands out to whoever connects."""
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as trial, suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port


def build(root: Path) -> Stage:
    """A centre with one unit, the unit's key on a token, a workbook with one row that is wrong; no program runs."""
    stage = Stage(root, free_port())
    stage.desk.mkdir(parents=True)
    with practice_centre(stage.centre) as running:
        opened = open_unit(running.url, key_kind="rsa")
    _put_on_token(stage, opened)
    (root / "ca.pem").write_text(opened["ca_pem"])
    (root / "pin").write_text(PIN)
    rows = staff(PEOPLE)
    wrong = [*staff(1, PEOPLE + 1)[0]]
    wrong[1] = "11000019900307000X"
    write_table(stage.desk / "staff.xlsx", "名单", list(ENROL_HEADERS), [*rows, wrong])
    stage.keep(STEPS[0])
    return stage


def _put_on_token(stage: Stage, opened: dict[str, Any]) -> None:
    credential = credential_of(opened)
    key = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    init_softhsm_token(stage.tokens, "单位密钥", PIN, SO_PIN, key, credential.certificate_der)


def library() -> str:
    """The token's PKCS#11 library."""
    found = find_softhsm_library()
    assert found is not None, "SoftHSM2 is not installed"
    return str(found)
