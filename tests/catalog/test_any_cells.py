"""Whatever stands in the cells, a form answers with values and findings; it never raises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.people import MAN, WOMAN, catalog, context, enrolment, errors, form, number, person, stop
from unitclient.catalog import CheckedRow, FieldType, Form, check_batch, check_row, recheck_row
from unitclient.domain.period import Period
from unitclient.domain.roster import PersonState

PEOPLE = (person(), person(WOMAN, "李小红", state=PersonState.SUSPENDED, until=Period(2026, 3)))
MONTHS = st.one_of(
    st.dates(), st.datetimes(), st.dates(date(2019, 1, 1), date(2027, 12, 31)), st.integers(0, 10**8), st.floats()
)
ANY = st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats(), st.booleans(), MONTHS)
LIKELY: Mapping[FieldType, st.SearchStrategy[object]] = {
    FieldType.ID_NUMBER: st.sampled_from([MAN, WOMAN, "110000900307001", number("20100702"), number("19500101")]),
    FieldType.NAME: st.sampled_from(["王小明", "李小红", "王 小明", "艾尔肯•吐尔逊"]),
    FieldType.MONTH: st.builds(lambda months: str(Period(2026, 7) + months), st.integers(-100, 12)),
    FieldType.DATE: st.dates(date(2024, 1, 1), date(2026, 8, 1)).map(date.isoformat),
    FieldType.MONEY: st.integers(0, 10**5),
    FieldType.INTEGER: st.integers(-2, 14),
    FieldType.YEAR: st.integers(2024, 2028),
    FieldType.INSURANCES: st.sampled_from(["养老、失业", "工伤", "全部", ["injury"], "/"]),
}


def cells_of(one: Form) -> st.SearchStrategy[dict[str, object]]:
    """Rows of which most cells are likely and some are anything."""
    cells = {}
    for field in one.fields:
        likely = LIKELY.get(field.type, st.text(max_size=5))
        if field.table is not None:
            likely = st.sampled_from([name for row in field.table.rows for name in (row.code, row.name)])
        cells[field.name] = st.one_of(likely, likely, likely, st.none(), ANY)
    return st.fixed_dictionaries(cells)


@pytest.mark.parametrize("form_id", sorted(catalog().forms))
@given(data=st.data())
def test_any_cells(form_id: str, data: st.DataObject) -> None:
    one = form(form_id)
    row = check_row(one, data.draw(cells_of(one)), context(*PEOPLE))
    assert set(row.values) == set(one.by_name)
    assert all(type(value) in (str, int, list, type(None)) for value in row.values.values())
    if not errors(row):
        again = recheck_row(one, row.values, context(*PEOPLE))
        assert again.values == row.values
        assert (again.key, again.defaulted, errors(again)) == (row.key, (), [])
    check_batch(one, [row, row], context(*PEOPLE))


@pytest.mark.parametrize("form_id", sorted(catalog().forms))
@given(data=st.data())
def test_any_values_sent_to_the_centre(form_id: str, data: st.DataObject) -> None:
    one = form(form_id)
    values = data.draw(st.fixed_dictionaries(dict.fromkeys(one.by_name, st.one_of(ANY, st.lists(st.text(max_size=3))))))
    assert isinstance(recheck_row(one, values, context(*PEOPLE)), CheckedRow)


def test_the_likely_rows_do_pass() -> None:
    """Else the two tests above would only ever see refused rows."""
    assert not errors(check_row(form("enrol"), enrolment(), context()))
    assert not errors(check_row(form("stop"), stop(), context(*PEOPLE)))
