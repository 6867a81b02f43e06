"""Opening, writing, reading: what a transaction holds together and what a crash leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.store.conftest import StandingClock
from tests.store.samples import UNIT, add_unit
from unitclient.errors import UserError
from unitclient.store import Store, journal, keys, settings
from unitclient.store.backup import backup
from unitclient.store.connection import BUSY_MS
from unitclient.store.migrations import STEPS
from unitclient.store.restore import restore
from unitclient.store.store import DATABASE_NAME, database_path


def test_open_makes_an_encrypted_database_in_wal_with_full_durability(store: Store, home: Path) -> None:
    assert not (home / DATABASE_NAME).read_bytes().startswith(b"SQLite format 3")
    assert store.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store.connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert store.connection.execute("PRAGMA temp_store").fetchone() == (2,)


def test_a_database_opened_again_has_the_same_safeguards(home: Path, clock: StandingClock) -> None:
    Store.open(home, clock=clock).close()
    with Store.open(home, create=False, clock=clock) as store:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("temp_store", 2)):
            assert store.connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_nothing_of_a_person_is_readable_on_disk(store: Store, home: Path) -> None:
    with store.write("setting.put"):
        settings.put_setting(store, "probe", "张三 needle-in-the-file")
    for file in home.iterdir():
        if file.is_file():
            assert b"needle" not in file.read_bytes()


def test_without_create_a_missing_database_is_refused_and_not_made(tmp_path: Path, clock: StandingClock) -> None:
    with pytest.raises(UserError) as refusal:
        Store.open(tmp_path / "none", create=False, clock=clock)
    assert refusal.value.code == "store-missing"
    assert not (tmp_path / "none").exists()


def test_a_home_that_cannot_be_one_is_told(tmp_path: Path, clock: StandingClock) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(UserError) as refusal:
        Store.open(tmp_path / "file", clock=clock)
    assert refusal.value.code == "store-unreadable"


def test_a_lost_key_file_is_never_replaced_by_a_new_one(home: Path, clock: StandingClock) -> None:
    Store.open(home, clock=clock).close()
    (home / "keys" / "database.key").unlink()
    with pytest.raises(UserError) as refusal:
        Store.open(home, clock=clock)
    assert refusal.value.code == "store-key-missing"
    assert not (home / "keys" / "database.key").exists()


def test_another_key_does_not_open_it_and_says_so_once(
    home: Path, clock: StandingClock, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Store.open(home, clock=clock).close()
    Store.open(tmp_path / "other", clock=clock).close()
    (tmp_path / "other/keys/database.key").replace(home / "keys/database.key")
    with pytest.raises(UserError) as refusal:
        Store.open(home, clock=clock)
    assert refusal.value.code == "store-key-wrong"
    assert capfd.readouterr().err == ""


def _put_and_fail(store: Store, value: int) -> None:
    settings.put_setting(store, "a", value)
    raise ZeroDivisionError


def test_a_failed_write_leaves_neither_rows_nor_entry(store: Store) -> None:
    before = journal.entries(store)
    with pytest.raises(ZeroDivisionError), store.write("setting.put"):
        _put_and_fail(store, 1)
    assert settings.get_setting(store, "a") is None
    assert journal.entries(store) == before


def test_an_inner_write_joins_the_outer_one(store: Store) -> None:
    def outer() -> None:
        with store.write("outer"):
            with store.write("inner"):
                settings.put_setting(store, "a", 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        outer()
    assert settings.get_setting(store, "a") is None


def test_an_inner_write_that_fails_undoes_only_itself_when_the_outer_goes_on(store: Store) -> None:
    with store.write("outer"):
        settings.put_setting(store, "a", 1)
        with pytest.raises(ZeroDivisionError), store.write("inner"):
            _put_and_fail(store, 2)
    assert settings.get_setting(store, "a") == 1
    assert [entry.act for entry in journal.entries(store)][-1] == "outer"
    assert "inner" not in [entry.act for entry in journal.entries(store)]


def test_repositories_refuse_to_change_rows_outside_a_write(store: Store) -> None:
    with pytest.raises(RuntimeError):
        settings.put_setting(store, "a", 1)
    with pytest.raises(RuntimeError), store.read():
        settings.put_setting(store, "a", 1)
    with pytest.raises(RuntimeError), store.read(), store.write("late"):
        pass


def test_a_read_is_of_one_moment(store: Store, home: Path, clock: StandingClock) -> None:
    with Store.open(home, clock=clock) as other, store.read():
        assert settings.get_setting(store, "a") is None
        with other.write("setting.put"):
            settings.put_setting(other, "a", 1)
        assert settings.get_setting(store, "a") is None
    assert settings.get_setting(store, "a") == 1


def test_a_writer_waits_for_another_one(store: Store, home: Path, clock: StandingClock) -> None:
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        with Store.open(home, clock=clock) as other, other.write("slow"):
            settings.put_setting(other, "order", "first")
            inside.set()
            done.wait(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(5)
    with store.write("quick"):
        assert settings.get_setting(store, "order") == "first"
    thread.join()


def test_a_writer_that_waits_too_long_gets_a_clear_refusal(store: Store, home: Path, clock: StandingClock) -> None:
    with Store.open(home, clock=clock) as other, other.write("slow"):
        store.connection.execute("PRAGMA busy_timeout = 20")
        with pytest.raises(UserError) as refusal, store.write("quick"):
            pass
        store.connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    assert refusal.value.code == "store-busy"
    assert refusal.value.mendable


def test_a_full_disk_is_told_and_loses_nothing(store: Store) -> None:
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(UserError) as refusal, store.write("big"):
        settings.put_setting(store, "big", "x" * 100_000)
    assert refusal.value.code == "store-full"
    assert settings.get_setting(store, "big") is None
    assert journal.verify_journal(store) is None


_CRASH = """
import sys, time
from pathlib import Path
from unitclient.clock import SystemClock
from unitclient.store import Store, settings
with Store.open(Path(sys.argv[1]), clock=SystemClock()) as store:
    with store.write("before"):
        settings.put_setting(store, "committed", 1)
    with store.write("torn"):
        for number in range(2000):
            settings.put_setting(store, f"torn-{number}", "x" * 500)
        print("inside", flush=True)
        time.sleep(60)
