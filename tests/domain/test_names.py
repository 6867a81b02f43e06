"""Names, and GB 18030-2022 under them."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.known import identifiers, name_of
from unitclient.domain import gb18030
from unitclient.domain.names import DOT, WRONG_DOTS, block_of, check_name, fold_name


@pytest.mark.parametrize("case", [case for case in identifiers() if case["kind"] == "name_cn"], ids=name_of)
def test_known_names(case: Any) -> None:
    checked = check_name(case["value"])
    assert (checked.ok, checked.code) == (case["ok"], case["code"])
    assert case["info"].items() <= checked.info.items()


@pytest.mark.parametrize(
    ("point", "block"),
    [
        (0x9FFF, "URO"),
        (0x3400, "A"),
        (0x2A6DF, "B"),
        (0x2A700, "C"),
        (0x2B740, "D"),
        (0x2B820, "E"),
        (0x2CEB0, "F"),
        (0x30000, "G"),
        (0x31350, "H"),
        (0x2EBF0, "I"),
        (0x323B0, "J"),
        (0xFA11, "COMPAT"),
        (0x2F800, "COMPAT"),
        (0x3007, "LING"),
        (0x2F83, ""),
        (0xE863, ""),
        (0x41, ""),
    ],
)
def test_blocks(point: int, block: str) -> None:
    assert block_of(chr(point)) == block
    if block:
        assert check_name("王" + chr(point)).ok


@pytest.mark.parametrize("dot", sorted(WRONG_DOTS))
def test_other_dots_are_offered_for_folding_not_folded(dot: str) -> None:
    checked = check_name(f"艾尔肯{dot}吐尔逊")
    assert (checked.ok, checked.code, checked.folded) == (False, "WRONG_DOT", f"艾尔肯{DOT}吐尔逊")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "TOO_SHORT"),
        ("艾力·", "DOT_POSITION"),
        ("艾力··买买提", "DOT_POSITION"),
        ("王\u3000明", "SPACE"),
        ("王明\u00a0", "SPACE"),
        ("王1明", "CHARS"),
        ("Wang", "CHARS"),
        ("王\u200b明", "CHARS"),
        ("王\ufe00明", "CHARS"),
        ("王\ud800", "CHARS"),
        ("王⺁", "RADICAL"),
        ("王\U000f0000", "PUA"),
        ("王" * 51, "TOO_LONG"),
    ],
)
def test_names_that_are_none(name: str, code: str) -> None:
    assert check_name(name).code == code


def test_a_name_of_fifty_characters_is_a_name() -> None:
    assert check_name("王" * 50).ok


@pytest.mark.parametrize(
    ("private", "real"), [("\ue863", "䶮"), ("\ue81e", "\u9fb4"), ("\ue816", "\U00020087"), ("\ue000", "")]
)
def test_a_private_use_character_is_told_with_the_real_one_where_known(private: str, real: str) -> None:
    checked = check_name("王" + private)
    finding = checked.findings[0]
    assert checked.code == "PUA"
    assert (finding.params["point"], finding.params["instead"]) == (f"U+{ord(private):04X}", real)
    assert checked.folded == "王" + (real or private)


def test_a_radical_is_told_with_the_ideograph_it_looks_like() -> None:
    assert check_name("王⾃").findings[0].params["instead"] == "自"


def test_compatibility_ideographs_are_kept() -> None:
    name = "王\uf900"
    assert unicodedata.normalize("NFC", name) != name
    assert (check_name(name).ok, fold_name(name)) == (True, name)


@pytest.mark.parametrize("name", ["SMITH JOHN", "O'NEIL MARY-JANE", "KING JR."])
def test_latin_names_are_for_foreigners(name: str) -> None:
    assert check_name(name, foreign=True).ok
    assert not check_name(name).ok


@pytest.mark.parametrize("name", ["Smith John", " SMITH", "SMITH  ", "SMITH1", "-SMITH"])
def test_latin_names_as_in_the_passport_only(name: str) -> None:
    assert not check_name(name, foreign=True).ok


@given(st.text(max_size=12))
def test_any_text_gets_an_answer(text: str) -> None:
    checked = check_name(text)
    assert checked.ok == (checked.code == "") == (checked.findings == ())
    assert checked.info["chars"] == len(text)


@given(st.text(alphabet="王䶮𬭚〇·龴", min_size=1, max_size=12))
def test_folding_is_stable(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xa6\xd9", "\ufe10"),
        (b"\xa6\xda", "\ufe12"),
        (b"\xa6\xdb", "\ufe11"),
        (b"\xa6\xdc", "\ufe13"),
        (b"\xa6\xdd", "\ufe14"),
        (b"\xa6\xde", "\ufe15"),
        (b"\xa6\xdf", "\ufe16"),
        (b"\xa6\xec", "\ufe17"),
        (b"\xa6\xed", "\ufe18"),
        (b"\xa6\xf3", "\ufe19"),
        (b"\xfe\x59", "\u9fb4"),
        (b"\xfe\x61", "\u9fb5"),
        (b"\xfe\x66", "\u9fb6"),
        (b"\xfe\x67", "\u9fb7"),
        (b"\xfe\x6d", "\u9fb8"),
        (b"\xfe\x7e", "\u9fb9"),
        (b"\xfe\x90", "\u9fba"),
        (b"\xfe\xa0", "\u9fbb"),
    ],
)
def test_the_18_fix_ups_of_2022_both_ways(data: bytes, text: str) -> None:
    assert gb18030.decode(data) == text
    assert gb18030.encode(text) == data
    # The 2005 edition wrote the same character in four bytes: still read.
    assert gb18030.decode(text.encode("gb18030")) == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in gb18030.REAL_OF_PUA_2022])))
def test_text_survives_gb18030(text: str) -> None:
    assert gb18030.decode(gb18030.encode(text)) == text


def test_six_characters_stay_private_use() -> None:
    assert [gb18030.decode(bytes([0xFE, trail])) for trail in (0x51, 0x52, 0x53, 0x6C, 0x76, 0x91)] == list(
        "\ue816\ue817\ue818\ue831\ue83b\ue855"
    )
