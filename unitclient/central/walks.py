"""How the centre finds the rows of an answer: walks that query files name, each over one kind of record.

A walk gives rows by column key: texts, whole numbers (fen for money) or None. What a query does not show is left out
by its columns.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from unitclient.catalog.services import Service
from unitclient.central.core import Core
from unitclient.central.ledger import present_number
from unitclient.central.registry import insurances_of, unit_row
from unitclient.central.roster import records

Row = dict[str, Any]
_EARLIEST, _LATEST = "0000-00", "9999-99"


@dataclass(frozen=True)
class Question:
    """What a unit asks."""

    core: Core
    connection: sqlite3.Connection
    unit_number: str
    service: Service
    inputs: Mapping[str, str]

    @property
    def span(self) -> tuple[str, str]:
        """First and last month asked for."""
        return self.inputs.get("since") or _EARLIEST, self.inputs.get("until") or _LATEST

    def rows(self, query: str, *arguments: Any) -> list[sqlite3.Row]:
        """Rows of the centre's database; the unit's number comes first."""
        return self.connection.execute(query, (self.unit_number, *arguments)).fetchall()


def submissions(asked: Question) -> Iterable[Row]:
    """Submissions: received_at, form, period, kind, acceptance_number, state, money, desk."""
    found = asked.rows(
        "SELECT * FROM submission WHERE unit_number = ? AND period BETWEEN ? AND ? ORDER BY rowid DESC", *asked.span
    )
    wanted = asked.service.settings.get("states", "").split()
    for row in found:
        if not wanted or row["acceptance"] in wanted:
            yield {**{name: row[name] for name in ("form", "period", "kind", "acceptance_number", "money")},
                   "received_at": row["received_at"][:10], "state": row["acceptance"],
                   "desk": "waiting" if row["step"] == "desk" else ""}  # fmt: skip


def bills(asked: Question) -> Iterable[Row]:
    """Bills: number, period, total_fen, due, state; of the states in `states`, all without it."""
    wanted = asked.service.settings.get("states", "").split()
    found = asked.rows(
        "SELECT * FROM bill WHERE unit_number = ? AND period BETWEEN ? AND ? ORDER BY rowid", *asked.span
    )
    for row in found:
        if not wanted or row["state"] in wanted:
            yield {name: row[name] for name in ("number", "period", "total_fen", "due", "state")}


def payments(asked: Question) -> Iterable[Row]:
    """Debits of bills: number, period, attempt, amount_fen, state, code, bank_ref, paid_on."""
    for row in asked.rows(
        "SELECT b.number, b.period, d.attempt, b.total_fen AS amount_fen, d.state, d.code, d.bank_ref,"
        " substr(d.started_at, 1, 10) AS paid_on FROM bill b JOIN debit d USING (bill_id)"
        " WHERE b.unit_number = ? AND b.period BETWEEN ? AND ? ORDER BY d.started_at",
        *asked.span,
    ):
        if row["state"] == "debited" or asked.service.settings.get("states", "") != "debited":
            yield dict(row)
    yield from _refunds(asked)


def _refunds(asked: Question) -> Iterable[Row]:
    """Refund orders as payments of less than nothing; those that failed only where failures are asked for."""
    for row in asked.rows(
        "SELECT r.order_number AS number, s.period, 1 AS attempt, -r.amount_fen AS amount_fen,"
        " 'refund-' || r.state AS state, r.code, r.serial AS bank_ref,"
        " coalesce(nullif(substr(r.paid_at, 1, 10), ''), r.issued_on) AS paid_on"
        " FROM refund_order r JOIN submission s USING (unit_number, submission_id)"
        " WHERE r.unit_number = ? AND s.period BETWEEN ? AND ? ORDER BY r.order_number",
        *asked.span,
    ):
        if row["state"] != "refund-failed" or asked.service.settings.get("states", "") != "debited":
            yield dict(row)


def persons(asked: Question) -> Iterable[Row]:
    """Persons of the roster: id_number, name, state, wage_fen, since, insurances."""
    for record in records(asked.connection, asked.unit_number):
        if _is_asked_for(record, _person(asked)):
            yield {**{name: record[name] for name in ("id_number", "name", "state", "wage_fen", "since")},
                   "insurances": " ".join(record["insurances"])}  # fmt: skip


def contributions(asked: Question) -> Iterable[Row]:
    """What was paid for persons: period, id_number, insurance, base_fen, unit_fen, person_fen, posted_fen.

    Money that was given back or moved to another month is a row of its own, with less than nothing where it left.
    """
    for row in asked.rows(_CONTRIBUTIONS, *asked.span, *(_person(asked),) * 2):
        if asked.service.settings.get("insurance", row["insurance"]) == row["insurance"]:
            yield dict(row)


def account(asked: Question) -> Iterable[Row]:
    """A person's account by year: year, insurance, months, credited_fen, balance_fen (all years so far)."""
    balance, wanted = 0, tuple(asked.service.settings.get("insurance", "").split()) or ("",)
    for row in asked.rows(
        "SELECT substr(period, 1, 4) AS year, insurance, count(*) AS months, sum(fen) AS credited_fen FROM"
        " (SELECT period, insurance, sum(amount_fen) AS fen FROM credited WHERE unit_number = ? AND id_number = ?"
        "  GROUP BY period, insurance HAVING fen <> 0) GROUP BY year, insurance ORDER BY year, insurance",
        _person(asked),
    ):
        if row["insurance"].startswith(wanted):
            balance += row["credited_fen"]
            yield {**dict(row), "balance_fen": balance}


