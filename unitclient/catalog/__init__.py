"""The business forms and code tables: data under forms/ and resources/codes/, and the checks they name.

The names below are looked up when they are first used: a calculator needs the area codes and none of the forms.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unitclient.catalog.checking import check_batch, check_row, recheck_row
    from unitclient.catalog.checks.registry import BatchFinding
    from unitclient.catalog.context import CheckContext, CheckedRow
    from unitclient.catalog.headers import normal_header
    from unitclient.catalog.loader import Catalog, load_catalog
    from unitclient.catalog.model import Bilingual, Field, FieldType, Form
    from unitclient.catalog.tables import Row, Table

__all__ = [
    "BatchFinding",
    "Bilingual",
    "Catalog",
    "CheckContext",
    "CheckedRow",
    "Field",
    "FieldType",
    "Form",
    "Row",
    "Table",
    "check_batch",
    "check_row",
    "load_catalog",
    "normal_header",
    "recheck_row",
]

_PLACES = {
    "checking": ("check_batch", "check_row", "recheck_row"),
    "checks.registry": ("BatchFinding",),
    "context": ("CheckContext", "CheckedRow"),
    "headers": ("normal_header",),
    "loader": ("Catalog", "load_catalog"),
    "model": ("Bilingual", "Field", "FieldType", "Form"),
    "tables": ("Row", "Table"),
}


def __getattr__(name: str) -> object:
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(name)
