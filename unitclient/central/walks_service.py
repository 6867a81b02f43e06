"""Walks behind the services around the businesses: free places, accounts, statistics, and the unit's vehicles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

from unitclient.central.bank import BANK_NAME, balance
from unitclient.central.messages import SMS, leave
from unitclient.central.problems import ProblemError
from unitclient.central.registry import unit_row
from unitclient.central.walks import Question, Row
from unitclient.clock import CHINA
from unitclient.texts import say

PRACTICE = "practice"
"""The origin of a balance that no institution told."""
CYCLE_POINTS = 12
"""Points of one cycle (道路交通安全法实施条例第二十三条)."""


def places(asked: Question) -> Iterable[Row]:
    """Free places of a register with [places], for each choice of the code fields that the question leaves open.

    office, department, day, slot (codes, as the register has them), most, taken, free.
    """
    register = asked.core.rulebook.catalog.registers[asked.service.settings["register"]]
    rule = register.places
    if rule is None:
        return
    tables = dict(word.split(":") for word in asked.service.settings["tables"].split())
    choices = [_choices(asked, name, tables.get(name, "")) for name in rule.by]
    rows = asked.connection.execute(
        "SELECT record FROM entry WHERE register = ? AND state IN (SELECT value FROM json_each(?))",
        (register.name, json.dumps(sorted(rule.states))),
    )
    taken: dict[tuple[str, ...], int] = {}
    for row in rows:
        values = json.loads(row["record"])
        place = tuple(str(values.get(name)) for name in rule.by)
        taken[place] = taken.get(place, 0) + 1
    for place in product(*choices):
        there = taken.get(place, 0)
        shown = dict(zip(rule.by, place, strict=True))
        yield {**shown, "most": rule.most, "taken": there, "free": max(0, rule.most - there)}


def _choices(asked: Question, name: str, table: str) -> Sequence[str]:
    given = asked.inputs.get(name)
    if given:
        return (given,)
    return [row.code for row in asked.core.rulebook.catalog.table(table).rows]


def accounts(asked: Question) -> Iterable[Row]:
    """The unit's accounts: kind, key, name, institution, tail, state, balance_fen, due_fen, overdue_fen, due,
    origin, single_limit_fen, day_limit_fen, valid_until. Amounts that nobody tells are None. `origin` says whose word
    a balance is: here the simulated bank's and the practice book's, never a real institution's.
    """
    unit = unit_row(asked.connection, asked.unit_number)
    yield {"kind": "contribution", "key": asked.unit_number, "name": unit["name"], "state": "open", **_owed(asked)}
    agreements = _entries(asked, "bank-agreement")
    held = balance(asked.connection, asked.unit_number)
    if not agreements:
        yield {"kind": "bank", "key": "opened", "name": unit["name"], "institution": BANK_NAME,
               "tail": unit["account_tail"], "state": "active", "balance_fen": held, "origin": PRACTICE}  # fmt: skip
    for state, key, values in agreements:
        in_force = state in ("active", "changed")
        yield {"kind": "bank", "key": key, "name": values.get("account_name"), "institution": values.get("bank_name"),
               "tail": str(values.get("bank_account") or "")[-4:], "state": state,
               "balance_fen": held if in_force else None, "origin": PRACTICE if in_force else None,
               "single_limit_fen": values.get("single_limit")}  # fmt: skip
    told = {str(row["account_tail"]): row for row in asked.core.rulebook.book("linked-accounts")}
    for state, key, values in _entries(asked, "linked-account"):
        row = told.get(str(values.get("account_tail"))) if state == "linked" else None
        scope = str(values.get("account_scope"))
        yield {"kind": f"linked-{values.get('account_kind')}", "key": key, "name": values.get("account_name"),
               "institution": values.get("institution"), "tail": values.get("account_tail"), "state": state,
               "balance_fen": row["balance_fen"] if row else None, "origin": PRACTICE if row else None,
               # Due dates are told only where the agreement reaches that far.
               "due_fen": row["due_fen"] if row and scope == "3" else None,
               "due": row["due"] if row and scope == "3" else None,
               "single_limit_fen": values.get("single_limit"), "day_limit_fen": values.get("day_limit"),
               "valid_until": values.get("valid_until")}  # fmt: skip


def _owed(asked: Question) -> Row:
    """What is due and overdue of the unit's bills, and the first day of it."""
    today = asked.core.clock.now().astimezone(CHINA).date().isoformat()
    rows = asked.rows("SELECT total_fen, due FROM bill WHERE unit_number = ? AND state IN ('open', 'debiting')")
    return {
        "due_fen": sum(row["total_fen"] for row in rows),
        "overdue_fen": sum(row["total_fen"] for row in rows if row["due"] < today),
        "due": min((row["due"] for row in rows), default=None),
    }


