"""Where answers come from: the sources that query files may name. Each is one walk over the local database.

A source is called with the desk, the unit and the inputs (texts by name, months as "YYYY-MM"; empty is no limit) and
gives rows by column key. Money is int fen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.clock import CHINA
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.pages.queries.model import CENTRE
from unitclient.desktop.pages.sign.words import insurance_word, kind_word, moment, track_mark, track_word
from unitclient.desktop.theme.tokens import State
from unitclient.store.batches import value_of
from unitclient.store.declarations import Declaration
from unitclient.store.overview import briefs
from unitclient.store.times import from_text
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.sync.protocol import Acceptance
from unitclient.texts import say
from unitclient.workflows.desk import Desk
from unitclient.workflows.lines import MONTHLY
from unitclient.workflows.messages import messages as subscribed
from unitclient.workflows.month_state import effective
from unitclient.workflows.registers import register_named, register_rows

Row = dict[str, Any]
Inputs = Mapping[str, str]
MOST = 50_000
"""Rows of an answer; more are counted and left out, and the page says so."""
_EARLIEST, _LATEST = "0000-00", "9999-99"


@dataclass(frozen=True, slots=True)
class Source:
    """A source: the inputs it knows, and the walk."""

    inputs: tuple[str, ...]
    rows: Callable[[Desk, Unit, Inputs], Iterable[Row]]


def contributions(desk: Desk, unit: Unit, inputs: Inputs) -> Iterable[Row]:
    """What the unit declared by month and insurance: persons, bases, both sides' amounts.

    period, insurance, persons, base_fen, unit_fen, person_fen, total_fen, acceptance, money.
    """
    query = """
    SELECT json_extract(line.value, '$[2]') AS insurance, count(DISTINCT json_extract(line.value, '$[0]')),
      sum(json_extract(line.value, '$[4]')), sum(json_extract(line.value, '$[5]')),
      sum(json_extract(line.value, '$[6]'))
    FROM declaration, json_each(CAST(declaration.payload AS TEXT), '$.rows') AS line
    WHERE declaration.id = ? GROUP BY insurance ORDER BY min(line.key)
    """
    for known in _months(desk, unit, inputs):
        for insurance, persons, base, unit_fen, person_fen in desk.store.connection.execute(query, (known.id,)):
            yield {
                "period": known.period,
                "insurance": insurance_word(insurance),
                "persons": persons,
                "base_fen": base,
                "unit_fen": unit_fen,
                "person_fen": person_fen,
                "total_fen": unit_fen + person_fen,
                **_tracks(known),
            }


def person_contributions(desk: Desk, unit: Unit, inputs: Inputs) -> Iterable[Row]:
    """What was declared for one person (`person`: a number, the end of one, or a name), month by month.

    period, name, id_number, insurance, wage_fen, base_fen, unit_fen, person_fen, acceptance, money.
    """
    wanted = inputs.get("person", "").strip()
    if not wanted:
        return
    query = """
    SELECT line.value FROM declaration, json_each(CAST(declaration.payload AS TEXT), '$.rows') AS line
    WHERE declaration.id = ?
      AND (json_extract(line.value, '$[1]') = ? OR substr(json_extract(line.value, '$[0]'), ?) = ?)
    ORDER BY line.key
    """
    tail = wanted.upper()
    for known in _months(desk, unit, inputs):
        for (line,) in desk.store.connection.execute(query, (known.id, wanted, -len(tail), tail)):
            number, name, insurance, wage, base, unit_fen, person_fen = json.loads(line)
            yield {
                "period": known.period,
                "name": name,
                "id_number": number,
                "insurance": insurance_word(insurance),
                "wage_fen": wage,
                "base_fen": base,
                "unit_fen": unit_fen,
                "person_fen": person_fen,
                **_tracks(known),
            }


def business(desk: Desk, unit: Unit, inputs: Inputs) -> Iterable[Row]:
    """Every business that was declared (已办): period, form, kind, rows, total_fen, number, the tracks, prepared_at."""
    wanted = inputs.get("form", "")
    for known in reversed(_spanned(briefs(desk.store, unit.unit_number), inputs)):
        if wanted and known.form != wanted:
            continue
        yield {
            "period": known.period,
            "form": str(desk.catalog.form(known.form).title),
            "kind": kind_word(known.kind),
            "rows": known.row_count,
            "total_fen": sum(side for sides in known.totals.values() for side in sides.values()) or None,
            "number": known.acceptance_number,
            "transport": track_word("transport", known.transport.value),
            "prepared_at": moment(known.prepared_at),
            **_tracks(known, transport=True),
        }


def changes(desk: Desk, unit: Unit, inputs: Inputs) -> Iterable[Row]:
    """Changes of persons by the month they count from: month, form, name, id_number, state, number, changed_at."""
    query = f"""
    SELECT item.effect_month, item.form, coalesce(note.name, {value_of("item", "'name'")}), item.person_id,
      item.state, declaration.acceptance_number, item.updated_at
    FROM item LEFT JOIN person_note AS note ON note.unit = item.unit AND note.id_number = item.person_id
    LEFT JOIN declaration ON declaration.id = item.declaration
    WHERE item.unit = ? AND item.person_id <> '' AND item.state <> 'cancelled' AND item.effect_month BETWEEN ? AND ?
      AND (? = '' OR item.person_id = ? OR note.name = ?)
    ORDER BY item.effect_month DESC, item.form, item.id
    """  # noqa: S608 - the parts are the program's own texts
    first, last = _span(inputs)
    person = inputs.get("person", "").strip()
    given = (unit.unit_number, first, last, person, person.upper(), person)
    for month, form, name, number, state, acceptance, at in desk.store.connection.execute(query, given):
        yield {
            "month": month,
            "form": str(desk.catalog.form(form).title) if form in desk.catalog.forms else form,
            "name": name,
            "id_number": number,
            "state": say(f"d-item-{state}"),
            "number": acceptance,
            "changed_at": moment(from_text(at)),
        }


def register(desk: Desk, unit: Unit, inputs: Inputs) -> Iterable[Row]:
    """Entries of a register of the centre as this computer knows them: key, state, at, and its columns as shown."""
    kind = register_named(desk, inputs.get("register", ""))
    for entry in register_rows(desk, unit, kind.name):
        if inputs.get("state") in (None, "", entry.state):
            known = kind.states.get(entry.state)
            mark = Mark(State(known.mark)) if known else None
            yield {
                "key": entry.key,
                "state": entry.state_title,
                "at": entry.at[:10],
                **dict(zip(kind.columns, entry.shown, strict=True)),
                MARKS: {} if mark is None else {"state": mark},
            }


def messages(desk: Desk, unit: Unit, inputs: Inputs) -> Iterable[Row]:
    """What was subscribed to be told in the program: topic_title, title, body, received; of one `topic` or all."""
    for one in subscribed(desk, unit, inputs.get("topic", "")):
        yield {**one.to_json(), "received": moment(one.received) if one.received else ""}


def kept_answer(_desk: Desk, _unit: Unit, _inputs: Inputs) -> Iterable[Row]:
    """What the centre answers is asked for (`work.ask_centre`), not walked through."""
    return ()


def documents(desk: Desk, unit: Unit, inputs: Inputs) -> Iterable[Row]:
    """Signed documents of the centre of one kind (`kind`): received_at, sha256, and the document's own members."""
    query = "SELECT document, sha256, received_at FROM document WHERE unit = ? AND kind = ? ORDER BY received_at DESC"
    for document, sha256, at in desk.store.connection.execute(query, (unit.unit_number, inputs.get("kind", ""))):
        told = json.loads(document)
        yield {**{name: _plain(value) for name, value in told.items()}, "sha256": sha256,
               "received_at": moment(from_text(at))}  # fmt: skip


