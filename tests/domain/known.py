"""Cases with known answers, from tests/data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"


def vectors(kind: str) -> list[Any]:
    """All vectors of a type."""
    return [case for case in json.loads((DATA / "vectors.json").read_text("utf-8")) if case["type"] == kind]


def identifiers() -> list[Any]:
    """Valid and invalid identifiers with the reason of the invalid ones."""
    loaded: list[Any] = json.loads((DATA / "ids.json").read_text("utf-8"))
    return loaded


def name_of(case: Any) -> str:
    """Test id of a case."""
    return str(case.get("id") or f"{case['kind']}-{case['value']}")
