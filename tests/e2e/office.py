"""The stage of the end-to-end tests: a real practice centre over HTTP, and offices (a home each) that work with it.

Nothing here stands in for the centre, the database or the files. The key is in memory where the token is not the
point; `token_key` puts it on a real SoftHSM2 token. Everybody lives in November 2026, whatever the computer's day.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from cryptography.x509 import load_pem_x509_certificate

from unitclient.app import open_desk
from unitclient.central.database import CentreDatabase, set_meta
from unitclient.central.rulebook import Rulebook
from unitclient.central.server import RunningCentre, in_thread
from unitclient.clock import CHINA
from unitclient.domain.period import Period
from unitclient.domain.resident_id import check_character
from unitclient.seal.pki import Credential, load_key
from unitclient.seal.signer import Signer, SoftSigner
from unitclient.sheets.model import Cell
from unitclient.sheets.table import write_table
from unitclient.store.outbox import Submission, get_submission
from unitclient.store.units import Unit, add_unit, get_unit
from unitclient.workflows.centre import trust_for_signing, with_centre_clock
from unitclient.workflows.desk import Desk
from unitclient.workflows.importing import ImportResult, import_form
from unitclient.workflows.prepare import Prepared, prepare_month
from unitclient.workflows.signing import Signed, sign_and_queue, to_sign
from unitclient.workflows.status import Status, status
from unitclient.workflows.syncing import SyncResult, sync_once, sync_until_settled
from unitclient.workflows.units import Enrolment, enrol_unit

Json = dict[str, Any]
MONTH = Period(2026, 11)
TODAY = datetime(2026, 11, 10, 12, tzinfo=CHINA)
"""Noon of the day the tests are set in, by the centre's clock."""
REGION = "420100"
LIMIT_S = 30.0
ENROL_HEADERS = ("姓名", "证件号码", "参保年月", "缴费工资")


@contextmanager
def practice_centre(folder: Path, rulebook: Rulebook | None = None, today: datetime = TODAY) -> Iterator[RunningCentre]:
    """A centre on port 0 whose clock shows `today` from its first moment on."""
    database = CentreDatabase(folder)
    with database.write() as tx:
        set_meta(tx, "clock_offset_ms", str(round((today - datetime.now(UTC)).total_seconds() * 1000)))
    database.close()
    with in_thread(folder, rulebook=rulebook) as running:
        yield running