def _plain(value: Any) -> Any:
    """A member as a cell shows it: instants by our clock's zone, what is nested not at all."""
    if isinstance(value, str) and len(value) > 18 and value[10:11] == "T":
        try:
            return moment(datetime.fromisoformat(value).astimezone(CHINA))
        except ValueError:
            return value
    return value if isinstance(value, str | int) else None


def _months(desk: Desk, unit: Unit, inputs: Inputs) -> list[Declaration]:
    """The monthly declaration that counts, of every month asked for, the newest first."""
    by_month: dict[str, list[Declaration]] = {}
    for known in _spanned(briefs(desk.store, unit.unit_number), inputs):
        if known.form == MONTHLY:
            by_month.setdefault(known.period, []).append(known)
    found = (effective(of_month) for _, of_month in sorted(by_month.items(), reverse=True))
    sent = (one for one in found if one is not None and one.transport is not Transport.WITHDRAWN)
    return [one for one in sent if one.acceptance != Acceptance.RETURNED]


def _spanned(known: list[Declaration], inputs: Inputs) -> list[Declaration]:
    first, last = _span(inputs)
    return [one for one in known if first <= one.period <= last]


def _span(inputs: Inputs) -> tuple[str, str]:
    return inputs.get("since") or _EARLIEST, inputs.get("until") or _LATEST


def _tracks(known: Declaration, *, transport: bool = False) -> Row:
    """Words and marks of the tracks."""
    names = ("transport", "acceptance", "money") if transport else ("acceptance", "money")
    states = {"transport": known.transport.value, "acceptance": known.acceptance, "money": known.money}
    marks = {name: track_mark(name, states[name]) for name in names}
    return {
        "acceptance": track_word("acceptance", known.acceptance) or say("d-query-not-sent"),
        "money": track_word("money", known.money),
        MARKS: {name: mark for name, mark in marks.items() if mark is not None},
    }


SOURCES: Mapping[str, Source] = {
    "contributions": Source(("since", "until"), contributions),
    "person-contributions": Source(("since", "until", "person"), person_contributions),
    "business": Source(("since", "until", "form"), business),
    "changes": Source(("since", "until", "person"), changes),
    "documents": Source(("kind",), documents),
    "register": Source(("register", "state"), register),
    "messages": Source(("topic",), messages),
    CENTRE: Source((), kept_answer),
}
"""Every source by its name."""