def unit(asked: Question) -> Iterable[Row]:
    """The unit as the centre has it: item and value, with what was declared about it since."""
    row = unit_row(asked.connection, asked.unit_number)
    told = {name: row[name] for name in ("unit_number", "uscc", "name", "region", "opened_at", "account_tail")}
    told["insurances"] = " ".join(insurances_of(row))
    for found in asked.rows("SELECT record FROM entry WHERE unit_number = ? AND register = 'unit-detail'"):
        told |= json.loads(found["record"])
    for item, value in told.items():
        yield {"item": item, "value": value}


def register(asked: Question) -> Iterable[Row]:
    """Entries of a register (`register`): key, state, at, and the entry's values; narrowed by inputs of their names."""
    name = asked.service.settings["register"]
    wanted = asked.service.settings.get("states", "").split()
    for row in asked.rows("SELECT * FROM entry WHERE unit_number = ? AND register = ? ORDER BY at DESC, key", name):
        values = json.loads(row["record"])
        if wanted and row["state"] not in wanted:
            continue
        if all(not text or str(values.get(field, row["key"])) == text for field, text in asked.inputs.items()):
            yield {**values, "key": row["key"], "state": row["state"], "at": row["at"][:10]}


def standards(asked: Question) -> Iterable[Row]:
    """Rates and limits by period from the region's policy package: since, insurance, unit_rate, person_rate, floor_fen,
    cap_fen, confidence.
    """
    region = str(unit_row(asked.connection, asked.unit_number)["region"])
    for rule in asked.core.rulebook.standards(region):
        if not asked.inputs.get("year") or str(rule["since"])[:4] <= asked.inputs["year"]:
            yield rule


def certificate(asked: Question) -> Iterable[Row]:
    """Whether a certificate is genuine: number, kind, name, issued_on, valid_until, state; of any unit.

    Who asks holds the paper: its number, code and day must all be right, or nothing is told.
    """
    for row in asked.connection.execute("SELECT state, record FROM entry WHERE register = 'certificate'"):
        values = json.loads(row["record"])
        if all(str(values.get(name)) == asked.inputs.get(name) for name in _ON_THE_PAPER):
            yield {**values, "state": row["state"]}


