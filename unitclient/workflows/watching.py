"""Questions watched for change: asked again with each sync as their pause allows; a change is told until seen.

What changed is worked out from the kept answers, the one seen last against the newest: nothing more is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from unitclient.catalog.said import answer_in_words
from unitclient.catalog.services import Service
from unitclient.errors import UserError
from unitclient.store.answers import StoredAnswer, list_answers, newest_answer
from unitclient.store.units import Unit
from unitclient.store.watches import Watch, list_watches, put_watches
from unitclient.workflows.asking import ask_for_watch, askable, may_see_persons, services
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import may, needs, operator_name

Row = Mapping[str, Any]
MOST = 50
"""Watched questions of one unit."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is there in both answers: which column says something else, before and now."""

    row: Row
    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """What one answer has that the other has not. Rows are the same row when their first column is."""

    added: tuple[Row, ...] = ()
    gone: tuple[Row, ...] = ()
    changed: tuple[RowChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        changed = [{"row": dict(one.row), "column": one.column, "before": one.before, "after": one.after}
                   for one in self.changed]  # fmt: skip
        return {"added": [*map(dict, self.added)], "gone": [*map(dict, self.gone)], "changed": changed}


@dataclass(frozen=True, slots=True)
class Watched:
    """A watched question with its place in the list (from 1), its newest answer, and what changed since it was seen.

    `seen` is the answer that a person saw last.
    """

    number: int
    watch: Watch
    service: Service
    answer: StoredAnswer | None
    difference: Difference
    seen: StoredAnswer | None = None

    def since_seen(self, rows: Sequence[Row]) -> Difference:
        """What an answer has that the one seen last has not."""
        return difference(self.service, self.seen.rows, rows) if self.seen else Difference()


@needs("ask")
def watch(desk: Desk, unit: Unit, query: str, inputs: Mapping[str, str]) -> Watch:
    """Watch a question from now on; an answer that is kept counts as seen. A question that is watched stays as it is.

    UserError query-unknown, query-input-wrong, query-no-right, query-watches-full.
    """
    service = askable(desk, unit, query, inputs)
    given = {name: text for name, text in inputs.items() if text}
    known = list_watches(desk.store, unit.unit_number)
    found = next((one for one in known if one.asks(query, given)), None)
    if found is not None:
        return found
    if len(known) >= MOST:
        raise UserError("query-watches-full", most=MOST)
    kept = newest_answer(desk.store, unit.unit_number, query, given)
    made = Watch(query, given, operator_name(desk.store, unit), kept.at if kept else None)
    with desk.store.write("query.watch", subject=service.id):
        put_watches(desk.store, unit.unit_number, [*known, made])
    return made


@needs("ask")
def unwatch(desk: Desk, unit: Unit, number: int) -> Watch:
    """Watch the question of that number (from 1) no more. UserError query-watch-unknown."""
    found = next((one for one in watched(desk, unit) if one.number == number), None)
    if found is None:
        raise UserError("query-watch-unknown", number=number)
    with desk.store.write("query.unwatch", subject=found.watch.query):
        known = list_watches(desk.store, unit.unit_number)
        put_watches(desk.store, unit.unit_number, [one for one in known if one != found.watch])
    return found.watch


def watched(desk: Desk, unit: Unit) -> list[Watched]:
    """The watched questions that whoever works here may see, with what changed since each was seen."""
    found = []
    for number, one in enumerate(list_watches(desk.store, unit.unit_number), 1):
        service = services().get(one.query)
        if service is None or not _may(desk, unit, service):
            continue
        answers = [told for told in list_answers(desk.store, unit.unit_number, one.query)
                   if one.asks(told.query, told.inputs)]  # fmt: skip
        newest = answers[0] if answers else None
        seen = next((told for told in answers if told.at == one.seen), None)
        told = difference(service, seen.rows, newest.rows) if seen and newest else Difference()
        found.append(Watched(number, one, service, newest, told, seen))
    return found


def is_watched(desk: Desk, unit: Unit, query: str, inputs: Mapping[str, str]) -> int:
    """The number of a watched question, 0 when it is not watched."""
    known = enumerate(list_watches(desk.store, unit.unit_number), 1)
    return next((number for number, one in known if one.asks(query, inputs)), 0)


def ask_watched(desk: Desk, unit: Unit) -> list[str]:
    """Ask what is due again, as far as whoever works here may ask it; the queries whose answer changed.

    Called with every sync. A centre that does not answer leaves everything as it is.
    """
    changed = []
    for one in list_watches(desk.store, unit.unit_number):
        service = services().get(one.query)
        if service is None or not _may(desk, unit, service):
            continue
        before = newest_answer(desk.store, unit.unit_number, one.query, one.inputs)
        if before is not None and desk.now() - before.at < timedelta(seconds=service.every_s):
            continue
        try:
            answer = ask_for_watch(desk, unit, service, one.inputs, first=one.seen is None)
        except UserError:
            continue
        if before is not None and before.rows != answer.rows:
            changed.append(service.id)
    return changed


def _may(desk: Desk, unit: Unit, service: Service) -> bool:
    return may(desk, "ask") and (not service.personal or may_see_persons(desk, unit))


def difference(service: Service, before: Sequence[Row], after: Sequence[Row]) -> Difference:
    """What changed between two answers to one question. Pure."""
    gone, added = _left_over(before, after), _left_over(after, before)
    key = service.columns[0]
    old, new = _by_key(gone, key), _by_key(added, key)
    both = [name for name in new if name in old]
    changed = [
        RowChange(new[name], column, old[name].get(column), new[name].get(column))
        for name in both for column in service.columns if old[name].get(column) != new[name].get(column)
    ]  # fmt: skip
    return Difference(
        tuple(row for row in added if row.get(key) not in both),
        tuple(row for row in gone if row.get(key) not in both),
        tuple(changed),
    )


def _left_over(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """Rows that are not among the others, as often as they are more."""
    there = Counter(map(_frozen, others))
    left = []
    for row in rows:
        if there[_frozen(row)]:
            there[_frozen(row)] -= 1
        else:
            left.append(row)
    return left


def _frozen(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, repr(value)) for name, value in row.items()))


def _by_key(rows: Sequence[Row], key: str) -> dict[Any, Row]:
    """Rows by their first column, those alone that are the only one with it."""
    often = Counter(str(row.get(key)) for row in rows)
    return {row.get(key): row for row in rows if row.get(key) and often[str(row.get(key))] == 1}


def difference_lines(desk: Desk, service: Service, told: Difference) -> Iterator[tuple[str, str]]:
    """(what happened: added, gone or changed; the row in words) of everything that changed."""

    def words(row: Row) -> dict[str, Any]:
        return dict(answer_in_words(service, row, desk.catalog))

    def whole(row: Row) -> str:
        said = words(row)
        return "  ".join(_cell(name, said.get(name)) for name in service.columns if said.get(name) not in (None, ""))

    yield from (("added", whole(row)) for row in told.added)
    yield from (("gone", whole(row)) for row in told.gone)
    for one in told.changed:
        name, key = one.column, service.columns[0]
        before, after = (_cell(name, words({name: value}).get(name)) for value in (one.before, one.after))
        yield "changed", f"{_cell(key, words(one.row).get(key))}  {service.titles[name]}: {before} → {after}"


def _cell(name: str, value: Any) -> str:
    if isinstance(value, int) and name.endswith("_fen"):
        return f"{value // 100}.{value % 100:02d}"
    return "" if value is None else str(value)
