"""Full, read-only, networked, torn, cut, taken: refused or made good, with words; nothing is deleted to get going."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.conftest import StandingClock
from tests.store.disks import content_of, crashed, fill_up, needs_mount, read_only, refusal, small_disk
from tests.store.releases.contents import ROSTER, fill
from tests.store.samples import UNIT, enqueue
from unitclient.app import open_desk
from unitclient.errors import UserError
from unitclient.store import Store, connection, journal, looking, migrations, outbox, place, settings, staff
from unitclient.store.backup import backup
from unitclient.store.check import quick_check
from unitclient.store.older import older
from unitclient.store.restore import restore
from unitclient.store.store import database_path

_BIG = "x" * 400_000


@pytest.fixture
def used(home: Path, clock: StandingClock) -> Path:
    """A home with a bit of everything, closed."""
    with Store.open(home, clock=clock) as store:
        fill(store)
    return home


@needs_mount
def test_a_full_disk_refuses_each_act_and_takes_nothing_away(tmp_path: Path, clock: StandingClock) -> None:
    """Writing, backing up, restoring: refused as full; what was there is there, and it goes on when there is room."""
    with small_disk(tmp_path, "3m") as disk:
        home = disk / "home"
        with Store.open(home, clock=clock) as store:
            fill(store)
            backup(store, tmp_path / "kept.ucb")
            fill_up(disk)

            def big() -> None:
                with store.write("big"):
                    settings.put_setting(store, "big", _BIG)

            assert refusal(big) == "store-full"
            assert refusal(lambda: backup(store, tmp_path / "b.ucb")) in ("store-full", "backup-unwritable")
            assert settings.get_setting(store, "big") is None
            assert staff.persons(store, UNIT) == ROSTER
        before = content_of(home)
        with pytest.raises((UserError, OSError)):
            restore(tmp_path / "kept.ucb", home, clock=clock)
        assert content_of(home) == before
        assert not (tmp_path / "b.ucb").exists()
        (disk / "film.bin").unlink()
        with Store.open(home, clock=clock) as store, store.write("big"):
            settings.put_setting(store, "big", _BIG)


@needs_mount
def test_an_upgrade_on_a_full_disk_leaves_the_old_version(tmp_path: Path, clock: StandingClock) -> None:
    import shutil

    with small_disk(tmp_path, "3m") as disk:
        home = disk / "home"
        shutil.copytree(Path(__file__).parent / "releases/v1", home)
        fill_up(disk, leave=40_000)
        before = content_of(home)
        assert refusal(lambda: Store.open(home, clock=clock)) == "store-full"
        after = content_of(home)
        assert {name: after[name] for name in before} == before
        assert not list((home / "backups").glob("*")), "half a copy has no name"
        (disk / "film.bin").unlink()
        with Store.open(home, clock=clock) as store:
            assert staff.persons(store, UNIT) == ROSTER


def test_a_limit_on_file_sizes_is_told_as_the_disks_fault_not_as_damage(home: Path, clock: StandingClock) -> None:
    with Store.open(home, clock=clock) as store:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
        try:
            with pytest.raises(UserError) as told, store.write("big"):
                settings.put_setting(store, "big", _BIG)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert told.value.code in ("store-io", "store-full")
        assert settings.get_setting(store, "big") is None
        assert journal.verify_journal(store) is None


@needs_mount
def test_a_folder_that_may_only_be_read_is_refused(tmp_path: Path, clock: StandingClock) -> None:
    with small_disk(tmp_path, "3m") as disk:
        with Store.open(disk / "home", clock=clock) as store:
            fill(store)
        read_only(disk)
        before = content_of(disk)
        assert refusal(lambda: Store.open(disk / "home", clock=clock)) == "store-unreadable"
        assert refusal(lambda: Store.open(disk / "new", clock=clock)) == "store-unreadable"
        assert content_of(disk) == before


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("36 35 0:40 / {home} rw,relatime shared:1 - nfs4 server:/export rw,vers=4.2", True),
        ("36 35 0:41 / {above} rw - cifs //server/share rw", True),
        ("36 35 0:42 / {home}x rw - nfs server:/other rw", False),
        ("36 35 8:1 / {home} rw master:1 - ext4 /dev/sda1 rw", False),
    ],
)
def test_a_network_drive_is_refused_before_anything_is_made(
    tmp_path: Path, clock: StandingClock, monkeypatch: pytest.MonkeyPatch, line: str, refused: bool
) -> None:
    home = tmp_path / "家 home"
    where = {"home": str(home).replace(" ", "\\040"), "above": str(tmp_path)}
    (tmp_path / "mountinfo").write_text(f"20 1 8:1 / / rw - ext4 /dev/sda1 rw\n{line.format(**where)}\n", "utf-8")
    monkeypatch.setattr(place, "MOUNTS", tmp_path / "mountinfo")
    if not refused:
        Store.open(home, clock=clock).close()
        return
    assert refusal(lambda: Store.open(home, clock=clock)) == "store-network-drive"
    assert not home.exists()


_CRASH = """
import os, sys
from pathlib import Path
from unitclient.clock import SystemClock
from unitclient.store import Store, settings
store = Store.open(Path(sys.argv[1]), clock=SystemClock())
for number in range(3):
    with store.write("setting.put"):
        settings.put_setting(store, f"last-{number}", number)
