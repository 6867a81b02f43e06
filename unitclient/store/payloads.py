"""What a declaration's own bytes say, read inside the database.

The bytes are the ones that are signed. A month of a large unit has many megabytes of them: parsed by the interpreter
they would hold up the window, while SQLite parses them on the lane's thread and lets everything else go on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from unitclient.store.store import Store

_FACTS = """
SELECT json_extract(text, '$.header'), json_extract(text, '$.columns'), json_array_length(text, '$.rows')
FROM (SELECT CAST(payload AS TEXT) AS text FROM declaration WHERE id = ?)
"""
_PERSONS = """
SELECT count(DISTINCT json_extract(line.value, ?))
FROM declaration, json_each(CAST(payload AS TEXT), '$.rows') AS line WHERE declaration.id = ?
"""
_ROWS = """
SELECT line.key, line.value FROM declaration, json_each(CAST(payload AS TEXT), '$.rows') AS line
WHERE declaration.id = ? AND line.key IN (SELECT value FROM json_each(?))
"""
_EVERY_ROW = """
SELECT line.value FROM declaration, json_each(CAST(payload AS TEXT), '$.rows') AS line WHERE declaration.id = ?
"""
_PERSON = "id_number"


@dataclass(frozen=True, slots=True)
class PayloadFacts:
    """Header and columns as they stand in the bytes, the number of rows, and of different persons in them.

    Where a form has no number of a person every row counts as one.
    """

    header: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: int
    persons: int


def payload_facts(store: Store, declaration_id: str) -> PayloadFacts:
    """What the bytes of a declaration say; KeyError for one that is not here."""
    found = store.connection.execute(_FACTS, (declaration_id,)).fetchone()
    if found is None:
        raise KeyError(declaration_id)
    header, columns, rows = json.loads(found[0]), tuple(json.loads(found[1])), int(found[2])
    persons = rows
    if _PERSON in columns:
        path = f"$[{columns.index(_PERSON)}]"
        persons = int(store.connection.execute(_PERSONS, (path, declaration_id)).fetchone()[0])
    return PayloadFacts(header, columns, rows, persons)


def payload_rows(store: Store, declaration_id: str, places: Iterable[int]) -> dict[int, dict[str, Any]]:
    """{0-based place: {column: value}} of some rows; a place that is not there is left out."""
    found = store.connection.execute(_FACTS, (declaration_id,)).fetchone()
    columns = json.loads(found[1]) if found else []
    rows = store.connection.execute(_ROWS, (declaration_id, json.dumps(sorted(set(places)))))
    return {int(place): dict(zip(columns, json.loads(value), strict=False)) for place, value in rows}


def every_row(store: Store, declaration_id: str) -> Iterator[dict[str, Any]]:
    """{column: value} of every row, one after the other; nothing for a declaration that is not here."""
    found = store.connection.execute(_FACTS, (declaration_id,)).fetchone()
    columns = json.loads(found[1]) if found else []
    for (value,) in store.connection.execute(_EVERY_ROW, (declaration_id,)):
        yield dict(zip(columns, json.loads(value), strict=False))
