"""The whole world after a step, in words that do not depend on ids and times: what the clerk has, what the centre has.

Two runs of the same work must end in equal worlds, whatever happened on the way. What may never be is a `fault`:
something lost, something doubled, a broken file.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crash.stage import Stage
from unitclient.app import open_desk
from unitclient.central.database import FILE_NAME
from unitclient.store.check import check_db
from unitclient.store.store import Store, database_path

Rows = list[tuple[Any, ...]]
_CENTRE = {
    "submissions": "SELECT form, kind, period, acceptance, money, effective, step FROM submission",
    "persons": "SELECT id_number, state, record FROM person",
    "lines": "SELECT id_number, insurance, period, base_fen, unit_fen, person_fen FROM line",
    "bills": "SELECT period, total_fen, state FROM bill",
    "debits": "SELECT attempt, state, code FROM debit",
    "postings": "SELECT id_number, insurance, period, amount_fen FROM posting",
    "bank": "SELECT amount_fen, code FROM bank_transaction",
    "account": "SELECT balance_fen FROM bank_account",
    "documents": "SELECT kind, count(*) FROM document WHERE submission_id IS NOT NULL GROUP BY kind",
}
_CLIENT = {
    "persons": "SELECT id_number, name, state, wage_fen, coverage FROM person",
    "items": "SELECT form, key, state, row_values FROM item",
    "declarations": "SELECT form, period, kind, transport, acceptance, money, totals, row_count FROM declaration"
    " WHERE transport <> 'withdrawn'",
    "outbox": "SELECT d.form, o.state, o.total_fen, o.receipt IS NOT NULL FROM outbox o"
    " JOIN declaration d ON d.id = o.submission_id",
    "decisions": "SELECT d.form, e.track, e.state, e.source FROM event e JOIN declaration d ON d.id = e.declaration"
    " WHERE e.source = 'centre'",
    "documents": "SELECT kind, count(*) FROM document WHERE submission_id IS NOT NULL GROUP BY kind",
    "papers": "SELECT count(*) FROM attachment",
}
REPEATED = frozenset({"outbox.claim", "outbox.outcome", "outbox.recover", "outbox.retry", "outbox.clock", "feed.page"})
"""Acts of sending and fetching: how often they are needed depends on the network and on the centre's pace."""
AGAIN = frozenset(
    {"unit.enrol", "centre.key", "revocation.keep", "roster.read", "documents.add", "data.export", "backup.made"}
)
"""Acts that a clerk does once more when the program died before it said that they were done; nothing is doubled by it.

They must have been done; how often is not compared.
"""


