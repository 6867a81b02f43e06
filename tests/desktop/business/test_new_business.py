"""A business that nobody wrote a line of Python for: its folder is all it takes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.business.helpers import November, put, waiting
from tests.desktop.stage import UNIT, add_units, make_stage, parts
from unitclient.catalog.loader import load_catalog
from unitclient.desktop.pages.business import SPEC
from unitclient.desktop.pages.business.page import BusinessPage
from unitclient.paths import forms_root, resources_root

FORM = """
id = "phone-change"
version = "1"
effect = "record"
key = ["id_number"]
source = "演练"
title = { zh = "联系电话变更", en = "Change of phone" }
summary = { zh = "人员的新联系电话，每人一行。", en = "New phones of persons, one row each." }

[[field]]
name = "name"
code = "AAC003"
type = "name"
required = true
title = { zh = "姓名", en = "Name" }

[[field]]
name = "id_number"
code = "AAC147"
type = "id_number"
required = true
title = { zh = "证件号码", en = "ID number" }

[[field]]
name = "phone"
code = "AAE005"
type = "phone"
required = true
title = { zh = "新联系电话", en = "New phone" }

[[field]]
name = "card"
code = "AAE010"
type = "bank_card"
title = { zh = "银行账号", en = "Bank account" }

[[field]]
name = "employer"
code = "AAB003"
type = "uscc"
title = { zh = "用工单位", en = "Employer" }

[[check]]
name = "unique-rows"

[screen]
columns = ["name", "id_number", "phone"]

[[screen.section]]
title = { zh = "人员", en = "Person" }
fields = ["name", "id_number"]

[[screen.section]]
title = { zh = "电话", en = "Phone" }
fields = ["phone", "card", "employer"]

[print]
title = { zh = "联系电话变更表", en = "Change of phone" }
columns = ["name", "id_number", "phone"]
signature = [{ zh = "经办人", en = "Operator" }]
"""


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """The forms of the program, and one more folder."""
    root = tmp_path / "forms"
    shutil.copytree(forms_root(), root)
    folder = root / "phone-change" / "1"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text(FORM, "utf-8")
    return root


def test_a_folder_becomes_a_business_with_list_inputs_checks_and_table(
    tmp_path: Path, forms: Path, qtbot: QtBot
) -> None:
    add_units(tmp_path / "home", UNIT)
    stage = make_stage(tmp_path / "home", clock=November(), opened=False)
    stage.session.open(replace(parts(), catalog=load_catalog(forms, resources_root())))
    made = SPEC.make(stage.services)
    assert isinstance(made, BusinessPage)
    qtbot.addWidget(made)
    made.on_shown()
    made.presenter.choose("phone-change")
    put(made, name="王示范", id_number="420100198505051023", phone="13800000000")
    made.main_action()
    (item,) = waiting(stage, "phone-change")
    assert item.values["phone"] == "13800000000"
    made.refresh()
    titles = [column.title() for column in made.view.table.model().columns]
    assert titles == ["状态", "姓名", "证件号码", "新联系电话", "来源"]
    assert made.view.table.model().index(0, 3).data() == "13800000000"
    stage.close()
