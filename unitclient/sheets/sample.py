"""A sample workbook of synthetic staff, as an HR department might send it: for rehearsal, tests and benchmarks.

Nobody in it exists: area codes are those of whole provinces, which no real number has, and names are put together at
random. The sheet has what real ones have: a merged title, lines above the header, an example row, months and wages
typed in several ways, rare characters, a hidden row, a total and a sign-off line, and some rows that are wrong.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from unitclient.domain.period import Period
from unitclient.domain.resident_id import check_character
from unitclient.sheets.model import Cell, ErrorCell
from unitclient.sheets.xlsx_out import Style, StyledCell, XlsxWriter

HEADERS = (
    "序号",
    "工号",
    "部门",
    "姓名",
    "证件类型",
    "证件号码",
    "性别",
    "出生日期",
    "民族",
    "户口性质",
    "户口所在地",
    "文化程度",
    "参加工作日期",
    "岗位",
    "用工形式",
    "合同期限类型",
    "合同开始日期",
    "合同终止日期",
    "参保年月",
    "缴费工资（元）",
    "联系电话",
    "联系地址",
    "紧急联系人",
    "工资卡号",
    "备注",
)
"""The 25 columns; the last but few are of no use to the enrolment form, as in real sheets."""

_PROVINCES = ("110000", "310000", "320000", "330000", "370000", "420000", "430000", "440000", "510000", "610000")
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴"
)
_GIVEN = "伟芳娜敏静丽强磊洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建国志文辉力云莉军波宁浩宇欣怡梓涵思远嘉懿雨泽晨曦婷雪慧"
_MINORITY = (
    ("阿依古丽·买买提", "维吾尔族"),
    ("迪丽努尔·艾合买提", "维吾尔族"),
    ("巴合提古丽·沙吾提别克", "哈萨克族"),
    ("洛桑·扎西", "藏族"),
)
_RARE = ("𬭚", "䶮", "〇", "喆", "𬀩", "犇")
_DEPARTMENTS = ("生产部", "销售部", "财务部", "技术部", "行政部", "仓储部")
_POSTS = ("装配工", "业务员", "会计", "工程师", "行政专员", "库管员")
_EDUCATION = ("大学本科", "大学专科", "高中", "硕士研究生", "初中")
_HOUSEHOLD = ("本地非农业户口（本地城镇）", "外地非农业户口（外地城镇）", "本地农业户口（本地农村）")
_ID, _NAME, _MONTH, _WAGE, _BIRTH = (
    HEADERS.index(title) for title in ("证件号码", "姓名", "参保年月", "缴费工资（元）", "出生日期")
)

Row = list[Cell]


class Sample(NamedTuple):
    """What was written: rows of people, and which rows (numbers as spreadsheet programs show them) are wrong."""

    people: int
    wrong: tuple[int, ...]


def make_sample(
    out: Path, count: int, seed: int, period: Period, wrong_every: int = 25, unit_number: str = ""
) -> Sample:
    """Write `count` people who join in `period` to `out` (.xlsx); every `wrong_every`-th row is wrong (0: none).

    The same arguments give the same people. `unit_number`, when given, is named above the header.
    """
    dice = random.Random(seed)  # noqa: S311 - made-up people, nothing secret
    head = _head(period, unit_number)
    first = len(head) + 2  # after the example row
    wrong: list[int] = []

    def rows() -> Iterator[Sequence[Cell | StyledCell]]:
        yield from head
        yield _example(period)
        total = 0.0
        for number in range(1, count + 1):
            row = _person(dice, number, seed, period)
            total += _yuan(row[_WAGE])
            if wrong_every and number % wrong_every == 0:
                _SPOIL[number // wrong_every % len(_SPOIL)](row, period)
                wrong.append(first + number - 1)
            yield row
        yield ["合计", None, None, f"{count} 人", *[None] * (_WAGE - 4), round(total, 2)]
        yield ["填表人：演练员", *[None] * 5, "复核人：", None, None, None, "填表日期：", None, period.first_day]

    with XlsxWriter(out) as book:
        book.sheet(
            "花名册",
            rows(),
            widths=[8, 10, 10, 16, 12, 22, 6, 12, 10, 26, 14, 12, 14, 12, 12, 14, 14, 14, 12, 14, 14, 20, 12, 22, 10],
            merges=[((0, 0), (0, len(HEADERS) - 1))],
            frozen_rows=len(head),
            heights={0: 28.0},
            hidden_rows=frozenset({first + 6}) if count > 7 else frozenset(),
        )
    return Sample(count, tuple(wrong))


def _yuan(wage: Cell) -> float:
    """A typed wage as a number, for the total line."""
    return (
        float(wage.replace(",", "")) if isinstance(wage, str) else float(wage) if isinstance(wage, int | float) else 0.0
    )


def _head(period: Period, unit_number: str) -> list[Sequence[Cell | StyledCell]]:
    unit: list[Cell] = ["单位名称：演练用人单位", None, None, None, f"费款所属期：{period}"]
    if unit_number:
        unit += [None, None, f"单位编号：{unit_number}"]
    title = StyledCell(f"{period.year}年{period.month}月新增人员花名册", Style.TITLE)
    return [[title], unit, [StyledCell(text, Style.HEADER) for text in HEADERS]]


def _example(period: Period) -> list[Cell]:
    row: list[Cell] = [None] * len(HEADERS)
    row[0], row[_NAME], row[_ID], row[_MONTH], row[_WAGE] = "例", "张三", "11000019900307001X", str(period), 6800
    return row


def _person(dice: random.Random, number: int, seed: int, period: Period) -> Row:
    female = dice.random() < 0.45
    age = dice.randint(20, 46 if female else 55)
    birth = date(period.year - age, dice.randint(1, 12), dice.randint(1, 28))
    name, nation = _name(dice)
    since = birth + timedelta(days=dice.randint(19 * 365, age * 365 - 200))
    begins = period.first_day
    return [
        number,
        f"E{number:06d}",
        dice.choice(_DEPARTMENTS),
        name,
        "居民身份证",
        _resident_id(birth, female, number, seed),
        "女" if female else "男",
        birth if number % 3 else birth.isoformat(),
        nation,
        dice.choice(_HOUSEHOLD),
        "演练省演练市",
        dice.choice(_EDUCATION),
        since,
        dice.choice(_POSTS),
        "全日制用工",
        "有固定期限",
        begins,
        date(begins.year + 3, begins.month, 1) - timedelta(days=1),
        _month(dice, period),
        _wage(dice),
        f"1380000{number % 10000:04d}",
        f"演练路 {number % 900 + 1} 号",
        _name(dice)[0],
        f"62{dice.randrange(10**17):017d}",
        "",
    ]


def _resident_id(birth: date, female: bool, number: int, seed: int) -> str:
    """A well-formed number of nobody; no two of one sample are the same."""
    # Province, birth and a three-digit sequence: the sequence walks with the number, so that birthdays may repeat.
    province = _PROVINCES[(number + seed) % len(_PROVINCES)]
    sequence = (number // len(_PROVINCES) * 2 + seed * 14 + (0 if female else 1)) % 1000
    body = f"{province}{birth:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def _name(dice: random.Random) -> tuple[str, str]:
    if dice.random() < 0.04:
        return dice.choice(_MINORITY)
    given = "".join(dice.choices(_GIVEN, k=dice.choice((1, 2, 2, 2))))
    if dice.random() < 0.03:
        given = given[:-1] + dice.choice(_RARE)
    return dice.choice(_SURNAMES) + given, "汉族"


def _month(dice: random.Random, period: Period) -> Cell:
    forms: tuple[Cell, ...] = (
        str(period),
        f"{period.year}{period.month:02d}",
        f"{period.year}年{period.month}月",
        f"{period.year}/{period.month}/1",
        period.first_day,
    )
    return dice.choices(forms, weights=(80, 5, 5, 5, 5))[0]


def _wage(dice: random.Random) -> Cell:
    wage = round(dice.uniform(5000, 20000), dice.choice((0, 0, 2)))
    chance = dice.random()
    return f"{wage:,.2f}" if chance < 0.03 else f"{wage:.0f}".translate(_FULL_WIDTH) if chance < 0.05 else wage


_FULL_WIDTH = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}


def _put(column: int, value: Callable[[Row, Period], Cell]) -> Callable[[Row, Period], None]:
    def spoil(row: Row, period: Period) -> None:
        row[column] = value(row, period)

    return spoil


def _born(row: Row, birth: date) -> str:
    body = f"{str(row[_ID])[:6]}{birth:%Y%m%d}{str(row[_ID])[14:17]}"
    row[_BIRTH] = birth
    return body + check_character(body)


def _other_check(row: Row, _period: Period) -> Cell:
    number = str(row[_ID])
    return number[:17] + ("0" if number[17] != "0" else "1")


_SPOIL: tuple[Callable[[Row, Period], None], ...] = (
    _put(_ID, _other_check),
    _put(_ID, lambda row, _period: float(str(row[_ID])[:17] + "0")),
    _put(_WAGE, lambda _row, _period: "五千元"),
    _put(_MONTH, lambda _row, period: f"{period.year}年13月"),
    _put(_ID, lambda _row, _period: None),
    _put(_ID, lambda row, _period: str(row[_ID])[:17]),
    _put(_WAGE, lambda _row, _period: None),
    _put(_ID, lambda row, period: _born(row, date(period.year - 14, 5, 6))),
    _put(_WAGE, lambda _row, _period: ErrorCell("#REF!")),
    _put(_NAME, lambda _row, _period: "张"),
    _put(_MONTH, lambda _row, _period: None),
    _put(_ID, lambda row, _period: str(row[_ID])[:10] + "0230" + str(row[_ID])[14:]),
    _put(_WAGE, lambda _row, _period: -5000),
    _put(_NAME, lambda _row, _period: None),
)
"""The ways in which rows are wrong, in turn."""
