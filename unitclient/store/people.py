"""The people of a unit as a list on the screen: found, ordered and counted by SQL, read by the ids of their notes.

Call `person_notes.catch_up` first. Measured at 100,000 persons: any order about 20 ms, a search 15 to 40 ms.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unitclient.domain.roster import Coverage, Person, PersonState
from unitclient.store.batches import Batches
from unitclient.store.items import Item, item_of
from unitclient.store.person_notes import ARRIVING, conditions
from unitclient.store.staff import person_of
from unitclient.store.store import Store

CHANGING = "changing"
"""A narrowing: people with a change that is not decided yet."""
WITH_FINDINGS = "findings"
"""A narrowing: people with a warning or error on a row of theirs, or a row the centre refused."""
_STATES = (*(state.value for state in PersonState), ARRIVING)
_ORDERS: Mapping[str, str] = {
    "": "sort_key",
    "name": "sort_key",
    "id_number": "id_number",
    "department": "department",
    "state": "state",
    "wage": "wage_fen",
    "since": "since",
}
_LIVE = """(i.state IN ('pending', 'declared') OR (i.state = 'refused' AND NOT EXISTS (
      SELECT 1 FROM item n WHERE n.unit = i.unit AND n.person_id = i.person_id AND n.form = i.form AND n.key = i.key
        AND n.id > i.id AND n.state <> 'cancelled')))"""
"""Rows that still say something: undecided, or refused and not tried again."""
_TROUBLED = f"""id_number IN (
    SELECT i.person_id FROM item i WHERE i.unit = ? AND i.findings <> '[]'
      AND (instr(i.findings, '"severity":"error"') OR instr(i.findings, '"severity":"warning"')) AND {_LIVE})"""  # noqa: S608 - this module's own text
_CHANGING = """id_number IN (
    SELECT i.person_id FROM item i WHERE i.unit = ? AND i.state IN ('pending', 'declared'))"""
_NARROWINGS = ((CHANGING, _CHANGING), (WITH_FINDINGS, _TROUBLED))


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Which people, in which order.

    `arriving` are the forms that bring people in: whoever has an open row of another form only is not listed. `narrow`
    are states, CHANGING or WITH_FINDINGS: states widen, the others narrow. `order` is "name", "id_number",
    "department", "state", "wage" or "since".
    """

    unit: str
    arriving: tuple[str, ...]
    text: str = ""
    narrow: tuple[str, ...] = ()
    department: str = ""
    order: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in the list: `person` as the centre confirmed them (None: arriving), `rows` that still say something."""

    id: int
    id_number: str
    name: str
    department: str
    state: str
    wage_fen: int | None
    since: str | None
    person: Person | None
    rows: tuple[Item, ...]


def people_ids(store: Store, query: PeopleQuery) -> array[int]:
    """Ids of the notes that a query finds, in its order."""
    hits = _hits(store, query.text)
    way = "DESC" if query.descending else "ASC"
    order = ", ".join(f"{column} {way}" for column in (_ORDERS[query.order], "origin", "id"))
    found = _walk(store, "id", hits, _where(query), f"ORDER BY {order}")
    return array("q", (one for (one,) in found))


def troubled_ids(store: Store, query: PeopleQuery) -> set[int]:
    """Ids of the notes with findings, whatever else the query says."""
    return _ids(store, *_where(PeopleQuery(query.unit, query.arriving, narrow=(WITH_FINDINGS,))))


def people_counts(store: Store, query: PeopleQuery) -> dict[str, int]:
    """How many people each narrowing alone would find under the query's text and department; "" counts all."""
    where, arguments = _where(PeopleQuery(query.unit, query.arriving, department=query.department))
    hits = _hits(store, query.text)
    if hits is None:
        states = dict(_walk(store, "state, count(*)", None, (where, arguments), "GROUP BY state"))
    else:
        states = Counter(state for _, state in _walk(store, "id, state", hits, (where, arguments)))
    found = {"": sum(states.values()), **dict.fromkeys(_STATES, 0), **states}
    for name, condition in _NARROWINGS:
        ids = _ids(store, f"{where} AND {condition}", [*arguments, query.unit])
        found[name] = len(ids if hits is None else ids.intersection(hits))
    return found


_FEW = 8000
"""So many notes are fetched one by one; beyond, an index that holds all that is asked for is walked."""


def _walk(
    store: Store, columns: str, hits: list[int] | None, condition: tuple[str, list[str]], tail: str = ""
) -> Iterator[tuple[Any, ...]]:
    """Rows of the notes that meet a condition, of `hits` only when they are given; the id is the first column then."""
    where, arguments = condition
    few = hits is not None and len(hits) <= _FEW
    # The cross join makes SQLite begin with the hits.
    table = "(SELECT value AS hit FROM json_each(?)) CROSS JOIN person_note ON id = hit" if few else "person_note"
    sql = f"SELECT {columns} FROM {table} WHERE {where} {tail}"  # noqa: S608 - parts are this module's own texts
    rows: Iterator[tuple[Any, ...]] = store.connection.execute(
        sql, [json.dumps(hits), *arguments] if few else arguments
    )
    if hits is None or few:
        return rows
    among = set(hits)
    return (row for row in rows if row[0] in among)


