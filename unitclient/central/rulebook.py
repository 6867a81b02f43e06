"""The centre's own copy of what is checked against: the business forms and the regions' policy packages."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path

from unitclient.catalog.areas import load_areas
from unitclient.catalog.loader import Catalog, load_catalog
from unitclient.catalog.policies import load_policies
from unitclient.domain.areas import AreaTable
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

    def package(self, region: str) -> PolicyPackage:
        """A region's package; UserError `central-region-unknown`."""
        package = self.policies.package(region)
        if package is None:
            raise UserError("central-region-unknown", region=region, known=", ".join(self.policies.regions()))
        return package

    def _month(self, region: str, period: Period) -> MonthPolicy:
        return self.package(region).month(period)
