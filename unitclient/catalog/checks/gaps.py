"""Checks of months that were left out (中断期), and of the proof that they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.catalog.checks.registry import Param, RowCheck, field_param, row_check
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field
from unitclient.domain.period import Period


@row_check(
    "insurances-among",
    refuses=("INSURANCE_NOT_HERE",),
    insurances=field_param("insurances"),
    words=Param("words", needed=True),
)
def insurances_among(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Only these insurances take part in the business."""
    name, words = params["insurances"], frozenset(params["words"])

    def run(row: RowState) -> None:
        if not words.issuperset(row.values[name]):
            row.refuse("INSURANCE_NOT_HERE", name)

    return run


@row_check(
    "gap-months",
    refuses=("GAP_BEFORE_INSURED", "MONTH_COVERED"),
    first=field_param("from_month"),
    last=field_param("to_month"),
    insurances=field_param("insurances"),
)
def gap_months(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The months must lie in a gap: after the person was first insured here, and outside what is covered."""
    first, last, insurances = params["first"], params["last"], params["insurances"]

    def run(row: RowState) -> None:
        person, values = row.person, row.values
        if person is None:
            return
        begin, end = Period.parse(values[first]), Period.parse(values[last])
        held = [span for name, span in person.coverage.items() if name in values[insurances]]
        if person.since is not None and begin < person.since:
            row.refuse("GAP_BEFORE_INSURED", first, since=str(person.since))
        if any(span.since <= end and (span.until is None or span.until >= begin) for span in held):
            row.refuse("MONTH_COVERED", first)

    return run


@row_check(
    "evidence-of-old-months",
    refuses=("B602",),
    month=field_param("from_month"),
    evidence=field_param("evidence_kind"),
    months=Param("int", 36),
    codes=Param("words", needed=True),
)
def evidence_of_old_months(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Months longer ago than `months` need one of these kinds of evidence (B602): a legal document."""
    month, evidence, months, codes = (params[name] for name in ("month", "evidence", "months", "codes"))

    def run(row: RowState) -> None:
        if row.values[month] < row.context.month_offset(-months) and row.values[evidence] not in codes:
            row.refuse("B602", evidence, months=str(months))

    return run


@row_check(
    "insurance-of-unit",
    refuses=lambda params: ("INSURANCE_NOT_OF_UNIT",) if params["taken"] else ("UNIT_HAS_INSURANCE", "NO_RULE"),
    field=field_param("insurance"),
    taken=Param("flag", default=True),
)
def insurance_of_unit(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The unit must take part in the insurance; with `taken = false` it must not yet, and the region must have it."""
    name, taken = params["field"], params["taken"]

    def run(row: RowState) -> None:
        insurance = row.values[name]
        policy = row.context.policy(row.context.period)
        if taken and insurance not in row.context.unit_insurances:
            row.refuse("INSURANCE_NOT_OF_UNIT", name, word=insurance)
        elif not taken and insurance in row.context.unit_insurances:
            row.refuse("UNIT_HAS_INSURANCE", name)
        elif not taken and policy is not None and insurance not in policy.rules:
            row.refuse("NO_RULE", name, insurance=insurance, period=row.context.period_text)

    return run
