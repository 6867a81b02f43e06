"""Every amount explained: how base and both parts of one person's lines were made, to the fen, and by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from unitclient.domain.contribution import contribution
from unitclient.domain.insurance import Insurance
from unitclient.domain.money import PPM
from unitclient.domain.policy import InsuranceRule, MonthPolicy
from unitclient.workflows.lines import Row


@dataclass(frozen=True, slots=True)
class PartExplained:
    """One side of a line. `exact` is base x rate before rounding, in fen; `fixed_fen` is added after it."""

    rate_ppm: int
    fixed_fen: int
    rounding: str
    exact: Fraction
    amount_fen: int
    """What the declaration says."""
    computed_fen: int
    """What the rule gives now."""

    @property
    def rounded(self) -> bool:
        """Whether the exact amount is no whole number of fen."""
        return self.exact.denominator != 1

    @property
    def agrees(self) -> bool:
        """Whether the declared amount is what the rule gives."""
        return self.amount_fen == self.computed_fen


@dataclass(frozen=True, slots=True)
class LineExplained:
    """One insurance of one person. `clamped` is "floor", "cap" or "" (the wage itself). Amounts are fen.

    `unit` and `person` are None when the policy of today knows no rule for the line. `before` is (base, unit's part,
    person's part) of the month before, None when the line is new.
    """

    insurance: str
    wage_fen: int
    base_fen: int
    clamped: str
    unit_fen: int
    person_fen: int
    rule: InsuranceRule | None
    unit: PartExplained | None
    person: PartExplained | None
    before: tuple[int, int, int] | None

    @property
    def reference(self) -> bool:
        """Whether nobody has checked the rule against the official notice (参考数据)."""
        return self.rule is not None and not self.rule.confirmed

    @property
    def agrees(self) -> bool:
        """Whether the rule of today gives the declared amounts."""
        return self.unit is not None and self.person is not None and self.unit.agrees and self.person.agrees


def explain(rows: Sequence[Row], before: Sequence[Row], policy: MonthPolicy) -> tuple[LineExplained, ...]:
    """The lines of one person (`lines.COLUMNS`) in the order of the insurances, each explained by its rule.

    `before` are the same person's lines of the month before.
    """
    order = [word.value for word in Insurance]
    rows = sorted(rows, key=lambda row: order.index(row[2]) if row[2] in order else len(order))
    earlier = {insurance: (base, unit, own) for _, _, insurance, _, base, unit, own in before}
    return tuple(_explained(row, earlier.get(row[2]), policy) for row in rows)


def _explained(row: Row, before: tuple[int, int, int] | None, policy: MonthPolicy) -> LineExplained:
    _, _, insurance, wage, base, unit, own = row
    rule = policy.rules.get(Insurance(insurance)) if insurance in set(Insurance) else None
    if rule is None:
        return LineExplained(insurance, wage, base, "", unit, own, None, None, None, before)
    given = contribution(wage, rule)
    return LineExplained(
        insurance,
        wage,
        base,
        given.clamped,
        unit,
        own,
        rule,
        _part(base, rule.unit_rate_ppm or 0, rule.unit_fixed_fen, rule.unit_rounding, unit, given.unit_fen),
        _part(base, rule.person_rate_ppm or 0, rule.person_fixed_fen, rule.person_rounding, own, given.person_fen),
        before,
    )


def _part(base: int, rate: int, fixed: int, rounding: str, declared: int, computed: int) -> PartExplained:
    return PartExplained(rate, fixed, str(rounding), Fraction(base * rate, PPM), declared, computed)
