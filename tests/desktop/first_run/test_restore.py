"""The restore wizard over real backups, with the window's real lanes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.month import unnamed
from tests.desktop.stage import UNIT, Stage, make_stage, other_unit
from tests.workflows.staffed import NAMES, WORDS, cheapen
from unitclient.desktop.dialogs.restore.dialog import RestoreDialog
from unitclient.desktop.lanes import LaneRunner
from unitclient.desktop.tasks import Lane
from unitclient.store.backup import backup
from unitclient.store.journal import entries
from unitclient.store.units import add_unit, list_units
from unitclient.workflows.operators import add_operator

WORD = "a backup's own words"


def names(stage: Stage) -> list[str]:
    """Units in the database that is open."""
    return [unit.name for unit in list_units(stage.session.desk().store)]


@pytest.fixture
def stage(tmp_path: Path, qapp: QApplication) -> Iterator[Stage]:
    """A unit, and backups of then: with a passphrase, and with the database's key. Since then there is one more."""
    made = make_stage(tmp_path / "home", with_unit=True)
    store = made.session.desk().store
    backup(store, tmp_path / "own.ucbackup", WORD)
    backup(store, tmp_path / "key.ucbackup", None)
    with store.write("test.unit"):
        add_unit(store, replace(other_unit("420100000088", "后来的单位")))
    yield made
    made.close()


def dialog(stage: Stage, qtbot: QtBot, file: Path) -> tuple[RestoreDialog, list[Any]]:
    """The wizard, open, with a backup chosen."""
    answers: list[Any] = []
    made = RestoreDialog(stage.services, answers.append)
    qtbot.addWidget(made)
    made.open()
    stage.dialogs.files.append(file)
    made.choose.click()
    return made, answers


def test_a_backup_comes_back_and_the_rest_is_kept_aside(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    assert len(names(stage)) == 2
    made, answers = dialog(stage, qtbot, tmp_path / "key.ucbackup")
    assert made.field.isHidden(), "it needs no passphrase of its own"
    assert "制作" in made.file.text()
    stage.dialogs.confirms.append(True)
    made.act.click()
    assert names(stage) == [UNIT.name]
    assert "1 个单位" in made.banner.text()
    assert "原来的数据库保留在" in made.banner.text()
    made.stop.click()
    assert answers[0].moved_aside.is_file()


def test_a_backup_with_a_passphrase(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    made, _ = dialog(stage, qtbot, tmp_path / "own.ucbackup")
    assert not made.field.isHidden()
    made.word.setText("wrong")
    stage.dialogs.confirms += [True, True]
    made.act.click()
    assert made.banner.text()
    assert len(names(stage)) == 2, "what was refused changed nothing"
    made.word.setText(WORD)
    made.act.click()
    assert names(stage) == [UNIT.name]


def test_saying_no(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    made, answers = dialog(stage, qtbot, tmp_path / "key.ucbackup")
    stage.dialogs.confirms.append(False)
    made.act.click()
    made.reject()
    assert answers == [None]
    assert len(names(stage)) == 2


@pytest.mark.parametrize("data", [b"", b"unitclient-backup 1\n{}\n", b"PK\x03\x04 something else"])
def test_files_that_are_no_backup(stage: Stage, qtbot: QtBot, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.ucbackup").write_bytes(data)
    made, _ = dialog(stage, qtbot, tmp_path / "x.ucbackup")
    assert not made.act.isEnabled()
    assert "x.ucbackup" in made.banner.text()
    assert not unnamed(made)


def test_with_the_windows_own_lanes(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    faults: list[BaseException] = []
    runner = LaneRunner(stage.session, lambda texts: faults.append(AssertionError(texts)), faults.append)
    services = replace(stage.services, tasks=runner)
    answers: list[object] = []
    try:
        for lane in (Lane.DB, Lane.NET, Lane.SIGN):
            runner.run(lane, "d-restore-running", lambda context: context.desk().today(), done=answers.append)
        qtbot.waitUntil(lambda: len(answers) == 3)
        made = RestoreDialog(services, answers.append, str(tmp_path / "key.ucbackup"))
        qtbot.addWidget(made)
        made.open()
        stage.dialogs.confirms.append(True)
        made.act.click()
        qtbot.waitUntil(lambda: made.presenter.state.report is not None, timeout=20_000)
        runner.run(Lane.DB, "d-restore-running", lambda context: list_units(context.desk().store), done=answers.append)
        qtbot.waitUntil(lambda: len(answers) == 4)
        assert [unit.name for unit in answers[-1]] == [UNIT.name]  # type: ignore[attr-defined]  # a list of units
    finally:
        runner.stop()
    assert not faults


def test_not_while_something_runs(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    made, _ = dialog(stage, qtbot, tmp_path / "key.ucbackup")
    stage.runner.tasks = lambda: [object()]  # type: ignore[method-assign,list-item]  # one that runs
    made.act.click()
    assert "还有任务正在进行" in made.banner.text()
    assert len(names(stage)) == 2


def test_a_home_with_operators(stage: Stage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The window goes on as who restored; whoever has no right to it is told so, and everything stays."""
    cheapen(monkeypatch)
    desk = stage.session.desk()
    add_operator(desk, NAMES["manager"], "manager", WORDS["manager"])
    add_operator(desk, NAMES["clerk"], "clerk", WORDS["clerk"])
    backup(desk.store, tmp_path / "staffed.ucbackup")
    stage.session.sign_in(NAMES["clerk"])
    stage.dialogs.confirms = [True, True]
    refused, _ = dialog(stage, qtbot, tmp_path / "staffed.ucbackup")
    refused.act.click()
    assert refused.presenter.state.refusal is not None
    assert refused.presenter.state.refusal.code == "right-missing"
    stage.session.sign_in(NAMES["manager"])
    made, _ = dialog(stage, qtbot, tmp_path / "staffed.ucbackup")
    made.act.click()
    assert made.presenter.state.report is not None
    assert stage.session.signed_in == NAMES["manager"]
    assert stage.session.why_not("restore") == ""
    last = entries(stage.session.desk().store)[-1]
    assert (last.act, last.actor) == ("store.restore", NAMES["manager"])
