"""Payroll workbooks: which column says what was deducted from a person, for which insurance, by its title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from unitclient.catalog.cells import fold_text
from unitclient.catalog.model import Bilingual, Field, FieldType, Form
from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.sheets.model import Chosen, SheetRead
from unitclient.sheets.outline import Outline, outline
from unitclient.sheets.reader import read_sheet

TOTAL = "total"
"""The column of everything together, such as 代扣社保."""
_KINDS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "serious_illness": re.compile("大病|大额|补充医疗|医疗补充|医疗补助|医疗互助"),
        "medical": re.compile("医疗|医保"),
        "pension": re.compile("养老"),
        "unemployment": re.compile("失业"),
        "injury": re.compile("工伤"),
        "maternity": re.compile("生育"),
        TOTAL: re.compile("社保|社会保险|[三四五六]险|保险(?:费|金额|扣款)?(?:合计|小计|总计|总额)|(?:代扣|扣)保险"),
    }
)
"""In this order: 医疗（含大病） is told apart below, 医疗（含生育） is medical insurance."""
_INCLUDING = re.compile(r"[(（]?含(?:大病|大额|生育)[^)）]*[)）]?")
_PERSON = re.compile("个人|职工|员工|本人|扣|代缴|个缴")
_UNIT = re.compile("单位|公司|企业|用人")
_DEDUCTED_BY_UNIT = re.compile("(?:单位|公司|企业)代(?:扣代缴|扣|缴)")
_NO_DEDUCTION = re.compile(
    "基数|工资|比例|费率|系数|编号|号码|账号|帐号|卡号|[保险]号|代码|日期|月数|年月|状态|备注|地点|城市|年金|商业|补缴|补扣|补交|退费|退回|返还|补贴"
)
_WITH_HOUSING = re.compile("公积金|一金|二金|两金|住房")
_ALIASES = ("养老", "养老保险", "医疗", "医疗保险", "失业", "失业保险", "社保", "社会保险")


@dataclass(frozen=True, slots=True)
class Payroll:
    """An opened payroll sheet. `titles` are the titles as the sheet has them, by kind (an insurance or TOTAL)."""

    sheet: SheetRead
    titles: Mapping[str, str]


def open_payroll(path: Path, columns_of: Form) -> Payroll:
    """Open a payroll workbook; `columns_of` is a form whose ID number and name have the titles that payrolls have.

    UserErrors as `read_sheet` raises them, payroll-no-columns where nothing says what was deducted, and
    payroll-column-twice where two columns say it of one insurance.
    """
    form = _layout_form(columns_of)
    seen = outline(path, form)
    if seen.recognised:
        # Once more over all rows of the header, so that a title spanning several columns is part of theirs.
        seen = outline(path, form, sheet=seen.sheet, header_rows=seen.header_rows)
    known: dict[str, str] = {name: seen.columns[name] for name in ("id_number", "name") if name in seen.columns}
    if "id_number" not in known:
        raise UserError("sheet-missing-columns", sheet=seen.sheet, columns=str(form.field("id_number").title))
    deductions = _deductions(seen, set(known.values()))
    if not deductions:
        raise UserError("payroll-no-columns", sheet=seen.sheet)
    labels = {title.letters: title.label for title in seen.titles}
    chosen = Chosen({**known, **deductions}, seen.sheet, seen.header_rows)
    return Payroll(read_sheet(path, form, chosen=chosen), {kind: labels[at] for kind, at in deductions.items()})


def _deductions(seen: Outline, taken: set[str]) -> dict[str, str]:
    """Column letters by kind."""
    found: dict[str, list[tuple[bool, str, str]]] = {}
    for title in seen.titles:
        kind = kind_of_title(title.label) if title.letters not in taken else ""
        if kind:
            found.setdefault(kind, []).append((_PERSON.search(title.label) is None, title.letters, title.label))
    return {kind: _best(candidates) for kind, candidates in found.items()}


def _best(candidates: list[tuple[bool, str, str]]) -> str:
    """The one that says it is the person's part, else the only one."""
    least = min(vague for vague, _, _ in candidates)
    fitting = [(letters, label) for vague, letters, label in candidates if vague == least]
    if len(fitting) > 1:
        one, other = (f"{letters} {label}" for letters, label in fitting[:2])
        raise UserError("payroll-column-twice", one=one, other=other)
    return fitting[0][0]


def kind_of_title(title: str) -> str:
    """The insurance whose deduction a column with this title holds, TOTAL for all of them, "" for another column."""
    text = _DEDUCTED_BY_UNIT.sub("代扣", "".join(fold_text(title).split()))
    if _NO_DEDUCTION.search(text) or _is_units(text):
        return ""
    bare = _INCLUDING.sub("", text)
    for kind, words in _KINDS.items():
        if words.search(bare):
            return "" if kind == TOTAL and _WITH_HOUSING.search(text) else kind
    return ""


def _is_units(text: str) -> bool:
    """Whether the last word on whose part it is names the unit."""
    last = {who: max((at.start() for at in words.finditer(text)), default=-1) for who, words in _SIDES.items()}
    return last["unit"] > last["person"]


_SIDES = MappingProxyType({"unit": _UNIT, "person": _PERSON})


def _layout_form(columns_of: Form) -> Form:
    """What the reader of sheets wants to know of the columns, as a form of no business."""
    money = [Field(kind, "", Bilingual(kind, kind), FieldType.MONEY) for kind in _KINDS]
    # One field claims the common titles, so that a header of several rows is found by its lowest one too.
    money = [
        *money,
        *(Field(f"word-{at}", "", Bilingual(word, word), FieldType.MONEY) for at, word in enumerate(_ALIASES)),
    ]
    people = [columns_of.field("id_number"), columns_of.field("name")]
    fields = (people[0], Field("name", "", people[1].title, FieldType.NAME, aliases=people[1].aliases), *money)
    return Form(
        id="payroll",
        version="1",
        title=Bilingual("工资表", "Payroll"),
        effect=ChangeKind.RECORD,
        key=("id_number",),
        fields=fields,
        checks=(),
        consequences=(),
        screen=columns_of.screen,
        print=columns_of.print,
        source="",
        digest="",
        by_name=MappingProxyType({field.name: field for field in fields}),
    )
