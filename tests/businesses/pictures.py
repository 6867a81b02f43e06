"""Files that go with rows, made up on the spot: pictures that fit and pictures that do not, a PDF, and a text."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

SIZE = (358, 441)
"""Width and height of a card's photo in pixels."""
_KIB = 1024


def lay_out(folder: Path) -> None:
    """Put the files of the cases into a folder."""
    save_jpeg(folder / "photo.jpg", shades(SIZE), pad=20 * _KIB)
    save_jpeg(folder / "small.jpg", shades((120, 160)), pad=20 * _KIB)
    save_jpeg(folder / "grey.jpg", shades(SIZE).convert("L"), pad=20 * _KIB)
    save_jpeg(folder / "thin.jpg", Image.new("RGB", SIZE, "white"))
    shades((200, 100)).save(folder / "screenshot.png")
    (folder / "proof.pdf").write_bytes(pdf())
    (folder / "long.pdf").write_bytes(pdf(3 * _KIB * _KIB))
    (folder / "note.txt").write_bytes("不是附件".encode())


def shades(size: tuple[int, int]) -> Image.Image:
    """A picture of nobody: a disc on white, with shades."""
    picture = Image.new("RGB", size, "white")
    width, height = size
    for x in range(width):
        for y in range(height):
            if (x - width / 2) ** 2 * 2 + (y - height / 2) ** 2 < (height / 3) ** 2:
                picture.putpixel((x, y), (120 + x % 80, 90 + y % 90, 80))
    return picture


def save_jpeg(path: Path, picture: Image.Image, pad: int = 0) -> None:
    """Save it; a comment makes it at least `pad` bytes long, as a camera's notes do."""
    picture.save(path, "JPEG", quality=70, comment=b"x" * pad)


def pdf(size: int = 0) -> bytes:
    """A PDF of one empty page, with a comment of `size` bytes."""
    head = b"%PDF-1.4\n%" + b"x" * size + b"\n"
    parts = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n",
    )
    return head + b"".join(parts) + b"trailer<</Root 1 0 R>>\n%%EOF\n"
