"""Passphrases: asked, set, changed, removed; and the lock over an idle window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.hands import key
from tests.desktop.month import shown_texts, unnamed
from tests.desktop.sign.hands import keys as type_keys
from tests.desktop.sign.hands import press
from tests.desktop.stage import Stage, make_stage
from unitclient.desktop.dialogs.unlock.acts import ACTS, bind_acts
from unitclient.desktop.dialogs.unlock.ask import AskPassphrase
from unitclient.desktop.dialogs.unlock.change import ChangePassphrase
from unitclient.desktop.dialogs.unlock.field import PassphraseField
from unitclient.desktop.dialogs.unlock.lock import IdleLock
from unitclient.desktop.dialogs.unlock.work import weakness
from unitclient.desktop.shell.main_window import MainWindow
from unitclient.desktop.shell.registry import page_specs
from unitclient.errors import UserError
from unitclient.store import keys
from unitclient.store.journal import entries

WORD = "江城的第一场雪"
LONGER = "江城的第一场雪下得很早"


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Locked:
    """A window with its lock."""

    stage: Stage
    window: MainWindow
    frame: QWidget
    lock: IdleLock
    seconds: Seconds

    def waits(self, minutes: float) -> None:
        """Nobody is there for so long."""
        self.seconds.at += minutes * 60
        self.lock.look()


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot) -> Iterator[Locked]:
    """A window of a unit in a frame; the lock looks at a clock of the test's."""
    stage = make_stage(tmp_path / "home", with_unit=True)
    window = MainWindow(stage.services, [spec for spec in page_specs() if spec.id == "settings"])
    frame = QWidget()
    box = QVBoxLayout(frame)
    box.addWidget(window)
    qtbot.addWidget(frame)
    frame.resize(1000, 640)
    frame.show()
    seconds = Seconds()
    lock = IdleLock(stage.services, window, seconds)
    yield Locked(stage, window, frame, lock, seconds)
    QApplication.instance().removeEventFilter(lock)  # type: ignore[union-attr]  # there is one
    lock._timer.stop()
    stage.close()


def set_word(stage: Stage, word: str) -> None:
    keys.change_passphrase(stage.services.home, None, word)
    stage.session.passphrase = word


# -- asking


def ask(qtbot: QtBot, **how: Any) -> tuple[AskPassphrase, list[str | None]]:
    answers: list[str | None] = []
    made = AskPassphrase(answers.append, **how)
    qtbot.addWidget(made)
    made.open()
    return made, answers


def test_a_passphrase_is_handed_over_once(qtbot: QtBot) -> None:
    made, answers = ask(qtbot)
    assert not made.act.isEnabled()
    type_keys(made.word, "open sesame")
    press(made.word, Qt.Key.Key_Return)
    assert answers == ["open sesame"]
    assert made.word.text() == ""


def test_giving_up(qtbot: QtBot) -> None:
    made, answers = ask(qtbot, wrong=True)
    assert "口令不对" in made.field.note.text()
    press(made, Qt.Key.Key_Escape)
    assert answers == [None]


def test_a_key_file_is_named(qtbot: QtBot) -> None:
    made, _ = ask(qtbot, file="unit.pfx")
    assert "unit.pfx" in shown_texts(made)
    assert not unnamed(made)


def test_it_may_be_looked_at_while_it_is_typed(qtbot: QtBot) -> None:
    field = PassphraseField()
    qtbot.addWidget(field)
    field.setText("secret")
    assert field.displayText() != "secret"
    field._look.setChecked(True)
    assert field.displayText() == "secret"
    assert field.take() == "secret"
    field.setText("again")
    assert field.displayText() != "again"


