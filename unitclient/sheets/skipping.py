"""Rows that are not people: example rows, totals, sign-off lines, headers repeated on every printed page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Literal

from unitclient.catalog.cells import fold_text
from unitclient.sheets.model import Cell

Skipped = Literal["blank", "example", "total", "footer", "header", "hint"]

_EXAMPLE = re.compile(
    r"[(\[【<「]?(?:例子?|示例|样例|范例|举例|填写示例|填表示例|样本|例行|示例行|example|sample|e\.g\.?)[)\]】>」]?(?:[\d:：.、,\s].*)?",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"(?:[本此]?[页表]?|本单位|单位|全部|部门|人数|人员|在职|退休)"
    r"(?:合计|小计|总计|累计|共计|总和|总数|汇总)(?:人数|金额|数)?(?:[:：(].*)?"
    r"|在职人员|退休人员|家属统筹|(?:合计|共计|共|总计)\d+人?|(?:sub)?total.*",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"(?:单位|部门)?(?:填表|制表|填报|经办|复核|审核|核对|审批|负责|法人|联系|会计|出纳|主管|签字|签章|盖章|单位盖章|公章)"
    r"(?:人|员|领导|日期|时间|单位|意见)?(?:\(?(?:签字|签章|盖章|签名)\)?)?[:：].*"
    r"|(?:填表|制表|填报)(?:说明|日期|时间)?[:：]?.*"
    r"|(?:填写)?(?:说明|备注|注意|注|提示|声明)(?:事项)?[:：].*|单位\(?盖章\)?.*|\*+.*|第\d+页.*",
)
_HINT = re.compile(r"(?:非?必填|选填|可选|必选|可不填|文本|文本格式|数字|日期|required|optional)(?:项)?", re.IGNORECASE)


MARKS = frozenset(
    "例示样范举填(（[【<「本此页表单部人在退全合小总累共家"
    "制经复审核负法联会出主签盖公说备注提声第必选可文数日非*＊ \t\n\u3000\xa0"
)
"""First characters of all that is skipped: a row that begins with none of these and has its key is a person's."""


WORDS = frozenset({"Example", "example", "EXAMPLE", "Sample", "e.g."})
"""The same as whole words of Latin letters, with which real cells may begin too."""
_SHORT = 20
"""Blank cells are not longer than this."""


def squeezed(cell: Cell) -> str:
    """A text cell without any blanks; "" for other cells."""
    return "".join(fold_text(cell).split()) if isinstance(cell, str) else ""


def why_skipped(
    row: Sequence[Cell], mapped: Sequence[int], key: int, name: int | None, labels: frozenset[str]
) -> Skipped | None:
    """Why a row is not a person's, or None when it is.

    `mapped` are the columns that a field claims, `key` the column of the ID, `name` that of the name, `labels`
    the texts of the header in the key column. A row that has its key is skipped only as an example or as a header
    that is repeated.
    """
    words = [text for text in (squeezed(row[column]) for column in _leading(row, name)) if text]
    if any(_EXAMPLE.fullmatch(text) for text in words):
        return "example"
    key_text = squeezed(row[key])
    if key_text in labels:
        return "header"
    if key_text and _HINT.fullmatch(key_text):
        return "hint"
    if any(letter.isdigit() for letter in key_text) or isinstance(row[key], int | float):
        return None
    return _keyless(row, mapped, words)


def _keyless(row: Sequence[Cell], mapped: Sequence[int], words: list[str]) -> Skipped | None:
    if any(_TOTAL.fullmatch(text) for text in words):
        return "total"
    if words and _FOOTER.fullmatch(words[0]):
        return "footer"
    return "blank" if all(is_blank(row[column]) for column in mapped) else None


def _leading(row: Sequence[Cell], name: int | None) -> list[int]:
    """The first two filled columns, and the name's."""
    filled = list(islice((column for column, cell in enumerate(row) if not is_blank(cell)), 2))
    return filled if name is None or name in filled else [*filled, name]


def is_blank(cell: Cell) -> bool:
    """Whether a cell is empty or holds only blanks, the invisible ones too."""
    return cell is None or (isinstance(cell, str) and (not cell or (len(cell) < _SHORT and not fold_text(cell))))