def _entries(asked: Question, register: str) -> list[tuple[str, str, dict[str, Any]]]:
    rows = asked.rows(
        "SELECT state, key, record FROM entry WHERE unit_number = ? AND register = ? ORDER BY key", register
    )
    return [(row["state"], row["key"], json.loads(row["record"])) for row in rows]


def statistics(asked: Question) -> Iterable[Row]:
    """The unit's figures by month: period, sent, accepted, returned, late, billed_fen, paid_fen, open_fen."""
    for row in asked.rows(
        "SELECT s.period, count(*) AS sent, sum(s.acceptance IN ('accepted', 'partly-accepted')) AS accepted,"
        " sum(s.acceptance = 'returned') AS returned, sum(s.timely = 0) AS late,"
        " coalesce(sum(CASE WHEN b.state <> 'cancelled' THEN b.total_fen END), 0) AS billed_fen,"
        " coalesce(sum(CASE WHEN b.state = 'debited' THEN b.total_fen END), 0) AS paid_fen,"
        " coalesce(sum(CASE WHEN b.state IN ('open', 'debiting') THEN b.total_fen END), 0) AS open_fen"
        " FROM submission s LEFT JOIN bill b USING (unit_number, submission_id)"
        " WHERE s.unit_number = ? AND s.period BETWEEN ? AND ? GROUP BY s.period ORDER BY s.period DESC",
        *asked.span,
    ):
        yield dict(row)


