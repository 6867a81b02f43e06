"""What the documents page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from unitclient.workflows.verifying import Verified


SIGNED_DOCUMENT = "document:"
"""What stands before the SHA-256 of a signed document that is about no declaration: an answer, a register, a roster."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that can be made from what the centre signed: `name` is receipt, list, summary or settlement; and those
    that only the centre makes: acceptance, assessment, bill, debit, posting, slip, refund; and answer,
    register, roster, unit, number.

    Of a certificate (`name` certificate) `declaration_id` is register and key, with a colon between; of what is about
    no declaration SIGNED_DOCUMENT and the document's SHA-256.
    """

    declaration_id: str
    name: str
    form_title: str
    kind: str
    period: str
    number: str
    at: datetime

    @property
    def id(self) -> str:
        """What names it in the table."""
        return f"{self.declaration_id}/{self.name}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was verified, and the answer."""

    path: Path
    answer: Verified
    form_title: str = ""
    """What the form is called that the file names."""


@dataclass(frozen=True)
class DocumentsState:
    """Everything the view needs. `pdf` are the bytes of the paper in front, empty while it is made; `signed`: they are
    the centre's own with its signature; `fetching`: those are on their way.
    """

    reading: bool = True
    papers: tuple[Paper, ...] = ()
    current: str = ""
    pdf: bytes = field(default=b"", repr=False)
    making: bool = False
    signed: bool = False
    fetching: bool = False
    checked: Checked | None = None

    def paper(self) -> Paper | None:
        """The paper in front."""
        return next((paper for paper in self.papers if paper.id == self.current), None)
