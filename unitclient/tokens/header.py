"""What kind of file a library is, by its first bytes: for this kind of machine, for another, or no library at all.

A vendor's 32-bit library beside a 64-bit program is the commonest of all key troubles, and the system's loader says of
it the same as of a missing one. Nothing of the file is run here.
"""

from __future__ import annotations

import platform
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from unitclient.tokens.wire import Refused

_ELF_MACHINES = {3: "x86", 40: "arm", 62: "amd64", 183: "arm64", 258: "loong64", 8: "mips"}
_PE_MACHINES = {0x14C: ("x86", 32), 0x8664: ("amd64", 64), 0xAA64: ("arm64", 64), 0x1C4: ("arm", 32)}
_MACHINE_NAMES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "loongarch64": "loong64"}
_MACHO = (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xce\xfa\xed\xfe")


@dataclass(frozen=True, slots=True)
class Header:
    """`kind` is elf, pe, macho or other; `bits` 32, 64 or 0 for unknown; `machine` a name, "" for unknown."""

    kind: str
    bits: int = 0
    machine: str = ""


def read_header(path: Path) -> Header:
    """What the file's first bytes say. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head[:4] == b"\x7fELF" and len(head) >= 20:
        order = ">" if head[5] == 2 else "<"
        (machine,) = struct.unpack_from(f"{order}H", head, 18)
        return Header("elf", {1: 32, 2: 64}.get(head[4], 0), _ELF_MACHINES.get(machine, ""))
    if head[:2] == b"MZ":
        return _read_pe(head)
    return Header("macho" if head[:4] in _MACHO else "other")


def _read_pe(head: bytes) -> Header:
    if len(head) < 64:
        return Header("other")
    (start,) = struct.unpack_from("<L", head, 60)
    if head[start : start + 4] != b"PE\0\0" or len(head) < start + 6:
        return Header("other")
    machine, bits = _PE_MACHINES.get(struct.unpack_from("<H", head, start + 4)[0], ("", 0))
    return Header("pe", bits, machine)


def own_header() -> Header:
    """What this program's own libraries look like."""
    kind = {"win32": "pe", "darwin": "macho"}.get(sys.platform, "elf")
    bits = 8 * struct.calcsize("P")
    machine = _MACHINE_NAMES.get(platform.machine().lower(), "")
    return Header(kind, bits, "x86" if machine == "amd64" and bits == 32 else machine)


def foreign(path: Path, own: Header | None = None) -> Refused | None:
    """Why this program cannot load the file, seen from outside; None when nothing speaks against it."""
    own, found = own or own_header(), read_header(path)
    library = str(path)
    if found.kind != own.kind:
        return Refused("key-library-not-library", library=library)
    if found.bits and found.bits != own.bits:
        return Refused("key-library-wrong-bits", library=library, bits=found.bits, own=own.bits)
    if found.machine and own.machine and found.machine != own.machine:
        return Refused("key-library-wrong-machine", library=library, machine=found.machine, own=own.machine)
    return None
