"""One signature (CAdES, through the helper process) against a raw C_SignInit + C_Sign on the same RSA-2048 token.

Target: at most 1.3 times. Both are measured in turns, so that a busy machine slows both. Run:
`python -m tests.benchmarks.bench_sign`.
"""

from __future__ import annotations

import ctypes
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.seal.practice import NOW, world
from tests.tokens.lab import PIN, Lab, Prompt, make_lab
from unitclient.seal.cms import build_detached
from unitclient.tokens.softhsm import softhsm_environment

ROUNDS, PER_ROUND, LIMIT = 30, 20, 1.3
CONTENT = bytes(1024)
_RSA_PKCS, _PRIVATE_KEY, _CKA_CLASS, _USER = 0x1, 0x3, 0x0, 1


class _Mechanism(ctypes.Structure):
    _fields_ = (("mechanism", ctypes.c_ulong), ("parameter", ctypes.c_void_p), ("length", ctypes.c_ulong))


class _Attribute(ctypes.Structure):
    _fields_ = (("type", ctypes.c_ulong), ("value", ctypes.c_void_p), ("length", ctypes.c_ulong))


class RawToken:
    """The token through ctypes, nothing in between."""

    def __init__(self, lab: Lab) -> None:
        os.environ.update(softhsm_environment(lab.folder))
        self._module = ctypes.CDLL(lab.ref.library)
        self._session = ctypes.c_ulong()
        self._key = ctypes.c_ulong()
        self._mechanism = _Mechanism(_RSA_PKCS, None, 0)
        self._data = bytes.fromhex("3031300d060960864801650304020105000420") + bytes(32)
        self._signature = ctypes.create_string_buffer(256)
        self._open()

    def _open(self) -> None:
        count, slots = ctypes.c_ulong(8), (ctypes.c_ulong * 8)()
        self._call("C_Initialize", None)
        self._call("C_GetSlotList", ctypes.c_ubyte(1), slots, ctypes.byref(count))
        flags = ctypes.c_ulong(4)
        self._call("C_OpenSession", ctypes.c_ulong(slots[0]), flags, None, None, ctypes.byref(self._session))
        pin = PIN.encode()
        self._call("C_Login", self._session, ctypes.c_ulong(_USER), pin, ctypes.c_ulong(len(pin)))
        kind, found = ctypes.c_ulong(_PRIVATE_KEY), ctypes.c_ulong()
        template = _Attribute(_CKA_CLASS, ctypes.cast(ctypes.byref(kind), ctypes.c_void_p), ctypes.sizeof(kind))
        self._call("C_FindObjectsInit", self._session, ctypes.byref(template), ctypes.c_ulong(1))
        one = ctypes.c_ulong(1)
        self._call("C_FindObjects", self._session, ctypes.byref(self._key), one, ctypes.byref(found))
        self._call("C_FindObjectsFinal", self._session)

    def sign(self) -> None:
        """C_SignInit and C_Sign."""
        length = ctypes.c_ulong(256)
        self._call("C_SignInit", self._session, ctypes.byref(self._mechanism), self._key)
        size = ctypes.c_ulong(len(self._data))
        self._call("C_Sign", self._session, self._data, size, self._signature, ctypes.byref(length))

    def _call(self, name: str, *arguments: object) -> None:
        result = getattr(self._module, name)(*arguments)
        if result:
            raise RuntimeError(f"{name}: CKR {result:#x}")


def milliseconds(work: Callable[[], object]) -> float:
    """Wall time of one of `PER_ROUND` calls."""
    start = time.perf_counter()
    for _ in range(PER_ROUND):
        work()
    return (time.perf_counter() - start) * 1000 / PER_ROUND


def measure(rounds: int = ROUNDS) -> dict[str, float]:
    """Medians in milliseconds, and the median ratio of neighbouring rounds."""
    with tempfile.TemporaryDirectory() as folder:
        lab = make_lab(Path(folder), (world().unit,))
        raw = RawToken(lab)
        with lab.helper() as helper, helper.open_signer(lab.ref, Prompt()) as signer:
            pairs = [
                (milliseconds(raw.sign), milliseconds(lambda: build_detached(CONTENT, signer, NOW)))
                for _ in range(rounds)
            ]
    return {
        "raw_ms": statistics.median(one for one, _ in pairs),
        "cades_ms": statistics.median(two for _, two in pairs),
        "ratio": statistics.median(two / one for one, two in pairs),
    }


def main() -> None:
    """Print the figures."""
    found = measure()
    print(
        f"sign: raw C_Sign {found['raw_ms']:.3f} ms, CAdES through the helper {found['cades_ms']:.3f} ms, "
        f"ratio {found['ratio']:.2f} (limit {LIMIT})"
    )


if __name__ == "__main__":
    main()
