"""Checks that compare what the row says of a person with what the ID number and the roster say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.catalog.checks.registry import RowCheck, field_param, row_check
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field


@row_check("name-of-roster", refuses=("B102",), field=field_param("name"))
def name_of_roster(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The name must be the roster's for this number (B102): a slip in either would stop somebody else."""
    name = params["field"]

    def run(row: RowState) -> None:
        person = row.person
        if person is not None and person.name != row.values[name]:
            row.refuse("B102", name)

    return run


@row_check("sex-of-number", sex=field_param("sex"))
def sex_of_number(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The sex should be the number's (17th digit: odd male)."""
    name = params["sex"]

    def run(row: RowState) -> None:
        if row.sex and row.values[name] in ("1", "2") and row.values[name] != row.sex:
            row.warn("SEX_DIFFERS", name)

    return run


@row_check("birth-of-number", birth=field_param("birth"))
def birth_of_number(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The day of birth should be the number's."""
    name = params["birth"]

    def run(row: RowState) -> None:
        if row.birth and row.values[name] != row.birth:
            row.warn("BIRTH_DIFFERS", name)

    return run
