"""Ten years in one database: `python -m tests.benchmarks.growth [--staff N] [--years N]` (`make bench-growth`).

One unit with a monthly declaration of everybody, joiners and leavers, a yearly wage declaration, the centre's documents
and a busy journal. Measured after one year and as the history grows, each figure in a fresh process as CPU time, the
least of several; the goal is 1.5 times the first year's. Exit code 1 when it is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.__main__ import ROOT
from tests.e2e.office import Office
from tests.workflows.bench import INSURANCES, NOON, NUMBER, FixedClock, bench, confirm, parts
from unitclient.app import desk_of, open_desk
from unitclient.domain.period import Period
from unitclient.domain.resident_id import check_character
from unitclient.domain.roster import Coverage, Person, PersonState
from unitclient.store import outbox
from unitclient.store.declarations import (
    Declaration,
    add_declaration,
    get_declaration,
    set_acceptance,
    set_money,
    set_transport,
)
from unitclient.store.documents import StoredDocument, add_document
from unitclient.store.people import PeopleQuery, people, people_counts, people_ids
from unitclient.store.person_notes import catch_up
from unitclient.store.store import Store
from unitclient.store.times import to_text
from unitclient.store.transport import Transport
from unitclient.store.units import selected_unit
from unitclient.workflows.automatic_backup import automatic_state
from unitclient.workflows.month_state import month_state
from unitclient.workflows.prepare import prepare_month
from unitclient.workflows.trends import trends

GOAL = 1.5
MONTH = Period(2026, 11)
TURNOVER = 250
"""One joins and one leaves each month of so many."""
ACTS = 200
"""Entries of the journal in a month beside those of the declaration itself."""
ROUNDS = 5
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"


def number_of(serial: int) -> str:
    """A well-formed number of nobody: no county has the code of a whole province."""
    body = f"110000{1960 + serial % 45}{1 + serial % 12:02d}{1 + serial % 28:02d}{serial // 1260 % 1000:03d}"
    return body + check_character(body)


def person(serial: int, state: PersonState = PersonState.ACTIVE, until: Period | None = None) -> Person:
    """Somebody of the unit, the same at each call."""
    rng = random.Random(serial)
    name = rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=2))
    since = Period(2014, 1) + serial % 24
    coverage = {insurance: Coverage(since, until) for insurance in INSURANCES}
    return Person(number_of(serial), name, rng.randrange(450_000, 3_000_000), coverage=coverage, state=state,
                  since=since, wage_since=since)  # fmt: skip


# -- making


def begin(clerk: Office, staff: int) -> bytes:
    """The roster, and a month's declaration as this program prepares it: the template of all before it."""
    confirm(clerk, [person(n) for n in range(staff)])
    with clerk.base.store.write("bench.template"):
        prepared = prepare_month(clerk.desk, clerk.unit, MONTH)
        known = get_declaration(clerk.base.store, prepared.declaration_id)
        assert known is not None
        set_transport(clerk.base.store, known.id, Transport.WITHDRAWN)
    return known.payload


