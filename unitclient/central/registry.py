"""The register of units and their certificates."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from unitclient.catalog.certificate_rules import CHIEF
from unitclient.central.problems import ProblemError


def unit_row(connection: sqlite3.Connection, unit_number: str) -> sqlite3.Row:
    """The unit; ProblemError `not-found`."""
    row: sqlite3.Row | None = connection.execute("SELECT * FROM unit WHERE unit_number = ?", (unit_number,)).fetchone()
    if row is None:
        raise ProblemError("not-found", "no such unit")
    return row


def unit_wire(connection: sqlite3.Connection, unit_number: str) -> dict[str, Any]:
    """What the centre tells a unit of itself."""
    row = unit_row(connection, unit_number)
    return {
        "unit_number": row["unit_number"],
        "uscc": row["uscc"],
        "name": row["name"],
        "region": row["region"],
        "insurances": insurances_of(row),
    }


def insurances_of(unit: sqlite3.Row) -> list[str]:
    """The insurances the unit takes part in."""
    listed: list[str] = json.loads(unit["insurances"])
    return listed


def role_of(connection: sqlite3.Connection, certificate: sqlite3.Row) -> str:
    """The role of a registered certificate: chief, unless it was registered as another."""
    row = connection.execute("SELECT role FROM certificate_role WHERE sha256 = ?", (certificate["sha256"],)).fetchone()
    return str(row[0]) if row else CHIEF


def certificate_of_unit(connection: sqlite3.Connection, sha256: str) -> sqlite3.Row | None:
    """The registered certificate with that SHA-256, or None."""
    row: sqlite3.Row | None = connection.execute("SELECT * FROM certificate WHERE sha256 = ?", (sha256,)).fetchone()
    return row
