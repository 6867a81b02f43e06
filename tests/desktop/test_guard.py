"""The guard of an open window, the backup when it is gone, and the passphrase that backups open with."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.desktop.stage import make_stage
from unitclient.desktop import guard, leaving
from unitclient.desktop.dialogs.unlock.backup_word import BackupWord
from unitclient.desktop.shell.main_window import MainWindow
from unitclient.store import Store
from unitclient.store.backup import needs_passphrase
from unitclient.store.restore import restore
from unitclient.store.settings import put_setting
from unitclient.workflows.automatic_backup import automatic_state

WORD = "a word for other computers"


def test_a_damaged_page_is_told_in_the_window(tmp_path: Path, qtbot: QtBot) -> None:
    stage = make_stage(tmp_path / "home", with_unit=True)
    window = MainWindow(stage.services, [])
    qtbot.addWidget(window)
    watch = guard.Guard(stage.services, window)
    with qtbot.waitSignal(watch.checked) as told:
        watch.look()
    assert told.args == [()]
    watch.wait()
    path = stage.session.desk().store.path
    root = (
        stage.session.desk()
        .store.connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'attempt'")
        .fetchone()[0]
    )
    stage.session.desk().store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[(root - 1) * 4096 + 100] ^= 1
    path.write_bytes(content)
    again = guard.Guard(stage.services, window)
    with qtbot.waitSignal(again.checked) as told:
        again.look()
    assert told.args is not None
    assert told.args[0] != ()
    again.wait()
    assert any("数据库已损坏" in text for text in window.notices.texts())
    stage.close()


def test_the_window_is_gone_and_a_backup_is_there_that_opens_elsewhere(tmp_path: Path, qtbot: QtBot) -> None:
    stage = make_stage(tmp_path / "home", with_unit=True)
    store = stage.session.desk().store
    (tmp_path / "backups").mkdir()
    with store.write("setting.change"):
        put_setting(store, "backup.folder", str(tmp_path / "backups"))
    answers: list[object] = []
    dialog = BackupWord(stage.services, answers.append)
    qtbot.addWidget(dialog)
    for field, word in ((dialog.new, WORD), (dialog.again, "another")):
        field.editor.setText(word)  # type: ignore[attr-defined]  # a PassphraseField
    dialog.act.click()
    assert answers == [], "typed differently"
    dialog.again.editor.setText(WORD)  # type: ignore[attr-defined]  # a PassphraseField
    dialog.act.click()
    assert answers == [True]
    left = leaving.leaving(stage.session)
    assert left is not None
    assert WORD not in repr(left)
    stage.close()
    assert leaving.leaving(stage.session) is None
    leaving.back_up(left)
    (made,) = (tmp_path / "backups").iterdir()
    assert needs_passphrase(made)
    restore(made, tmp_path / "new", WORD, clock=stage.session.system_clock)
    leaving.back_up(left)
    assert len(list((tmp_path / "backups").iterdir())) == 1, "nothing was written since"
    (tmp_path / "backups").rename(tmp_path / "stick, pulled out")
    with Store.open(tmp_path / "home", clock=left.clock) as store:
        with store.write("something"):
            pass
        leaving.back_up(left)
        assert automatic_state(store).trouble == "backup-unwritable"
