"""What a file is, read from its own bytes: headers made by another library, cut off and damaged ones."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from unitclient.domain.files import FileFacts, FileLimits, file_facts, file_fault, is_stored_name, stored_name

PDF = b"%PDF-1.4\n%%EOF\n"


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (35, 44), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "facts"),
    [
        (picture("JPEG"), FileFacts("jpg", 35, 44, 24)),
        (picture("JPEG", progressive=True), FileFacts("jpg", 35, 44, 24)),
        (picture("JPEG", comment=b"x" * 40_000), FileFacts("jpg", 35, 44, 24)),
        (picture("JPEG", "L"), FileFacts("jpg", 35, 44, 8)),
        (picture("JPEG", "CMYK"), FileFacts("jpg", 35, 44, 32)),
        (picture("PNG"), FileFacts("png", 35, 44, 24)),
        (picture("PNG", "RGBA"), FileFacts("png", 35, 44, 32)),
        (picture("PNG", "P"), FileFacts("png", 35, 44, 1)),
        (picture("PNG", "1"), FileFacts("png", 35, 44, 1)),
        (PDF, FileFacts("pdf")),
    ],
)
def test_what_a_file_is(data: bytes, facts: FileFacts) -> None:
    assert file_facts(data) == facts


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4", picture("GIF", "P"), b"PK"])
def test_what_is_none(data: bytes) -> None:
    assert file_facts(data) is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_that_is_cut_off_is_none(kind: str) -> None:
    whole = picture(kind)
    assert [cut for cut in range(len(whole) - 12) if file_facts(whole[:cut]) is not None] == []


def test_a_header_that_was_tampered_with_is_none() -> None:
    whole = bytearray(picture("PNG"))
    whole[19] ^= 1
    assert file_facts(bytes(whole)) is None


def test_nothing_in_the_bytes_raises() -> None:
    chance = random.Random(7)
    for start in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"%PDF-"):
        for _ in range(500):
            file_facts(start + chance.randbytes(chance.randrange(200)))


LIMITS = FileLimits(("jpg", "png"), 60, 5000, 35, 44, 24)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (picture("JPEG"), ""),
        (PDF, "FILE_KIND"),
        (b"text", "FILE_KIND"),
        (picture("JPEG", comment=b"x" * 6000), "FILE_BYTES"),
        (picture("JPEG", size=(44, 35)), "PHOTO_SIZE"),
        (picture("JPEG", "L"), "PHOTO_DEPTH"),
    ],
)
def test_limits(data: bytes, code: str) -> None:
    fault = file_fault(data, file_facts(data), LIMITS)
    assert (fault.code if fault else "") == code


def test_a_limit_is_met_to_the_byte() -> None:
    data = picture("JPEG")
    exact = FileLimits(min_bytes=len(data), max_bytes=len(data))
    assert file_fault(data, file_facts(data), exact) is None
    assert file_fault(data, file_facts(data), FileLimits(max_bytes=len(data) - 1)) is not None
    assert file_fault(data, file_facts(data), FileLimits(min_bytes=len(data) + 1)) is not None


def test_the_name_is_the_digest() -> None:
    name = stored_name(PDF, "pdf")
    assert is_stored_name(name)
    assert name != stored_name(PDF + b"\n", "pdf")
    assert not any(map(is_stored_name, ("", "a.pdf", name.upper(), f"../{name}", name[:-3] + "exe")))