def figures(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every unit's figures for the bureau: submissions, returned, waiting, paid and open fen, tickets, messages."""
    rows = connection.execute(
        "SELECT u.unit_number, u.name,"
        " (SELECT count(*) FROM submission s WHERE s.unit_number = u.unit_number) AS submissions,"
        " (SELECT count(*) FROM submission s WHERE s.unit_number = u.unit_number AND s.acceptance = 'returned')"
        " AS returned,"
        " (SELECT count(*) FROM submission s WHERE s.unit_number = u.unit_number AND s.step = 'desk') AS waiting,"
        " (SELECT coalesce(sum(total_fen), 0) FROM bill b WHERE b.unit_number = u.unit_number AND b.state = 'debited')"
        " AS paid_fen,"
        " (SELECT coalesce(sum(total_fen), 0) FROM bill b WHERE b.unit_number = u.unit_number"
        " AND b.state IN ('open', 'debiting')) AS open_fen,"
        " (SELECT count(*) FROM entry e WHERE e.unit_number = u.unit_number AND e.register = 'ticket'"
        " AND e.state NOT IN ('answered', 'closed')) AS open_tickets,"
        " (SELECT count(*) FROM message_out m WHERE m.unit_number = u.unit_number) AS messages"
        " FROM unit u ORDER BY u.unit_number"
    )
    return [dict(row) for row in rows]


def vehicles(asked: Question) -> Iterable[Row]:
    """Violations of the unit's own vehicle: the book's rows, with points in the cycle, points left, next premium.

    The ends of engine and frame number must be those the city asks for; what is left out is taken from the
    registration. A vehicle without violations has one row that says so.
    """
    found = asked.rows(
        "SELECT record FROM entry WHERE unit_number = ? AND register = 'unit-vehicle' AND key = ?"
        " AND state = 'registered'",
        asked.inputs["plate"],
    )
    if not found:
        return
    own = json.loads(found[0]["record"])
    for name in ("engine_tail", "frame_tail"):
        _refuse_tail(asked, own, name)
    today = asked.core.clock.now().astimezone(CHINA).date()
    rows = [row for row in asked.core.rulebook.book("vehicle-violations") if row["plate"] == asked.inputs["plate"]]
    points = sum(row["points"] for row in rows if date.fromisoformat(row["happened_on"]) >= _cycle_start(rows, today))
    known = {
        "plate": asked.inputs["plate"],
        "points_in_cycle": points,
        "points_left": max(0, CYCLE_POINTS - points),
        "premium_forecast": _premium(asked, rows, today),
    }
    for row in rows:
        yield {**row, **known}
    if not rows:
        yield {**known, "offence": "none"}


def _refuse_tail(asked: Question, own: Mapping[str, Any], name: str) -> None:
    """Refuse ends of a number that are not as long as the city wants them, or not the vehicle's."""
    given = asked.inputs.get(name)
    row = asked.core.rulebook.catalog.table("vehicle_city").row(str(own.get("city")))
    wanted = int(str(row.extra[name])) if row is not None else 0
    if not given or not wanted:
        return
    if (wanted < 99 and len(given) != wanted) or given != own.get(name):
        raise ProblemError("schema-invalid", name)


def _cycle_start(rows: Sequence[Mapping[str, Any]], today: date) -> date:
    """The first day of the cycle of twelve months that `today` is in: cycles begin on the day of first registration."""
    first = date.fromisoformat(rows[0]["registered_on"]) if rows else today
    start = first.replace(year=today.year, day=min(first.day, 28))
    return start if start <= today else start.replace(year=today.year - 1)


def _premium(asked: Question, rows: Sequence[Mapping[str, Any]], today: date) -> str:
    """Next year's premium by how many violations the last twelve months have; the steps are data."""
    year_ago = today.replace(year=today.year - 1, day=min(today.day, 28))
    count = sum(date.fromisoformat(row["happened_on"]) > year_ago for row in rows)
    steps = asked.core.rulebook.book("vehicle-premium")
    return next((str(step["word"]) for step in steps if count <= step["most"]), "")


def listed(asked: Question) -> Iterable[Row]:
    """Rows of a code table that the bureau publishes (`table`): code, name and its own members; narrowed by inputs of
    their names.
    """
    for row in asked.core.rulebook.catalog.table(asked.service.settings["table"]).rows:
        told = {"code": row.code, "name": row.name, **{name: str(value) for name, value in row.extra.items()}}
        if all(not asked.inputs.get(one.name) or told.get(one.name) == asked.inputs[one.name]
               for one in asked.service.inputs):  # fmt: skip
            yield told


def copy_by_sms(asked: Question, rows: Sequence[Mapping[str, Any]]) -> None:
    """Send a copy of a vehicle's answer by SMS where the question names a telephone; into the simulated gateway."""
    phone = asked.inputs.get("copy_to")
    if not phone or asked.service.walk != vehicles.__name__ or not rows:
        return
    violations = [row for row in rows if row.get("happened_on")]
    body = say(
        "message-vehicle",
        plate=str(rows[0]["plate"])[:2] + "***" + str(rows[0]["plate"])[-2:],
        count=len(violations),
        open=sum(row.get("handled") == "open" for row in violations),
        points=rows[0]["points_in_cycle"],
        left=rows[0]["points_left"],
    )
    with asked.core.database.write() as tx:
        leave(tx, asked.unit_number, "", SMS, phone, body, asked.core.clock.now())


SERVICE_WALKS: Mapping[str, Callable[[Question], Iterable[Row]]] = {
    walk.__name__: walk for walk in (places, accounts, statistics, vehicles, listed)
}
"""Every walk of this module by its name."""
