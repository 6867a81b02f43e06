"""kill -9 of the program, of the signing, and of the centre, each in the middle of a month. Nothing lost or doubled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.e2e.office import MONTH, Office, at_centre, credential_of, office, open_unit, staff
from tests.e2e.programs import centre_process, kill, run_cli, start_cli
from tests.e2e.wire import wire_to
from unitclient.app import open_desk
from unitclient.central.server import RunningCentre
from unitclient.store.check import check_db
from unitclient.store.declarations import get_declaration
from unitclient.store.journal import verify_journal
from unitclient.workflows.syncing import sync_until_settled


def queued_home(home: Path, url: str, opened: dict[str, object], people: int = 3) -> tuple[str, str, str]:
    """A home with a signed month: (unit number, enrolment, monthly declaration). Its database is closed."""
    with office(home, url, opened) as clerk:
        clerk.enrols(staff(people))
        month = clerk.prepares()
        clerk.signs()
        return clerk.unit_number, month.others[0][0], month.declaration_id


def transport_of(home: Path, declaration_id: str) -> str:
    """Asked of the database itself, as another program would."""
    with open_desk(home) as desk:
        known = get_declaration(desk.store, declaration_id)
    assert known is not None
    return known.transport.value


def assert_sound(home: Path) -> None:
    """Pages, references and the journal's chain are whole."""
    with open_desk(home) as desk:
        assert check_db(desk.store).ok
        assert verify_journal(desk.store) is None


def test_the_program_is_killed_while_it_waits_for_the_receipt(centre: RunningCentre, tmp_path: Path) -> None:
    """The centre has the bytes, the answer is on its way, the program dies. The next one asks by id first."""
    home = tmp_path / "home"
    with wire_to(centre.url) as wire:
        unit_number, enrolment, month = queued_home(home, wire.url, open_unit(centre.url))
        wire.held = lambda method, _path: method == "PUT"
        child = start_cli(home, "sync", "--until-settled")
        assert wire.reached.wait(60)
        kill(child)
        assert transport_of(home, enrolment) == "sending"
        wire.release.set()
        wire.seen.clear()
        code, told = run_cli(home, "sync", "--until-settled")
        of_enrolment = [method for method, path in wire.seen if f"/submissions/{enrolment}" in path]
    assert (code, told["settled"]) == (0, True)
    assert of_enrolment == ["GET"], "the receipt was asked for, and nothing sent again"
    assert transport_of(home, month) == "delivered"
    assert at_centre(centre, unit_number) == [("enrol", "original", "accepted"), ("monthly", "original", "accepted")]
    assert_sound(home)


def test_the_program_is_killed_before_anything_arrived(centre: RunningCentre, tmp_path: Path) -> None:
    """Killed with the request on its way to a centre that never got it: asked for, not there, sent again."""
    home = tmp_path / "home"
    with wire_to(centre.url) as wire:
        unit_number, enrolment, _ = queued_home(home, wire.url, open_unit(centre.url))
        wire.lost = lambda method, _path: method == "PUT"
        child = start_cli(home, "sync")
        assert wire.reached.wait(60)
        kill(child)
        assert transport_of(home, enrolment) == "sending"
        wire.lost = lambda _method, _path: False
        wire.seen.clear()
        code, told = run_cli(home, "sync", "--until-settled")
        of_enrolment = [method for method, path in wire.seen if f"/submissions/{enrolment}" in path]
    assert (code, told["settled"]) == (0, True)
    assert of_enrolment == ["GET", "PUT"]
    assert len(at_centre(centre, unit_number)) == 2
    assert_sound(home)


def test_the_program_is_killed_while_it_reads_the_feed(centre: RunningCentre, tmp_path: Path) -> None:
    """The cursor moves with what it covers: the page that was not stored comes again, and nothing is said twice."""
    home = tmp_path / "home"
    with wire_to(centre.url) as wire:
        _, _, month = queued_home(home, wire.url, open_unit(centre.url))
        wire.held = lambda _method, path: path.partition("?")[0].endswith("/changes")
        child = start_cli(home, "sync", "--until-settled")
        assert wire.reached.wait(60)
        kill(child)
        wire.release.set()
        code, told = run_cli(home, "sync", "--until-settled")
    assert (code, told["settled"]) == (0, True)
    _, told = run_cli(home, "status", month)
    said = [(event["track"], event["state"]) for event in told["history"] if event["source"] == "centre"]
    assert len(said) == len(set(said))
    assert said[-1] == ("money", "receipted")
    assert_sound(home)


SIGN_AND_DIE = """
import os, signal, sys
from pathlib import Path
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from unitclient.app import open_unit_desk
from unitclient.seal.signer import SoftSigner
from unitclient.workflows.centre import trust_for_signing
from unitclient.workflows.signing import sign_and_queue, to_sign

home, number = Path(sys.argv[1]), int(sys.argv[2])
told = []
def die(known):
    told.append(known)
    if len(told) == number:
        os.kill(os.getpid(), signal.SIGKILL)
with open_unit_desk(home) as (desk, unit):
    key = load_pem_private_key((home / "key.pem").read_bytes(), None)
    signer = SoftSigner(key, unit.certificate_der)
    sign_and_queue(desk, unit, to_sign(desk, unit), signer, trust_for_signing(unit), told=die)
"""
"""Signs in a process that ends itself, by SIGKILL, when it comes to the declaration of that number."""


@pytest.mark.parametrize("number", [1, 2])
def test_killed_between_two_signatures(centre: RunningCentre, tmp_path: Path, number: int) -> None:
    """What was signed is queued, what was not waits for its signature; signing again finishes the batch."""
    home, opened = tmp_path / "home", open_unit(centre.url)
    with office(home, centre.url, opened) as clerk:
        clerk.enrols(staff(3))
        month = clerk.prepares()
    key = credential_of(opened).key
    (home / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    died = subprocess.run([sys.executable, "-c", SIGN_AND_DIE, home, str(number)], check=False)
    assert died.returncode == -9
    states = [transport_of(home, name) for name in (month.others[0][0], month.declaration_id)]
    assert states == ["queued" if place < number else "checked" for place in (1, 2)]
    with open_desk(home) as desk:
        again = Office(home, opened, desk, clerk.clock, clerk.unit_number, clerk.signer)
        assert len(again.signs()) == 3 - number
        again.settles()
        assert again.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
    assert_sound(home)


@pytest.mark.parametrize("place", ["accept:before", "debit:after", "post:before"])
def test_the_centre_is_killed_and_started_again(tmp_path: Path, place: str) -> None:
    """The month settles by itself once the centre is back, and the money is taken once."""
    with (
        centre_process(tmp_path / "centre") as process,
        office(tmp_path / "home", process.url, open_unit(process.url)) as clerk,
    ):
        clerk.enrols(staff(3))
        month = clerk.prepares(MONTH)
        clerk.signs()
        process.faults(die_at=place)
        deaths: list[str] = []

        def meanwhile(_seconds: float) -> None:
            if not process.alive:
                deaths.append(place)
                process.start()
                clerk.waits(30)

        result = sync_until_settled(clerk.desk, clerk.unit, 60, sleep=meanwhile)
        assert (result.settled, deaths) == (True, [place])
        assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        money = [state for track, state in clerk.history(month.declaration_id) if track == "money"]
        assert money == ["assessed", "billed", "debiting", "debited", "posted", "receipted"]
