"""The table of area codes of resources/areas/counties.txt, with history."""

from __future__ import annotations

from pathlib import Path

from unitclient.domain.areas import AreaTable


def load_areas(resources_root: Path) -> AreaTable:
    """Every six-digit code, one a line; lines with # are remarks."""
    lines = (resources_root / "areas" / "counties.txt").read_text("utf-8").splitlines()
    return AreaTable.of(line for line in lines if not line.startswith("#"))
