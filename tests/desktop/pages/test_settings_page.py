"""The settings page: made from the schema, kept at once, wrong values said beside the field."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.hands import type_in
from tests.desktop.stage import Stage
from tests.desktop.walker import cut_off, too_large, unnamed
from unitclient.desktop.pages.settings import SPEC
from unitclient.desktop.pages.settings.editors import ChoiceEditor, NumberEditor, TextEditor
from unitclient.desktop.pages.settings.presenter import problem_of
from unitclient.desktop.pages.settings.view import SettingsPage
from unitclient.desktop.settings_schema import BY_KEY, SETTINGS
from unitclient.desktop.theme import look
from unitclient.desktop.theme.tokens import Scheme
from unitclient.texts import use_language


def shown(stage: Stage, qtbot: QtBot) -> SettingsPage:
    """The page, as the shell shows it."""
    page = SPEC.make(stage.services)
    assert isinstance(page, SettingsPage)
    qtbot.addWidget(page)
    page.resize(900, 500)
    page.show()
    page.on_shown()
    return page


def test_every_setting_has_its_line(stage: Stage, qtbot: QtBot) -> None:
    page = shown(stage, qtbot)
    assert set(page.editors) == {spec.key for spec in SETTINGS if not spec.hidden}


def test_a_choice_counts_at_once_and_is_said(stage: Stage, qtbot: QtBot) -> None:
    page = shown(stage, qtbot)
    editor = page.editors["density"]
    assert isinstance(editor, ChoiceEditor)
    editor.combo.setCurrentIndex(editor.combo.findData("compact"))
    assert stage.services.settings.get("density") == "compact"
    assert stage.shell.said == ["已保存：表格行距"]
    assert page.banner.text() == ""


def test_the_language_asks_for_a_restart(stage: Stage, qtbot: QtBot) -> None:
    page = shown(stage, qtbot)
    page.presenter.set("language", "en")
    assert "重新启动" in page.banner.text()


def test_a_wrong_address_is_said_beside_the_field_and_not_kept(stage: Stage, qtbot: QtBot) -> None:
    page = shown(stage, qtbot)
    editor = page.editors["network.proxy"]
    assert isinstance(editor, TextEditor)
    type_in(editor.line, "proxy")
    editor.line.editingFinished.emit()
    assert stage.services.settings.get("network.proxy") == ""
    assert page.notes["network.proxy"].text().startswith("× ")
    assert "网址" in editor.line.accessibleDescription()
    assert editor.line.text() == "proxy"
    editor.line.setText(" http://10.0.0.8:3128 ")
    editor.line.editingFinished.emit()
    assert stage.services.settings.get("network.proxy") == "http://10.0.0.8:3128"
    assert not page.notes["network.proxy"].text().startswith("× ")


def test_a_folder_is_chosen_or_typed(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    page = shown(stage, qtbot)
    stage.dialogs.files = [None, tmp_path]
    page.editors["backup.folder"].choosing.emit()
    assert stage.services.settings.get("backup.folder") == ""
    page.editors["backup.folder"].choosing.emit()
    assert stage.services.settings.get("backup.folder") == str(tmp_path)


def test_a_number_and_a_switch(stage: Stage, qtbot: QtBot) -> None:
    page = shown(stage, qtbot)
    editor = page.editors["idle_lock_minutes"]
    assert isinstance(editor, NumberEditor)
    editor.spin.setValue(0)
    assert editor.spin.text() == "不锁定"
    page.presenter.set("review.required", True)
    assert stage.services.settings.get("review.required") is True


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [("network.proxy", "http://10.0.0.8:3128", ""), ("network.proxy", "", ""),
     ("network.proxy", "ftp://x", "d-set-not-url"), ("network.proxy", "http://[", "d-set-not-url"),
     ("network.proxy", "http://a:99999", "d-set-not-url"),
     ("tsa.url", "https://tsa.example/", ""), ("network.ca_file", "/no/such/file.pem", "d-set-no-file"),
     ("backup.folder", "/no/such/folder", "d-set-no-folder"), ("operator", "张三", "")],
)  # fmt: skip
def test_values_are_checked(key: str, value: str, wrong: str) -> None:
    assert problem_of(BY_KEY[key], value) == wrong


def test_what_the_command_line_refuses_is_refused_here_beside_the_field(
    unit_stage: Stage, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "no.pem").write_text("nothing of that kind")
    page = shown(unit_stage, qtbot)
    page.presenter.set("tsa.ca_file", str(tmp_path / "no.pem"))
    assert "没有根证书" in page.notes["tsa.ca_file"].text()
    page.presenter.set("operator", "王" * 51)
    assert "1 到 50" in page.notes["operator"].text()
    page.presenter.set("operator", "王经办")
    assert unit_stage.session.need_unit().operator == "王经办"


def test_there_is_no_operator_without_a_unit(stage: Stage, qtbot: QtBot) -> None:
    without = shown(stage, qtbot)
    without.presenter.set("operator", "王经办")
    assert "请先登记单位" in without.notes["operator"].text()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [9, 12])
def test_it_fits_and_is_named(stage: Stage, qtbot: QtBot, qapp: QApplication, language: str, size: int) -> None:
    use_language(language)
    look.apply(qapp, Scheme.LIGHT, font_size=size)
    page = shown(stage, qtbot)
    assert unnamed(page) == []
    assert too_large(page) == ""
    assert cut_off(page) == []
    look.apply(qapp, Scheme.LIGHT)
