"""The department: read from the unit's sheets, kept here to find people by, and never declared."""

from __future__ import annotations

import json
from pathlib import Path

from tests.workflows.test_entering import MONTH, UNIT, desk
from unitclient.sheets.sample import make_sample
from unitclient.store.declarations import find_declarations
from unitclient.store.items import items
from unitclient.store.person_notes import catch_up, departments
from unitclient.workflows.desk import Desk
from unitclient.workflows.importing import import_form
from unitclient.workflows.prepare import prepare_month

__all__ = ["desk"]


def test_a_department_column_is_read_and_not_declared(desk: Desk, tmp_path: Path) -> None:
    sheet = tmp_path / "people.xlsx"
    make_sample(sheet, 20, 7, MONTH, wrong_every=0)
    result = import_form(desk, UNIT, "enrol", sheet)
    assert result.taken == 20
    typed = {item.values["department"] for item in items(desk.store, UNIT.unit_number, "enrol")}
    assert "生产部" in typed
    prepare_month(desk, UNIT, MONTH)
    (enrolment,) = find_declarations(desk.store, UNIT.unit_number, form="enrol")
    assert "department" not in json.loads(enrolment.payload)["columns"]
    assert "生产部" not in enrolment.payload.decode()
    catch_up(desk.store, UNIT.unit_number)
    assert set(departments(desk.store, UNIT.unit_number)) == typed
