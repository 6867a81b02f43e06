"""Contribution amounts: base = the wage after floor and cap, per insurance; amount = base x rate + fixed part.

The declared wage is rounded to the yuan before the limits are applied, amounts are rounded per person, insurance and
side; a clamped base is something to tell, not an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from unitclient.domain.money import PPM, Rounding, format_fen, rate_text, round_fraction, round_ratio, rounder
from unitclient.domain.policy import InsuranceRule, UnitTotalMethod

FLOOR = "floor"
CAP = "cap"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One person and one insurance in one month, in fen. `clamped` is "floor", "cap" or ""."""

    base_fen: int
    unit_fen: int
    person_fen: int
    clamped: str
    rule: InsuranceRule

    @property
    def unit_formula(self) -> str:
        """How the unit's amount was made: "3463.00 × 0.6%"."""
        return formula(self.base_fen, self.rule.unit_rate_ppm or 0, self.rule.unit_fixed_fen)

    @property
    def person_formula(self) -> str:
        """How the person's amount was made: "3740.00 × 2% + 7.00"."""
        return formula(self.base_fen, self.rule.person_rate_ppm or 0, self.rule.person_fixed_fen)


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """The unit's total by the package's method, by the other one, and how far apart the two may lie (fen)."""

    total_fen: int
    sum_of_rounded_fen: int
    rate_times_sum_fen: int
    bound_fen: Fraction

    @property
    def difference_fen(self) -> int:
        """Sum of the rounded amounts minus rate times sum."""
        return self.sum_of_rounded_fen - self.rate_times_sum_fen


def formula(base_fen: int, rate_ppm: int, fixed_fen: int) -> str:
    """An amount as a reader would compute it again."""
    fixed = f" + {format_fen(fixed_fen)}" if fixed_fen else ""
    return f"{format_fen(base_fen)} × {rate_text(rate_ppm)}{fixed}"


def used_base(wage_fen: int, rule: InsuranceRule) -> tuple[int, str]:
    """Base of a wage and which limit moved it: "floor", "cap" or ""."""
    base = round_fraction(wage_fen, 1, rule.base_rounding)
    if rule.base_min_fen is not None and base < rule.base_min_fen:
        return rule.base_min_fen, FLOOR
    if rule.base_max_fen is not None and base > rule.base_max_fen:
        return rule.base_max_fen, CAP
    return base, ""


def amount(base_fen: int, rate_ppm: int, fixed_fen: int = 0, rounding: Rounding = Rounding.FEN_HALF_UP) -> int:
    """Fen due on a base: base x rate, rounded, plus the fixed part."""
    return round_fraction(base_fen * rate_ppm, PPM, rounding) + fixed_fen


def exact_amount(base_yuan: Fraction, rate: Fraction, fixed_fen: int, rounding: Rounding) -> int:
    """The same for a base and a rate of any precision."""
    return round_ratio(base_yuan * 100 * rate, rounding) + fixed_fen


def contribution(wage_fen: int, rule: InsuranceRule) -> Contribution:
    """Base and both amounts of one person. The rule must have its rates (`MonthPolicy.rules` has no other)."""
    base, clamped = used_base(wage_fen, rule)
    unit_rate, person_rate = _rates(rule)
    return Contribution(
        base,
        amount(base, unit_rate, rule.unit_fixed_fen, rule.unit_rounding),
        amount(base, person_rate, rule.person_fixed_fen, rule.person_rounding),
        clamped,
        rule,
    )


def contributions(wages: Sequence[int], rule: InsuranceRule) -> list[tuple[int, int, int]]:
    """(base, unit, person) of many wages in fen, in their order; equal wages are computed once."""
    unit_rate, person_rate = _rates(rule)
    unit_round, person_round = rounder(rule.unit_rounding), rounder(rule.person_rounding)
    unit_fixed, person_fixed = rule.unit_fixed_fen, rule.person_fixed_fen
    by_wage: dict[int, tuple[int, int, int]] = {}
    for wage in set(wages):
        base = used_base(wage, rule)[0]
        by_wage[wage] = (
            base,
            unit_round(base * unit_rate, PPM) + unit_fixed,
            person_round(base * person_rate, PPM) + person_fixed,
        )
    return [by_wage[wage] for wage in wages]


def _rates(rule: InsuranceRule) -> tuple[int, int]:
    if rule.unit_rate_ppm is None or rule.person_rate_ppm is None:
        raise ValueError(f"{rule.insurance}: no rate known from {rule.since}")
    return rule.unit_rate_ppm, rule.person_rate_ppm


def unit_total(method: UnitTotalMethod | str, bases: Sequence[int], rule: InsuranceRule) -> UnitTotal:
    """The unit's part over all persons, by both methods; they lie within half a fen a person of each other.

    The bound holds for rounding to the fen; for other modes it is the mode's own step a person. Fixed parts count
    once a person.
    """
    rate = _rates(rule)[0]
    rounded = sum(amount(base, rate, rule.unit_fixed_fen, rule.unit_rounding) for base in bases)
    together = amount(sum(bases), rate, rule.unit_fixed_fen * len(bases), rule.unit_rounding)
    chosen = rounded if UnitTotalMethod(method) is UnitTotalMethod.SUM else together
    return UnitTotal(chosen, rounded, together, bound(len(bases), rule.unit_rounding))


_STEP = {
    Rounding.FEN_HALF_UP: Fraction(1, 2),
    Rounding.FEN_HALF_EVEN: Fraction(1, 2),
    Rounding.FEN_UP: Fraction(1),
    Rounding.FEN_DOWN: Fraction(1),
    Rounding.JIAO_HALF_UP: Fraction(5),
    Rounding.JIAO_UP_RAW: Fraction(10),
    Rounding.JIAO_UP_AFTER_FEN_HALF_UP: Fraction(10),
    Rounding.JIAO_UP_AFTER_FEN_DOWN: Fraction(10),
    Rounding.YUAN_HALF_UP: Fraction(50),
    Rounding.YUAN_UP: Fraction(100),
}


def bound(persons: int, rounding: Rounding = Rounding.FEN_HALF_UP) -> Fraction:
    """How many fen two totals over that many persons may differ by rounding alone."""
    return _STEP[rounding] * persons
