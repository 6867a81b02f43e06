"""Operators at the window: who signs in, what they may press, what the help desk sees, and taking over at the lock."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.stage import Stage, make_stage
from tests.workflows.staffed import CHEAP, NAMES, WORDS
from unitclient.desktop.dialogs.unlock.ask import AskPassphrase
from unitclient.desktop.dialogs.unlock.lock import Cover
from unitclient.desktop.dialogs.unlock.login import SignIn
from unitclient.desktop.rights import ACTIONS, BUTTONS, RightGuard, guard_page
from unitclient.desktop.shell.registry import page_specs
from unitclient.errors import UserError
from unitclient.store.journal import entries
from unitclient.workflows.operators import add_operator, change_password
from unitclient.workflows.rights import roles


def test_the_sign_in_gives_name_and_password(qtbot: QtBot) -> None:
    given: list[object] = []
    dialog = SignIn(given.append, refusal="错")
    qtbot.addWidget(dialog)
    assert not dialog.act.isEnabled()
    dialog.name.setText(" 经办 甲 ")
    dialog.word.setText("secret")
    assert dialog.act.isEnabled()
    dialog.act.click()
    assert given == [("经办 甲", "secret")]


def test_a_forgotten_password_is_told_and_not_guessed(qtbot: QtBot) -> None:
    given: list[object] = []
    at_sign_in, at_start = SignIn(given.append), AskPassphrase(given.append)
    in_file = AskPassphrase(given.append, "unit.pfx")
    for dialog in (at_sign_in, at_start, in_file):
        qtbot.addWidget(dialog)
    at_sign_in.name.setText("主管丁")
    at_sign_in.forgot.click()
    at_start.forgot.click()
    assert given == [("主管丁", None), ""]
    assert in_file.forgot.isHidden(), "the file's passphrase is its issuer's affair"


def test_every_act_that_takes_a_right_is_one_of_the_roles() -> None:
    granted = set().union(*roles().values())
    assert set(ACTIONS.values()) <= granted
    assert {act for buttons in BUTTONS.values() for act in buttons.values()} <= granted


def test_a_button_stays_off_whatever_the_page_wants(qtbot: QtBot) -> None:
    button = QPushButton("签名")
    qtbot.addWidget(button)
    button.setToolTip("usual")
    allowed = {"sign": ""}
    guard = RightGuard(button, "sign", lambda act: allowed[act])
    assert (button.isEnabled(), button.toolTip()) == (True, "usual")
    allowed["sign"] = "经办人没有这项权限"
    guard.look()
    assert (button.isEnabled(), button.toolTip()) == (False, "经办人没有这项权限")
    button.setEnabled(True)
    assert not button.isEnabled()
    allowed["sign"] = ""
    guard.look()
    assert (button.isEnabled(), button.toolTip()) == (True, "usual")


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[Stage]:
    """A window's session of a home with four operators; the manager is signed in."""
    stage = make_stage(tmp_path / "home", with_unit=True)
    desk = stage.session.desk()
    add_operator(desk, NAMES["manager"], "manager", WORDS["manager"], cost=CHEAP)
    stage.session.sign_in(NAMES["manager"])
    for role in ("clerk", "reviewer", "viewer"):
        add_operator(desk, NAMES[role], role, f"erste+Wahl~{role}", cost=CHEAP)
    for role in ("clerk", "reviewer", "viewer"):
        stage.session.sign_in(NAMES[role])
        change_password(desk, f"erste+Wahl~{role}", WORDS[role], cost=CHEAP)
    stage.session.sign_in(NAMES["manager"])
    yield stage
    stage.close()


def test_the_help_desk_sees_masked_values_and_cannot_unmask(staffed: Stage) -> None:
    session = staffed.session
    assert not session.masked()
    told: list[bool] = []
    session.masking_changed.connect(told.append)
    session.sign_in(NAMES["viewer"])
    assert session.masked()
    assert told == [True]
    session.set_masked(False)
    assert session.masked()
    with pytest.raises(UserError, match="right-missing"):
        session.note_unmask("id_number")
    assert session.why_not("sign").startswith("只读/帮助台没有这项权限：签名。")
    session.sign_in(NAMES["clerk"])
    assert not session.masked()
    assert session.why_not("sign") == ""


def test_the_window_names_who_signed_in_and_so_does_the_journal(staffed: Stage) -> None:
    session = staffed.session
    assert session.operator() == NAMES["manager"]
    session.sign_in(NAMES["clerk"])
    assert session.operator() == NAMES["clerk"]
    last = entries(session.desk().store)[-1]
    assert (last.act, last.actor) == ("operator.sign-in", NAMES["clerk"])


def test_at_the_lock_somebody_else_takes_over(staffed: Stage, qtbot: QtBot) -> None:
    frame = QWidget()
    qtbot.addWidget(frame)
    cover = Cover(staffed.services, frame)
    opened: list[bool] = []
    cover.opened.connect(lambda: opened.append(True))
    assert cover.name.text() == NAMES["manager"]
    cover.word.setText("wrong")
    cover.act.click()
    assert opened == []
    assert "登录没有成功" in cover.field.note.text()
    cover.name.setText(NAMES["clerk"])
    cover.word.setText(WORDS["clerk"])
    cover.act.click()
    assert opened == [True]
    assert staffed.session.operator() == NAMES["clerk"]


@pytest.mark.parametrize("page_id", sorted(BUTTONS))
def test_the_buttons_of_every_page_are_held(staffed: Stage, qtbot: QtBot, page_id: str) -> None:
    page = next(spec for spec in page_specs() if spec.id == page_id).make(staffed.services)
    qtbot.addWidget(page)
    staffed.session.sign_in(NAMES["viewer"])
    guards = guard_page(page, page_id, staffed.session)
    for guard, path in zip(guards, BUTTONS[page_id], strict=True):
        button = attrgetter(path)(page)
        button.setEnabled(True)
        held = BUTTONS[page_id][path] not in roles()["viewer"]
        assert button.isEnabled() is not held, path
        assert ("没有这项权限" in button.toolTip()) is held
        del guard
