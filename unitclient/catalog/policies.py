"""Policy packages as JSON: the files in resources/policies and the documents a central service publishes.

Rates and amounts are texts ("0.16", "3175.00"), months "YYYY-MM", days "YYYY-MM-DD". The digest of a package is the
SHA-256 of its canonical JSON without the digest, so both ends name the same rules by the same number. A package with a
parent region (昆山: 苏州) is completed with the parent's rows when it is loaded, and is whole from then on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from unitclient.domain.deadlines import Algorithm, CalendarEntry, DeadlineRule
from unitclient.domain.insurance import Insurance
from unitclient.domain.late_fee import LateFeeRule, LateFeeStart
from unitclient.domain.money import PPM, Rounding, format_fen, parse_rate, parse_yuan, to_ppm
from unitclient.domain.period import Period
from unitclient.domain.policy import InsuranceRule, PolicyBook, PolicyPackage, UnitTotalMethod, with_parent
from unitclient.errors import UserError

Json = dict[str, Any]
_Read = TypeVar("_Read")


def load_policies(resources_root: Path) -> PolicyBook:
    """All packages of resources/policies, parents filled in. Raises UserError `policy-broken` (file, reason)."""
    packages = [read_package(path) for path in sorted((resources_root / "policies").glob("*.json"))]
    read = {package.region: package for package in packages}
    return PolicyBook(_completed(package, read) for package in read.values())


def _completed(package: PolicyPackage, others: Mapping[str, PolicyPackage]) -> PolicyPackage:
    parent = others.get(package.parent)
    if not package.parent:
        return package
    if parent is None:
        raise UserError("policy-broken", file=f"{package.region}.json", reason=f"parent {package.parent}")
    return sealed(with_parent(package, _completed(parent, others)))


def read_package(path: Path) -> PolicyPackage:
    """One package file; raises UserError `policy-broken`."""
    try:
        return from_json(json.loads(path.read_text("utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise UserError("policy-broken", file=path.name, reason=f"{type(wrong).__name__}: {wrong}") from wrong


def from_json(data: Mapping[str, Any]) -> PolicyPackage:
    """A package from its JSON, its digest computed anew; members that are not known are ignored.

    Raises ValueError, KeyError or TypeError when it is no package, and ValueError when it states another digest.
    """
    package = sealed(
        PolicyPackage(
            region=data["region"],
            region_name=data["region_name"],
            id=data["id"],
            parent=data.get("parent", ""),
            note=data.get("note", ""),
            unit_total_method=UnitTotalMethod(data.get("unit_total_method", UnitTotalMethod.SUM)),
            late_fees=tuple(_late_fee(entry) for entry in data.get("late_fees", [{}])),
            deadline=_deadline(data.get("deadline", {})),
            extensions=tuple(calendar_entry(entry) for entry in data.get("extensions", ())),
            rules=tuple(_rule(entry) for entry in data["rules"]),
        )
    )
    stated = data.get("sha256", package.sha256)
    if stated != package.sha256:
        raise ValueError(f"sha256 {stated}, computed {package.sha256}")
    return package


def sealed(package: PolicyPackage) -> PolicyPackage:
    """The package with its digest."""
    body = {key: member for key, member in to_json(package).items() if key != "sha256"}
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return replace(package, sha256=hashlib.sha256(canonical.encode()).hexdigest())


def to_json(package: PolicyPackage) -> Json:
    """The package as JSON, digest included; members that hold their default are left out."""
    return _without_defaults(
        {
            "region": package.region,
            "region_name": package.region_name,
            "id": package.id,
            "parent": package.parent,
            "note": package.note,
            "unit_total_method": package.unit_total_method.value,
            "late_fees": [_late_fee_json(rule) for rule in package.late_fees],
            "deadline": _deadline_json(package.deadline),
            "extensions": [entry_json(entry) for entry in package.extensions],
            "rules": [_rule_json(rule) for rule in package.rules],
            "sha256": package.sha256,
        }
    )


def _without_defaults(members: Json) -> Json:
    return {key: value for key, value in members.items() if value not in (None, "", [], {}) and value is not False}


def _or_none(parse: Callable[[str], _Read], text: str | None) -> _Read | None:
    return None if text is None else parse(text)


def _ppm(text: str) -> int:
    return to_ppm(parse_rate(text))


def _rate(ppm: int | None) -> str | None:
    """Shortest decimal: 160000 -> "0.16"."""
    if ppm is None:
        return None
    return "1" if ppm == PPM else f"0.{ppm:06d}".rstrip("0").rstrip(".")


def _rule(data: Mapping[str, Any]) -> InsuranceRule:
    return InsuranceRule(
        insurance=Insurance(data["insurance"]),
        category=data["category"],
        since=Period.parse(data["since"]),
        until=_or_none(Period.parse, data.get("until")),
        unit_rate_ppm=_or_none(_ppm, data.get("unit_rate")),
        person_rate_ppm=_or_none(_ppm, data.get("person_rate")),
        unit_fixed_fen=parse_yuan(data.get("unit_fixed", "0")),
        person_fixed_fen=parse_yuan(data.get("person_fixed", "0")),
        base_min_fen=_or_none(parse_yuan, data.get("base_min")),
        base_max_fen=_or_none(parse_yuan, data.get("base_max")),
        base_rounding=Rounding(data.get("base_rounding", Rounding.YUAN_HALF_UP)),
        unit_rounding=Rounding(data.get("unit_rounding", Rounding.FEN_HALF_UP)),
        person_rounding=Rounding(data.get("person_rounding", Rounding.FEN_HALF_UP)),
        source=data["source"],
        confidence=data["confidence"],
        confirmed=bool(data.get("confirmed", False)),
        tier=data.get("tier", ""),
        note=data.get("note", ""),
        region=data.get("region", ""),
        since_assumed=bool(data.get("since_assumed", False)),
    )


def _fen(fen: int | None) -> str | None:
    return None if fen is None else format_fen(fen)


def _rule_json(rule: InsuranceRule) -> Json:
    return _without_defaults(
        {
            "insurance": rule.insurance.value,
            "category": rule.category,
            "since": str(rule.since),
            "until": rule.until and str(rule.until),
            "unit_rate": _rate(rule.unit_rate_ppm),
            "person_rate": _rate(rule.person_rate_ppm),
            "unit_fixed": _fen(rule.unit_fixed_fen or None),
            "person_fixed": _fen(rule.person_fixed_fen or None),
            "base_min": _fen(rule.base_min_fen),
            "base_max": _fen(rule.base_max_fen),
            "base_rounding": rule.base_rounding.value,
            "unit_rounding": rule.unit_rounding.value,
            "person_rounding": rule.person_rounding.value,
            "source": rule.source,
            "confidence": rule.confidence,
            "confirmed": rule.confirmed,
            "tier": rule.tier,
            "note": rule.note,
            "region": rule.region,
            "since_assumed": rule.since_assumed,
        }
    )


def _late_fee(data: Mapping[str, Any]) -> LateFeeRule:
    waived = {Period.parse(month): date.fromisoformat(last) for month, last in data.get("waived", {}).items()}
    return LateFeeRule(
        rate_ppm=_ppm(data.get("rate", "0.0005")),
        start_rule=LateFeeStart(data.get("start_rule", LateFeeStart.DAY_AFTER_DEADLINE)),
        start_day=int(data.get("start_day", 0)),
        since=_or_none(Period.parse, data.get("since")),
        waived=waived,
        cap_at_principal=bool(data.get("cap_at_principal", False)),
        until_day_before=bool(data.get("until_day_before", False)),
        source=data.get("source", ""),
        confidence=data.get("confidence", "low"),
        confirmed=bool(data.get("confirmed", False)),
    )


def _late_fee_json(rule: LateFeeRule) -> Json:
    return _without_defaults(
        {
            "rate": _rate(rule.rate_ppm),
            "start_rule": rule.start_rule.value,
            "start_day": rule.start_day or None,
            "since": rule.since and str(rule.since),
            "waived": {str(month): last.isoformat() for month, last in rule.waived.items()},
            "cap_at_principal": rule.cap_at_principal,
            "until_day_before": rule.until_day_before,
            "source": rule.source,
            "confidence": rule.confidence,
            "confirmed": rule.confirmed,
        }
    )


def _deadline(data: Mapping[str, Any]) -> DeadlineRule:
    return DeadlineRule(
        day=int(data.get("day", 10)),
        algorithm=Algorithm(data.get("algorithm", Algorithm.WORKDAY)),
        source=data.get("source", ""),
        confidence=data.get("confidence", "low"),
        confirmed=bool(data.get("confirmed", False)),
    )


def _deadline_json(rule: DeadlineRule) -> Json:
    return _without_defaults(
        {
            "day": rule.day,
            "algorithm": rule.algorithm.value,
            "source": rule.source,
            "confidence": rule.confidence,
            "confirmed": rule.confirmed,
        }
    )


def calendar_entry(data: Mapping[str, Any]) -> CalendarEntry:
    """A calendar entry from its JSON (a package's extension, or one of a published calendar). Raises as `from_json`."""
    debit_until = _or_none(datetime.fromisoformat, data.get("debit_until"))
    if debit_until is not None and debit_until.tzinfo is None:
        raise ValueError(f"debit_until {data['debit_until']}: no offset")
    return CalendarEntry(
        period=Period.parse(data["period"]),
        deadline=date.fromisoformat(data["deadline"]),
        opens=_or_none(date.fromisoformat, data.get("opens")),
        debit_until=debit_until,
        counter_until=_or_none(date.fromisoformat, data.get("counter_until")),
        late_fee_from=_or_none(date.fromisoformat, data.get("late_fee_from")),
        notice=data.get("notice", ""),
        source=data.get("source", ""),
        computed=bool(data.get("computed", False)),
        confirmed=bool(data.get("confirmed", False)),
    )


def entry_json(entry: CalendarEntry) -> Json:
    """A calendar entry as JSON; `calendar_entry` reads it back."""
    return _without_defaults(
        {
            "period": str(entry.period),
            "deadline": entry.deadline.isoformat(),
            "opens": entry.opens and entry.opens.isoformat(),
            "debit_until": entry.debit_until and entry.debit_until.isoformat(),
            "counter_until": entry.counter_until and entry.counter_until.isoformat(),
            "late_fee_from": entry.late_fee_from and entry.late_fee_from.isoformat(),
            "notice": entry.notice,
            "source": entry.source,
            "computed": entry.computed,
            "confirmed": entry.confirmed,
        }
    )
