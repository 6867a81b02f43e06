"""Checking rows against a form: the one way for the client's import and for the central service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unitclient.catalog.checks.registry import BatchFinding
from unitclient.catalog.context import CheckContext, CheckedRow
from unitclient.catalog.model import Form


def check_row(form: Form, raw: Mapping[str, object], context: CheckContext) -> CheckedRow:
    """Read and check one row. `raw` maps field names to cells as typed; names that are no field's are left alone.

    Cells are str, int, float, date, datetime, bool, None or a list of names (insurances); values that this function
    gave before may be given again. Money cells are in *yuan*: for values in fen use `recheck_row`.
    """
    return form.program.run(raw, context)


def recheck_row(form: Form, values: Mapping[str, object], context: CheckContext) -> CheckedRow:
    """Check a row of typed values, as `check_row` gave them or a declaration carries them: money is int fen."""
    return form.program.rerun(values, context)


def check_batch(form: Form, rows: Sequence[CheckedRow], context: CheckContext) -> list[BatchFinding]:
    """The checks over all rows of one declaration: a person twice, nobody left. Give only rows without errors."""
    return form.program.run_batch(rows, context)
