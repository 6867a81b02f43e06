"""The unit's signing key: found once when the unit is enrolled, opened with one PIN when something is signed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unitclient.errors import UserError
from unitclient.seal.signer import Signer
from unitclient.store.units import Unit
from unitclient.tokens.keyref import KeyInfo, KeyKind, KeyRef, PinAsk, PinPrompt, PinState
from unitclient.tokens.keys import KeyHelper
from unitclient.tokens.softhsm import softhsm_environment
from unitclient.workflows.centre_process import practice_home
from unitclient.workflows.files import read_file

ANYTHING = Path("auto")
_FILE_ENDINGS = (".p12", ".pfx", ".pem")


def key_environment(home: Path, unit: Unit) -> dict[str, str]:
    """What the key helper needs in its environment to see the unit's token."""
    return softhsm_environment(practice_home(home) / "softhsm") if unit.practice else {}


class PinFromFile:
    """A PIN prompt that reads the first line of a file, once: a wrong PIN is never tried twice."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def ask(self, question: PinAsk) -> str:
        """The PIN. UserError pin-file-missing, pin-final-try-by-file when one more wrong try would lock the key."""
        if question.pin_state is PinState.FINAL:
            raise UserError("pin-final-try-by-file", path=self._path)
        try:
            pin = self._path.read_text("utf-8-sig").splitlines()[0].strip()
        except (OSError, UnicodeDecodeError, IndexError) as failure:
            raise UserError("pin-file-missing", path=self._path) from failure
        if not pin:
            raise UserError("pin-file-missing", path=self._path)
        return pin


@contextmanager
def unit_signer(home: Path, unit: Unit, prompt: PinPrompt) -> Iterator[Signer]:
    """The unit's key, opened; the PIN is asked for once. UserErrors of `KeyHelper.open_signer`."""
    ref = KeyRef.from_dict(unit.key_ref)
    with KeyHelper(env=key_environment(home, unit)) as keys, keys.open_signer(ref, prompt) as signer:
        yield signer


def choose_key(keys: KeyHelper, certificate: Path, token_serial: str | None) -> KeyRef:
    """The key a clerk means by a key file (PKCS#12, PEM), a library (PKCS#11, SKF), or `auto`: whatever is plugged in.

    UserError file-missing, the library's refusals, key-none, key-choose when several fit (name one by its serial).
    """
    if _is_key_file(certificate):
        return KeyRef(KeyKind.PKCS12, "", path=str(certificate.resolve()))
    anything = certificate == ANYTHING
    listed = keys.find_keys() if anything else keys.list_keys([str(certificate)])
    fitting = [key for key in listed.keys if key.signs and token_serial in (None, key.ref.token_serial)]
    if listed.problems and not (anything and fitting):
        raise listed.problems[0]
    if len(fitting) == 1:
        return fitting[0].ref
    if not fitting:
        raise UserError("key-none")
    raise UserError("key-choose", found=", ".join(_named(key) for key in fitting))


def _is_key_file(path: Path) -> bool:
    """By its ending or its first bytes (DER or PEM); UserError file-missing, and those of `files.read_file`."""
    if not path.exists() and path.suffix.lower() not in _FILE_ENDINGS:
        return False  # a library, perhaps one that the system finds by its name
    starts = read_file(path)[:10]
    return path.suffix.lower() in _FILE_ENDINGS or starts[:1] == b"\x30" or starts == b"-----BEGIN"


def _named(key: KeyInfo) -> str:
    return f"{key.ref.token_serial} ({key.token_label})"