"""


def test_kill_9_inside_a_transaction_leaves_all_before_and_nothing_of_it(home: Path, clock: StandingClock) -> None:
    with subprocess.Popen([sys.executable, "-c", _CRASH, str(home)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "inside\n"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    with Store.open(home, clock=clock) as store:
        assert settings.all_settings(store) == {"committed": 1}
        assert [entry.act for entry in journal.entries(store)] == [*["store.migrate"] * len(STEPS), "before"]
        assert journal.verify_journal(store) is None
        assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


_FIRST_START = """
import sys
from pathlib import Path
from unitclient.clock import SystemClock
from unitclient.store import Store, settings
sys.stdin.readline()
with Store.open(Path(sys.argv[1]), clock=SystemClock()) as store:
    with store.write("setting.put"):
        settings.put_setting(store, sys.argv[2], True)
"""


def test_processes_that_start_at_once_on_an_empty_home_share_one_database(home: Path, clock: StandingClock) -> None:
    command = [sys.executable, "-c", _FIRST_START, str(home)]
    children = [subprocess.Popen([*command, name], stdin=subprocess.PIPE, text=True) for name in "abcd"]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.close()
    assert [child.wait() for child in children] == [0, 0, 0, 0]
    with Store.open(home, clock=clock) as store:
        assert settings.all_settings(store) == dict.fromkeys("abcd", True)
        assert [entry.act for entry in journal.entries(store)].count("store.migrate") == len(STEPS)


def test_rows_of_a_unit_that_is_not_there_are_refused(store: Store) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"), store.write("feed"):
        store.connection.execute("INSERT INTO feed VALUES ('nobody', 'c', 't')")
    add_unit(store, "2")
    with store.write("feed"):
        store.connection.execute("INSERT INTO feed VALUES ('2', 'c', 't')")
    assert UNIT != "2"


@pytest.mark.parametrize("lost", ["emptied", "deleted"])
def test_a_used_home_whose_database_is_gone_is_not_begun_anew(home: Path, clock: StandingClock, lost: str) -> None:
    """A virus scanner, a full disk, a careless hand: the clerk must hear of it, not find an empty roster."""
    with Store.open(home, clock=clock):
        pass
    path = database_path(home)
    path.unlink() if lost == "deleted" else path.write_bytes(b"")
    with pytest.raises(UserError) as refusal:
        Store.open(home, clock=clock)
    assert refusal.value.code == "store-lost"
    assert path.exists() == (lost == "emptied")


def test_a_start_that_was_cut_off_before_anything_was_kept_begins_again(home: Path, clock: StandingClock) -> None:
    keys.load_or_create(home)
    database_path(home).write_bytes(b"")
    with Store.open(home, clock=clock) as store:
        assert store.path.stat().st_size > 0


def test_a_lost_database_is_restored(home: Path, clock: StandingClock, tmp_path: Path) -> None:
    with Store.open(home, clock=clock) as store:
        backup(store, tmp_path / "kept.ucb")
    database_path(home).unlink()
    restore(tmp_path / "kept.ucb", home, clock=clock)
    with Store.open(home, clock=clock) as store:
        assert "store.restore" in [entry.act for entry in journal.entries(store)]
