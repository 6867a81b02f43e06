"""The named checks of forms. Importing this package registers all of them."""

from unitclient.catalog.checks import (
    batch,
    changes,
    choices,
    compared,
    days,
    gaps,
    generic,
    identity,
    ledger,
    months,
    people,
    private,
    stops,
    wages,
)
from unitclient.catalog.checks.registry import REGISTRY, BatchFinding, CheckKind, Param

__all__ = [
    "REGISTRY",
    "BatchFinding",
    "CheckKind",
    "Param",
    "batch",
    "changes",
    "choices",
    "compared",
    "days",
    "gaps",
    "generic",
    "identity",
    "ledger",
    "months",
    "people",
    "private",
    "stops",
    "wages",
]
