"""Policy packages (政策包): one region's rates, floors, caps and calendar rules, each row with where it comes from.

Published figures are stored, never computed: regions round their limits differently, and floors, caps and rates change
in different months per insurance. A row that nobody has checked against the official notice is 参考数据 (reference
data), and says so in the findings of every month it is used for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from unitclient.domain.deadlines import CalendarEntry, DeadlineRule
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.insurance import MEDICAL_KINDS, Insurance
from unitclient.domain.late_fee import LateFeeRule
from unitclient.domain.money import Rounding
from unitclient.domain.period import Period

EMPLOYEE = "employee"
_FALLBACK = {"rural": EMPLOYEE}
"""A rural-household employee (农村户籍职工, 北京 until 2021-06) has own rows for some insurances only."""


class UnitTotalMethod(StrEnum):
    """How the centre makes the unit's total of one insurance."""

    SUM = "sum"
    """Sum of the persons' rounded amounts."""
    RATE_TIMES_SUM = "rate_times_sum"
    """Rate times the sum of the bases, rounded once."""


@dataclass(frozen=True, slots=True)
class InsuranceRule:
    """One row: an insurance, for one category of persons, from a month on.

    Rates are int millionths, None where no source gives one; fixed parts, floor and cap are fen (None = none known).
    `until` None means that the end is not known, not that the row still holds. `since_assumed` marks a start month that
    no source states. `region` differs from the package's where the row is taken over from the parent region.
    """

    insurance: Insurance
    category: str
    since: Period
    unit_rate_ppm: int | None = None
    person_rate_ppm: int | None = None
    unit_fixed_fen: int = 0
    person_fixed_fen: int = 0
    base_min_fen: int | None = None
    base_max_fen: int | None = None
    base_rounding: Rounding = Rounding.YUAN_HALF_UP
    unit_rounding: Rounding = Rounding.FEN_HALF_UP
    person_rounding: Rounding = Rounding.FEN_HALF_UP
    until: Period | None = None
    source: str = ""
    confidence: str = "low"
    confirmed: bool = False
    tier: str = ""
    note: str = ""
    region: str = ""
    since_assumed: bool = False

    def covers(self, period: Period) -> bool:
        """Whether a source states that the row holds in that month."""
        return self.since <= period and self.until is not None and period <= self.until

    @property
    def complete(self) -> bool:
        """Whether both rates are known."""
        return self.unit_rate_ppm is not None and self.person_rate_ppm is not None


@dataclass(frozen=True, slots=True)
class MonthPolicy:
    """The rules of one month. Every declaration with amounts names `region`, `id` and `sha256` of its package."""

    region: str
    region_name: str
    id: str
    sha256: str
    period: Period
    rules: Mapping[Insurance, InsuranceRule]
    unit_total_method: UnitTotalMethod
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class PolicyPackage:
    """One region's rules. `sha256` is the digest of the canonical JSON of all the rest."""

    region: str
    region_name: str
    id: str
    rules: tuple[InsuranceRule, ...]
    sha256: str = ""
    parent: str = ""
    unit_total_method: UnitTotalMethod = UnitTotalMethod.SUM
    late_fees: tuple[LateFeeRule, ...] = (LateFeeRule(),)
    deadline: DeadlineRule = field(default_factory=DeadlineRule)
    extensions: tuple[CalendarEntry, ...] = ()
    note: str = ""

    @property
    def late_fee(self) -> LateFeeRule:
        """The late-fee rule in force now: the newest."""
        return self.late_fees[-1]

    def late_fee_rule(self, period: Period) -> LateFeeRule:
        """The late-fee rule for a month owed."""
        holding = [rule for rule in self.late_fees if rule.since is None or rule.since <= period]
        return holding[-1] if holding else self.late_fees[0]

    def month(self, period: Period, category: str = EMPLOYEE, tier: str = "") -> MonthPolicy:
        """The newest row of each insurance that began by that month, with a finding wherever it is shaky.

        Findings: POLICY_REFERENCE (unconfirmed rows, once), POLICY_STALE (a row's span is over or unknown),
        POLICY_RATE_UNKNOWN (the insurance is left out), POLICY_TWO_ROWS (sources disagree), POLICY_NONE.
        """
        key = (period, category, tier)
        if key not in self._months:
            self._months[key] = self._choose(period, category, tier)
        return self._months[key]

    @cached_property
    def _months(self) -> dict[tuple[Period, str, str], MonthPolicy]:
        """Months chosen before: checking a staff list asks for the same one for every row."""
        return {}

    def _choose(self, period: Period, category: str, tier: str) -> MonthPolicy:
        chosen: dict[Insurance, InsuranceRule] = {}
        findings: list[Finding] = []
        for insurance, rows in self._begun(period, category, tier).items():
            rule = _newest(rows)
            findings += _row_findings(rule, rows, period)
            if rule.complete:
                chosen[insurance] = rule
        chosen = _one_medical_kind(chosen)
        findings = [
            f for f in findings if f.code == "POLICY_RATE_UNKNOWN" or Insurance(f.params["insurance"]) in chosen
        ]
        return MonthPolicy(
            self.region,
            self.region_name,
            self.id,
            self.sha256,
            period,
            chosen,
            self.unit_total_method,
            (*self._package_findings(chosen, period), *findings),
        )

    def _begun(self, period: Period, category: str, tier: str) -> dict[Insurance, list[InsuranceRule]]:
        """Rows that began by the month, own before parent's, by insurance in the order of `Insurance`."""
        by_insurance: dict[Insurance, list[InsuranceRule]] = {}
        for insurance in Insurance:
            rows = [r for r in self.rules if r.insurance is insurance and r.since <= period and r.tier in ("", tier)]
            own = [r for r in rows if r.category == category]
            rows = own or [r for r in rows if r.category == _FALLBACK.get(category)]
            if rows:
                by_insurance[insurance] = _without_overtaken(rows, self.region)
        return by_insurance

    def _package_findings(self, chosen: Mapping[Insurance, InsuranceRule], period: Period) -> list[Finding]:
        where = {"region": self.region_name, "period": str(period)}
        if not chosen:
            return [Finding("POLICY_NONE", Severity.WARNING, params=where)]
        shaky = sum(not rule.confirmed for rule in chosen.values())
        if not shaky:
            return []
        return [Finding("POLICY_REFERENCE", Severity.NOTICE, params={**where, "count": str(shaky)})]


