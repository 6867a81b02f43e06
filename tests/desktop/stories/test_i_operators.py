"""Operators in the real window: the home becomes theirs, a clerk takes over at the lock, and may do a clerk's acts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QLineEdit

from tests.desktop.stories.program import CTRL, Program
from tests.desktop.stories.test_f_four_eyes import open_page
from tests.e2e.office import Office, staff
from tests.workflows.staffed import NAMES, WORDS, cheapen
from unitclient.desktop.dialogs.operator.dialog import OperatorDialog
from unitclient.desktop.dialogs.unlock.change import ChangePassphrase
from unitclient.desktop.dialogs.unlock.lock import Cover
from unitclient.store import keys
from unitclient.store.journal import entries, verify_journal

FIRST = "erste+Wahl~clerk"


def add(program: Program, name: str, word: str, role: str = "") -> None:
    """Add an operator on the page in front, by keyboard and clicks."""
    program.click("添加操作员…")
    dialog = program.dialog(OperatorDialog)
    program.write(program.named(QLineEdit, "姓名"), name)
    if role:
        program.named(QComboBox, "角色").setCurrentText(role)
    for field in ("密码", "再输入一次"):
        program.write(program.named(QLineEdit, field), word)
    program.click(dialog.do_it.text())
    program.until(lambda: program.top() is program.frame)
    program.settle()


def test_a_clerk_takes_over(sits_down: Callable[..., tuple[Office, Program]], monkeypatch: pytest.MonkeyPatch) -> None:
    cheapen(monkeypatch)
    clerk, program = sits_down()
    clerk.enrols(staff(1))
    open_page(program, "操作员")
    program.sees("还没有设操作员")
    add(program, NAMES["manager"], WORDS["manager"])
    assert "恢复码" in program.banner()
    assert keys.needs_operator(program.home)
    add(program, NAMES["clerk"], FIRST, "经办人")
    assert [row["角色"] for row in program.rows()] == ["单位主管", "经办人"]
    # The window is covered; the clerk takes over, and has to have a password of their own first.
    program.press(Qt.Key.Key_L, CTRL)
    (cover,) = program.frame.findChildren(Cover)
    program.write(cover.name, NAMES["clerk"])
    program.write(cover.word, FIRST)
    program.press(Qt.Key.Key_Return)
    change = program.dialog(ChangePassphrase)
    for field, word in (("现在的口令", FIRST), ("新口令", WORDS["clerk"]), ("再输入一次", WORDS["clerk"])):
        program.write(program.named(QLineEdit, field), word)
    program.click(change.act.text())
    program.until(lambda: program.top() is program.frame)
    program.settle()
    assert program.desktop.session.operator() == NAMES["clerk"]
    assert keys.load(program.home, WORDS["clerk"], NAMES["clerk"])
    # Adding operators is not the clerk's; preparing the month is, in the lanes too, and the journal names the clerk.
    assert not program.button("添加操作员…").isEnabled()
    program.go(4)
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    store = clerk.base.store
    assert {entry.actor for entry in entries(store) if entry.act == "month.prepare"} == {NAMES["clerk"]}
    assert verify_journal(store) is None
