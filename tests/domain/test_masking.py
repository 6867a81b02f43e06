"""Personal data in free text, hidden before it leaves."""

from __future__ import annotations

import pytest

from unitclient.domain.masking import hide_persons

NUMBER = "11000019900307001X"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"张三 {NUMBER} 没有出账", "张三 110***********001X 没有出账"),
        ("证件号码为11000019900307001x，请核对", "证件号码为110***********001X，请核对"),
        ("手机13812345678", "手机138******78"),
        ("卡号 6222 0202 0000 0000 123", "卡号 622************0123"),
        ("卡号6222020200000000123。", "卡号622************0123。"),
        ("10 月增员 3 人，账单 4201000001202611001", "10 月增员 3 人，账单 420************1001"),
        ("结算 12345.60 元，2026-11-25", "结算 12345.60 元，2026-11-25"),
        ("", ""),
    ],
)
def test_numbers_are_hidden(text: str, shown: str) -> None:
    assert hide_persons(text) == shown
    assert hide_persons(shown) == shown


def test_the_name_of_a_number_is_hidden_too() -> None:
    names = {NUMBER: "欧阳建国"}
    said = hide_persons(f"欧阳建国（{NUMBER}）和李四", lambda number: names.get(number, ""))
    assert said == "欧***（110***********001X）和李四"


def test_an_acceptance_number_stays() -> None:
    assert hide_persons("受理单号 4201002026110001", keep="4201002026110001") == "受理单号 4201002026110001"
