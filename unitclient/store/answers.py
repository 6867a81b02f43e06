"""Answers of the centre to queries: kept with their time, so that they can be read off line with their age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.store import jsontext
from unitclient.store.store import Store
from unitclient.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer. `document` is the SHA-256 of the signed document it stands in; `asked_by` the operator."""

    query: str
    inputs: Mapping[str, str]
    rows: tuple[Mapping[str, Any], ...]
    source: str
    document: str
    asked_by: str
    at: datetime


_INSERT = (
    "INSERT INTO answer (unit, query, inputs, answer_rows, source, document, asked_by, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_COLUMNS = "query, inputs, answer_rows, source, document, asked_by, at"


def add_answer(store: Store, unit: str, answer: StoredAnswer) -> None:
    """Keep an answer."""
    store.must_write().execute(
        _INSERT,
        (
            unit,
            answer.query,
            _key(answer.inputs),
            jsontext.dump(list(map(dict, answer.rows))),
            answer.source,
            answer.document,
            answer.asked_by,
            to_text(answer.at),
        ),
    )


def newest_answer(store: Store, unit: str, query: str, inputs: Mapping[str, str]) -> StoredAnswer | None:
    """The newest answer to exactly this question, or None."""
    found = _answers(store, "AND inputs = ? ORDER BY at DESC, id DESC LIMIT 1", (unit, query, _key(inputs)))
    return found[0] if found else None


def list_answers(store: Store, unit: str, query: str) -> list[StoredAnswer]:
    """Every answer to a query that is kept, the newest first."""
    return _answers(store, "ORDER BY at DESC, id DESC", (unit, query))


def _answers(store: Store, rest: str, arguments: Sequence[str]) -> list[StoredAnswer]:
    query = f"SELECT {_COLUMNS} FROM answer WHERE unit = ? AND query = ? {rest}"  # noqa: S608 - this module's own texts
    return [
        StoredAnswer(name, jsontext.load(inputs), tuple(jsontext.load(rows)), source, document, by, from_text(at))
        for name, inputs, rows, source, document, by, at in store.connection.execute(query, arguments)
    ]


def _key(inputs: Mapping[str, str]) -> str:
    return jsontext.dump({name: inputs[name] for name in sorted(inputs) if inputs[name]})
