"""What makes a printed document one to be signed: the place of the signature on the page, the signed data inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from unitclient.documents import parts
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.documents.page import Page

DATA_NAME = "document.json"
"""The attached file: the centre's signed document as JSON {"document", "cms"}, both base64."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Who signs and when, as it is seen on the page, and the signed data (`envelope`) that goes into the file.

    `by_unit`: a paper of the unit's own, not of the centre.
    """

    centre: str
    signer: str
    at: datetime
    envelope: bytes = field(repr=False)
    by_unit: bool = False


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A PDF that waits for its signature; where it is seen: page from 0, rectangle in points from below left."""

    pdf: bytes = field(repr=False)
    page: int
    rectangle: tuple[float, float, float, float]


def sealed(page: Page, seal: Seal) -> Unsigned:
    """Finish a page with the place of the signature and the signed data."""
    number, rectangle = page.seal_box(
        [
            say("document-seal-title"),
            say("document-seal-by", centre=seal.centre),
            say("document-seal-at", time=parts.moment(seal.at)),
            say("document-seal-certificate", signer=seal.signer),
        ]
    )
    page.note(say("document-seal-note-unit" if seal.by_unit else "document-seal-note", name=DATA_NAME))
    page.embed_file(bytes=seal.envelope, basename=DATA_NAME, mime_type="application/json", compress=True,
                    modification_date=seal.at)  # fmt: skip
    return Unsigned(page.finished(), number, rectangle)
