"""Automatic backups: when, where, and which are kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.e2e.office import Office
from tests.store.conftest import StandingClock
from tests.store.samples import UNIT, add_unit
from unitclient.store import Store, journal
from unitclient.store.settings import put_setting
from unitclient.workflows.automatic_backup import automatic_state, back_up_by_itself, due_before_deadline
from unitclient.workflows.backup_rotation import Rules, made, superfluous
from unitclient.workflows.calendar import deadline_of, next_period
from unitclient.workflows.safekeeping import last_backup


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


def chosen(store: Store, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with store.write("setting.change"):
        put_setting(store, "backup.folder", str(folder))


def test_which_are_kept() -> None:
    """Five years of one a working day: the newest, the last of each month, the last of each year; nothing else."""
    first = date(2021, 1, 4)
    days = [first + timedelta(days=n) for n in range(5 * 365)]
    names = [f"unitclient-auto-0a1b2c3d-{day:%Y%m%d}-170000.ucbackup" for day in days if day.weekday() < 5]
    kept = sorted(set(names) - superfluous(names, Rules(timedelta(days=1), newest=10, months=24, years=10)))
    assert kept[-10:] == names[-10:]
    stamps = [name.split("-")[3] for name in kept]
    assert len({stamp[:6] for stamp in stamps}) == 24 + 3  # months, and the ends of the years before them
    assert [stamp for stamp in stamps if stamp.startswith("2021")] == ["20211231"]
    assert superfluous(names[:9], Rules(timedelta(days=1), 10, 24, 10)) == set()


def test_one_is_made_when_there_is_something_new_and_old_ones_go(tmp_path: Path, clock: StandingClock) -> None:
    folder = tmp_path / "盘 disk"
    with Store.open(tmp_path / "home", clock=clock) as store:
        add_unit(store, UNIT)
        assert back_up_by_itself(store, "exit") is None, "no folder was chosen"
        chosen(store, folder)
        (folder / "unitclient-auto-ffffffff-20200101-000000.ucbackup").write_bytes(b"another computer's")
        (folder / "unitclient-20200101-000000.ucbackup").write_bytes(b"made by hand")
        first = back_up_by_itself(store, "exit")
        assert first is not None
        assert first.own_key
        assert last_backup(store) == clock.now()
        assert back_up_by_itself(store, "exit") is None, "nothing was written since"
        for _ in range(12):
            clock.forward(hours=1)
            with store.write("something"):
                pass
            assert back_up_by_itself(store, "exit") is not None
        assert len(made(store, folder)) == 10
        assert len(list(folder.iterdir())) == 12, "others' are never touched"
        assert not first.path.exists()
        assert [path.name for path in store.home.iterdir() if path.is_dir()] == ["keys"], "no scratch is left"


def test_one_that_fails_is_remembered_until_one_goes_well(tmp_path: Path, clock: StandingClock) -> None:
    with Store.open(tmp_path / "home", clock=clock) as store:
        add_unit(store, UNIT)
        chosen(store, tmp_path / "stick")
        (tmp_path / "stick").rmdir()
        assert back_up_by_itself(store, "exit") is None
        assert automatic_state(store).trouble == "backup-unwritable"
        assert journal.entries(store)[-1].act == "backup.failed"
        (tmp_path / "stick").mkdir()
        assert back_up_by_itself(store, "exit") is not None
        assert automatic_state(store).trouble == ""


def test_a_fresh_one_before_the_deadline(clerk: Office, tmp_path: Path) -> None:
    deadline = deadline_of(clerk.desk, clerk.unit, next_period(clerk.desk, clerk.unit))
    assert deadline is not None
    chosen(clerk.base.store, tmp_path / "backups")
    clerk.waits((deadline.until - clerk.desk.now() - timedelta(days=3)).total_seconds())
    assert not due_before_deadline(clerk.desk, clerk.unit)
    assert back_up_by_itself(clerk.base.store, "exit") is not None
    clerk.waits(timedelta(days=2, hours=1).total_seconds())
    assert not due_before_deadline(clerk.desk, clerk.unit), "nothing was written since"
    with clerk.base.store.write("something"):
        pass
    assert due_before_deadline(clerk.desk, clerk.unit), "the last one is of three days before"
    assert back_up_by_itself(clerk.base.store, "deadline") is not None
    assert not due_before_deadline(clerk.desk, clerk.unit)