_ON_THE_PAPER = ("certificate_number", "verify_code", "issued_on")


def book(asked: Question) -> Iterable[Row]:
    """An outside body's book (`book`), as the practice centre has it: resources/practice/<book>.json, made up.

    With `own` and `by` only for what stands in that register of the unit under the input `by`.
    """
    own, by = asked.service.settings.get("own"), asked.service.settings.get("by", "")
    if own and not _is_own(asked, own, asked.inputs.get(by, "")):
        return
    for row in asked.core.rulebook.book(asked.service.settings["book"]):
        given = {name: text for name, text in asked.inputs.items() if text}
        if all(str(row.get(name, "")).endswith(text) for name, text in given.items()):
            yield dict(row)


def _is_own(asked: Question, register: str, key: str) -> bool:
    query = "SELECT 1 FROM entry WHERE unit_number = ? AND register = ? AND key = ? AND state = 'registered'"
    return bool(asked.rows(query, register, key))


_CONTRIBUTIONS = """
SELECT x.period, x.id_number, x.insurance, x.base_fen, x.unit_fen, x.person_fen, x.posted_fen FROM (
    SELECT l.unit_number, l.period, coalesce(n.present, l.id_number) AS id_number, l.insurance, l.base_fen, l.unit_fen,
        l.person_fen, coalesce(p.amount_fen, 0) AS posted_fen, 0 AS later
    FROM line l JOIN submission s USING (unit_number, submission_id)
        LEFT JOIN number_change n ON n.unit_number = l.unit_number AND n.former = l.id_number
        LEFT JOIN bill b ON b.unit_number = l.unit_number AND b.submission_id = l.submission_id
        LEFT JOIN posting p ON p.unit_number = l.unit_number AND p.bill_id = b.bill_id AND p.id_number = l.id_number
            AND p.insurance = l.insurance AND p.period = l.period
    WHERE s.effective = 1
    UNION ALL
    SELECT c.unit_number, c.period, coalesce(n.present, c.id_number), c.insurance, 0, c.unit_fen, c.person_fen,
        coalesce((SELECT c.account_fen FROM posting p WHERE p.unit_number = c.unit_number AND p.bill_id = b.bill_id
            AND p.id_number = c.id_number AND p.insurance = c.insurance AND p.period = c.period), 0), 0
    FROM charge c JOIN submission s USING (unit_number, submission_id) JOIN bill b USING (unit_number, submission_id)
        LEFT JOIN number_change n ON n.unit_number = c.unit_number AND n.former = c.id_number
    WHERE s.effective = 1 AND b.state = 'debited' AND c.id_number <> ''
    UNION ALL
    SELECT k.unit_number, k.period, coalesce(n.present, k.id_number), k.insurance, k.base_fen, k.unit_fen, k.person_fen,
        k.account_fen, 1
    FROM booking k JOIN submission s USING (unit_number, submission_id)
        LEFT JOIN number_change n ON n.unit_number = k.unit_number AND n.former = k.id_number
    WHERE s.effective = 1 AND k.stands = 1
) x WHERE x.unit_number = ? AND x.period BETWEEN ? AND ? AND (? = '' OR x.id_number = ?)
ORDER BY x.id_number, x.period, x.insurance, x.later
"""


def _person(asked: Question) -> str:
    """The person asked for, by the number that they have now."""
    return present_number(asked.connection, asked.unit_number, asked.inputs.get("person", ""))


def _is_asked_for(record: Mapping[str, Any], person: str) -> bool:
    return not person or person in (record["id_number"], record["name"])


WALKS: Mapping[str, Callable[[Question], Iterable[Row]]] = {
    walk.__name__: walk
    for walk in (
        submissions,
        bills,
        payments,
        persons,
        contributions,
        account,
        unit,
        register,
        standards,
        certificate,
        book,
    )
}
"""Every walk by its name."""
