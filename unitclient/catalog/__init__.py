"""The business forms and code tables: data under forms/ and resources/codes/, and the checks they name."""

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
