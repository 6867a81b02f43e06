"""The columns of the roster, and where a finding about a form's field is shown in it."""

from __future__ import annotations

from unitclient.desktop.models.columns import ColumnSpec, Kind

NAME, ID, STATE, WAGE, NEW_WAGE, EFFECT = "name", "id_number", "state", "wage", "new_wage", "start_month"
BASE, INSURANCES, SINCE, DEPARTMENT, CHANGE = "base", "insurances", "since", "department", "change"
FROZEN = 2

COLUMNS = (
    ColumnSpec(NAME, "d-roster-name", width=10),
    ColumnSpec(ID, "d-roster-id", Kind.ID, width=20, sensitive=True),
    ColumnSpec(STATE, "d-roster-state", Kind.STATE, width=10),
    ColumnSpec(WAGE, "d-roster-wage", Kind.MONEY, width=11, sensitive=True),
    ColumnSpec(NEW_WAGE, "d-roster-new-wage", Kind.MONEY, width=11, sensitive=True, sortable=False, editable=True),
    ColumnSpec(EFFECT, "d-roster-effect", Kind.MONTH, width=8, sortable=False),
    ColumnSpec(BASE, "d-roster-base", Kind.MONEY, width=11, sensitive=True, sortable=False),
    ColumnSpec(DEPARTMENT, "d-roster-department", width=12, editable=True),
    ColumnSpec(CHANGE, "d-roster-change", width=22, sortable=False),
    ColumnSpec(SINCE, "d-roster-since", Kind.MONTH, width=8),
    ColumnSpec(INSURANCES, "d-roster-insurances", width=26, sortable=False),
)

_BY_FIELD = {
    "name": NAME,
    "id_number": ID,
    "wage": NEW_WAGE,
    "old_wage": WAGE,
    "start_month": EFFECT,
    "insurances": INSURANCES,
    "department": DEPARTMENT,
}


def column_of_field(field: str) -> str:
    """The column where a finding about a form's field is shown; what has no column of its own is a change's."""
    return _BY_FIELD.get(field, CHANGE)
