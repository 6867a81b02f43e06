"""The promises, asked of both databases: what must hold after every step, whatever was done and whatever went wrong."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.e2e.office import Office
from unitclient.central.server import RunningCentre
from unitclient.store.check import check_db
from unitclient.store.journal import verify_journal

_HELD = "SELECT submission_id, sha256, form, period, kind, acceptance FROM submission WHERE unit_number = ?"
_OURS = (
    "SELECT d.id, d.form, d.period, d.transport, d.acceptance, d.money, o.sha256, o.receipt IS NOT NULL AS receipt"
    " FROM declaration d LEFT JOIN outbox o ON o.submission_id = d.id"
)
_OVER = {"replaced", "voided"}
_FOLLOWS = {"accepted": {"accepted", *_OVER}, "partly-accepted": {"partly-accepted", *_OVER}}
"""What the centre may say by now of a declaration that a computer heard was accepted."""

Row = dict[str, Any]


def held(centre: RunningCentre, unit_number: str) -> dict[str, Row]:
    """By id, what the centre holds of a unit."""
    rows = centre.state.core.database.read().execute(_HELD, (unit_number,)).fetchall()
    return {row["submission_id"]: dict(row) for row in rows}


def known(clerk: Office) -> dict[str, Row]:
    """By id, the declarations of a computer with their place in the queue."""
    cursor = clerk.base.store.connection.execute(_OURS)
    names = [column[0] for column in cursor.description]
    return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def heard_of(clerk: Office) -> set[str]:
    """Ids of all submissions that a computer made, or has documents of: one restored from before has those alone."""
    documents = clerk.base.store.connection.execute("SELECT DISTINCT submission_id FROM document").fetchall()
    return {*known(clerk), *(row[0] for row in documents)}


def believed_too_much(centre: dict[str, Row], ours: dict[str, Row]) -> list[str]:
    """ "Sent" is never shown as "accepted": each word of the centre that is shown was said, about the same bytes."""
    wrong = []
    for name, row in ours.items():
        there = centre.get(name)
        if (row["receipt"] or row["transport"] == "delivered" or row["acceptance"]) and there is None:
            wrong.append(f"{row['form']}: shown as arrived, and the centre has nothing")
        elif there is not None and row["sha256"] and row["sha256"] != there["sha256"]:
            wrong.append(f"{row['form']}: other bytes than the centre's")
        elif there is not None and there["acceptance"] not in _FOLLOWS.get(
            row["acceptance"] or "", {there["acceptance"]}
        ):
            wrong.append(f"{row['form']}: shown as {row['acceptance']}, and it is {there['acceptance']}")
    return wrong


def doubled(centre: RunningCentre, unit_number: str) -> list[str]:
    """A month that counts twice, a bill that was paid twice, a person who is there twice."""
    read = centre.state.core.database.read()
    months = Counter(
        row["period"]
        for row in held(centre, unit_number).values()
        if row["form"] == "monthly" and row["kind"] != "void" and row["acceptance"] in ("accepted", "partly-accepted")
    )
    paid = read.execute(
        "SELECT d.bill_id, count(*) AS n FROM debit d JOIN bill b ON b.bill_id = d.bill_id"
        " WHERE b.unit_number = ? AND d.code = 'K00' GROUP BY d.bill_id HAVING n > 1",
        (unit_number,),
    ).fetchall()
    wrong = [f"{month} counts {count} times" for month, count in months.items() if count > 1]
    return wrong + [f"a bill was paid {row['n']} times" for row in paid]


def unsound(clerk: Office) -> list[str]:
    """Pages, references and the journal's chain."""
    report, broken = check_db(clerk.base.store), verify_journal(clerk.base.store)
    return [] if report.ok and broken is None else [f"database: {report}", f"journal: {broken}"]
