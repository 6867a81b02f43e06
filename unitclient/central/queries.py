"""Answers to query services: checked, not too often, signed, and kept by nobody here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice

from unitclient.central.core import Core
from unitclient.central.numbers import instant
from unitclient.central.problems import ProblemError
from unitclient.central.walks import WALKS, Question
from unitclient.central.walks_service import SERVICE_WALKS, copy_by_sms
from unitclient.sync.protocol import DocumentKind, SignedDocument, canonical

ALL = {**WALKS, **SERVICE_WALKS}
"""Every walk by its name."""
MOST = 5_000
"""Rows of an answer; `more` says that there were more."""


def answer(core: Core, unit_number: str, query: str, inputs: Mapping[str, str]) -> SignedDocument:
    """The signed answer. ProblemError not-found, schema-invalid (an input), credential-too-fast (asked just now)."""
    service = core.rulebook.services.get(query)
    if service is None or service.walk not in ALL:
        raise ProblemError("not-found", query)
    wrong = service.wrong_input(inputs)
    if wrong:
        raise ProblemError("schema-invalid", wrong)
    _not_too_often(core, unit_number, query, inputs, service.every_s)
    connection = core.database.read()
    asked = Question(core, connection, unit_number, service, inputs)
    shown = service.columns
    found = [{name: row.get(name) for name in shown} for row in islice(ALL[service.walk](asked), MOST + 1)]
    copy_by_sms(asked, found)
    members = {
        "query": query,
        "inputs": dict(inputs),
        "rows": found[:MOST],
        "more": len(found) > MOST,
        "source": service.walk,
    }
    return core.publisher.sign(DocumentKind.ANSWER, unit_number, members)


def _not_too_often(core: Core, unit_number: str, query: str, inputs: Mapping[str, str], every_s: int) -> None:
    now = core.clock.now()
    question = canonical(dict(inputs)).decode()
    with core.database.write() as tx:
        row = tx.execute(
            "SELECT at FROM asked WHERE unit_number = ? AND query = ? AND inputs = ?", (unit_number, query, question)
        ).fetchone()
        if row is not None:
            since = now - datetime.fromisoformat(row[0])
            if timedelta() <= since < timedelta(seconds=every_s):
                left = every_s - int(since.total_seconds())
                raise ProblemError("credential-too-fast", query, retry_after_s=left)
        tx.execute("INSERT OR REPLACE INTO asked VALUES (?, ?, ?, ?)", (unit_number, query, question, instant(now)))
