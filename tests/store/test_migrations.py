"""Schema steps: equal to the models, safe under two starts and a crash, and kind to databases of other versions."""

from __future__ import annotations

import hashlib
import re
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import peewee
import pytest
from playhouse.sqlcipher_ext import SqlCipherDatabase

from tests.store.conftest import StandingClock
from tests.store.samples import UNIT, declare, person
from unitclient.errors import UserError
from unitclient.store import Store, journal, migrations, staff
from unitclient.store.connection import connect, raw
from unitclient.store.items import ItemState, items
from unitclient.store.migrations import STEPS, Step, migrate, schema_version
from unitclient.store.person_notes import catch_up
from unitclient.store.schema import TABLES, TRIGGERS
from unitclient.store.store import DATABASE_NAME

LAST = STEPS[-1].version
NEXT = LAST + 1
"""A step that is not there yet."""
_CHECK = re.compile(r"CHECK \(.*?\)(?=, CHECK| ?\) STRICT)")


def _schema(run: Any) -> dict[str, Any]:
    """The schema as SQLite understands it, so that how a statement is written does not count."""
    tables = [row[0] for row in run("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    indexes = run("SELECT name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql NOT NULL").fetchall()
    found: dict[str, Any] = {
        name: (
            [tuple(row) for row in run(f"PRAGMA table_xinfo({name})")],
            sorted(tuple(row[2:]) for row in run(f"PRAGMA foreign_key_list({name})")),
            sorted(tuple(row[1:]) for row in run(f"PRAGMA index_list({name})")),
            run("SELECT strict FROM pragma_table_list WHERE name = ?", (name,)).fetchone()[0],
        )
        for name in tables
    }
    found["indexes"] = sorted((name, " ".join(sql.replace('"', "").split())) for name, sql in indexes)
    tables_sql = run("SELECT sql FROM sqlite_schema WHERE type = 'table'").fetchall()
    found["checks"] = sorted(check for (sql,) in tables_sql for check in _CHECK.findall(" ".join(sql.split())))
    return found


def test_the_steps_make_the_schema_of_the_models(store: Store) -> None:
    by_models = SqlCipherDatabase(":memory:", autoconnect=False)
    by_models.connect()
    with closing(by_models):
        for table in TABLES:
            peewee.SchemaManager(table, database=by_models).create_all(safe=False)
        for trigger in TRIGGERS:
            by_models.execute_sql(trigger)
        of_models = _schema(raw(by_models).execute)
    of_steps = _schema(store.connection.execute)
    assert of_steps == of_models
    assert len(of_steps["checks"]) == 3


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_newer_database_is_refused_untouched(home: Path, clock: StandingClock) -> None:
    with Store.open(home, clock=clock) as store:
        store.connection.execute("PRAGMA user_version = 99")
    before = _digest(home / DATABASE_NAME)
    with pytest.raises(UserError) as refusal:
        Store.open(home, clock=clock)
    assert (refusal.value.code, refusal.value.params["found"]) == ("store-newer", "99")
    assert _digest(home / DATABASE_NAME) == before


def _add_column(driver: Any) -> None:
    driver.execute("ALTER TABLE setting ADD COLUMN note TEXT")


def _rebuild_unit(driver: Any) -> None:
    """What a dropped NOT NULL makes peewee's migrator do: the parent table is dropped and made again."""
    sql = driver.execute("SELECT sql FROM sqlite_schema WHERE name = 'unit'").fetchone()[0]
    driver.execute(sql.replace("CREATE TABLE unit", "CREATE TABLE unit_new"))
    driver.execute("INSERT INTO unit_new SELECT * FROM unit")
    driver.execute("DROP TABLE unit")
    driver.execute("ALTER TABLE unit_new RENAME TO unit")


def _upgrade(store: Store, *steps: Step) -> None:
    migrate(store.db, store.path, store.key, store.clock, (*STEPS, *steps))


def test_an_upgrade_copies_the_database_first_and_is_in_the_journal(store: Store) -> None:
    with store.write("roster.upsert"):
        staff.upsert_persons(store, UNIT, [person(1)])
    _upgrade(store, Step(NEXT, _add_column))
    assert schema_version(store.db) == NEXT
    assert journal.entries(store)[-1].detail == {"to": NEXT}
    assert journal.verify_journal(store) is None
    (copy,) = (store.home / "backups").iterdir()
    with closing(connect(copy, store.key)) as old:
        assert schema_version(old) == LAST
        assert raw(old).execute("SELECT name FROM person").fetchall() == [("张测1",)]


def test_rebuilding_a_parent_table_keeps_the_children(store: Store) -> None:
    with store.write("roster.upsert"):
        staff.upsert_persons(store, UNIT, [person(1)])
    declare(store, "d1")
    _upgrade(store, Step(NEXT, _rebuild_unit))
    assert staff.count(store, UNIT) == 1
    assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert store.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def _half(driver: Any) -> None:
    _add_column(driver)
    raise ZeroDivisionError


def _orphans(driver: Any) -> None:
    driver.execute("DELETE FROM unit")


@pytest.mark.parametrize(("broken", "error"), [(_half, ZeroDivisionError), (_orphans, RuntimeError)])
def test_a_step_that_fails_leaves_the_version_before(store: Store, broken: Any, error: type[Exception]) -> None:
    with store.write("roster.upsert"):
        staff.upsert_persons(store, UNIT, [person(1)])
    before = _schema(store.connection.execute)
    with pytest.raises(error):
        _upgrade(store, Step(NEXT, broken))
    assert schema_version(store.db) == LAST
    assert _schema(store.connection.execute) == before
    assert staff.count(store, UNIT) == 1
    assert store.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_step_runs_once_when_two_find_the_old_version(store: Store, home: Path, clock: StandingClock) -> None:
    ran: list[str] = []

    def slow_start(driver: Any) -> None:
        ran.append("first")
        _add_column(driver)

    with Store.open(home, clock=clock) as other:
        found = migrations.schema_version(other.db)
        _upgrade(store, Step(NEXT, slow_start))
        migrations._run(other.connection, Step(NEXT, slow_start), found, other.path, other.key, clock)
    assert ran == ["first"]
    assert len(list((home / "backups").iterdir())) == 1


RELEASES = sorted(path for path in (Path(__file__).parent / "releases").iterdir() if path.is_dir())


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_the_database_of_every_release_opens_with_all_it_held(
    release: Path, tmp_path: Path, clock: StandingClock
) -> None:
    from tests.store.releases.contents import CONTAINER, ROSTER

    home = tmp_path / "home"
    shutil.copytree(release, home)
    with Store.open(home, create=False, clock=clock) as store:
        assert schema_version(store.db) == STEPS[-1].version
        assert staff.persons(store, UNIT) == ROSTER
        staged = items(store, UNIT)
        assert [(item.key, item.values, item.source_row) for item in staged] == [
            (f"k{n}", {"wage": n}, n) for n in range(3)
        ]
        assert [item.state for item in staged] == [ItemState.ACCEPTED, ItemState.REFUSED, ItemState.ACCEPTED]
        assert store.connection.execute("SELECT container, state FROM outbox").fetchall() == [(CONTAINER, "delivered")]
        assert store.connection.execute("SELECT acceptance FROM declaration").fetchall() == [("accepted",)]
        assert journal.verify_journal(store) is None
        assert catch_up(store, UNIT) is True
        noted = store.connection.execute("SELECT id_number FROM person_note WHERE unit = ? AND origin = ''", (UNIT,))
        assert sorted(row[0] for row in noted) == [person.id_number for person in ROSTER]


def test_there_is_a_database_of_this_version_among_the_releases() -> None:
    assert f"v{STEPS[-1].version}" in {path.name for path in RELEASES}


_KILLED = """
import os, signal, sys
from pathlib import Path
from unitclient.clock import SystemClock
from unitclient.store import Store, migrations
where, when = int(sys.argv[2]), sys.argv[3]
def dying(step):
    def apply(driver):
        if step.version == where and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        step.apply(driver)
        if step.version == where and when == "inside":
            driver.execute("PRAGMA cache_spill = 1")
            os.kill(os.getpid(), signal.SIGKILL)
    return migrations.Step(step.version, apply)
migrations.migrate.__defaults__ = (tuple(map(dying, migrations.STEPS)),)
Store.open(Path(sys.argv[1]), create=False, clock=SystemClock())
"""


def test_an_upgrade_that_was_killed_goes_on_from_where_it_was(tmp_path: Path, clock: StandingClock) -> None:
    """From the first release, killed before and inside every step in turn, each time by a start of its own."""
    from tests.store.releases.contents import CONTAINER, ROSTER

    home = tmp_path / "home"
    shutil.copytree(RELEASES[0], home)
    for version in range(2, LAST + 1):
        for when in ("before", "inside"):
            command = [sys.executable, "-c", _KILLED, str(home), str(version), when]
            assert subprocess.run(command, timeout=60, check=False).returncode == -signal.SIGKILL
    copies = [path.name.split("-")[2] for path in (home / "backups").iterdir()]
    assert len(copies) == 2 * (LAST - 1), "each start began with a copy"
    assert set(copies) == {f"v{n}" for n in range(1, LAST)}
    with Store.open(home, create=False, clock=clock) as store:
        assert schema_version(store.db) == LAST
        assert staff.persons(store, UNIT) == ROSTER
        assert store.connection.execute("SELECT container FROM outbox").fetchall() == [(CONTAINER,)]
        told = [entry.detail["to"] for entry in journal.entries(store) if entry.act == "store.migrate"]
        assert told == list(range(1, LAST + 1)), "each step once"
        assert journal.verify_journal(store) is None
        for path in (home / "backups").iterdir():
            with closing(connect(path, store.key)) as copy:
                assert raw(copy).execute("PRAGMA integrity_check").fetchone() == ("ok",)
