"""Which submissions a clerk of the bureau has to look at, and what the clerk decided."""

from __future__ import annotations

import sqlite3

from unitclient.catalog.model import Desk, Form

WAITING = "desk"
"""The step of a submission that waits for the desk."""


def needs_desk(connection: sqlite3.Connection, form: Form, sub: sqlite3.Row) -> bool:
    """Whether a clerk of the bureau has to look at a submission that nobody decided on yet."""
    if form.desk is Desk.NEVER or sub["kind"] == "void" or verdict_on(connection, sub) is not None:
        return False
    if form.desk is Desk.ALWAYS:
        return True
    found = connection.execute("SELECT 1 FROM ordinary WHERE unit_number = ?", (sub["unit_number"],)).fetchone()
    return found is not None


def verdict_on(connection: sqlite3.Connection, sub: sqlite3.Row) -> sqlite3.Row | None:
    """What the desk decided on a submission, or None."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM verdict WHERE unit_number = ? AND submission_id = ?", (sub["unit_number"], sub["submission_id"])
    ).fetchone()
    return row
