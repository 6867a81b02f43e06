"""A diagnostics file for a help desk: checks, versions and reports of faults, readable by the help desk alone.

Encrypted either to the help desk's certificate (CMS EnvelopedData, `openssl cms -decrypt` opens it) or with a password
that is told on another way. Nothing of it is ever written in clear. It holds no rows, names or numbers of persons: the
program's logs take none, and the journal is counted, not copied.
"""

from __future__ import annotations

import io
import json
import platform
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

from unitclient import __version__
from unitclient.domain.passwords import weakness
from unitclient.errors import UserError
from unitclient.store.kdf import DEFAULT_COST, SALT_BYTES, Cost, from_passphrase
from unitclient.store.units import Unit
from unitclient.sync.protocol import parsed
from unitclient.texts import say
from unitclient.workflows.desk import Desk
from unitclient.workflows.diagnosis import diagnose
from unitclient.workflows.files import keep_aside, read_file, refuse_unwritable
from unitclient.workflows.rights import needs

MAGIC = b"unitclient-diagnosis 1\n"
_LOGS = ("*.log", "*.txt")
_MOST_BYTES = 2_000_000
"""Of one log; its newest part is what tells."""


@dataclass(frozen=True, slots=True)
class DiagnosisFile:
    """What was written, and the names of what is in it."""

    path: Path
    members: tuple[str, ...]


@needs("diagnose")
def write_diagnosis(
    desk: Desk,
    unit: Unit | None,
    out: Path,
    *,
    password: str | None = None,
    certificate: Path | None = None,
    cost: Cost = DEFAULT_COST,
) -> DiagnosisFile:
    """Write it, for the holder of a password or of a certificate's key; a file of that name is moved aside.

    UserError diagnosis-no-secret (neither was given), password-weak, diagnosis-certificate, file-unwritable.
    """
    refuse_unwritable(out)
    members = dict(_members(desk, unit))
    plain = _zipped(members)
    if certificate is not None:
        sealed = _for_certificate(plain, certificate)
    elif password:
        sealed = _for_password(plain, password, cost)
    else:
        raise UserError("diagnosis-no-secret")
    with desk.store.write("diagnosis.file", detail={"members": len(members)}):
        pass
    keep_aside(out, desk.now())
    try:
        out.write_bytes(sealed)
    except OSError as failure:
        raise UserError("file-unwritable", path=out) from failure
    return DiagnosisFile(out, tuple(members))


def open_diagnosis(path: Path, password: str) -> dict[str, bytes]:
    """{name: content} of a file that was made with a password. UserError diagnosis-foreign, diagnosis-password."""
    content = read_file(path)
    try:
        head, line, sealed = content[: len(MAGIC)], *content[len(MAGIC) :].split(b"\n", 1)
        told = parsed(line)
        assert head == MAGIC
        cost = Cost(*told["cost"])
        assert max(cost.memory_kib >> 14, cost.iterations, cost.lanes) <= 64
        key = from_passphrase(password, bytes.fromhex(told["salt"]), cost)
        plain = AESGCM(key).decrypt(bytes.fromhex(told["nonce"]), sealed, MAGIC + line)
    except InvalidTag:
        raise UserError("diagnosis-password", path=path) from None
    except (ValueError, KeyError, TypeError, AssertionError, OverflowError) as failure:
        raise UserError("diagnosis-foreign", path=path) from failure
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def unpack_diagnosis(path: Path, password: str, folder: Path) -> tuple[str, ...]:
    """Write what is in such a file into a folder; the names. UserError as `open_diagnosis`, file-unwritable."""
    members = open_diagnosis(path, password)
    for name, content in members.items():
        out = folder / Path(name).name  # a name out of the archive leads nowhere else
        try:
            folder.mkdir(parents=True, exist_ok=True)
            out.write_bytes(content)
        except OSError as failure:
            raise UserError("file-unwritable", path=out) from failure
    return tuple(members)


def _members(desk: Desk, unit: Unit | None) -> Iterator[tuple[str, bytes]]:
    checks = [{**asdict(check), "level": check.level.value} for check in diagnose(desk, unit)]
    yield "checks.json", _json(checks)
    about = {"version": __version__, "python": platform.python_version(), "system": platform.platform(),
             "service": unit.service if unit else "", "practice": unit.practice if unit else None}  # fmt: skip
    yield "about.json", _json(about)
    counted = desk.store.connection.execute("SELECT act, count(*), max(at) FROM journal GROUP BY act ORDER BY act")
    yield "acts.json", _json([list(row) for row in counted])
    for pattern in _LOGS:
        for path in sorted((desk.home / "logs").glob(pattern)):
            yield f"logs/{path.name}", read_file(path)[-_MOST_BYTES:]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()


def _zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def _for_certificate(plain: bytes, path: Path) -> bytes:
    content = read_file(path)
    try:
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in content else x509.load_der_x509_certificate
        certificate = load(content)
    except ValueError as failure:
        raise UserError("diagnosis-certificate", path=path) from failure
    if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
        raise UserError("diagnosis-certificate", path=path)
    builder = PKCS7EnvelopeBuilder().set_data(plain).add_recipient(certificate)
    return builder.set_content_encryption_algorithm(AES256).encrypt(Encoding.DER, [PKCS7Options.Binary])


def _for_password(plain: bytes, password: str, cost: Cost) -> bytes:
    found = weakness(password)
    if found is not None:
        raise UserError("password-weak", reason=say(f"password-{found.value}"))
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(12)
    told = {"salt": salt.hex(), "nonce": nonce.hex(), "cost": list(cost)}
    line = json.dumps(told).encode()
    sealed = AESGCM(from_passphrase(password, salt, cost)).encrypt(nonce, plain, MAGIC + line)
    return MAGIC + line + b"\n" + sealed