def test_the_eye_is_opened_by_a_key_too(qtbot: QtBot) -> None:
    field = PassphraseField()
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    field.setText("secret")
    key(field, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert field.displayText() == "secret"
    key(field, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert field.displayText() != "secret"


# -- setting


def change(stage: Stage, qtbot: QtBot) -> tuple[ChangePassphrase, list[Any]]:
    answers: list[Any] = []
    made = ChangePassphrase(stage.services, answers.append)
    qtbot.addWidget(made)
    made.open()
    return made, answers


def fill(made: ChangePassphrase, old: str, new: str, again: str) -> None:
    for field, text in ((made.old, old), (made.new, new), (made.again, again)):
        field.editor.setText(text)  # type: ignore[attr-defined]  # a line of text
    made.act.click()


def test_setting_changing_removing(stage: Stage, qtbot: QtBot) -> None:
    home = stage.services.home
    made, answers = change(stage, qtbot)
    assert made.old.isHidden()
    fill(made, "", WORD * 2, WORD * 2)
    assert answers == [True]
    assert keys.needs_passphrase(home)
    assert stage.session.passphrase == WORD * 2
    assert entries(stage.session.desk().store)[-1].act == "passphrase.change"
    made, answers = change(stage, qtbot)
    fill(made, "not it at all", LONGER, LONGER)
    assert not answers
    assert made.old.note.text()
    fill(made, WORD * 2, LONGER, LONGER)
    assert answers == [True]
    made, answers = change(stage, qtbot)
    made.old.editor.setText(LONGER)  # type: ignore[attr-defined]  # a line of text
    stage.dialogs.confirms.append(True)
    made.remove.click()
    assert answers == [True]
    assert not keys.needs_passphrase(home)


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [("short", "short", "d-unlock-too-short"), ("aaaaaaaaaa", "aaaaaaaaaa", "d-unlock-too-plain"),
     (LONGER, WORD, "d-unlock-differs"), (LONGER, LONGER, "")],
)  # fmt: skip
def test_weak_ones_are_refused(first: str, second: str, wrong: str) -> None:
    assert weakness(first, second) == wrong


# -- the lock


@pytest.mark.may_block("the key is derived in a lane, and the lanes of these tests are inline")
def test_an_idle_window_is_covered_and_opened_again(scene: Locked) -> None:
    set_word(scene.stage, LONGER)
    scene.window.render_unit()
    title = scene.frame.windowTitle()
    scene.waits(14)
    assert not scene.lock.locked()
    scene.waits(2)
    assert scene.lock.locked()
    assert not scene.window.isVisible()
    assert "演练用人单位" not in shown_texts(scene.frame)
    assert "演练用人单位" not in scene.frame.windowTitle()
    cover = scene.lock._cover
    assert cover is not None
    assert not unnamed(cover)
    type_keys(cover.word, "wrong one")
    press(cover.word, Qt.Key.Key_Return)
    assert "口令不对" in cover.field.note.text()
    assert scene.lock.locked()
    cover.word.setText(LONGER)
    cover.act.click()
    assert not scene.lock.locked()
    assert scene.window.isVisible()
    assert scene.frame.windowTitle() == title


def test_hands_put_it_off(scene: Locked) -> None:
    set_word(scene.stage, LONGER)
    scene.waits(10)
    press(scene.window, Qt.Key.Key_Shift)
    scene.waits(10)
    assert not scene.lock.locked()


def test_without_a_passphrase_nothing_is_covered(scene: Locked) -> None:
    scene.waits(600)
    assert not scene.lock.locked()


def test_zero_minutes_is_never(scene: Locked) -> None:
    set_word(scene.stage, LONGER)
    scene.stage.services.settings.set("idle_lock_minutes", 0)
    scene.waits(600)
    assert not scene.lock.locked()
    scene.lock.lock()
    assert scene.lock.locked(), "by hand it is covered all the same"


def test_dialogs_are_hidden_and_come_back_modal(scene: Locked) -> None:
    set_word(scene.stage, LONGER)
    dialog = QDialog(scene.frame)
    ended: list[int] = []
    dialog.finished.connect(ended.append)
    dialog.open()
    scene.lock.lock()
    assert not dialog.isVisible()
    cover = scene.lock._cover
    assert cover is not None
    assert cover.word.isVisible()
    cover.word.setText(LONGER)
    cover.act.click()
    assert dialog.isVisible()
    assert dialog.isModal()
    assert not ended
    dialog.close()


def test_no_shortcut_reaches_a_covered_window(scene: Locked, qtbot: QtBot) -> None:
    set_word(scene.stage, LONGER)
    bind_acts(scene.stage.services, scene.window, scene.lock)
    scene.lock.lock()
    cover = scene.lock._cover
    assert cover is not None
    masked = scene.stage.session.masked()
    press(cover.word, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert scene.stage.session.masked() == masked


def test_the_cover_follows_the_window(scene: Locked, qtbot: QtBot) -> None:
    set_word(scene.stage, LONGER)
    scene.lock.lock()
    scene.frame.resize(1200, 700)
    cover = scene.lock._cover
    assert cover is not None
    qtbot.waitUntil(lambda: cover.size() == scene.frame.size())


def test_locking_by_hand_without_a_passphrase_offers_one(scene: Locked) -> None:
    bind_acts(scene.stage.services, scene.window, scene.lock)
    scene.stage.dialogs.wizards["unlock"] = [None]
    acts = {act.spec.id: act for act in scene.window.acts.all()}
    assert {spec.id for spec in ACTS} <= set(acts)
    acts["lock"].do()
    assert scene.stage.dialogs.asked[-1] == ("unlock", {"change": True})


def test_a_database_with_a_passphrase_opens_with_it_only(tmp_path: Path, qapp: QApplication) -> None:
    stage = make_stage(tmp_path / "home")
    set_word(stage, LONGER)
    stage.close()
    for word, code in ((None, "store-passphrase-needed"), ("other", "store-passphrase-wrong")):
        with pytest.raises(UserError, match=code):
            stage.session.open(passphrase=word)
    stage.session.open(passphrase=LONGER)
    stage.close()
