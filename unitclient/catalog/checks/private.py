"""Checks that keep personal data out of what is written freely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.catalog.checks.registry import RowCheck, field_param, optional_field, row_check
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field
from unitclient.domain.masking import hide_persons


@row_check("hide-persons", field=field_param(), keep=optional_field("acceptance_number"))
def hide_persons_check(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """Numbers and names of persons in a text are hidden before it is declared, and the clerk is told what is sent.

    The number in the field `keep` stays.
    """
    name, keep = params["field"], params["keep"]

    def run(row: RowState) -> None:
        def name_of(number: str) -> str:
            person = row.context.person(number)
            return person.name if person is not None else ""

        said = str(row.values[name])
        shown = hide_persons(said, name_of, str((row.values.get(keep) if keep in fields else "") or ""))
        if shown != said:
            row.values[name] = shown
            row.tell("HIDDEN", name, shown=shown)

    return run