def add_year(clerk: Office, template: bytes, staff: int, ago: int) -> None:
    """The twelve months that end `ago` years before MONTH, all of them received and paid."""
    store = clerk.base.store
    with store.write("bench.year", detail={"ago": ago}):
        for back in range(12):
            period = MONTH + (-1 - 12 * ago - back)
            _month(store, template, period, staff)
            changes = max(1, staff // TURNOVER)
            _settled_items(store, period, "enrol", [n * 31 % staff for n in range(changes)])
            _settled_items(store, period, "stop", [n * 37 % staff for n in range(changes)])
            for _ in range(ACTS):
                with store.write("items.stage", detail={"rows": 1}):
                    pass
        _settled_items(store, MONTH + (-12 * ago - 5), "wage", range(staff))
        gone = range(staff * (2 + ago), staff * (2 + ago) + 12 * max(1, staff // TURNOVER))
        _leavers(store, gone, MONTH + (-12 * ago - 6))


def _leavers(store: Store, serials: range, until: Period) -> None:
    from unitclient.store.staff import upsert_persons

    upsert_persons(store, NUMBER, [person(n, PersonState.TERMINATED, until) for n in serials])


def _month(store: Store, template: bytes, period: Period, staff: int) -> None:
    name = f"bench-{period}"
    payload = template.replace(str(MONTH).encode(), str(period).encode())
    totals = {insurance: {"unit": 81_234_500 + period.month, "person": 40_000_000} for insurance in INSURANCES}
    made = Declaration(name, NUMBER, "monthly", "2026", str(period), payload, staff * len(INSURANCES),
                       NOON.replace(year=period.year, month=period.month, day=8), totals=totals)  # fmt: skip
    with store.write("declaration.add", subject=name):
        add_declaration(store, made)
        for state in (Transport.CHECKED, Transport.SIGNED):
            set_transport(store, name, state)
    container = zlib.compress(payload, 6)
    with store.write("outbox.queue", subject=name):
        outbox.queue(store, name, NUMBER, container, deadline=made.prepared_at, total_fen=1)
    outbox.claim(store, name, store.now())
    with store.write("outbox.outcome", subject=name):
        _documents(store, made, container)


def _documents(store: Store, made: Declaration, assessment: bytes) -> None:
    at = made.prepared_at
    for kind in ("receipt", "acceptance", "assessment", "bill", "posting", "slip"):
        body = json.dumps({"submission_id": made.id, "kind": kind, "period": made.period}).encode()
        body += assessment if kind == "assessment" else b""
        add_document(store, StoredDocument(NUMBER, f"{kind}-{made.id}", kind, body, b"s" * 4000, made.id))
    outbox.store_receipt(store, made.id, b"r" * 1500, b"s" * 4000, document_ref=f"receipt-{made.id}")
    set_acceptance(store, made.id, "accepted", document_ref=f"acceptance-{made.id}", at=at, acceptance_number=made.id)
    for kind, state in (("assessment", "assessed"), ("bill", "billed"), ("posting", "posted"), ("slip", "receipted")):
        set_money(store, made.id, state, document_ref=f"{kind}-{made.id}", at=at)


_ITEM = """INSERT INTO item (unit, form, form_version, key, person_id, effect_month, row_values, state, declaration,
  declaration_row, findings, batch, source_row, created_at, updated_at)
  VALUES (?, ?, '2026', ?, ?, ?, ?, 'accepted', ?, ?, '[]', ?, ?, ?, ?)"""


def _settled_items(store: Store, period: Period, form: str, serials: Iterable[int]) -> None:
    """Rows the centre took, as importing and settling leave them."""
    driver, now = store.must_write(), to_text(store.now())
    fields = '["name","id_number","since","wage"]'
    batch = driver.execute("INSERT INTO batch (fields, source_sha256) VALUES (?, ?)", (fields, "0" * 64)).lastrowid
    name = f"bench-{period}"
    known = driver.execute("SELECT 1 FROM declaration WHERE id = ?", (name,)).fetchone()
    rows = (
        (NUMBER, form, number_of(n), number_of(n), str(period), f'["甲乙丙","{number_of(n)}","{period}",650050]',
         name if known else None, place, batch, place, now, now)
        for place, n in enumerate(serials)
    )  # fmt: skip
    driver.executemany(_ITEM, rows)


# -- measuring


def _start(home: Path) -> float:
    """The database's part of a start: what forms and policies take is the same every year."""
    parts()
    begin_at = time.process_time()
    with Store.open(home, create=False, clock=FixedClock()) as store:
        selected_unit(store)
        desk_of(store, parts())
        return time.process_time() - begin_at


def _dashboard(home: Path) -> float:
    with open_desk(home, FixedClock(), parts=parts()) as desk:
        unit = selected_unit(desk.store)
        begin_at = time.process_time()
        month_state(desk, unit, MONTH)
        automatic_state(desk.store)
        return time.process_time() - begin_at


def _trends(home: Path) -> float:
    with open_desk(home, FixedClock(), parts=parts()) as desk:
        unit = selected_unit(desk.store)
        begin_at = time.process_time()
        trends(desk, unit, MONTH)
        return time.process_time() - begin_at


def _search(home: Path) -> float:
    """What typing in the roster asks for: the people, their counts, and a screen of them."""
    with open_desk(home, FixedClock(), parts=parts()) as desk:
        catch_up(desk.store, NUMBER)
        begin_at = time.process_time()
        for text in ("王", "wang", "1990", ""):
            query = PeopleQuery(NUMBER, ("enrol",), text=text, narrow=("active",))
            found = people_ids(desk.store, query)
            people_counts(desk.store, query)
            people(desk.store, NUMBER, found[:40])
        return time.process_time() - begin_at


def _prepare(home: Path) -> float:
    with open_desk(home, FixedClock(), parts=parts()) as desk:
        unit = selected_unit(desk.store)
        # Not committed: nothing that was measured stays.
        desk.store.connection.execute("BEGIN IMMEDIATE")
        desk.store._writes += 1
        begin_at = time.process_time()
        prepare_month(desk, unit, MONTH)
        taken = time.process_time() - begin_at
        desk.store.connection.execute("ROLLBACK")
        return taken


PROBES: dict[str, Callable[[Path], float]] = {
    "start": _start, "dashboard": _dashboard, "trends": _trends, "search": _search, "prepare": _prepare,
}  # fmt: skip


def measured(home: Path, rounds: int) -> dict[str, float]:
    """{name: seconds of CPU}, the least of several processes; the first round warms the disk."""
    found: dict[str, list[float]] = {name: [] for name in PROBES}
    for name in PROBES:
        for _ in range(rounds):
            command = [sys.executable, "-m", "tests.benchmarks.growth", "--probe", name, "--home", str(home)]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
            found[name].append(float(done.stdout))
    return {name: min(times) for name, times in found.items()}


def curve(folder: Path, staff: int, years: tuple[int, ...], rounds: int) -> Iterator[tuple[int, int, dict[str, float]]]:
    """(years, bytes of the database, figures) as the history grows."""
    home, made = folder / "home", 0
    with bench(home) as clerk:
        template = begin(clerk, staff)
        catch_up(clerk.base.store, NUMBER)
    for wanted in years:
        with open_desk(home, FixedClock(), parts=parts()) as desk:
            clerk = replace(clerk, base=desk)
            while made < wanted:
                add_year(clerk, template, staff, made)
                made += 1
            catch_up(desk.store, NUMBER)
        yield wanted, (home / "unitclient.db").stat().st_size, measured(home, rounds)


def main() -> int:
    """Print the curve; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=__doc__)
    parser.add_argument("--staff", type=int, default=5_000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--probe", choices=PROBES, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.probe:
        print(PROBES[args.probe](args.home))
        return 0
    years = tuple(sorted({1, args.years, *(year for year in (2, 5) if year < args.years)}))
    first: dict[str, float] = {}
    worst = 0.0
    print(f"{'years':>5} {'MB':>6} " + " ".join(f"{name:>18}" for name in PROBES), flush=True)
    with TemporaryDirectory() as folder:
        for year, size, found in curve(Path(folder), args.staff, years, args.rounds):
            first = first or found
            ratios = {name: seconds / first[name] for name, seconds in found.items()}
            worst = max(ratios.values())
            told = " ".join(f"{found[name] * 1000:>9.1f} ms {ratios[name]:>4.2f}x" for name in PROBES)
            print(f"{year:>5} {size / 1e6:>6.0f} {told}", flush=True)
    print(f"worst after {years[-1]} years: {worst:.2f}x, goal {GOAL}x")
    return int(worst > GOAL)


if __name__ == "__main__":
    sys.exit(main())
