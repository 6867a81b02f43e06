"""Cells in all the shapes that real sheets have."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitclient.catalog.cells import (
    BadCell,
    cell_text,
    fold_text,
    is_blank,
    read_date,
    read_integer,
    read_money,
    read_month,
    read_year,
)

DAYS = st.dates(date(1930, 1, 1), date(2170, 12, 31))
SERIAL_EPOCH = date(1899, 12, 30)


def spellings_of_a_day(day: date) -> list[object]:
    y, m, d = day.year, day.month, day.day
    serial = (day - SERIAL_EPOCH).days
    return [
        day,
        datetime(y, m, d, 8, 30),
        day.isoformat(),
        f"{y}{m:02d}{d:02d}",
        int(f"{y}{m:02d}{d:02d}"),
        float(f"{y}{m:02d}{d:02d}"),
        f"{y}{m:02d}{d:02d}.0",
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{y}-{m}-{d} 00:00:00",
        f"{y}年{m}月{d}日",
        f" {y} 年 {m} 月 {d} 日\xa0",
        "".join(chr(ord(c) + 0xFEE0) for c in f"{y}-{m:02d}-{d:02d}"),
        serial,
        float(serial),
        f"{serial}",
        f"{serial}.0",
    ]


@given(DAYS)
def test_every_spelling_of_a_day_is_that_day_and_its_month(day: date) -> None:
    for cell in spellings_of_a_day(day):
        assert read_date(cell) == day.isoformat(), cell
        assert read_month(cell) == day.isoformat()[:7], cell


@given(st.integers(1900, 2179), st.integers(1, 12))
def test_every_spelling_of_a_month(year: int, month: int) -> None:
    wanted = f"{year}-{month:02d}"
    texts = [
        wanted,
        f"{year}{month:02d}",
        f"{year}/{month}",
        f"{year}.{month}",
        f"{year}年{month}月",
        f"{year}年{month}月份",
    ]
    for cell in [*texts, int(f"{year}{month:02d}"), float(f"{year}{month:02d}"), f"{year}{month:02d}.0"]:
        assert read_month(cell) == wanted, cell


@given(st.integers(2000, 2100), st.integers(1, 12))
def test_a_month_typed_as_a_decimal_number(year: int, month: int) -> None:
    """2026.10 becomes 2026.1 in a sheet, so that number is refused; all others mean one month."""
    cell = float(f"{year}.{month}")
    if month in (1, 10):
        with pytest.raises(BadCell, match="AMBIGUOUS_MONTH"):
            read_month(cell)
    else:
        assert read_month(cell) == f"{year}-{month:02d}"


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "七月",
        "2026",
        "2026-13",
        "202613",
        "2026-00",
        "1.5",
        7,
        123456789,
        True,
        -202607,
        float("nan"),
        "20260732x",
        "1899-12",
        "2180-01",
        date(1899, 1, 1),
        date(2180, 1, 1),
    ],
)
def test_what_is_no_month(cell: object) -> None:
    with pytest.raises(BadCell, match="BAD_MONTH"):
        read_month(cell)


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "20260230", "2026-07", 202607, "2026年7月", "x", 0, 45292.5e9, False, "20260000"]
)
def test_what_is_no_date(cell: object) -> None:
    with pytest.raises(BadCell, match="BAD_DATE"):
        read_date(cell)


def test_a_serial_number_with_a_time_of_day_is_its_day() -> None:
    assert read_date(42248.75) == "2015-09-01"


@given(st.integers(0, 10**11))
def test_every_spelling_of_an_amount(fen: int) -> None:
    plain = f"{fen // 100}.{fen % 100:02d}"
    grouped = f"{fen // 100:,}.{fen % 100:02d}"
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in plain)
    for cell in [
        plain,
        grouped,
        grouped.replace(",", "，"),
        full_width,
        f"¥{plain}",
        f"￥ {grouped}元",
        f"{plain} 元",
        f"{plain}\xa0",
    ]:
        assert read_money(cell) == (fen, False), cell


@given(st.integers(0, 10**10))
def test_a_number_cell_gives_its_fen_exactly(fen: int) -> None:
    assert read_money(float(Decimal(fen) / 100)) == (fen, False)
    assert read_money(fen // 100) == (fen // 100 * 100, False)


def test_noise_of_a_calculated_cell_is_no_third_decimal() -> None:
    assert read_money(5432.1 + 0.2) == (543230, False)
    assert read_money(0.1 + 0.2) == (30, False)


@pytest.mark.parametrize(
    ("cell", "fen"), [("5432.085", 543209), ("5432.0849", 543208), (65000 / 12, 541667), ("1,234.565元", 123457)]
)
def test_more_decimals_are_rounded_half_up_and_said(cell: object, fen: int) -> None:
    assert read_money(cell) == (fen, True)


@pytest.mark.parametrize(
    "cell", ["", "abc", "1,23", "12,34.5", "-5", -5, "1.2.3", "5千", float("nan"), float("inf"), True, "1e5", "10" * 9]
)
def test_what_is_no_amount(cell: object) -> None:
    with pytest.raises(BadCell, match="BAD_MONEY"):
        read_money(cell)


@pytest.mark.parametrize("cell", [12, 12.0, "12", "12.0", "１２", "12个月", " 12 月 "])
def test_whole_numbers(cell: object) -> None:
    assert read_integer(cell) == 12


@pytest.mark.parametrize("cell", ["", "x", "1.5", 1.5, True, date(2026, 1, 1)])
def test_what_is_no_whole_number(cell: object) -> None:
    with pytest.raises(BadCell, match="BAD_INTEGER"):
        read_integer(cell)


@pytest.mark.parametrize("cell", [2026, 2026.0, "2026", "2026年", "2026年度", "２０２６", date(2026, 7, 1)])
def test_years(cell: object) -> None:
    assert read_year(cell) == 2026


@pytest.mark.parametrize("cell", ["", "26", 26, 3026, "明年"])
def test_what_is_no_year(cell: object) -> None:
    with pytest.raises(BadCell, match="BAD_YEAR"):
        read_year(cell)


@given(st.text(max_size=20))
def test_reading_any_text_gives_a_value_or_a_bad_cell(text: str) -> None:
    for read in (read_month, read_date, read_money, read_integer, read_year):
        with suppress(BadCell):
            read(text)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


def test_folding() -> None:
    assert fold_text("\ufeff　（ＡＢＣ１２３）\u200b ") == "(ABC123)"
    assert fold_text("𬭚·䶮") == "𬭚·䶮"


def test_cells_as_text() -> None:
    assert [cell_text(c) for c in (None, 5.0, 5, 5.5, " x ", datetime(2026, 7, 1, 9), date(2026, 7, 1))] == [
        "", "5", "5", "5.5", "x", "2026-07-01", "2026-07-01",
    ]  # fmt: skip


def test_blank_cells() -> None:
    assert all(is_blank(cell) for cell in (None, "", " ", "　", "\xa0\u200b"))
    assert not any(is_blank(cell) for cell in (0, 0.0, False, "0"))
