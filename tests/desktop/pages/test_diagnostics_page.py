"""The diagnostics page: what is checked, and a report that names nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from inspect import unwrap
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.stage import UNIT, Stage, add_units, make_stage, other_unit
from tests.desktop.walker import cut_off, too_large, unnamed
from unitclient.desktop.dialogs.diagnosis.dialog import EncryptFor
from unitclient.desktop.logs import LOG_NAME
from unitclient.desktop.pages.diagnostics import SPEC
from unitclient.desktop.pages.diagnostics.view import DiagnosticsPage
from unitclient.desktop.theme import look
from unitclient.desktop.theme.tokens import Scheme, State
from unitclient.store.kdf import Cost
from unitclient.store.settings import put_setting
from unitclient.texts import use_language
from unitclient.workflows.diagnosis_file import open_diagnosis, write_diagnosis

WORD = "Ofen#Garten~28"


def shown(stage: Stage, qtbot: QtBot) -> DiagnosticsPage:
    """The page, as the shell shows it."""
    page = SPEC.make(stage.services)
    assert isinstance(page, DiagnosticsPage)
    qtbot.addWidget(page)
    page.resize(900, 500)
    page.show()
    page.on_shown()
    return page


def states(page: DiagnosticsPage) -> dict[str, State]:
    """How each check came out."""
    return {line.id: line.state for line in page.presenter.state.lines}


def test_a_good_home(unit_stage: Stage, qtbot: QtBot) -> None:
    page = shown(unit_stage, qtbot)
    found = states(page)
    assert found["database"] is State.OK
    assert found["journal"] is State.OK
    assert found["clock"] is State.INFO
    assert found["disk"] is State.OK
    assert page.again.isEnabled()


def test_without_a_unit(stage: Stage, qtbot: QtBot) -> None:
    assert states(shown(stage, qtbot))["database"] is State.OK


@pytest.mark.parametrize(("seconds", "state"), [(3, State.OK), (4000, State.ERR)])
def test_the_clock_is_compared_with_the_centre_s(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot, seconds: int, state: State
) -> None:
    real = other_unit("420100000002", "真实单位")
    add_units(tmp_path, real)
    stage = make_stage(tmp_path)
    with stage.session.desk().store.write("test"):
        offset = timedelta(seconds=seconds).total_seconds()
        put_setting(stage.session.desk().store, f"clock-offset:{real.unit_number}", round(offset))
    assert states(shown(stage, qtbot))["clock"] is state
    stage.close()


def test_a_changed_journal_and_a_missing_key_are_seen(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    add_units(tmp_path, replace(UNIT, key_ref={"kind": "pkcs12", "path": str(tmp_path / "gone.p12")}))
    stage = make_stage(tmp_path)
    driver = stage.session.desk().store.connection
    driver.execute("PRAGMA writable_schema = ON")
    triggers = [row[0] for row in driver.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    for name in triggers:
        driver.execute(f'DROP TRIGGER "{name}"')
    driver.execute("UPDATE journal SET act = 'changed' WHERE seq = 1")
    page = shown(stage, qtbot)
    assert states(page)["journal"] is State.ERR
    assert states(page)["key"] is State.ERR
    stage.close()


def test_the_report_masks_numbers(unit_stage: Stage, qtbot: QtBot) -> None:
    logs = unit_stage.services.home / "logs"
    logs.mkdir()
    (logs / LOG_NAME).write_text("2026-11-10 warning 11010519491231002X and 13812345678\n", "utf-8")
    page = shown(unit_stage, qtbot)
    report = page.presenter.state.report
    for secret in (UNIT.unit_number, UNIT.name, "11010519491231002X", "13812345678", str(Path.home())):
        assert secret not in report
    assert "[ok] database" in report
    page.presenter.copy()
    assert unit_stage.files.copied == [report]


def test_the_diagnostics_file_is_encrypted_for_the_help_desk(
    unit_stage: Stage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(unwrap(write_diagnosis).__kwdefaults__, "cost", Cost(1, 64, 1))
    page = shown(unit_stage, qtbot)
    given: list[object] = []
    asked = EncryptFor(unit_stage.services, given.append)
    qtbot.addWidget(asked)
    asked.word.setText("short")
    asked.act.click()
    assert asked.fields[1].note.text().startswith("×")
    asked.word.setText(WORD)
    asked.again.setText(WORD)
    asked.act.click()
    assert given == [(WORD, None)]
    out = tmp_path / "d.ucdiag"
    unit_stage.dialogs.wizards["diagnosis"] = [None, given[0], given[0], ("19900307", None), given[0]]
    unit_stage.dialogs.files = [None, tmp_path / "no" / "d.ucdiag", out, out]
    page.save.click()
    for said in ("", "no", "太短", "已保存到"):
        page.save.click()
        assert said in page.said.text(), said
    assert b"checks" not in out.read_bytes()
    assert "checks.json" in open_diagnosis(out, WORD)
    certificate = EncryptFor(unit_stage.services, given.append)
    qtbot.addWidget(certificate)
    unit_stage.dialogs.files = [tmp_path / "desk.pem"]
    certificate.choose.click()
    assert not certificate.word.isEnabled()
    certificate.act.click()
    assert given[-1] == (None, tmp_path / "desk.pem")


def test_the_folder_is_shown(unit_stage: Stage, qtbot: QtBot) -> None:
    shown(unit_stage, qtbot).presenter.open_folder()
    assert unit_stage.files.opened == [unit_stage.services.home]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [9, 12])
def test_it_fits_and_is_named(unit_stage: Stage, qtbot: QtBot, qapp: QApplication, language: str, size: int) -> None:
    use_language(language)
    look.apply(qapp, Scheme.DARK, font_size=size)
    page = shown(unit_stage, qtbot)
    assert unnamed(page) == []
    assert too_large(page) == ""
    assert cut_off(page) == []
    look.apply(qapp, Scheme.LIGHT)
