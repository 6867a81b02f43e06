"""PDF files made to hold up or to deceive whoever checks them, before any signature of theirs is good."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest

from tests.seal.test_pdf import check, signed
from unitclient.seal.pdfcheck import PdfCheck

MOST_S = 3.0


def unsigned(dss: bytes, *more: bytes) -> bytes:
    """A file whose byte range covers it whole, over something that is no signature; `dss` says where lists stand."""
    bodies = (b"<< /Root 1 0 R /DSS 2 0 R >>", b"<< " + dss + b" >>", *more)
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    out += b"99 0 obj\n<< /M (D:20260310013000Z) /ByteRange "
    gap = b"<3000>"
    opening = len(out) + len(b"[0 0123456789 0123456789 0123456789] /Contents ")
    start = opening + len(gap) + len(b" >>\nendobj\n")
    tail = b" >>\nendobj\nxref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    tail += b"".join(b"%010d 00000 n \n" % place for place in places)
    tail += b"trailer\n<< /Size 100 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    out += b"[0 %010d %010d %010d] /Contents " % (opening, opening + len(gap), len(tail))
    return bytes(out) + gap + tail


def timed(data: bytes) -> PdfCheck:
    """The check of a file, which must not take long."""
    begun = time.thread_time()
    found = check(data)
    assert time.thread_time() - begun < MOST_S
    return found


@pytest.mark.parametrize(
    "dss",
    [b"/CRLs[" * 100_000, b"/CRLs [" + b"9 0 R " * 100_000 + b"]", b"/CRLs" + b" " * 1_000_000 + b"x"],
    ids=["arrays that never end", "a hundred thousand lists", "blanks"],
)
def test_lists_that_take_for_ever_to_look_for(dss: bytes) -> None:
    assert timed(unsigned(dss)).signature.code == "signature-broken"


def test_one_list_named_again_and_again() -> None:
    """A real list is inflated and read each time that it is named."""
    import zlib

    from cryptography.hazmat.primitives.serialization import Encoding

    from tests.seal.practice import world

    packed = zlib.compress(world().lists()[1].public_bytes(Encoding.DER))
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream"
    data = unsigned(b"/CRLs [" + b"3 0 R " * 200_000 + b"]", stream)
    assert timed(data).signature.code == "signature-broken"


def test_two_signatures_that_both_claim_the_whole_file() -> None:
    """A second byte range beside the real one: nobody can say which of them a reader would show."""
    data = unsigned(b"/Type /DSS ")
    (real,) = re.findall(rb"/ByteRange \[0 \d+ \d+ \d+\]", data)
    blank = b" " * (len(real) + 8)
    roomy = unsigned(b"/Type /DSS " + blank)
    (real,) = re.findall(rb"/ByteRange \[0 \d+ \d+ \d+\]", roomy)
    doubled = roomy.replace(blank, real + b" " * 8, 1)
    assert check(roomy).signature.code == "signature-broken"
    assert check(doubled).signature.code == "pdf-cut"


def test_what_is_shown_cannot_be_exchanged_in_place() -> None:
    """Objects of the signed revision exchanged in its own table: every byte of the table is covered too."""
    data = signed()
    assert check(data).ok
    entries = [match.start() for match in re.finditer(rb"\d{10} 00000 n", data)]
    assert len(entries) > 5
    for first, second in pairwise(entries):
        swapped = bytearray(data)
        swapped[first : first + 10], swapped[second : second + 10] = (
            data[second : second + 10],
            data[first : first + 10],
        )
        assert check(bytes(swapped)).signature.code == "content-changed"
