"""Just enough of a PDF's structure (ISO 32000-1, 7.5) to add to a file of ours, and to read what was added.

Reads cross-reference tables as plain text, as the printed documents have them; no cross-reference streams, no object
streams, no encryption. What it reads out of a file is worth something only after the file's signature was checked.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

_START = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
_SECTION = re.compile(rb"(\d{1,8}) (\d{1,8})\s*\n")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])[ \r\n]{2}")
_OBJECT = re.compile(rb"\s*(\d{1,8}) \d{1,5} obj\b")
_STREAM = re.compile(rb">>\s*stream\r?\n")
_MOST_REVISIONS = 16
_MOST_BYTES = 32 * 1024 * 1024


class PdfFile:
    """The objects of a PDF by number, the newest revision's. Raises ValueError for a file that is not built like ours.

    `size` is the first number that is free, `trailer` the newest trailer dictionary, `start` where its table begins.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._places: dict[int, int] = {}
        found = _START.search(data[-2048:])
        if found is None:
            raise ValueError("no startxref at the end")
        self.start = int(found[1])
        self.trailer = self._revision(self.start)
        before, seen = self.trailer, 1
        while (earlier := re.search(rb"/Prev (\d{1,10})\b", before)) is not None:
            seen += 1
            if seen > _MOST_REVISIONS:
                raise ValueError("too many revisions")
            before = self._revision(int(earlier[1]))
        self.size = number_after(self.trailer, "Size")
        self.root = reference(self.trailer, "Root")

    def _revision(self, start: int) -> bytes:
        """Read one cross-reference table; objects of later revisions stay. Its trailer dictionary."""
        if not self._data.startswith(b"xref", start):
            raise ValueError("no cross-reference table")
        at = self._data.index(b"\n", start) + 1
        while (section := _SECTION.match(self._data, at)) is not None:
            at = section.end()
            for number in range(int(section[1]), int(section[1]) + int(section[2])):
                entry = _ENTRY.match(self._data, at)
                if entry is None:
                    raise ValueError("a broken cross-reference table")
                at = entry.end()
                if entry[3] == b"n":
                    self._places.setdefault(number, int(entry[1]))
        end = self._data.find(b"startxref", at)
        if not self._data.startswith(b"trailer", at) or end < 0:
            raise ValueError("no trailer")
        return self._data[at:end]

    def body(self, number: int) -> bytes:
        """What stands between `obj` and `endobj`, or the dictionary alone of an object with a stream."""
        begin = self._begin(number)
        stream = _STREAM.search(self._data, begin)
        end = self._data.find(b"endobj", begin)
        if stream is not None and stream.start() < end:
            return self._data[begin : stream.start() + 2].strip()
        if end < 0:
            raise ValueError("an object without end")
        return self._data[begin:end].strip()

    def stream(self, number: int, most: int = _MOST_BYTES) -> bytes:
        """A stream's bytes, inflated where they are deflated; ValueError for more than `most` of them."""
        head = self.body(number)
        stream = _STREAM.search(self._data, self._begin(number))
        if stream is None:
            raise ValueError("not a stream")
        raw = self._data[stream.end() : stream.end() + number_after(head, "Length")]
        if b"/FlateDecode" not in head:
            return raw
        inflate = zlib.decompressobj()
        try:
            content = inflate.decompress(raw, most)
        except zlib.error as broken:
            raise ValueError("a broken stream") from broken
        if inflate.unconsumed_tail:
            raise ValueError("a stream that is too large")
        return content

    def _begin(self, number: int) -> int:
        head = _OBJECT.match(self._data, self._places.get(number, len(self._data)))
        if head is None or int(head[1]) != number:
            raise ValueError(f"no object {number}")
        return head.end()

    def pages(self) -> list[int]:
        """The numbers of the page objects, in order; our documents keep all of them in one list."""
        return references(self.body(reference(self.body(self.root), "Pages")), "Kids")

    def attachments(self) -> list[bytes]:
        """The embedded files, in the order of their names."""
        names = re.search(rb"/EmbeddedFiles\s*<<\s*/Names\s*\[(.*?)\]", self.body(self.root), re.DOTALL)
        specifications = _references(names[1]) if names else []
        return [self.stream(reference(self.body(one), "F")) for one in specifications]


def reference(dictionary: bytes, name: str) -> int:
    """The number of the object that a member points to; ValueError when it does not."""
    found = re.search(rb"/%s\s+(\d{1,8}) \d{1,5} R" % name.encode(), dictionary)
    if found is None:
        raise ValueError(f"no {name}")
    return int(found[1])


def references(dictionary: bytes, name: str) -> list[int]:
    """The numbers of the objects in a member that is an array of references; [] without it."""
    found = re.search(rb"/%s\s*\[" % name.encode(), dictionary)
    if found is None:
        return []
    # The first array decides: looking from every array's beginning to the file's end takes for ever on purpose.
    end = dictionary.find(b"]", found.end())
    if end < 0:
        raise ValueError("an array without end")
    return _references(dictionary[found.end() : end])


def _references(text: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb"(\d{1,8}) \d{1,5} R", text)]


def number_after(dictionary: bytes, name: str) -> int:
    """A member that is a whole number; ValueError when it is not there."""
    found = re.search(rb"/%s\s+(\d{1,10})\b" % name.encode(), dictionary)
    if found is None:
        raise ValueError(f"no {name}")
    return int(found[1])


def with_members(dictionary: bytes, members: str) -> bytes:
    """A dictionary with more members at its end."""
    if not dictionary.endswith(b">>"):
        raise ValueError("not a dictionary")
    return dictionary[:-2] + members.encode("ascii") + b"\n>>"


def revision(base: bytes, file: PdfFile, objects: Sequence[tuple[int, bytes]]) -> bytes:
    """`base` with a further revision: objects by number, their cross-reference table, a trailer."""
    out = bytearray(base)
    if not out.endswith(b"\n"):
        out += b"\n"
    places = {}
    for number, body in objects:
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n"
    for number in sorted(places):
        out += b"%d 1\n%010d 00000 n \n" % (number, places[number])
    size = max(file.size, max(places) + 1)
    ids = re.search(rb"/ID\s*\[[^\]]*\]", file.trailer)
    out += b"trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d\n%s\n>>\n" % (
        size, file.root, reference(file.trailer, "Info"), file.start, ids[0] if ids else b"",
    )  # fmt: skip
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
