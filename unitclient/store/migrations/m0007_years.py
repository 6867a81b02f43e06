"""Version 7: what lists of declarations and the journal's latest acts are read from, when years lie in the database.

A payload of a large unit is a megabyte in the middle of its row, and whatever stands behind it is found by reading
through it page by page. `declaration_brief` holds all but the payload, in the order of lists. `item_live` finds what
still says something of a person among the rows of years.
"""

from __future__ import annotations

from typing import Any

_STATEMENTS = (
    "CREATE INDEX declaration_brief ON declaration (unit, prepared_at, id, form, form_version, period, kind,"
    " supersedes, requires, totals, row_count, transport, acceptance, money, acceptance_number, updated_at)",
    "CREATE INDEX item_live ON item (unit, person_id) WHERE state IN ('pending', 'declared', 'refused')",
    "CREATE INDEX journal_act ON journal (act)",
)


def apply(connection: Any) -> None:
    """Make the indexes."""
    for statement in _STATEMENTS:
        connection.execute(statement)