def _without_overtaken(rows: list[InsuranceRule], region: str) -> list[InsuranceRule]:
    """Own rows, unless the newest of them had ended before a newer row of the parent region began."""
    own = [row for row in rows if row.region in ("", region)]
    parents = [row for row in rows if row.region not in ("", region)]
    if not own or not parents:
        return rows
    last = _newest(own)
    newer = [row for row in parents if last.until is not None and last.until < row.since]
    return newer or own


def _newest(rows: list[InsuranceRule]) -> InsuranceRule:
    """The row that began last; of two that began together, the one that stands later in the package."""
    return max(enumerate(rows), key=lambda entry: (entry[1].since, entry[0]))[1]


def _one_medical_kind(chosen: dict[Insurance, InsuranceRule]) -> dict[Insurance, InsuranceRule]:
    """Only the newest cut of medical insurance, without what it took in.

    A maternity row from before 生育并入医保 is in its rate since; so is a 大额 row that ended then (北京 2019).
    """
    kinds = [rule for insurance, rule in chosen.items() if insurance in MEDICAL_KINDS]
    if not kinds:
        return chosen
    newest = max(kinds, key=lambda rule: rule.since)
    return {
        insurance: rule
        for insurance, rule in chosen.items()
        if rule is newest or (insurance not in MEDICAL_KINDS and not _taken_in(rule, newest))
    }


def _taken_in(rule: InsuranceRule, medical: InsuranceRule) -> bool:
    if rule.insurance is Insurance.MATERNITY:
        return medical.insurance is Insurance.MEDICAL_INCL_MATERNITY and rule.since < medical.since
    ended = rule.until is not None and rule.until < medical.since
    return rule.insurance is Insurance.LARGE_MEDICAL and ended


def _row_findings(rule: InsuranceRule, rows: list[InsuranceRule], period: Period) -> list[Finding]:
    params = {
        "insurance": rule.insurance.value,
        "period": str(period),
        "since": str(rule.since),
        "until": str(rule.until or ""),
        "source": rule.source,
        "confidence": rule.confidence,
    }
    if not rule.complete:
        return [Finding("POLICY_RATE_UNKNOWN", Severity.WARNING, params=params)]
    found = []
    if not rule.covers(period) or rule.since_assumed:
        found.append(Finding("POLICY_STALE", Severity.NOTICE, params=params))
    if sum(row.since == rule.since for row in rows) > 1:
        found.append(Finding("POLICY_TWO_ROWS", Severity.NOTICE, params=params))
    return found


def with_parent(package: PolicyPackage, parent: PolicyPackage) -> PolicyPackage:
    """The package with the parent region's rows behind its own, each marked with its region. The digest is cleared."""
    taken = tuple(replace(rule, region=rule.region or parent.region) for rule in parent.rules)
    own = tuple(rule for rule in package.rules if rule.region in ("", package.region))
    return replace(package, rules=(*taken, *own), sha256="")


class PolicyBook:
    """All packages known, by region."""

    def __init__(self, packages: Iterable[PolicyPackage]) -> None:
        self.packages = {package.region: package for package in packages}

    def package(self, region: str) -> PolicyPackage | None:
        """The region's package, or None when there is none for it."""
        return self.packages.get(region)

    def regions(self) -> tuple[str, ...]:
        """Region codes, sorted."""
        return tuple(sorted(self.packages))

    def with_package(self, package: PolicyPackage) -> PolicyBook:
        """The same book with a package put in or replaced, as when the centre publishes one."""
        return PolicyBook({**self.packages, package.region: package}.values())
