"""Checks of wages and amounts. A wage outside the limits is told, never refused: the base is clamped, not the wage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from unitclient.catalog.checks.registry import Param, RowCheck, field_param, optional_field, row_check
from unitclient.catalog.context import CheckContext, RowState
from unitclient.catalog.model import Field
from unitclient.domain.contribution import contribution
from unitclient.domain.money import Rounding, format_fen, round_fraction
from unitclient.domain.period import Period
from unitclient.domain.policy import InsuranceRule


class Limits(NamedTuple):
    """The limits over several insurances: between `inner_floor` and `inner_cap` no base is clamped at all."""

    inner_floor: int
    inner_cap: int
    floor: int
    cap: int


_NO_LIMITS = Limits(0, 10**15, 0, 10**15)


@row_check(
    "wage-limits",
    wage=field_param("wage"),
    month=optional_field("start_month"),
    insurances=optional_field("insurances"),
    unusual_times=Param("int", 10),
)
def wage_limits(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """B301 / B302: the base of some insurance will be the floor or the cap. A wage far beyond both is a warning.

    The limits are those of the row's month; without one, of the declaration's period. `unusual_times`: how many
    times above the cap, or below the floor, a wage looks like a typing mistake (fen, a year's total, thousands).
    """
    wage, month, insurances, times = (params[name] for name in ("wage", "month", "insurances", "unusual_times"))
    month = month if month in fields else ""

    def run(row: RowState) -> None:
        values, context = row.values, row.context
        at = (values[month] if month else None) or context.period_text
        chosen = tuple(values.get(insurances) or context.unit_insurances)
        limits = context.memo.get((at, chosen)) or _limits(context, at, chosen)
        fen = values[wage]
        if limits[0] <= fen <= limits[1]:  # inner floor and cap
            return
        if fen * times < limits.floor or fen > limits.cap * times:
            row.warn("WAGE_UNUSUAL", wage)
        if fen < limits.inner_floor:
            row.tell("B301", wage, limit=format_fen(limits.inner_floor), month=at)
        else:
            row.tell("B302", wage, limit=format_fen(limits.inner_cap), month=at)

    return run


def _limits(context: CheckContext, month: str, insurances: tuple[str, ...]) -> Limits:
    policy = context.policy(Period.parse(month))
    rules = [rule for name, rule in policy.rules.items() if name in insurances] if policy is not None else []
    floors = [rule.base_min_fen for rule in rules if rule.base_min_fen is not None]
    caps = [rule.base_max_fen for rule in rules if rule.base_max_fen is not None]
    limits = Limits(
        max(floors, default=_NO_LIMITS.floor),
        min(caps, default=_NO_LIMITS.cap),
        min(floors, default=_NO_LIMITS.floor),
        max(caps, default=_NO_LIMITS.cap),
    )
    context.memo[(month, insurances)] = limits
    return limits


@row_check(
    "average-wage",
    refuses=("AVERAGE_WRONG",),
    wage=field_param("wage"),
    total=field_param("wage_total"),
    months=field_param("months"),
    tolerance=Param("int", 100),
)
def average_wage(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The wage must be the year's total over the months, within `tolerance` fen: some regions round to the yuan."""
    wage, total, months, tolerance = (params[name] for name in ("wage", "total", "months", "tolerance"))

    def run(row: RowState) -> None:
        values = row.values
        count = values[months]
        if count > 0 and abs(values[wage] * count - values[total]) >= tolerance * count:
            row.refuse("AVERAGE_WRONG", wage)

    return run


def average_of(total_fen: int, months: int) -> int:
    """Monthly average of a year's total, half-up to the fen."""
    return round_fraction(total_fen, months, Rounding.FEN_HALF_UP)


@row_check("wage-changed", wage=field_param("wage"), old=optional_field("old_wage"))
def wage_changed(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The old wage should be the roster's, and the new one another."""
    wage, old = params["wage"], params["old"]

    def run(row: RowState) -> None:
        known = row.person.wage_fen if row.person is not None else None
        before = row.values.get(old)
        if before is not None and known is not None and before != known:
            row.warn("OLD_WAGE_DIFFERS", old)
        if row.values[wage] == known:
            row.warn("WAGE_SAME", wage)

    return run


@row_check(
    "line-amounts",
    refuses=("NO_RULE", "AMOUNT_DIFFERS"),
    insurance=field_param("insurance"),
    wage=field_param("wage"),
    base=field_param("base"),
    unit=field_param("unit_amount"),
    person=field_param("person_amount"),
)
def line_amounts(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Base and both amounts of a line must be what the policy of the month gives for its wage."""
    insurance, wage, base, unit, person = (params[n] for n in ("insurance", "wage", "base", "unit", "person"))

    def run(row: RowState) -> None:
        rule = _rule(row, row.values[insurance])
        if rule is None:
            row.refuse("NO_RULE", insurance)
            return
        expected = contribution(row.values[wage], rule)
        for name, fen in ((base, expected.base_fen), (unit, expected.unit_fen), (person, expected.person_fen)):
            if row.values[name] != fen:
                row.refuse("AMOUNT_DIFFERS", name)

    return run


def _rule(row: RowState, insurance: str) -> InsuranceRule | None:
    policy = row.context.memo.get("policy")
    if policy is None:
        policy = row.context.memo["policy"] = row.context.policy(row.context.period)
    if policy is None:
        return None
    return next((rule for name, rule in policy.rules.items() if name == insurance), None)


@row_check(
    "months-not-paid",
    first=field_param("from_month"),
    last=field_param("to_month"),
    insurances=field_param("insurances"),
    reason=optional_field("reason"),
    difference_reasons=Param("words", default=("11", "13", "20")),
)
def months_not_paid(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Months insured here already are paid again only as arrears or a difference: full months are pointed out."""
    first, last, insurances, reason = (params[name] for name in ("first", "last", "insurances", "reason"))
    differences = frozenset(params["difference_reasons"])

    def run(row: RowState) -> None:
        person, values = row.person, row.values
        if person is None or values.get(reason) in differences:
            return
        wanted = [held for name, held in person.coverage.items() if name in values[insurances]]
        begin, end = Period.parse(values[first]), Period.parse(values[last])
        if any(held.since <= end and (held.until is None or held.until >= begin) for held in wanted):
            row.warn("MONTH_COVERED", first)

    return run
