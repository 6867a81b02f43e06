"""SoftHSM2, a token in software: for the practice centre and the tests. Not a place for a real unit's key."""

from __future__ import annotations

import os
from pathlib import Path

from unitclient.errors import UserError
from unitclient.tokens.certificates import describe
from unitclient.tokens.keyref import KeyInfo, KeyKind, PinState
from unitclient.tokens.keys import KeyHelper
from unitclient.tokens.wire import to_text

_PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "C:/SoftHSM2/lib/softhsm2-x64.dll",
)


def find_softhsm_library() -> Path | None:
    """The installed SoftHSM2 module, or None. SOFTHSM2_MODULE in the environment names another place."""
    named = os.environ.get("SOFTHSM2_MODULE")
    return next((Path(place) for place in ((named,) if named else _PLACES) if Path(place).is_file()), None)


def softhsm_environment(folder: Path) -> dict[str, str]:
    """The child environment in which SoftHSM2 keeps its tokens under `folder`: for `KeyHelper(env=...)`."""
    return {"SOFTHSM2_CONF": str(folder / "softhsm2.conf")}


def init_softhsm_token(
    folder: Path, label: str, pin: str, so_pin: str, key: bytes, certificate: bytes, chain: tuple[bytes, ...] = ()
) -> KeyInfo:
    """Make a token under `folder` with this private key (PKCS#8 DER, no passphrase) and certificate (DER).

    The folder may hold earlier tokens. The key cannot be read back. Raises UserError key-library-missing when
    SoftHSM2 is not installed, key-setup-failed.
    """
    library = find_softhsm_library()
    if library is None:
        raise UserError("key-library-missing", library="SoftHSM2")
    _write_settings(folder)
    with KeyHelper(env=softhsm_environment(folder)) as helper:
        answer = helper.ask(
            helper.timeouts.login,
            do="provision",
            library=str(library),
            label=label,
            pin=pin,
            so_pin=so_pin,
            key=to_text(key),
            certificate=to_text(certificate),
            others=[to_text(one) for one in chain],
        )
    return describe(
        certificate,
        chain,
        label=label,
        kind=KeyKind.PKCS11,
        library=str(library),
        token_serial=answer["serial"],
        pin_state=PinState.OK,
    )


def _write_settings(folder: Path) -> None:
    tokens = folder / "tokens"
    tokens.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {tokens.resolve().as_posix()}\nobjectstore.backend = file\nlog.level = ERROR\n",
        "utf-8",
    )
