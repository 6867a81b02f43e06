"""A new computer from a backup: the centre is asked what came after, and nothing it has is sent again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.office import MONTH, Office, OfficeClock, at_centre, id_number, office, open_unit, staff
from unitclient.app import open_desk
from unitclient.central.server import RunningCentre
from unitclient.clock import SystemClock
from unitclient.errors import UserError
from unitclient.store.backup import backup, needs_passphrase
from unitclient.store.kdf import Cost
from unitclient.store.older import older
from unitclient.store.restore import restore
from unitclient.store.settings import put_setting
from unitclient.workflows.automatic_backup import back_up_by_itself, keep_passphrase
from unitclient.workflows.month_state import month_state
from unitclient.workflows.roster import roster

WORD = "换机口令 2026"


def test_a_new_computer_asks_first_and_sends_nothing_twice(centre: RunningCentre, tmp_path: Path) -> None:
    """The old computer went on after the backup: it sent what the backup has in its queue, and a month more."""
    opened = open_unit(centre.url)
    with office(tmp_path / "old", centre.url, opened) as clerk:
        (tmp_path / "backups").mkdir()
        with clerk.base.store.write("setting.change"):
            put_setting(clerk.base.store, "backup.folder", str(tmp_path / "backups"))
        keep_passphrase(clerk.desk, WORD)
        clerk.enrols(staff(2))
        month = clerk.prepares()
        clerk.signs()
        report = back_up_by_itself(clerk.base.store, "exit")
        assert report is not None
        assert not report.own_key
        clerk.settles()
        clerk.enrols(staff(1, first=5, since="2026-12"))
        later = clerk.declares(MONTH + 1)
        held = at_centre(centre, clerk.unit_number)
        receipt = clerk.queued(month.declaration_id).receipt
    assert needs_passphrase(report.path)
    with pytest.raises(UserError) as refused:
        restore(report.path, tmp_path / "new", "wrong", clock=SystemClock())
    assert refused.value.code == "backup-wrong-key"
    restore(report.path, tmp_path / "new", WORD, clock=SystemClock())
    with open_desk(tmp_path / "new") as desk:
        new = Office(tmp_path / "new", opened, desk, OfficeClock(), clerk.unit_number, clerk.signer)
        assert new.tracks(month.declaration_id) == ("unknown", None, None)
        told = month_state(new.desk, new.unit, MONTH)
        assert told.to_dos[0].code == "older-restored"
        result = new.settles()
        assert result.tried == {}, "the feed told before anything was sent"
        assert new.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        assert new.queued(month.declaration_id).receipt == receipt
        assert at_centre(centre, clerk.unit_number) == held
        assert older(desk.store) is None
        assert "older-restored" not in {one.code for one in month_state(new.desk, new.unit, MONTH).to_dos}
        people = {entry.person.id_number for entry in roster(new.desk, new.unit)}
        assert people == {id_number(n) for n in (1, 2, 5)}, "also whom the month after it enrolled"
        documents = {row[0] for row in desk.store.connection.execute("SELECT submission_id FROM document")}
        assert later.declaration_id in documents

        def once_more() -> None:
            new.prepares(MONTH + 1)
            new.signs()

        with pytest.raises(UserError) as refused:
            once_more()
        assert refused.value.code == "month-declared-elsewhere"
        assert at_centre(centre, clerk.unit_number) == held


def test_without_a_line_the_receipt_is_asked_for_before_the_bytes_go(centre: RunningCentre, tmp_path: Path) -> None:
    """The feed cannot be read at first, but sending can: still nothing goes out that the centre has."""
    opened = open_unit(centre.url)
    with office(tmp_path / "old", centre.url, opened) as clerk:
        clerk.enrols(staff(1))
        enrolment = clerk.prepares().others[0][0]
        clerk.signs(enrolment)
        backup(clerk.base.store, tmp_path / "b.ucbackup", WORD, cost=Cost(1, 64, 1))
        clerk.settles()
    restore(tmp_path / "b.ucbackup", tmp_path / "new", WORD, clock=SystemClock())
    with open_desk(tmp_path / "new") as desk:
        new = Office(tmp_path / "new", opened, desk, OfficeClock(), clerk.unit_number, clerk.signer)
        new.moves_to("http://127.0.0.1:9")
        assert new.syncs().trouble == "no-connection"
        assert older(desk.store) is not None
        new.moves_to(centre.url)
        new.waits(700)
        new.settles()
        assert new.tracks(enrolment)[:2] == ("delivered", "accepted")
    assert len(at_centre(centre, clerk.unit_number)) == 1
