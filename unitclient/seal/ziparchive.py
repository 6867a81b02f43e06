"""ZIP in the narrow form of a container: written the same way every time, and read without leniency.

General ZIP readers forgive bytes before, between and after the entries, two entries of one name, and a directory that
says other than the entries do; each of these lets one file show two contents. The reader here takes only: entries one
after the other from the first byte, stored or deflated, each named once, then the directory that says the same, then
the end record, and nothing else (PKWARE APPNOTE 4.3; no ZIP64, no encryption, no data descriptors).
"""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unitclient.seal.refusal import SealRefused

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_ENCRYPTED, _UTF8, _DEFLATE_LEVEL = 0x0001, 0x0800, 0x0006
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Limits:
    """How large a container may be: bytes of the file, number of entries, bytes of all entries inflated."""

    max_bytes: int = 6 * 1024 * 1024
    max_entries: int = 64
    max_inflated: int = 48 * 1024 * 1024


def write_zip(mimetype: bytes, entries: Iterable[tuple[str, bytes]]) -> bytes:
    """`mimetype` stored first, then the entries deflated, in the order given. No clock: equal input, equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(_info("mimetype"), mimetype, zipfile.ZIP_STORED)
        for name, data in entries:
            archive.writestr(_info(name), data, zipfile.ZIP_DEFLATED, 6)
    return buffer.getvalue()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = 3
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info


@dataclass(frozen=True)
class _Entry:
    """One line of the directory."""

    name: str
    raw_name: bytes
    method: int
    crc: int
    packed: int
    size: int


def read_zip(data: bytes, limits: Limits) -> Mapping[str, bytes]:
    """{name: content} in file order; raises SealRefused with one of CONTAINER_CODES."""
    if len(data) > limits.max_bytes:
        raise SealRefused("container-too-large", size=len(data), limit=limits.max_bytes)
    try:
        return _read(data, limits)
    except (struct.error, zlib.error, UnicodeDecodeError) as error:
        raise SealRefused("container-broken", reason=str(error)) from error


def _read(data: bytes, limits: Limits) -> dict[str, bytes]:
    entries, directory = _directory(data, limits)
    _need_names(entries)
    if sum(entry.size for entry in entries) > limits.max_inflated:
        raise SealRefused("container-too-large", size=sum(entry.size for entry in entries), limit=limits.max_inflated)
    contents, offset = {}, 0
    for entry in entries:
        start = _need_local(data, offset, entry)
        offset = start + entry.packed
        contents[entry.name] = _unpack(entry, data[start:offset])
    if offset != directory:
        raise _broken("bytes that belong to no entry")
    return contents


def _directory(data: bytes, limits: Limits) -> tuple[list[_Entry], int]:
    """The directory's entries, and where it starts."""
    end = len(data) - _END.size
    if end < 0:
        raise _broken("too short")
    signature, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, end)
    if signature != b"PK\5\6" or disk or first_disk or here != count or comment or start + size != end:
        raise _broken("no end record at the end")
    if count > limits.max_entries:
        raise SealRefused("container-too-many-entries", count=count, limit=limits.max_entries)
    entries, offset, expected = [], start, 0
    for _ in range(count):
        entry, offset, where = _line(data, offset)
        if where != expected:
            raise _broken("the directory points elsewhere")
        expected += _LOCAL.size + len(entry.raw_name) + entry.packed
        entries.append(entry)
    if offset != end:
        raise _broken("the directory is longer than it says")
    return entries, start


def _line(data: bytes, offset: int) -> tuple[_Entry, int, int]:
    """(entry, offset of the next line, offset of the entry itself)."""
    fields = _CENTRAL.unpack_from(data, offset)
    signature, _, _, flags, method, _, _, crc, packed, size, name_size, extra, comment, _, _, attributes, where = fields
    if signature != b"PK\1\2" or extra or comment:
        raise _broken("an unexpected directory line")
    if flags & _ENCRYPTED:
        raise SealRefused("container-encrypted")
    if flags & ~(_UTF8 | _DEFLATE_LEVEL):
        raise _broken("an entry with flags that are not used here")
    if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SealRefused("container-compression", method=method)
    raw_name = data[offset + _CENTRAL.size : offset + _CENTRAL.size + name_size]
    name = raw_name.decode("utf-8" if flags & _UTF8 else "ascii")
    kind = stat.S_IFMT(attributes >> 16)
    if kind not in (0, stat.S_IFREG):
        raise SealRefused("container-entry-name", name=name)
    return _Entry(name, raw_name, method, crc, packed, size), offset + _CENTRAL.size + name_size, where


def _need_names(entries: list[_Entry]) -> None:
    """Names that mean one plain file on every system, each once (Windows does not tell A from a)."""
    seen: set[str] = set()
    for entry in entries:
        if not is_plain_name(entry.name):
            raise SealRefused("container-entry-name", name=entry.name[:80])
        if entry.name.casefold() in seen:
            raise SealRefused("container-entry-twice", name=entry.name)
        seen.add(entry.name.casefold())


def is_plain_name(name: str) -> bool:
    """Relative, without `.` or `..`, no backslash, colon or control character, NFC, at most 200 characters."""
    if not 0 < len(name) <= 200 or unicodedata.normalize("NFC", name) != name:
        return False
    if any(character in '\\:*?"<>|' or unicodedata.category(character)[0] == "C" for character in name):
        return False
    return all(part.strip(". ") == part and part for part in name.split("/"))


def _need_local(data: bytes, offset: int, entry: _Entry) -> int:
    """Where the entry's data start, after its own header said the same as the directory."""
    fields = _LOCAL.unpack_from(data, offset)
    signature, _, flags, method, _, _, crc, packed, size, name_size, extra = fields
    start = offset + _LOCAL.size + int(name_size)
    same = (method, crc, packed, size) == (entry.method, entry.crc, entry.packed, entry.size)
    if signature != b"PK\3\4" or extra or flags & ~(_UTF8 | _DEFLATE_LEVEL) or not same:
        raise _broken("an entry differs from the directory")
    if data[offset + _LOCAL.size : start] != entry.raw_name or start + entry.packed > len(data):
        raise _broken("an entry differs from the directory")
    return start


def _unpack(entry: _Entry, packed: bytes) -> bytes:
    if entry.method == zipfile.ZIP_DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        content = inflater.decompress(packed, entry.size + 1)
        complete = inflater.eof and not inflater.unused_data
    else:
        content, complete = packed, True
    if not complete or len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise _broken("an entry is damaged")
    return content


def _broken(reason: str) -> SealRefused:
    return SealRefused("container-broken", reason=reason)
