"""ColumnSpec: one column of a table as data, shared by the table on screen, copying, pasting and export."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt

from unitclient.catalog.model import FieldType
from unitclient.desktop.masking import mask
from unitclient.domain.cell_text import safe_text
from unitclient.domain.money import format_fen
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.catalog.model import Field


class Kind(StrEnum):
    """What the values of a column are: how they are written, and on which side they stand."""

    TEXT = "text"
    ID = "id"
    PHONE = "phone"
    MONEY = "money"
    """int fen."""
    MONTH = "month"
    DATE = "date"
    STATE = "state"
    """A word; its colour and sign come from the cell's Mark."""
    COUNT = "count"


def yuan(fen: int) -> str:
    """An amount as it is shown: 1234560 -> "12,345.60"."""
    size = abs(fen)
    return f"{'-' if fen < 0 else ''}{size // 100:,}.{size % 100:02d}"


_RIGHT = (Kind.MONEY, Kind.COUNT)
_VCENTER = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column. Its title is the text `title_key`, or the form field's own title where `field` is given.

    `width` is in characters of the body font. `sensitive` values are hidden while values are masked. `editable`
    cells take typed text and a pasted block.
    """

    key: str
    title_key: str = ""
    kind: Kind = Kind.TEXT
    width: int = 12
    field: Field | None = None
    sensitive: bool = False
    sortable: bool = True
    editable: bool = False

    def title(self) -> str:
        """What stands in the header, in the language in use."""
        return str(self.field.title) if self.field is not None else say(self.title_key)

    def alignment(self) -> Qt.AlignmentFlag:
        """Numbers to the right, everything else to the left."""
        side = Qt.AlignmentFlag.AlignRight if self.kind in _RIGHT else Qt.AlignmentFlag.AlignLeft
        return side | _VCENTER

    def text(self, value: Any) -> str:
        """A value as it is shown; nothing for None."""
        if value is None:
            return ""
        if self.kind is Kind.MONEY and isinstance(value, int):
            return yuan(value)
        if isinstance(value, list | tuple):
            return "、".join(map(str, value))
        return str(value)

    def masked_text(self, value: Any) -> str:
        """A value as it is shown while values are masked."""
        return mask(self.kind.value, self.text(value)) if self.sensitive else self.text(value)

    def plain_text(self, value: Any) -> str:
        """A value for the clipboard: amounts without separators, so that spreadsheets take them as numbers."""
        return format_fen(value) if self.kind is Kind.MONEY and isinstance(value, int) else self.text(value)

    def clip_text(self, text: str) -> str:
        """A written value for the clipboard, on one line: what a spreadsheet would run as a formula stays a text.

        The apostrophe before it is taken off again where it is pasted here. A sign that stands alone runs nothing.
        """
        line = " ".join(text.split())
        return line if self.kind in _RIGHT or len(line) < 2 else safe_text(line)


_KINDS = {
    FieldType.ID_NUMBER: Kind.ID,
    FieldType.USCC: Kind.TEXT,
    FieldType.BANK_CARD: Kind.ID,
    FieldType.PHONE: Kind.PHONE,
    FieldType.MONEY: Kind.MONEY,
    FieldType.MONTH: Kind.MONTH,
    FieldType.DATE: Kind.DATE,
    FieldType.INTEGER: Kind.COUNT,
}
_SENSITIVE = frozenset({FieldType.ID_NUMBER, FieldType.BANK_CARD, FieldType.PHONE, FieldType.MONEY})


def of_field(field: Field, *, editable: bool = False, sortable: bool = True) -> ColumnSpec:
    """The column of a form field: kind, width and whether it is sensitive come from the field's type."""
    return ColumnSpec(
        field.name,
        kind=_KINDS.get(field.type, Kind.TEXT),
        width=max(6, min(field.width, 30)),
        field=field,
        sensitive=field.type in _SENSITIVE,
        sortable=sortable,
        editable=editable,
    )
