"""Whether a photo's background is white, by program: the share of near-white pixels along its upper border.

The lower border is left out, where shoulders are. How wide the border is, what is near white and how much of it must be
are a form's data.
"""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image

from unitclient.domain.files import WhiteBorder

MOST_PIXELS = 4_000_000
"""Larger pictures are not decoded; a form that asks for a white border asks for a size too."""


def white_share(data: bytes, rule: WhiteBorder) -> int | None:
    """Thousandths of border pixels that are near white; None for a picture that cannot be decoded."""
    return _white_share(data, rule.band, rule.near)


@lru_cache(maxsize=64)  # a row is checked again and again with the same picture
def _white_share(data: bytes, band: int, near: int) -> int | None:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            shown = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError):  # what Pillow raises for broken files
        return None
    width, height = shown.size
    edge = max(1, width * band // 1000)
    boxes = ((0, 0, width, edge), (0, edge, edge, height // 2), (width - edge, edge, width, height // 2))
    pixels = [pixel for box in boxes for pixel in _pixels(shown.crop(box))]
    return sum(min(pixel) >= near for pixel in pixels) * 1000 // len(pixels)


def _pixels(part: Image.Image) -> list[tuple[int, int, int]]:
    raw = part.tobytes()
    return list(zip(raw[0::3], raw[1::3], raw[2::3], strict=True))