def ask(url: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> Json:
    """A request to the practice side of the centre (units, bank, faults, clock); its answer."""
    answer = requests.request(method, url + path, json=body or {}, timeout=30)
    assert answer.status_code < 300, answer.text
    told: Json = answer.json()
    return told


def open_unit(url: str, name: str = "演练用人单位", **wishes: Any) -> Json:
    """A new unit at the centre: number, certificate and private key."""
    asked = {"name": name, "region": REGION, "key_kind": "ec", **wishes}
    return {**ask(url, "POST", "/practice/units", asked), "url": url}


def faults(url: str, **plan: Any) -> None:
    """What goes wrong at the centre from now on; nothing without arguments."""
    ask(url, "PUT", "/practice/faults", plan)


def credential_of(opened: Json) -> Credential:
    """Key and certificate as the centre handed them out."""
    key = load_key(opened["private_key_pem"].encode())
    return Credential(key, load_pem_x509_certificate(opened["certificate_pem"].encode()))


def signer_of(opened: Json) -> SoftSigner:
    """A signer in memory."""
    return credential_of(opened).signer()


class OfficeClock:
    """The clock of one computer: the system's, and as wrong as the test wants it."""

    def __init__(self, wrong_by: timedelta = timedelta()) -> None:
        self.wrong_by = wrong_by

    def now(self) -> datetime:
        """The time this computer shows."""
        return datetime.now(UTC) + self.wrong_by


@dataclass
class Office:
    """One computer of a unit: its home, its database, its key, and the steps a clerk takes."""

    home: Path
    opened: Json
    base: Desk
    clock: OfficeClock
    unit_number: str
    signer: Signer

    @property
    def unit(self) -> Unit:
        """The unit as the store has it now."""
        return get_unit(self.base.store, self.unit_number)

    @property
    def desk(self) -> Desk:
        """The desk by the centre's clock, as a front end opens it."""
        return with_centre_clock(self.base, self.unit)

    def moves_to(self, url: str) -> None:
        """From now on the centre is reached at another address."""
        with self.base.store.write("unit.moved", subject=self.unit_number):
            add_unit(self.base.store, replace(self.unit, centre_url=url))

    def waits(self, seconds: float) -> None:
        """Time passes on this computer, so that what waits for its next try is due."""
        self.clock.wrong_by += timedelta(seconds=seconds)

    def imports(self, form: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]], **more: Any) -> ImportResult:
        """Write a workbook and import it."""
        with tempfile.NamedTemporaryFile(dir=self.home, prefix=f"{form}-", suffix=".xlsx", delete=False) as file:
            path = Path(file.name)
        write_table(path, "名单", list(headers), [list(row) for row in rows])
        return self.imports_file(form, path, **more)

    def imports_file(self, form: str, path: Path, **more: Any) -> ImportResult:
        """Import a file as it is."""
        return import_form(self.desk, self.unit, form, path, **{"period": MONTH, **more})

    def enrols(self, people: Sequence[Sequence[Cell]]) -> ImportResult:
        """Import people who join; every row must be taken."""
        result = self.imports("enrol", ENROL_HEADERS, people)
        assert result.refused == 0, result.findings
        return result

    def prepares(self, period: Period = MONTH, *, correct: bool = False) -> Prepared:
        """Prepare a month."""
        return prepare_month(self.desk, self.unit, period, correct=correct)

    def signs(self, *ids: str) -> list[Signed]:
        """Sign everything that waits, or what is named."""
        waiting = to_sign(self.desk, self.unit, ids)
        return sign_and_queue(self.desk, self.unit, waiting, self.signer, trust_for_signing(self.unit))

    def syncs(self) -> SyncResult:
        """One round with the centre."""
        return sync_once(self.desk, self.unit)

    def settles(self) -> SyncResult:
        """Send and fetch until nothing more is to be expected."""
        result = sync_until_settled(self.desk, self.unit, LIMIT_S)
        assert result.settled, result.to_json()
        return result

    def declares(self, period: Period = MONTH) -> Prepared:
        """Prepare, sign, send a month and follow it to its end."""
        prepared = self.prepares(period)
        self.signs()
        self.settles()
        return prepared

    def status(self, declaration_id: str) -> Status:
        """Where a declaration stands."""
        return status(self.desk, self.unit, declaration_id)

    def tracks(self, declaration_id: str) -> tuple[str, str | None, str | None]:
        """(transport, acceptance, money) of a declaration."""
        known = self.status(declaration_id).declaration
        return known.transport.value, known.acceptance, known.money

    def history(self, declaration_id: str) -> list[tuple[str, str]]:
        """(track, state) of every step, oldest first."""
        return [(event.track, event.state) for event in self.status(declaration_id).history]

    def queued(self, submission_id: str) -> Submission:
        """A row of the outbox."""
        row = get_submission(self.base.store, submission_id)
        assert row is not None
        return row


@contextmanager
def office(
    home: Path, url: str, opened: Json, *, clock: OfficeClock | None = None, signer: Signer | None = None
) -> Iterator[Office]:
    """A home whose computer is enrolled for the unit that `opened` describes."""
    clock, signer = clock or OfficeClock(), signer or signer_of(opened)
    with open_desk(home, clock) as desk:
        unit = enrol_unit(desk, Enrolment(url, opened["ca_pem"], {}, "经办人甲", practice=True), signer)
        yield Office(home, opened, desk, clock, unit.unit_number, signer)


def id_number(serial: int, born: str = "19900307") -> str:
    """A well-formed number of nobody: no county has the code of a whole province."""
    body = f"110000{born}{serial:03d}"
    return body + check_character(body)


def staff(count: int, first: int = 1, since: str = "2026-11") -> list[list[Cell]]:
    """Rows of made-up people for `ENROL_HEADERS`."""
    return [
        [f"员工{_NUMERALS[n % 10]}", id_number(n), since, f"{6000 + 137 * n}.50"] for n in range(first, first + count)
    ]


_NUMERALS = "零一二三四五六七八九"


def at_centre(running: RunningCentre, unit_number: str) -> list[tuple[str, str, str]]:
    """(form, kind, acceptance) of every submission the centre holds of a unit, in the order it took them."""
    rows = running.state.core.database.read().execute(
        "SELECT form, kind, acceptance FROM submission WHERE unit_number = ? ORDER BY rowid", (unit_number,)
    )
    return [(row["form"], row["kind"], row["acceptance"]) for row in rows]
