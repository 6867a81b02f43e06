"""Every code table says where it is from, of which day, and whether a published source confirms it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from unitclient.app import load_parts

TABLES = load_parts().catalog.tables
_OWN = ("本程序自编", "本程序自用", "正式使用前", "演练")


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_says_where_it_is_from(name: str) -> None:
    table = TABLES[name]
    assert table.source
    assert date.fromisoformat(table.date).isoformat() == table.date
    assert not (table.confirmed and any(word in table.source for word in _OWN))


def test_no_two_tables_are_one() -> None:
    """A table that another one has all the codes of is that one with `only`."""
    rows = {name: {(row.code, row.name) for row in table.rows} for name, table in TABLES.items()}
    assert [(a, b) for a in rows for b in rows if a != b and rows[a] <= rows[b]] == []


def test_what_is_not_confirmed_is_said_in_the_help_of_its_fields() -> None:
    """And only there: a field of a confirmed table, or of none, has its own help alone."""
    for form in load_parts().catalog.forms.values():
        for field in form.fields:
            told = field.guidance()
            assert ("尚未核实" in told) == field.unconfirmed == (field.table is not None and not field.table.confirmed)
            assert told.startswith(str(field.help))
            if field.unconfirmed and field.table is not None:
                assert field.table.date in told


_OTHER_THINGS = {
    "signed_on", "end_date", "department", "reason", "end_reason", "evidence", "tier", "channel", "receiver",
}  # fmt: skip
"""Names that mean another thing in another business: the day an account is unlinked, the day somebody leaves."""


def test_one_name_is_one_element() -> None:
    """A field of the same name has the same element code everywhere, and nobody is called by two words."""
    codes: dict[str, set[str]] = {}
    for form in load_parts().catalog.forms.values():
        for field in form.fields:
            codes.setdefault(field.name, set()).add(field.code)
        told = " ".join((str(form.title), str(form.summary), *(str(field.title) for field in form.fields)))
        assert not re.search("社保卡|参保人(?!员|数)|联系地址|批准文号|「", told), form.id
    assert {name for name, found in codes.items() if len(found) > 1} == _OTHER_THINGS