def _hits(store: Store, text: str) -> list[int] | None:
    """Ids of the notes in whose words everything typed is found, of all units; None when nothing is typed."""
    words, arguments = conditions(text)
    if not words:
        return None
    sql = f"SELECT note FROM person_words WHERE {' AND '.join(words)}"  # noqa: S608 - conditions with marks only
    return [row[0] for row in store.connection.execute(sql, arguments)]


def _ids(store: Store, where: str, arguments: Sequence[str]) -> set[int]:
    sql = f"SELECT id FROM person_note WHERE {where}"  # noqa: S608 - parts are this module's own texts
    return {row[0] for row in store.connection.execute(sql, arguments)}


def people(store: Store, unit: str, ids: Sequence[int]) -> dict[int, Listed]:
    """The people behind ids, by id; ids that are gone are left out."""
    found: dict[int, Listed] = {}
    for start in range(0, len(ids), 500):
        found.update(_some(store, unit, ids[start : start + 500]))
    return found


def note_id(store: Store, unit: str, id_number: str) -> int | None:
    """The id of somebody's note by ID number, or None."""
    query = "SELECT id FROM person_note WHERE unit = ? AND id_number = ?"
    row = store.connection.execute(query, (unit, id_number)).fetchone()
    return None if row is None else int(row[0])


def numbers_of(store: Store, ids: Iterable[int]) -> dict[int, str]:
    """{id: ID number} of notes."""
    found: dict[int, str] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        query = f"SELECT id, id_number FROM person_note WHERE id IN ({_marks(some)})"  # noqa: S608 - marks only
        found.update(store.connection.execute(query, some).fetchall())
    return found


def rows_of_person(store: Store, unit: str, id_number: str) -> list[Item]:
    """Every row about one person, whatever became of it, as they came."""
    query = "SELECT * FROM item WHERE unit = ? AND person_id = ? ORDER BY id"
    batches = Batches(store.connection)
    return [item_of(row, batches) for row in store.connection.execute(query, (unit, id_number))]


def declared_rows(store: Store, declaration_id: str, id_number: str) -> list[list[Any]]:
    """One person's rows of a declaration whose rows begin with the ID number, cut out of its bytes unread."""
    mark = f'["{id_number}",'.encode()
    found: list[list[Any]] = []
    query = "SELECT substr(payload, instr(payload, ?), ?) FROM declaration WHERE id = ? AND instr(payload, ?)"
    row = store.connection.execute(query, (mark, _CUT, declaration_id, mark)).fetchone()
    rest = bytes(row[0]).decode("utf-8", "ignore") if row is not None else ""
    reader, text = json.JSONDecoder(), mark.decode()
    while rest.startswith(text):
        told, end = reader.raw_decode(rest)
        found.append(told)
        rest = rest[end:].removeprefix(",")
    return found


_CUT = 16_000
"""Bytes that hold all rows of one person: some insurances of a few hundred bytes each."""


def _some(store: Store, unit: str, ids: Sequence[int]) -> dict[int, Listed]:
    known: dict[str, Mapping[str, Coverage]] = {}
    rows = store.connection.execute(
        f"""SELECT n.id, n.id_number, n.name, n.department, n.state, n.wage_fen, n.since,
              p.id_number, p.id_kind, p.name, p.wage_fen, p.state, p.coverage, p.since, p.wage_since
            FROM person_note n LEFT JOIN person p ON p.unit = n.unit AND p.id_number = n.id_number
            WHERE n.id IN ({_marks(ids)})""",  # noqa: S608 - marks only
        list(ids),
    ).fetchall()
    live = _live_rows(store, unit, [row[1] for row in rows])
    found: dict[int, Listed] = {}
    for id_, number, name, department, state, wage_fen, since, *confirmed in rows:
        person = person_of(tuple(confirmed), known) if confirmed[0] is not None else None
        found[id_] = Listed(id_, number, name, department, state, wage_fen, since, person, tuple(live.get(number, ())))
    return found


def _live_rows(store: Store, unit: str, numbers: Sequence[str]) -> dict[str, list[Item]]:
    query = f"""SELECT i.* FROM item i
        WHERE i.unit = ? AND i.person_id IN ({_marks(numbers)})
          AND i.state IN ('pending', 'declared', 'refused') AND {_LIVE} ORDER BY i.id"""  # noqa: S608 - marks only
    found: dict[str, list[Item]] = {}
    batches = Batches(store.connection)
    for row in store.connection.execute(query, (unit, *numbers)):
        item = item_of(row, batches)
        found.setdefault(item.person_id, []).append(item)
    return found


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _where(query: PeopleQuery) -> tuple[str, list[str]]:
    """Everything but the text."""
    parts = ["unit = ?", f"(origin = '' OR origin IN ({_marks(query.arriving)}))"]
    arguments = [query.unit, *query.arriving]
    states = [name for name in query.narrow if name in _STATES]
    if states:
        parts.append(f"state IN ({_marks(states)})")
        arguments += states
    if query.department:
        parts.append("department = ?")
        arguments.append(query.department)
    for name, condition in _NARROWINGS:
        if name in query.narrow:
            parts.append(condition)
            arguments.append(query.unit)
    return " AND ".join(parts), arguments
