"""Acts: no clash, everybody has a handler and texts, found by Chinese, pinyin and English."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.stage import Stage
from unitclient.desktop.actions.initials import initials
from unitclient.desktop.actions.registry import ActionRegistry, clashes
from unitclient.desktop.actions.search import choice, matching
from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.shell.acts import MENUS, SHELL_ACTS, page_acts
from unitclient.desktop.shell.commands import ShellCommands
from unitclient.desktop.shell.registry import page_specs
from unitclient.texts import catalogue, use_language


def test_acts_of_window_and_pages_do_not_clash(unit_stage: Stage) -> None:
    specs = page_specs()
    shell = [*SHELL_ACTS, *(spec for spec, _ in page_acts(specs))]
    assert clashes(shell) == []
    for spec in specs:
        page = spec.make(unit_stage.services)
        assert clashes([*shell, *page.page_actions()]) == [], spec.id
        for act in page.page_actions():
            assert callable(getattr(page, act.handler_id)), act.id
            assert not act.enabled_when or callable(getattr(page, act.enabled_when)), act.id


def test_every_act_of_the_window_has_handler_name_and_help() -> None:
    for spec in SHELL_ACTS:
        assert callable(getattr(ShellCommands, spec.handler_id))
        assert not spec.enabled_when or callable(getattr(ShellCommands, spec.enabled_when))
        assert {spec.title_key, spec.help_key} <= catalogue()["text"].keys()
        assert spec.menu in MENUS


def test_keys_that_remote_desktops_swallow_are_not_used() -> None:
    for spec in SHELL_ACTS:
        for keys in spec.shortcuts():
            assert not keys.startswith(("Meta", "Ctrl+Alt", "Alt+Tab"))
            assert keys not in ("F11", "Print")


def test_clashes_are_found() -> None:
    one = ActionSpec("a", "d-close", "F5", Scope.APP, "x", "d-close")
    other = ActionSpec("a", "d-close", "Ctrl+K; F5", Scope.PAGE, "x", "d-close")
    assert clashes([one, other]) == ["a", "F5: a, a"]


class _Owner(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.calls = 0
        self.may = False

    def act(self) -> None:
        self.calls += 1

    def can(self) -> bool:
        return self.may


def test_an_act_is_done_only_when_it_can_be(qapp: QApplication, qtbot: QtBot) -> None:
    owner, place, registry = _Owner(), QWidget(), ActionRegistry()
    qtbot.addWidget(place)
    spec = ActionSpec("x", "d-close", "F9", Scope.PAGE, "act", "d-close", "can", icon="close")
    (act,) = registry.bind_all(place, owner, [spec])
    act.action.trigger()
    assert owner.calls == 0
    owner.may = True
    act.action.trigger()
    assert owner.calls == 1
    assert registry.acts(None) == []
    assert registry.acts(place) == [act]
    registry.refresh()
    assert act.action.isEnabled()


@pytest.mark.parametrize(
    ("title", "letters"),
    [("参保花名册", "cbhmc"), ("待发队列", "dfdl"), ("证书与密钥", "zsymy"), ("缴费", "jf"), ("设置 A4", "sza4"),
     ("银行回单", "yhhd"), ("本月申报", "bysb"), ("诊断与帮助", "zdybz"), ("鱻", "")],
)  # fmt: skip
def test_initials(title: str, letters: str) -> None:
    assert initials(title) == letters


def test_the_palette_finds_by_chinese_pinyin_and_english() -> None:
    told: list[str] = []
    choices = [
        choice("设置", lambda: told.append("settings"), "Ctrl+9", "d-set-title"),
        choice("诊断与帮助", lambda: told.append("diagnostics"), "", "d-diag-title"),
    ]
    expected = {"设": "设置", "sz": "设置", "settings": "设置", "ctrl+9": "设置"}
    expected |= dict.fromkeys(("帮助", "zdy", "Diag", "help diag"), "诊断与帮助")
    for typed, first in expected.items():
        assert [one.title for one in matching(choices, typed)][:1] == [first], typed
    assert matching(choices, "没有") == []
    assert len(matching(choices, "  ")) == 2
    matching(choices, "sz")[0].call()
    assert told == ["settings"]


def test_the_palette_finds_chinese_while_the_screen_is_english() -> None:
    use_language("en")
    assert matching([choice("Settings", lambda: None, "", "d-set-title")], "shezhi") == []
    assert matching([choice("Settings", lambda: None, "", "d-set-title")], "sz")
