"""The insurances (险种) of a policy package."""

from __future__ import annotations

from enum import StrEnum


class Insurance(StrEnum):
    """One insurance as the centre keeps it. The value is the key of its label in the texts and of its national code."""

    PENSION = "pension"
    MEDICAL = "medical"
    MEDICAL_INCL_MATERNITY = "medical_incl_maternity"
    """生育并入职工医保 (国办发〔2019〕10号): one rate for both."""
    MEDICAL_WITH_SERIOUS_ILLNESS = "medical_with_serious_illness"
    UNEMPLOYMENT = "unemployment"
    INJURY = "injury"
    MATERNITY = "maternity"
    SERIOUS_ILLNESS = "serious_illness"
    """大病."""
    LARGE_MEDICAL = "large_medical"
    """大额互助."""


MEDICAL_KINDS = frozenset({Insurance.MEDICAL, Insurance.MEDICAL_INCL_MATERNITY, Insurance.MEDICAL_WITH_SERIOUS_ILLNESS})
"""Different cuts of employee medical insurance: a person has one of them at a time."""
ACCOUNT_INSURANCES = frozenset({Insurance.PENSION, *MEDICAL_KINDS})
"""Insurances whose person part is credited to the person's own account: pension, and medical (国办发〔2021〕14号)."""
