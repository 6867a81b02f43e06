"""Checks over all rows of one declaration together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from unitclient.catalog.checks.registry import ALL_ROWS, BatchCheck, BatchFinding, batch_check
from unitclient.catalog.context import CheckContext, CheckedRow
from unitclient.catalog.model import Field
from unitclient.domain.findings import Finding, Severity


@batch_check("unique-rows", refuses=("DUPLICATE_ROW",))
def unique_rows(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> BatchCheck:
    """No key twice in one declaration. The second and later rows are refused; `first` is the 1-based first one."""
    key_field = params["form"].key[0]

    def run(rows: Sequence[CheckedRow], _context: CheckContext) -> Iterator[BatchFinding]:
        seen: dict[str, int] = {}
        for index, row in enumerate(rows):
            first = seen.setdefault(row.key, index)
            if first != index and row.key:
                value = str(row.values.get(key_field) or "")
                yield BatchFinding(
                    index, Finding("DUPLICATE_ROW", field=key_field, value=value, params={"first": str(first + 1)})
                )

    return run


@batch_check("everyone-present")
def everyone_present(_params: Mapping[str, Any], _fields: Mapping[str, Field]) -> BatchCheck:
    """An annual declaration names every insured person; how many are missing is told, for it may come in parts."""

    def run(rows: Sequence[CheckedRow], context: CheckContext) -> Iterator[BatchFinding]:
        missing = context.active_count - len({row.person_id for row in rows if row.person_id})
        if missing > 0:
            yield BatchFinding(ALL_ROWS, Finding("PERSONS_MISSING", Severity.NOTICE, params={"missing": str(missing)}))

    return run


@batch_check("someone-left", refuses=("B404",))
def someone_left(_params: Mapping[str, Any], _fields: Mapping[str, Field]) -> BatchCheck:
    """Stops must leave somebody insured (B404), one row or many; deregistering the unit is another business."""

    def run(rows: Sequence[CheckedRow], context: CheckContext) -> Iterator[BatchFinding]:
        people = {row.person_id for row in rows if row.person_id}
        if people and len(people) >= context.active_count > 0:
            yield BatchFinding(ALL_ROWS, Finding("B404"))

    return run
