"""Backup proves itself, restore loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.store.conftest import StandingClock
from tests.store.releases.contents import ROSTER, fill
from tests.store.samples import UNIT, person
from unitclient.errors import UserError
from unitclient.store import Store, journal, keys, staff
from unitclient.store import backup as backup_module
from unitclient.store.backup import backup, needs_passphrase
from unitclient.store.backupfile import MAGIC, Listing
from unitclient.store.check import check_db
from unitclient.store.contents import contents
from unitclient.store.kdf import Cost
from unitclient.store.migrations import STEPS
from unitclient.store.restore import restore
from unitclient.store.store import DATABASE_NAME

CHEAP = Cost(iterations=1, memory_kib=64, lanes=1)


@pytest.fixture
def made(home: Path, clock: StandingClock, tmp_path: Path) -> Path:
    """A backup with the passphrase "口令" of a home with a bit of everything; the store is closed again."""
    with Store.open(home, clock=clock) as store:
        fill(store)
        backup(store, tmp_path / "b.ucb", "口令", cost=CHEAP)
    return tmp_path / "b.ucb"


def _refused(*arguments: Any, **named: Any) -> str:
    with pytest.raises(UserError) as refusal:
        restore(*arguments, **named)
    return refusal.value.code


def _everything(home: Path, clock: StandingClock) -> dict[str, Any]:
    with Store.open(home, create=False, clock=clock) as store:
        # Restoring adds its own entry, and the mark that the centre has to be asked.
        store.connection.execute("DELETE FROM setting WHERE key = 'store.older'")
        found = contents(store.connection)
        del found["journal"]
        return found


def test_a_backup_with_a_passphrase_restores_on_another_computer(
    made: Path, home: Path, tmp_path: Path, clock: StandingClock
) -> None:
    other = tmp_path / "other"
    assert needs_passphrase(made)
    report = restore(made, other, "口令", clock=clock)
    assert report.moved_aside is None
    assert report.rows["person"] == len(ROSTER)
    assert _everything(other, clock) == _everything(home, clock)
    assert keys.load(other) != keys.load(home)
    with Store.open(other, clock=clock) as store:
        assert journal.verify_journal(store) is None
        assert journal.entries(store)[-1].act == "store.restore"
    assert sorted(path.name for path in other.iterdir()) == ["keys", DATABASE_NAME]


def test_a_backup_file_shows_nothing_of_what_it_holds(made: Path) -> None:
    content = made.read_bytes()
    assert content.startswith(MAGIC)
    for secret in (b"SQLite format 3", b"person", "张测".encode(), "吉祥".encode(), ROSTER[0].id_number.encode()):
        assert secret not in content


def test_restoring_moves_the_present_database_aside_and_never_deletes_it(
    made: Path, home: Path, clock: StandingClock
) -> None:
    with Store.open(home, clock=clock) as store, store.write("roster.upsert"):
        staff.upsert_persons(store, UNIT, [person(99)])
    report = restore(made, home, "口令", clock=clock)
    assert report.moved_aside is not None
    with Store.open(home, clock=clock) as store:
        assert staff.persons(store, UNIT) == ROSTER
    report.moved_aside.replace(home / DATABASE_NAME)  # by hand, the other way
    with Store.open(home, clock=clock) as store:
        assert staff.count(store, UNIT) == len(ROSTER) + 1


def test_without_a_passphrase_only_the_same_key_restores(home: Path, tmp_path: Path, clock: StandingClock) -> None:
    out = tmp_path / "b.ucb"
    with Store.open(home, clock=clock) as store:
        fill(store)
        assert backup(store, out).own_key
    assert not needs_passphrase(out)
    assert _refused(out, tmp_path / "none", clock=clock) == "backup-needs-key"
    Store.open(tmp_path / "other", clock=clock).close()
    assert _refused(out, tmp_path / "other", clock=clock) == "backup-wrong-key"
    restore(out, home, clock=clock)
    with Store.open(home, clock=clock) as store:
        assert staff.persons(store, UNIT) == ROSTER


def test_a_wrong_or_missing_passphrase_changes_nothing(made: Path, home: Path, clock: StandingClock) -> None:
    before = _everything(home, clock)
    assert _refused(made, home, "口", clock=clock) == "backup-wrong-key"
    assert _refused(made, home, clock=clock) == "backup-needs-passphrase"
    assert _everything(home, clock) == before
    assert sorted(path.name for path in home.iterdir()) == ["keys", DATABASE_NAME]


@pytest.mark.parametrize("damage", ["empty", "alien", "cut", "header", "list", "page", "tail"])
def test_a_damaged_backup_is_refused_and_the_present_database_stays(
    made: Path, home: Path, clock: StandingClock, damage: str
) -> None:
    before = _everything(home, clock)
    content = bytearray(made.read_bytes())
    line_end = content.index(b"\n", len(MAGIC))
    position = {"header": content.index(b"made_at") + 12, "list": line_end + 5, "page": len(content) - 5000, "tail": -1}
    if damage == "empty":
        content.clear()
    elif damage == "alien":
        content[:4] = b"PK\x03\x04"
    elif damage == "cut":
        del content[-4096:]
    else:
        content[position[damage]] ^= 1
    made.write_bytes(content)
    assert _refused(made, home, "口令", clock=clock) in ("backup-broken", "backup-wrong-key")
    assert _everything(home, clock) == before


def test_a_missing_backup_is_told(home: Path, clock: StandingClock) -> None:
    assert _refused(home / "none.ucb", home, clock=clock) == "backup-missing"


def test_a_backup_never_overwrites_a_file(home: Path, clock: StandingClock, tmp_path: Path) -> None:
    (tmp_path / "b.ucb").write_bytes(b"precious")
    with Store.open(home, clock=clock) as store:
        for out, code in ((tmp_path / "b.ucb", "backup-exists"), (tmp_path / "no/such/b.ucb", "backup-unwritable")):
            with pytest.raises(UserError) as refusal:
                backup(store, out)
            assert refusal.value.code == code
    assert (tmp_path / "b.ucb").read_bytes() == b"precious"


def test_a_backup_that_does_not_restore_gets_no_name(
    home: Path, clock: StandingClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = backup_module.unpack

    def bad_disk(path: Path, database: Path, keys: Any) -> Any:
        listing = whole(path, database, keys)
        return Listing(listing.schema, {**listing.tables, "person": listing.tables["unit"]}, listing.journal)

    monkeypatch.setattr(backup_module, "unpack", bad_disk)
    with Store.open(home, clock=clock) as store:
        fill(store)
        with pytest.raises(UserError) as refusal:
            backup(store, tmp_path / "b.ucb")
    assert refusal.value.code == "backup-unproved"
    assert [path.name for path in tmp_path.iterdir()] == [home.name]


def test_a_backup_while_another_process_writes_is_of_one_moment(
    home: Path, clock: StandingClock, tmp_path: Path
) -> None:
    with Store.open(home, clock=clock) as store, Store.open(home, clock=clock) as other:
        fill(store)
        with other.write("roster.upsert"):
            staff.upsert_persons(other, UNIT, [person(50)])
            assert backup(store, tmp_path / "b.ucb").rows["person"] == len(ROSTER)


def test_restoring_under_an_open_database_is_refused(made: Path, home: Path, clock: StandingClock) -> None:
    with Store.open(home, clock=clock) as store:
        assert staff.count(store, UNIT) == len(ROSTER)
        assert _refused(made, home, "口令", clock=clock) == "store-in-use"
        assert staff.count(store, UNIT) == len(ROSTER)


def test_a_damaged_database_is_replaced_and_kept_with_its_log(made: Path, home: Path, clock: StandingClock) -> None:
    (home / DATABASE_NAME).write_bytes(b"rubbish" * 1000)
    (home / f"{DATABASE_NAME}-wal").write_bytes(b"log")
    report = restore(made, home, "口令", clock=clock)
    assert report.moved_aside is not None
    assert report.moved_aside.read_bytes().startswith(b"rubbish")
    assert report.moved_aside.with_name(report.moved_aside.name + "-wal").read_bytes() == b"log"
    with Store.open(home, clock=clock) as store:
        assert staff.persons(store, UNIT) == ROSTER


def test_a_lost_or_broken_key_file_is_what_a_passphrase_is_for(made: Path, home: Path, clock: StandingClock) -> None:
    keys.key_path(home).write_text("broken")
    restore(made, home, "口令", clock=clock)
    with Store.open(home, clock=clock) as store:
        assert staff.persons(store, UNIT) == ROSTER
    assert "broken" in {path.read_text() for path in (home / "keys").iterdir()}
    keys.key_path(home).unlink()
    clock.forward(seconds=1)
    restore(made, home, "口令", clock=clock)
    with Store.open(home, clock=clock) as store:
        assert staff.persons(store, UNIT) == ROSTER


def test_a_backup_of_a_newer_version_is_refused(home: Path, clock: StandingClock, tmp_path: Path) -> None:
    with Store.open(home, clock=clock) as store:
        store.connection.execute("PRAGMA user_version = 99")
        backup(store, tmp_path / "b.ucb", "p", cost=CHEAP)
    assert _refused(tmp_path / "b.ucb", tmp_path / "other", "p", clock=clock) == "store-newer"


def test_check_says_a_whole_database_is_whole(store: Store) -> None:
    report = check_db(store)
    assert report.ok
    assert (report.schema, report.rows["unit"]) == (STEPS[-1].version, 1)


def test_check_names_what_is_wrong(home: Path, clock: StandingClock) -> None:
    with Store.open(home, clock=clock) as store:
        fill(store)
        store.connection.execute("PRAGMA foreign_keys = 0")
        store.connection.execute("DELETE FROM unit")
        store.connection.execute("DROP TRIGGER journal_no_update")
        store.connection.execute("UPDATE journal SET actor = 'x' WHERE seq = 2")
    with Store.open(home, clock=clock) as store:
        report = check_db(store)
    assert not report.ok
    assert report.orphans > 0
    assert report.journal_broken_at == 2


def test_check_finds_a_damaged_page(home: Path, clock: StandingClock) -> None:
    with Store.open(home, clock=clock) as store:
        fill(store)
        root = store.connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'attempt'").fetchone()[0]
    content = bytearray((home / DATABASE_NAME).read_bytes())
    content[(root - 1) * 4096 + 100] ^= 1
    (home / DATABASE_NAME).write_bytes(content)
    with Store.open(home, clock=clock) as store:
        try:
            report = check_db(store)
        except UserError as refusal:
            assert refusal.code == "store-damaged"  # noqa: PT017 - either answer is a right one
        else:
            assert report.damaged_pages
