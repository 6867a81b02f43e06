"""OpenSSL's command line as the second opinion: keys, certificates and signatures with SM2 that we did not make."""

from __future__ import annotations

import subprocess
from pathlib import Path

ID = "1234567812345678"


def openssl(*arguments: str | Path, data: bytes = b"") -> bytes:
    """What the command prints; CalledProcessError when it refuses."""
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, input=data, capture_output=True, check=True, timeout=60).stdout


def accepts(*arguments: str | Path, data: bytes = b"") -> bool:
    """Whether the command ends with success."""
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, input=data, capture_output=True, check=False, timeout=60).returncode == 0


def new_key(path: Path) -> Path:
    """An SM2 key in PEM, made by openssl."""
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", path)
    return path


def self_signed(folder: Path, name: str = "unit") -> tuple[Path, Path]:
    """(key, certificate) of a self-signed SM2 certificate for signing."""
    key, certificate = new_key(folder / f"{name}.key"), folder / f"{name}.pem"
    openssl(
        *("req", "-x509", "-new", "-key", key, "-sm3", "-sigopt", f"distid:{ID}", "-days", "30"),
        *("-subj", f"/C=CN/CN={name}", "-addext", "keyUsage=critical,digitalSignature"),
        *("-addext", "basicConstraints=critical,CA:FALSE", "-out", certificate),
    )
    return key, certificate


def sign(key: Path, message: bytes, folder: Path) -> bytes:
    """openssl's SM2 signature over a message, DER."""
    text = folder / "message"
    text.write_bytes(message)
    return openssl("dgst", "-sm3", "-sign", key, "-sigopt", f"distid:{ID}", text)


def verifies(spki: bytes, message: bytes, signature: bytes, folder: Path) -> bool:
    """Whether openssl accepts an SM2 signature by this public key (SubjectPublicKeyInfo, DER)."""
    public, text, proof = folder / "public.pem", folder / "message", folder / "signature"
    public.write_bytes(openssl("pkey", "-pubin", "-inform", "DER", data=spki))
    text.write_bytes(message)
    proof.write_bytes(signature)
    by_dgst = accepts("dgst", "-sm3", "-verify", public, "-sigopt", f"distid:{ID}", "-signature", proof, text)
    by_pkeyutl = accepts(
        *("pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-digest", "sm3"),
        *("-pkeyopt", f"distid:{ID}", "-sigfile", proof, "-in", text),
    )
    assert by_dgst == by_pkeyutl
    return by_dgst
