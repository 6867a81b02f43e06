"""No password is a number that others know: the weakness of the first-generation systems cannot come back."""

from __future__ import annotations

import pytest

from unitclient.domain.passwords import Weakness, weakness

ID = "420106199003077777"
KNOWN = (
    ID,
    "13871234567",
    "张小明",
    "zhangxiaoming",
    "xiaoming",
    "zxm",
    "4201009001",
    "91420100MAPX000109",
    "演练单位",
)


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("", Weakness.SHORT),
        ("077777", Weakness.SHORT),  # the old default: last six of the ID number
        ("03077777", Weakness.SHORT),  # last eight
        ("19900307", Weakness.SHORT),
        ("13871234567", Weakness.SHORT),
        ("aaaaaaaa", Weakness.PLAIN),
        ("Ab1Ab1Ab1", Weakness.PLAIN),
        (ID, Weakness.PLAIN if len(set(ID)) < 5 else Weakness.KNOWN),
        ("X077777x!", Weakness.PLAIN),
        ("ab307777", Weakness.KNOWN),
        ("777703ABcd", Weakness.KNOWN),  # backwards
        ("zxm19900307", Weakness.KNOWN),
        ("Zhangxiaoming1!", Weakness.KNOWN),
        ("张小明zxm2024", Weakness.KNOWN),
        ("p-13871234567", Weakness.KNOWN),
        ("13900001111a", Weakness.KNOWN),  # a phone of somebody unknown
        ("MAPX000109!!", Weakness.KNOWN),
        ("４２０１００９００１ab", Weakness.KNOWN),  # full-width figures
        ("Password123!", Weakness.COMMON),
        ("qwertyuiop", Weakness.COMMON),
        ("Shebao@2024", Weakness.COMMON),
        ("1qaz2wsx", Weakness.COMMON),
        ("Admin-98765", Weakness.COMMON),
    ],
)
def test_what_is_no_password(password: str, wrong: Weakness) -> None:
    assert weakness(password, KNOWN) is wrong


@pytest.mark.parametrize(
    "password", ["moss.Tuba!harbour", "三只灰鹤飞过江面", "Vier*blaue#Zelte", "kx7!Rw2$gq", "820364917052"]
)
def test_what_is_one(password: str) -> None:
    assert weakness(password, KNOWN) is None


def test_an_unknown_persons_number_is_none_either() -> None:
    assert weakness("110105198812052222") is Weakness.KNOWN
    assert weakness("zz198812052222") is not None
