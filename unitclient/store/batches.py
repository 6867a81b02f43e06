"""What the rows of one import have in common: the names of their values, and the file they came from."""

from __future__ import annotations

from typing import Any

from unitclient.store import jsontext


class Batches(dict[int, tuple[tuple[str, ...], str]]):
    """{batch id: (names of the values of its rows, SHA-256 of the file)}, read when first asked for."""

    def __init__(self, connection: Any) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, batch: int) -> tuple[tuple[str, ...], str]:
        query = "SELECT fields, source_sha256 FROM batch WHERE id = ?"
        fields, source_sha256 = self._connection.execute(query, (batch,)).fetchone()
        self[batch] = found = (tuple(jsontext.load(fields)), source_sha256)
        return found


def value_of(item: str, name: str) -> str:
    """SQL for one value of a row: `item` is the table's name in the query, `name` an SQL text or a mark for one."""
    place = f"SELECT f.key FROM batch b, json_each(b.fields) f WHERE b.id = {item}.batch AND f.value = {name}"  # noqa: S608 - both are the caller's own texts
    return f"{item}.row_values ->> ({place})"
