"""A new business is a folder of data: loaded from elsewhere, read, checked, with texts of its own, and no Python."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.catalog.people import MAN, codes, context, errors
from unitclient import texts
from unitclient.catalog import Catalog, check_batch, check_row, load_catalog
from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.paths import resources_root

FORM = """
id = "card-photo"
version = "2026.1"
effect = "record"
key = ["id_number"]
source = "示例"
title = { zh = "社保卡照片补采", en = "Photo for the card" }

[text.home-delivery]
zh = "邮寄到家的卡须本人签收。"
en = "A card sent home is signed for in person."

[[field]]
name = "id_number"
code = "AAC147"
type = "id_number"
required = true
title = { zh = "证件号码", en = "ID number" }

[[field]]
name = "taken_on"
type = "date"
required = true
title = { zh = "拍摄日期", en = "Taken on" }

[[field]]
name = "delivery"
type = "code"
table = "sex"
default = "9"
title = { zh = "领取方式", en = "Delivery" }

[[field]]
name = "address"
type = "text"
max_length = 20
title = { zh = "邮寄地址", en = "Address" }
required_when = [{ field = "delivery", values = ["1"] }]

[[field]]
name = "size"
type = "integer"
title = { zh = "文件大小", en = "Size" }

[[field]]
name = "fee"
type = "money"
title = { zh = "工本费", en = "Fee" }

[[field]]
name = "serial"
type = "text"
title = { zh = "批次号", en = "Batch" }

[[field]]
name = "account"
type = "bank_card"
title = { zh = "银行卡号", en = "Bank card" }

[[field]]
name = "employer"
type = "uscc"
title = { zh = "统一社会信用代码", en = "USCC" }

[[check]]
name = "not-future"
field = "taken_on"

[[check]]
name = "range"
field = "size"
minimum = 14
maximum = 40

[[check]]
name = "range"
field = "fee"
maximum = 2000
warn = true

[[check]]
name = "pattern"
field = "serial"
pattern = "[A-Z]{2}\\\\d{6}"

[[check]]
name = "one-of"
fields = ["serial", "fee"]

[[check]]
name = "unique-rows"

[[consequence]]
text = "home-delivery"
field = "delivery"
values = ["1"]
"""

GOOD = {"证件号码": MAN, "拍摄日期": "2026/7/1", "领取方式": "9", "文件大小": "20", "批次号": "AB123456"}


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    folder = tmp_path / "card-photo" / "2026.1"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text(FORM, "utf-8")
    return load_catalog(tmp_path, resources_root())


def by_title(catalog: Catalog, cells: Mapping[str, object]) -> dict[str, object]:
    """Cells by field name, as an importer maps them by their titles."""
    found = {title: catalog.form("card-photo").column_for(title) for title in cells}
    return {field[0].name: cells[title] for title, field in found.items() if field is not None}


def test_it_is_there_and_checked(catalog: Catalog) -> None:
    form = catalog.form("card-photo")
    assert (form.effect, form.version, len(form.columns())) == (ChangeKind.RECORD, "2026.1", 9)
    row = check_row(form, by_title(catalog, GOOD), context())
    assert row.findings == ()
    assert row.values == {
        "id_number": MAN,
        "taken_on": "2026-07-01",
        "delivery": "9",
        "address": None,
        "size": 20,
        "fee": None,
        "serial": "AB123456",
        "account": None,
        "employer": None,
    }


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"拍摄日期": date(2026, 7, 11)}, [("DATE_FUTURE", "taken_on")]),
        ({"文件大小": 41}, [("OUT_OF_RANGE", "size")]),
        ({"批次号": "AB12345"}, [("BAD_FORMAT", "serial")]),
        ({"批次号": None}, [("ONE_OF", "serial")]),
        ({"批次号": None, "工本费": 10}, []),
        ({"领取方式": "1"}, [("REQUIRED", "address")]),
        ({"领取方式": "1", "邮寄地址": "某路1号"}, []),
        ({"邮寄地址": "长" * 21}, [("TOO_LONG", "address")]),
        ({"统一社会信用代码": "91510100ma6tex000p"}, []),
        ({"统一社会信用代码": "91350100M000100Y40"}, [("BAD_USCC", "employer")]),
        ({"银行卡号": "4000 0000 0000 0002"}, []),
        ({"银行卡号": 6200000000000000000}, [("NUMBER_ID", "account")]),
    ],
)
def test_what_it_refuses(catalog: Catalog, cells: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert errors(check_row(catalog.form("card-photo"), by_title(catalog, GOOD | cells), context())) == found


def test_a_limit_that_only_warns_and_shows_yuan(catalog: Catalog) -> None:
    row = check_row(catalog.form("card-photo"), by_title(catalog, GOOD | {"工本费": "20.01"}), context())
    assert codes(row) == ["OUT_OF_RANGE"]
    assert not errors(row)
    assert row.findings[0].params["maximum"] == "20.00"


def test_a_doubtful_card_is_kept_with_a_warning(catalog: Catalog) -> None:
    row = check_row(catalog.form("card-photo"), by_title(catalog, GOOD | {"银行卡号": "4000000000000003"}), context())
    assert (row.values["account"], codes(row), errors(row)) == ("4000000000000003", ["CARD_DOUBTFUL"], [])


def test_its_own_texts_in_both_languages(catalog: Catalog) -> None:
    form = catalog.form("card-photo")
    row = check_row(form, by_title(catalog, GOOD | {"领取方式": "1"}), context())
    assert row.consequences == ("home-delivery",)
    assert form.say(row.consequences[0]) == "邮寄到家的卡须本人签收。"
    texts.use_language("en")
    try:
        assert form.say(row.consequences[0]).startswith("A card")
        assert str(form.title) == "Photo for the card"
    finally:
        texts.use_language("zh")


def test_a_screen_and_a_print_layout_come_by_themselves(catalog: Catalog) -> None:
    form = catalog.form("card-photo")
    assert [section.fields for section in form.screen.sections] == [tuple(form.by_name)]
    assert form.print.columns == tuple(form.by_name)


def test_its_batch(catalog: Catalog) -> None:
    form = catalog.form("card-photo")
    rows = [check_row(form, by_title(catalog, GOOD), context())] * 2
    assert [each.row for each in check_batch(form, rows, context())] == [1]


def test_a_form_with_an_effect_must_have_what_the_effect_needs(tmp_path: Path) -> None:
    folder = tmp_path / "card-photo" / "2026.1"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text(FORM.replace('"record"', '"enrol"'), "utf-8")
    with pytest.raises(UserError) as refused:
        load_catalog(tmp_path, resources_root())
    assert (refused.value.params["line"], "name" in refused.value.params["reason"]) == ("4", True)
