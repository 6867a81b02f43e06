"""Killed at any step, the service goes on where it was: nothing lost, nothing twice."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.central.helper import WAIT_S, Client, Json, month_lines, open_client, person
from unitclient.central.database import FILE_NAME
from unitclient.central.server import STATUS_FILE
from unitclient.central.worker import STEPS
from unitclient.sync.protocol import DocumentKind, SignedDocument

STAFF = [person(n, 700000) for n in range(4)]


class Process:
    """The service as a process of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.child: subprocess.Popen[bytes] | None = None
        self.url = ""
        self.port = 0

    def start(self) -> None:
        command = [sys.executable, "-m", "unitclient.central", "--home", str(self.home), "--port", str(self.port)]
        self.child = subprocess.Popen(command)
        status = self.home / STATUS_FILE
        ends = time.monotonic() + WAIT_S
        while time.monotonic() < ends:
            told = json.loads(status.read_text()) if status.exists() else {}
            if told.get("pid") == self.child.pid:
                self.url, self.port = told["url"], told["port"]
                return
            assert self.child.poll() is None
            time.sleep(0.02)
        raise AssertionError("did not start")

    def kill(self) -> None:
        assert self.child is not None
        self.child.kill()
        self.child.wait()

    def dies(self) -> None:
        """Wait for it to kill itself."""
        assert self.child is not None
        assert self.child.wait(WAIT_S) == -signal.SIGKILL

    def faults(self, **plan: object) -> None:
        requests.put(f"{self.url}/practice/faults", json=plan, timeout=10)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    started = Process(tmp_path / "centre")
    started.start()
    yield started
    if started.child is not None and started.child.poll() is None:
        started.child.terminate()
        assert started.child.wait(WAIT_S) == 0
    assert not (started.home / STATUS_FILE).exists()


def feed(client: Client) -> list[Json]:
    changes: list[Json] = client.unit_read("/changes?limit=500")["changes"]
    return changes


def check_settled_once(client: Client, month: str) -> None:
    """Everything about a month was said once, in order, and the money was taken once."""
    changes = feed(client)
    assert [change["seq"] for change in changes] == list(range(1, len(changes) + 1))
    of_month = [change["kind"] for change in changes if change["submission_id"] == month]
    assert of_month == ["receipt", "acceptance", "assessment", "bill", "debit", "debit", "posting", "slip"]
    (bill,) = client.documents(month, DocumentKind.BILL)
    lines = client.unit_read(f"/bills/{bill['bill_id']}/postings")["lines"]
    assert len(lines) == len({tuple(line[:3]) for line in lines}) > 0


def test_killed_at_every_step(process: Process) -> None:
    client = open_client(process.url)
    client.settled(client.submit("enrol", STAFF))
    # Before a step's commit means after the commit of the one before it; once the bank has booked is a case of its own.
    places = [f"{step}:before" for step in STEPS if step != "refund"] + ["debit:after", "slip:after"]
    for period, place in enumerate(places, 1):
        process.faults(die_at=place)
        month, data = client.container("monthly", month_lines(client.unit, STAFF), period=f"2027-{period:02d}")
        with contextlib.suppress(requests.RequestException):
            client.put(month, data)  # the worker may be quicker than the answer
        process.dies()
        process.start()
        client.url = process.url
        assert client.put(month, data).status_code == 200
        client.paid(month)
        check_settled_once(client, month)
    client.session.close()


def refund_row(who: Json) -> Json:
    """10 yuan of the person's pension part of November, back to the person."""
    return {"name": who["name"], "id_number": who["id_number"], "insurance": "pension", "month": "2026-11",
            "side": "person", "amount": 1000, "refund_reason": "1", "evidence": "外地缴费记录", "receiver": "2",
            "account_name": who["name"], "bank_name": "演练银行", "bank_account": "6222020000000000000"}  # fmt: skip


def test_a_refund_is_paid_once_wherever_it_is_killed(process: Process) -> None:
    """Before its orders are written, before and after the bank was asked, and after all was written."""
    client = open_client(process.url)
    client.settled(client.submit("enrol", STAFF))
    client.paid(client.month(STAFF))
    for who, place in zip(STAFF, ("accept:before", "accept:after", "refund:before", "refund:after"), strict=True):
        refund = client.submit("refund", [refund_row(who)])
        desk = f"{process.url}/practice/desk/submissions"
        while refund not in requests.get(desk, timeout=10).text:
            time.sleep(0.02)
        process.faults(die_at=place)
        with contextlib.suppress(requests.RequestException):
            requests.put(f"{desk}/{refund}", json={"returned": False}, timeout=10)
        process.dies()
        process.start()
        client.url = process.url
        client.settled(refund, lambda state: state["money"] == "refund-paid")
        of_refund = [change["kind"] for change in feed(client) if change["submission_id"] == refund]
        assert of_refund == ["receipt", "acceptance", "refund", "refund"]
        issued, paid = (told["orders"] for told in client.documents(refund, DocumentKind.REFUND))
        assert [order["state"] for order in issued + paid] == ["issued", "paid"]
        assert issued[0]["order_number"] == paid[0]["order_number"]
    with contextlib.closing(sqlite3.connect(process.home / FILE_NAME)) as book:
        out = book.execute("SELECT count(*), sum(amount_fen) FROM bank_transaction WHERE amount_fen < 0").fetchone()
    assert out == (len(STAFF), -1000 * len(STAFF))
    changes = feed(client)
    assert [change["seq"] for change in changes] == list(range(1, len(changes) + 1))
    client.session.close()


def test_a_receipt_given_is_kept(process: Process) -> None:
    client = open_client(process.url)
    receipts = {}
    for n in range(5):
        submission_id, data = client.container("enrol", [person(n)])
        receipts[submission_id] = (data, client.put(submission_id, data).json())
    process.kill()
    process.start()
    client.url = process.url
    for submission_id, (data, told) in receipts.items():
        again = client.put(submission_id, data)
        assert (again.status_code, again.json()) == (200, told)
        signed = SignedDocument.from_wire(told["receipt"])
        assert signed.content()["submission_id"] == submission_id
    client.session.close()


def test_killed_under_load(process: Process) -> None:
    client = open_client(process.url)
    acknowledged = {}
    containers = [client.container("enrol", [person(n)]) for n in range(30)]
    for n, (submission_id, data) in enumerate(containers):
        acknowledged[submission_id] = client.put(submission_id, data).json()
        if n in (7, 15, 23):
            process.kill()
            process.start()
            client.url = process.url
    for submission_id, data in containers:
        assert client.put(submission_id, data).json() == acknowledged[submission_id]
        assert client.settled(submission_id)["state"] == "accepted"
    roster = client.content(client.unit_read("/roster"))["persons"]
    assert len(roster) == len(containers)
    changes = feed(client)
    assert [change["seq"] for change in changes] == list(range(1, len(changes) + 1))
    client.session.close()


def test_one_home_has_one_server(process: Process) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "unitclient.central", "--home", str(process.home)],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 3
    assert str(process.home) in second.stderr.decode()
    taken = subprocess.run(
        [sys.executable, "-m", "unitclient.central", "--home", str(process.home) + "2", "--port", str(process.port)],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert taken.returncode == 3
    assert str(process.port) in taken.stderr.decode()
