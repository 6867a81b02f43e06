"""The old OLE container (.xls, and what an encrypted .xlsx is wrapped in): just enough to find one stream."""

from __future__ import annotations

import struct

from unitclient.sheets.safe_xml import broken

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # from here on: end of chain, free, FAT, DIFAT
_STREAM = 2
_ROOT = 5


class Compound:
    """The streams of an OLE container by name. Raises UserError sheet-broken."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._read_header()
            self._read_directory()
        except (struct.error, IndexError) as error:
            raise broken(f"OLE: {error}") from None

    def _read_header(self) -> None:
        header = self._data[:512]
        sector_shift, mini_shift = struct.unpack_from("<HH", header, 30)
        if sector_shift not in (9, 12) or mini_shift != 6:
            raise broken("OLE: sector size")
        self._size = 1 << sector_shift
        self._first_directory, self._mini_cutoff = struct.unpack_from("<I4xI", header, 48)
        self._first_mini_fat = struct.unpack_from("<I", header, 60)[0]
        self._fat = self._read_fat(header)

    def _read_fat(self, header: bytes) -> list[int]:
        next_difat, difat_count = struct.unpack_from("<II", header, 68)
        sectors = list(struct.unpack_from("<109I", header, 76))
        for _ in range(min(difat_count, len(self._data) // self._size)):
            block = struct.unpack(f"<{self._size // 4}I", self._sector(next_difat))
            sectors += block[:-1]
            next_difat = block[-1]
        fat: list[int] = []
        for sector in sectors:
            if sector < _END:
                fat += struct.unpack(f"<{self._size // 4}I", self._sector(sector))
        return fat

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        piece = self._data[start : start + self._size]
        if not piece:
            raise broken("OLE: sector out of range")
        return piece.ljust(self._size, b"\0")

    def _chain(self, first: int, table: list[int]) -> list[int]:
        chain: list[int] = []
        while first < _END:
            if len(chain) > len(table):
                raise broken("OLE: ring of sectors")
            chain.append(first)
            first = table[first]
        return chain

    def _read_directory(self) -> None:
        self.streams: dict[str, tuple[int, int]] = {}
        self._root = (_END, 0)
        raw = b"".join(self._sector(number) for number in self._chain(self._first_directory, self._fat))
        for start in range(0, len(raw), 128):
            name_bytes, kind = struct.unpack_from("<HB", raw, start + 64)
            place = struct.unpack_from("<II", raw, start + 116)
            if kind == _ROOT:
                self._root = place
            elif kind == _STREAM:
                name = raw[start : start + max(0, min(name_bytes, 64) - 2)].decode("utf-16-le", "replace")
                self.streams[name] = place

    def stream(self, name: str) -> bytes:
        """The bytes of a stream."""
        try:
            return self._stream(*self.streams[name])
        except (struct.error, IndexError) as error:
            raise broken(f"OLE: {error}") from None

    def _stream(self, first: int, size: int) -> bytes:
        if size >= self._mini_cutoff:
            return b"".join(self._sector(number) for number in self._chain(first, self._fat))[:size]
        mini_fat_bytes = b"".join(self._sector(number) for number in self._chain(self._first_mini_fat, self._fat))
        mini_fat = list(struct.unpack(f"<{len(mini_fat_bytes) // 4}I", mini_fat_bytes))
        store = b"".join(self._sector(number) for number in self._chain(self._root[0], self._fat))
        return b"".join(store[number * 64 : number * 64 + 64] for number in self._chain(first, mini_fat))[:size]