os._exit(0)
"""


@pytest.mark.parametrize("loss", ["deleted", "cut", "torn"])
def test_a_lost_log_is_found_and_said_and_what_is_left_is_kept_beside(
    used: Path, clock: StandingClock, loss: str
) -> None:
    """Deleted by a cleaner, cut by a failing disk, a byte turned: SQLite would go on with old data without a word."""
    with Store.open(used, clock=clock) as store:
        enqueue(store, "d2")
    path = database_path(used)
    crashed(_CRASH, used)
    log = looking.log_of(path)
    content = bytearray(log.read_bytes())
    assert len(content) > 3 * 4096
    if loss == "deleted":
        log.unlink()
    else:
        log.write_bytes(content[: len(content) // 2] if loss == "cut" else content[:-2000] + b"\0" * 2000)
    main = path.read_bytes()
    with Store.open(used, clock=clock) as store:
        told = older(store)
        assert told is not None
        assert (told.why, told.units) == ("log-lost", (UNIT,))
        assert 1 <= told.missing <= 3
        assert (used / told.kept).read_bytes() == main
        assert store.suspect
        assert quick_check(store, 5).faults == ()
        submission = outbox.get_submission(store, "d2")
        assert submission is not None
        assert submission.state is outbox.OutboxState.UNKNOWN, "it may have been sent: the receipt is asked for first"
        assert journal.verify_journal(store) is None
    with Store.open(used, clock=clock) as store:
        assert [entry.act for entry in journal.entries(store)].count("store.log-lost") == 1


def test_a_log_that_is_there_loses_nothing_and_nothing_is_said(used: Path, clock: StandingClock) -> None:
    crashed(_CRASH, used)
    with Store.open(used, clock=clock) as store:
        assert store.suspect
        assert older(store) is None
        assert settings.get_setting(store, "last-2") == 2


def test_torn_pages_are_refused_and_the_file_stays_as_it_is(used: Path, clock: StandingClock) -> None:
    """Half a page written, anywhere: no page's data is given out, and the check at the start finds it."""
    path = database_path(used)
    whole = path.read_bytes()
    codes = set()
    for page in range(0, len(whole) // 4096, 7):
        torn = bytearray(whole)
        torn[page * 4096 + 2048 : (page + 1) * 4096] = bytes(2048)
        path.write_bytes(torn)
        looking.log_of(path).write_bytes(b"")  # as after a crash
        try:
            with Store.open(used, clock=clock) as store:
                found = quick_check(store, 5)
            assert found.faults
            codes.add("found")
        except UserError as fault:
            codes.add(fault.code)
        assert path.read_bytes() == torn
    assert codes <= {"found", "store-damaged", "store-key-wrong"}
    assert "found" in codes
    path.write_bytes(whole)
    Store.open(used, clock=clock).close()


def test_after_a_crash_a_command_looks_first_and_refuses_damage(used: Path, clock: StandingClock) -> None:
    path = database_path(used)
    with Store.open(used, clock=clock) as store:
        root = store.connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'attempt'").fetchone()[0]
    crashed(_CRASH, used)
    content = bytearray(path.read_bytes())
    content[(root - 1) * 4096 + 100] ^= 1
    path.write_bytes(content)
    with pytest.raises(UserError) as told, open_desk(used, clock):
        pass
    assert told.value.code == "store-damaged"


def test_the_check_keeps_to_its_time(used: Path, clock: StandingClock) -> None:
    with Store.open(used, clock=clock) as store:
        with store.write("many"):
            for number in range(300):
                settings.put_setting(store, f"k{number}", "x" * 4000)
        assert quick_check(store, 30).complete
        assert not quick_check(store, -1).complete
        assert settings.get_setting(store, "k1") == "x" * 4000, "the connection is as it was"


_HOLD = """
import sys
from pathlib import Path
from unitclient.store import keys
from unitclient.store.connection import connect, raw
home = Path(sys.argv[1])
held = raw(connect(home / "unitclient.db", keys.load(home)))
held.execute("PRAGMA locking_mode = EXCLUSIVE")
held.execute("BEGIN IMMEDIATE")
held.execute("DELETE FROM setting")
print("held", flush=True)
sys.stdin.readline()
"""


def test_a_database_held_by_another_program_is_refused_and_left_alone(
    used: Path, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = [(name, 50 if name == "busy_timeout" else value) for name, value in connection._PRAGMAS]
    monkeypatch.setattr(connection, "_PRAGMAS", impatient)
    monkeypatch.setattr(connection, "BUSY_MS", 50)
    monkeypatch.setattr(looking, "BUSY_MS", 50)
    command = [sys.executable, "-c", _HOLD, str(used)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        before = content_of(used)

        def write() -> None:
            with Store.open(used, clock=clock) as store, store.write("x"):
                pass

        assert refusal(write) == "store-busy"
        assert content_of(used) == before
        child.kill()
    with Store.open(used, clock=clock) as store:
        assert staff.persons(store, UNIT) == ROSTER


@pytest.mark.parametrize("log", [True, False])
def test_a_newer_programs_database_is_refused_to_the_byte(used: Path, clock: StandingClock, log: bool) -> None:
    """Also when the newer program crashed: closing an ordinary connection would fold its log into the file."""
    script = _CRASH.replace("os._exit(0)", "store.connection.execute('PRAGMA user_version = 99')\nos._exit(0)")
    crashed(script if log else script.replace("os._exit(0)", "store.close()"), used)
    assert looking.log_of(database_path(used)).exists() == log
    before = content_of(used)
    for _ in range(2):
        assert refusal(lambda: Store.open(used, clock=clock)) == "store-newer"
    assert content_of(used) == before


def test_what_is_no_database_is_left_alone(used: Path, clock: StandingClock) -> None:
    """An alien file, a plain SQLite database, another key: refused, and the folder is the same to the byte."""
    path = database_path(used)
    plain = used / "plain"
    sqlite3.connect(plain).execute("CREATE TABLE t (a)").connection.close()
    for content in (b"PK\x03\x04 a workbook", plain.read_bytes(), b"\0" * 8192):
        path.write_bytes(content)
        before = content_of(used)
        assert refusal(lambda: Store.open(used, clock=clock)) in ("store-key-wrong", "store-damaged")
        assert content_of(used) == before
    assert migrations.STEPS
