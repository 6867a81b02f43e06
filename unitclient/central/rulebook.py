"""The centre's own copy of what is checked against: the business forms and the regions' policy packages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from unitclient.catalog.areas import load_areas
from unitclient.catalog.certificate_rules import CertificateRules, load_certificate_rules
from unitclient.catalog.loader import Catalog, load_catalog
from unitclient.catalog.policies import load_policies
from unitclient.catalog.services import Service, load_services
from unitclient.domain.areas import AreaTable
from unitclient.domain.deadlines import CalendarEntry
from unitclient.domain.period import Period
from unitclient.domain.policy import MonthPolicy, PolicyBook, PolicyPackage
from unitclient.errors import UserError
from unitclient.paths import forms_root, resources_root


class Rulebook:
    """Forms and policies, read once. Other roots can be given, as a test that adds a form does."""

    def __init__(self, forms: Path | None = None, resources: Path | None = None) -> None:
        self._forms = forms or forms_root()
        self._resources = resources or resources_root()
        self.month = cache(self._month)
        self.dates: Mapping[str, tuple[CalendarEntry, ...]] = {}
        """Months whose dates the bureau's desk set, by region (central/dates.py)."""

    @cached_property
    def catalog(self) -> Catalog:
        """The business forms."""
        return load_catalog(self._forms, self._resources)

    @cached_property
    def policies(self) -> PolicyBook:
        """The policy packages."""
        return load_policies(self._resources)

    @cached_property
    def areas(self) -> AreaTable:
        """Area codes of identity numbers."""
        return load_areas(self._resources)

    @cached_property
    def certificates(self) -> CertificateRules:
        """What certificates may do, and the acts on them."""
        return load_certificate_rules(self._resources)

    @cached_property
    def services(self) -> Mapping[str, Service]:
        """The query services."""
        return load_services(self._resources)

    def standards(self, region: str) -> list[dict[str, Any]]:
        """Rates and limits of a region, one row for each insurance and period of its package."""
        return [
            {
                "since": str(rule.since),
                "insurance": rule.insurance.value,
                "category": rule.category,
                "unit_rate": _percent(rule.unit_rate_ppm),
                "person_rate": _percent(rule.person_rate_ppm),
                "floor_fen": rule.base_min_fen,
                "cap_fen": rule.base_max_fen,
                "confidence": "confirmed" if rule.confirmed else rule.confidence,
            }
            for rule in self.package(region).rules
        ]

    def book(self, name: str) -> list[dict[str, Any]]:
        """The practice centre's stand-in for an outside body's records; made-up rows."""
        path = self._resources / "practice" / f"{name}.json"
        rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["rows"] if path.is_file() else []
        return rows

    def package(self, region: str) -> PolicyPackage:
        """A region's package with the dates the desk set; UserError `central-region-unknown`."""
        package, dates = self.policies_of(region), self.dates.get(region)
        return replace(package, extensions=(*package.extensions, *dates)) if dates else package

    def policies_of(self, region: str) -> PolicyPackage:
        """A region's package as its file has it; UserError `central-region-unknown`."""
        package = self.policies.package(region)
        if package is None:
            raise UserError("central-region-unknown", region=region, known=", ".join(self.policies.regions()))
        return package

    def _month(self, region: str, period: Period) -> MonthPolicy:
        return self.policies_of(region).month(period)


def _percent(ppm: int | None) -> str:
    """160000 millionths as "16%"."""
    if ppm is None:
        return ""
    whole, rest = divmod(ppm, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".") + "%"
