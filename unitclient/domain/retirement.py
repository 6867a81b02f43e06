"""Statutory retirement months from 2025-01-01 (全国人大常委会关于实施渐进式延迟法定退休年龄的决定, 2024-09-13)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from unitclient.domain.period import Period

FLEXIBLE_MONTHS = 36
"""Retiring up to three years earlier or later by choice, never before the old age."""


class RetirementCategory(StrEnum):
    """Who retires when: the old ages were 60, 55 and 50."""

    MALE = "male"
    FEMALE_CADRE = "female_cadre"
    FEMALE_WORKER = "female_worker"


@dataclass(frozen=True, slots=True)
class _Step:
    old_age: int
    first_birth: Period
    births_a_month: int
    most: int


_STEPS = {
    RetirementCategory.MALE: _Step(60, Period(1965, 1), 4, 36),
    RetirementCategory.FEMALE_CADRE: _Step(55, Period(1970, 1), 4, 36),
    RetirementCategory.FEMALE_WORKER: _Step(50, Period(1975, 1), 2, 60),
}


@dataclass(frozen=True, slots=True)
class Retirement:
    """Month of retirement, age then ("60y1m"), and months later than under the old rule."""

    month: Period
    age: str
    delay_months: int
    earliest: Period
    """Earliest month by choice (弹性提前)."""


def retirement(birth: Period, category: RetirementCategory | str) -> Retirement:
    """The statutory month for a month of birth; ValueError for another category or a month beyond 2199."""
    step = _STEPS[RetirementCategory(category)]
    delay = min(step.most, (birth - step.first_birth) // step.births_a_month + 1) if birth >= step.first_birth else 0
    months = step.old_age * 12 + delay
    age = f"{months // 12}y{months % 12}m"
    return Retirement(birth + months, age, delay, birth + (months - min(delay, FLEXIBLE_MONTHS)))


def min_contribution_months(year: int) -> int:
    """Contribution months a pension needs when retiring in that year: 180, from 2030 six more a year up to 240."""
    return 180 + 6 * min(max(year - 2029, 0), 10)
