"""How long papers may take after a debit: resources/calendar/deliveries.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from unitclient.catalog.sections import Section


@dataclass(frozen=True, slots=True)
class DeliveryRule:
    """Working days after the debit by which postings and slips must be there; `confirmed` by a published source."""

    days: int
    source: str
    confirmed: bool


@lru_cache(maxsize=4)
def delivery_rules(resources_root: Path) -> dict[str, DeliveryRule]:
    """{region: its rule}; "" has the rule of every other region. UserError form-broken for a file that is wrong."""
    top = Section.read(resources_root / "calendar" / "deliveries.toml", "calendar/deliveries.toml")
    regions = top.section("region")
    found = {name: _rule(regions.section(name)) for name in regions.content}
    return {**found, "": _rule(top.section("default"))}


def _rule(part: Section) -> DeliveryRule:
    return DeliveryRule(part.number("days", 3, 1, 30), part.text("source"), part.flag("confirmed", False))