@dataclass
class World:
    """What two runs are compared by, and what is wrong whatever the other run did."""

    told: dict[str, list[Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def differences(self, expected: World) -> list[str]:
        """Faults, and what is not as in the other world."""
        names = sorted({*self.told, *expected.told})
        found = [_compared(name, self.told.get(name, []), expected.told.get(name, [])) for name in names]
        return [*self.faults, *filter(None, found)]


def _compared(name: str, ours: list[Any], expected: list[Any]) -> str:
    """What is only in one of two lists, or ""."""
    missing = [one for one in expected if one not in ours]
    too_much = [one for one in ours if one not in expected]
    return f"{name}: missing {_short(missing)}, too much {_short(too_much)}" if missing or too_much else ""


def _short(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, default=str)[:300]


def world_of(stage: Stage) -> World:
    """Everything on both sides. No program may run meanwhile."""
    world = World()
    centre = sqlite3.connect(stage.centre / FILE_NAME)
    try:
        for name, query in _CENTRE.items():
            world.told[f"centre {name}"] = _counted(centre.execute(query).fetchall())
        if centre.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            world.faults.append("the centre's database is damaged")
        if database_path(stage.home).exists():
            with open_desk(stage.home) as desk:
                _client(world, desk.store)
                _acknowledged(world, desk.store, centre)
    finally:
        centre.close()
    world.told["files"] = files_of(stage)
    world.faults += torn_files(stage)
    return world


def _counted(rows: Rows) -> list[Any]:
    return sorted(Counter(tuple(row) for row in rows).items(), key=repr)


def _client(world: World, store: Store) -> None:
    for name, query in _CLIENT.items():
        world.told[f"client {name}"] = _counted(store.connection.execute(query).fetchall())
    rows = store.connection.execute("SELECT act, detail FROM journal ORDER BY seq").fetchall()
    acts = [(act, _detail(act, detail)) for act, detail in rows if _tells(act, detail)]
    world.told["journal"] = _counted([one for one in acts if one[0] not in AGAIN])
    world.told["journal, at least once"] = sorted({one for one in acts if one[0] in AGAIN})
    report = check_db(store)
    if not report.ok:
        world.faults.append(f"the database is not whole: {report}")


def _tells(act: str, detail: str) -> bool:
    """Whether an act changed what was declared: one that found everything done already is none to compare."""
    told = json.loads(detail)
    return act not in REPEATED and (act != "items.stage" or bool(told["inserted"] or told["updated"]))


def _detail(act: str, detail: str) -> str:
    """What an act was about without what differs from run to run."""
    told = {name: value for name, value in json.loads(detail).items() if name not in ("sha256", "bytes", "made_at")}
    return json.dumps(told, sort_keys=True)


def _acknowledged(world: World, store: Store, centre: sqlite3.Connection) -> None:
    """What the centre acknowledged is known here by the same bytes; and the centre has no two of one thing."""
    receipts = "SELECT s.submission_id, s.sha256, d.document FROM submission s JOIN document d ON d.ref = s.receipt_ref"
    for submission_id, sha256, receipt in centre.execute(receipts).fetchall():
        ours = store.connection.execute(
            "SELECT sha256, receipt, state FROM outbox WHERE submission_id = ?", (submission_id,)
        ).fetchone()
        if ours is None or ours[0] != sha256:
            world.faults.append(f"the centre holds {submission_id}, and this computer does not know it")
        elif ours[1] is not None and bytes(ours[1]) != receipt:
            world.faults.append(f"another receipt than the centre's for {submission_id}")
    twice = centre.execute(
        "SELECT form, period FROM submission WHERE acceptance = 'accepted' GROUP BY form, period HAVING count(*) > 1"
    )
    world.faults += [f"applied twice: {form} of {period}" for form, period in twice.fetchall()]


_CHANGING = re.compile(
    r"(?<!\d)\d{8}-\d{6}(?!\d)(-\d+)?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{8}T\d{6,}|[0-9a-f]{12,}"
)
_PASSING = re.compile(
    r"centre\.json|nonces\.log|.*-(wal|shm|journal)|centre\.lock|backups|before-upgrade-.*"
    r"|crl|.*\.crl|staff-errors-\d.*|month-2\.ucbackup"
)
"""Files of running programs; revocation lists, fetched again at the next sending; the copy made before an upgrade, also
of a new database whose making was cut off; an error workbook kept aside when it was written again; a second backup."""


def files_of(stage: Stage) -> list[str]:
    """Every file and folder there is, names without what changes from run to run."""
    found = {
        _CHANGING.sub("#", path.relative_to(stage.live).as_posix())
        for path in stage.live.rglob("*")
        if not _PASSING.fullmatch(path.name)
    }
    return sorted(found)


def torn_files(stage: Stage) -> list[str]:
    """Files that have their final name and are not whole."""
    return [
        f"half a file: {path.relative_to(stage.live).as_posix()}"
        for path in stage.desk.rglob("*")
        if path.is_file() and ".part" not in str(path.relative_to(stage.desk)) and not _whole(path)
    ]


def _whole(path: Path) -> bool:
    data = path.read_bytes()
    if path.suffix == ".pdf":
        return data.startswith(b"%PDF") and data.rstrip().endswith(b"%%EOF")
    if path.suffix == ".json":
        return _is_json(data)
    if path.suffix in (".xlsx", ".asice"):
        return _is_zip(data)
    return bool(data)


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def _is_zip(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.testzip() is None
    except zipfile.BadZipFile:
        return False
