"""A document of the centre as a paper to be signed: what it says in pairs and tables, and the digest it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from unitclient.documents.model import ListColumn, Marks, UnitHead
from unitclient.documents.sealing import Seal, Unsigned, sealed
from unitclient.texts import say

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ProofTable:
    """A table: heading, columns, rows of texts, and rows of sums. Columns in `figures` (by place) stand to the right.

    `columns` share the width as their widths have it.
    """

    title: str
    columns: tuple[ListColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[tuple[str, ...], ...] = ()
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ProofData:
    """One document of the centre: `pairs` two on a line, `long_pairs` one on a line, tables, notes.

    `sha256` is the digest of the signed document; the QR code holds it after the number.
    """

    title: str
    number: str
    unit: UnitHead
    marks: Marks
    sha256: str
    pairs: Pairs = ()
    long_pairs: Pairs = ()
    tables: Sequence[ProofTable] = field(default_factory=tuple)
    notes: Sequence[str] = ()


def render_proof(data: ProofData, seal: Seal) -> Unsigned:
    """The paper to be signed, in the language in use. UserError("font-missing") without a Chinese font."""
    from unitclient.documents.page import WIDTH, Column, Page

    page = Page(data.title, data.unit, data.marks, data.number)
    head = [
        (say("document-unit"), data.unit.name),
        (say("document-unit-number"), data.unit.unit_number),
        (say("document-uscc"), data.unit.uscc),
    ]
    page.grid([*head, *data.pairs])
    page.grid(data.long_pairs, across=1)
    for table in data.tables:
        page.section(table.title)
        if not table.rows:
            page.note(say("document-sealed-nothing"))
            continue
        whole = sum(column.width for column in table.columns)
        columns = [
            Column(column.title, WIDTH * column.width / whole, "R" if place in table.figures else "L")
            for place, column in enumerate(table.columns)
        ]
        page.rows(columns, table.rows, table.sums)
    for note in data.notes:
        page.note(note)
    source = say("document-source-digest-unit" if seal.by_unit else "document-source-digest")
    lines = [say("document-number", number=data.number), source, data.sha256]
    page.proof_block(f"{data.number}|{data.sha256}", lines, size=26.0)
    return sealed(page, seal)
