"""Circumstances of real offices: a proxy, two programs on one home, a home restored from its backup, a full queue."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.office import MONTH, Office, OfficeClock, at_centre, id_number, office, open_unit, staff
from tests.e2e.programs import start_cli
from tests.e2e.wire import wire_to
from unitclient.app import open_desk
from unitclient.central.server import RunningCentre
from unitclient.clock import SystemClock
from unitclient.errors import UserError
from unitclient.store.backup import backup
from unitclient.store.check import check_db
from unitclient.store.items import ItemState, items
from unitclient.store.restore import restore
from unitclient.store.settings import put_setting
from unitclient.store.units import add_unit
from unitclient.workflows.centre import open_engine
from unitclient.workflows.status import Light, all_status


def test_everything_goes_through_the_proxy_that_was_set(centre: RunningCentre, clerk: Office) -> None:
    """Reading and sending alike; taken away again, the way is direct."""
    with wire_to(centre.url) as proxy:
        with clerk.base.store.write("setting.change"):
            put_setting(clerk.base.store, "network.proxy", proxy.url)
            add_unit(clerk.base.store, replace(clerk.unit, practice=False))  # a practice centre is reached directly
        clerk.enrols(staff(2))
        month = clerk.declares()
        assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        assert {method for method, _ in proxy.seen} >= {"PUT", "GET"}
        seen = len(proxy.seen)
        with clerk.base.store.write("setting.change"):
            put_setting(clerk.base.store, "network.proxy", None)
        clerk.syncs()
        assert len(proxy.seen) == seen


def test_two_programs_sync_one_home_at_once(centre: RunningCentre, tmp_path: Path) -> None:
    """Both end well, everything was sent once, and every step was recorded once."""
    home = tmp_path / "home"
    with office(home, centre.url, open_unit(centre.url)) as clerk:
        clerk.enrols(staff(5))
        month = clerk.prepares()
        clerk.signs()
    children = [start_cli(home, "sync", "--until-settled") for _ in range(3)]
    ends = [(child.communicate(timeout=90), child.returncode) for child in children]
    for (out, complaints), code in ends:
        assert code == 0, (out, complaints)
        assert json.loads(out)["settled"] is True
    assert sum(json.loads(out)["sent"] for (out, _), _ in ends) == 2
    assert len(at_centre(centre, clerk.unit_number)) == 2
    with open_desk(home) as desk:
        after = Office(home, clerk.opened, desk, clerk.clock, clerk.unit_number, clerk.signer)
        said = [step for step in after.history(month.declaration_id) if step[0] != "transport"]
        assert len(said) == len(set(said))
        assert said[-1] == ("money", "receipted")
        assert check_db(desk.store).ok


def test_a_home_restored_from_before_it_was_sent(centre: RunningCentre, tmp_path: Path) -> None:
    """The backup still has the month in its queue: the same bytes go out, the same receipt comes back, once."""
    home, opened = tmp_path / "home", open_unit(centre.url)
    with office(home, centre.url, opened) as clerk:
        clerk.enrols(staff(3))
        month = clerk.prepares()
        clerk.signs()
        backup(clerk.base.store, tmp_path / "before.bak")
        clerk.settles()
        receipt = clerk.queued(month.declaration_id).receipt
    restore(tmp_path / "before.bak", home, clock=SystemClock())
    with open_desk(home) as desk:
        again = Office(home, opened, desk, OfficeClock(), clerk.unit_number, clerk.signer)
        assert again.tracks(month.declaration_id) == ("unknown", None, None), "asked about before it is sent"
        again.settles()
        assert again.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        assert again.queued(month.declaration_id).receipt == receipt
    assert len(at_centre(centre, clerk.unit_number)) == 2


def test_a_home_restored_from_before_it_was_prepared(centre: RunningCentre, tmp_path: Path) -> None:
    """The month is declared again by mistake: found before signing where the centre was asked, else it comes back."""
    home, opened = tmp_path / "home", open_unit(centre.url)
    with office(home, centre.url, opened) as clerk:
        clerk.enrols(staff(3))
        backup(clerk.base.store, tmp_path / "before.bak")
        clerk.declares()
    restore(tmp_path / "before.bak", home, clock=SystemClock())
    with open_desk(home) as desk:
        again = Office(home, opened, desk, OfficeClock(), clerk.unit_number, clerk.signer)
        with open_engine(again.desk, again.unit) as engine:
            engine.read_roster()
        prepared = again.prepares()
        assert prepared.others == (), "everybody is on the roster already"
        assert {finding.code for finding in prepared.findings} >= {"B201"}
        again.signs()
        again.settles()
        told = again.status(prepared.declaration_id)
        assert (told.declaration.acceptance, told.light) == ("returned", Light.TROUBLE)
        assert [refusal.finding.code for refusal in told.refusals] == ["ALREADY_DECLARED"]
        with pytest.raises(UserError) as refused:
            again.prepares()
        assert refused.value.code == "month-declared-elsewhere"
    bills = centre.state.core.database.read().execute(
        "SELECT count(*) FROM bill WHERE unit_number = ?", (clerk.unit_number,)
    )
    assert bills.fetchone()[0] == 1


def test_a_whole_batch_that_is_returned_waits_here_again(centre: RunningCentre, tmp_path: Path) -> None:
    """Everybody was enrolled from elsewhere meanwhile: the batch comes back, no row is lost, the month stands."""
    opened = open_unit(centre.url)
    with (
        office(tmp_path / "upstairs", centre.url, opened) as first,
        office(tmp_path / "downstairs", centre.url, opened) as second,
    ):
        first.enrols(staff(2))
        second.enrols(staff(2))
        month = second.prepares()
        enrolment = first.prepares().others[0][0]
        first.signs(enrolment)
        first.settles()
        second.signs()
        second.settles()
        assert second.tracks(month.others[0][0])[1] == "returned"
        assert second.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        waiting = items(second.base.store, second.unit_number, "enrol", ItemState.PENDING)
        assert [item.key for item in waiting] == [id_number(1), id_number(2)]


def test_two_months_of_absence_in_one_sync(clerk: Office) -> None:
    """Prepared and signed month by month without a network, sent together: each in its order, each to its end."""
    clerk.moves_to("http://127.0.0.1:9")
    months = []
    for ahead in range(2):
        clerk.enrols(staff(1, first=ahead + 1, since=str(MONTH + ahead)))
        months.append(clerk.prepares(MONTH + ahead))
        clerk.signs()
    assert clerk.syncs().trouble == "no-connection"
    clerk.moves_to(str(clerk.opened["url"]))
    clerk.waits(700)
    clerk.settles()
    assert [clerk.tracks(month.declaration_id)[2] for month in months] == ["receipted", "receipted"]
    assert [month.persons for month in months] == [1, 2]
    assert {one.light for one in all_status(clerk.desk, clerk.unit)} == {Light.DONE}


def test_signed_again_after_a_restore(centre: RunningCentre, tmp_path: Path) -> None:
    """The centre holds the first signature's bytes under that id: the second is refused, and the feed still goes on."""
    home, opened = tmp_path / "home", open_unit(centre.url)
    with office(home, centre.url, opened) as clerk:
        clerk.enrols(staff(2))
        enrolment = clerk.prepares().others[0][0]
        backup(clerk.base.store, tmp_path / "before.bak")
        clerk.signs(enrolment)
        clerk.settles()
    restore(tmp_path / "before.bak", home, clock=SystemClock())
    with open_desk(home) as desk:
        again = Office(home, opened, desk, OfficeClock(), clerk.unit_number, clerk.signer)
        again.signs(enrolment)
        result = again.settles()
        assert (result.tried[enrolment].code, result.trouble) == ("id-reused", "")
        assert again.tracks(enrolment) == ("parked", "accepted", None)
        assert again.queued(enrolment).receipt is None, "that receipt is no proof of these bytes"
        assert again.prepares().persons == 2


def test_restored_from_before_it_was_signed(centre: RunningCentre, tmp_path: Path) -> None:
    """Here it is a draft, at the centre it is paid: the feed tells, and nobody is asked to sign it or declare again."""
    home, opened = tmp_path / "home", open_unit(centre.url)
    with office(home, centre.url, opened) as clerk:
        clerk.enrols(staff(2))
        month = clerk.prepares()
        backup(clerk.base.store, tmp_path / "before.bak")
        clerk.signs()
        clerk.settles()
    restore(tmp_path / "before.bak", home, clock=SystemClock())
    with open_desk(home) as desk:
        again = Office(home, opened, desk, OfficeClock(), clerk.unit_number, clerk.signer)
        again.syncs()
        assert again.tracks(month.declaration_id) == ("checked", "accepted", "receipted")
        assert {one.light for one in all_status(again.desk, again.unit)} == {Light.DONE}
        assert again.signs() == []
        with pytest.raises(UserError) as refused:
            again.prepares()
        assert refused.value.code == "month-already-declared"
        assert again.prepares(MONTH + 1).difference == ()
