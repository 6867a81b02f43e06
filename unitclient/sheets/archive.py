"""Zipped workbooks (.xlsx, .ods) opened with suspicion, before any library sees them.

The central directory says how big every part will be; that is checked first, then each part that matters is really
unpacked once and compared with what was said, so that a lying directory cannot make the reading library unpack more.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from unitclient.errors import UserError
from unitclient.sheets import limits
from unitclient.sheets.safe_xml import Attributes, broken, check_prolog, elements

_CHUNK = 1 << 20
_PACKED_SLICE = 1 << 16
_LOCAL_HEADER = struct.Struct("<4sHHHHHIIIHH")
_XML_NAMES = (".xml", ".rels")


class Archive:
    """The parts of one zipped workbook. Raises UserError sheet-broken, sheet-bomb or sheet-encrypted."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            entries = zipfile.ZipFile(BytesIO(data)).infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise broken(f"zip: {error}") from None
        self.entries = {entry.filename: entry for entry in entries}
        self._any_case = {entry.filename.lower(): entry for entry in entries}
        _check_sizes(entries)
        if any(entry.flag_bits & 1 for entry in entries):
            raise UserError("sheet-encrypted")

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked part in pieces of about 1 MB, exactly as long as the directory says, with the right CRC."""
        entry = self._entry(name)
        crc = size = 0
        for piece in _inflate(self._packed(entry), entry):
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            yield piece
        if size != entry.file_size or crc != entry.CRC:
            raise broken(f"{name}: size or checksum")

    def read(self, name: str) -> bytes:
        """A whole small part."""
        if self._entry(name).file_size > limits.MAX_SMALL_XML_BYTES:
            raise UserError("sheet-bomb", size=self._entry(name).file_size)
        return b"".join(self.chunks(name))

    def elements(self, name: str) -> list[tuple[str, Attributes]]:
        """The elements of a small XML part."""
        return elements(self.read(name))

    def check_xml(self, leave: frozenset[str]) -> None:
        """Unpack every XML part but those in `leave` (checked when they are read) and refuse document types."""
        for name in self.entries:
            if name.lower().endswith(_XML_NAMES) and name not in leave:
                self.check_part(name)

    def check_part(self, name: str) -> None:
        """Unpack one XML part to its end and refuse a document type."""
        pieces = self.chunks(name)
        check_prolog(next(pieces, b"")[:65536])
        for _piece in pieces:
            pass

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = self.entries.get(name) or self._any_case.get(name.lower())
        if entry is None:
            raise broken(f"{name} is missing")
        return entry

    def _packed(self, entry: zipfile.ZipInfo) -> memoryview:
        header = self._data[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
            raise broken(f"{entry.filename}: local header")
        fields = _LOCAL_HEADER.unpack(header)
        start = entry.header_offset + _LOCAL_HEADER.size + fields[9] + fields[10]
        return memoryview(self._data)[start : start + entry.compress_size]


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    tight = any(
        entry.file_size > limits.RATIO_FREE_BYTES and entry.file_size > limits.MAX_RATIO * max(1, entry.compress_size)
        for entry in entries
    )
    if len(entries) > limits.MAX_ENTRIES or total > limits.MAX_INFLATED_BYTES or tight:
        raise UserError("sheet-bomb", size=total)


def _inflate(packed: memoryview, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    if entry.compress_type == zipfile.ZIP_STORED:
        for start in range(0, len(packed), _CHUNK):
            yield bytes(packed[start : start + _CHUNK])
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise broken(f"{entry.filename}: packing method {entry.compress_type}")
    yield from _inflate_deflate(packed, entry)


def _inflate_deflate(packed: memoryview, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    left = entry.file_size
    for start in range(0, len(packed), _PACKED_SLICE):
        waiting: bytes | memoryview = packed[start : start + _PACKED_SLICE]
        while waiting and not machine.eof:
            try:
                piece = machine.decompress(waiting, _CHUNK)
            except zlib.error as error:
                raise broken(f"{entry.filename}: {error}") from None
            waiting = machine.unconsumed_tail
            left -= len(piece)
            if left < 0:
                raise broken(f"{entry.filename}: longer than declared")
            if piece:
                yield piece
