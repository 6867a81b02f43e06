"""What parent and helper say to each other: one JSON object a line, bytes in base64, over the child's pipes."""

from __future__ import annotations

import base64
from typing import Any


class Refused(Exception):  # noqa: N818 - becomes the parent's UserError of the same code
    """The child cannot do it; `code` and `params` go back to the parent."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def to_text(data: bytes) -> str:
    """Bytes for a JSON line."""
    return base64.b64encode(data).decode("ascii")


def to_bytes(text: str) -> bytes:
    """The bytes of `to_text`."""
    return base64.b64decode(text)
