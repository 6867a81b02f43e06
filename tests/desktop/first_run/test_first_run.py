"""The first-run wizard: practice with a real centre process, a real enrolment with a key file, and this computer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.month import unnamed
from tests.desktop.stage import Stage, make_stage
from tests.e2e.office import credential_of, open_unit, practice_centre
from tests.tokens.lab import PIN
from unitclient.central.server import RunningCentre
from unitclient.desktop.dialogs.first_run.dialog import FirstRunDialog
from unitclient.desktop.dialogs.first_run.presenter import wrong_of
from unitclient.desktop.dialogs.first_run.state import KeyChoice, Step, Wish
from unitclient.desktop.dialogs.first_run.work import file_key
from unitclient.desktop.pages.units.hook import PracticeKeeper
from unitclient.store import keys
from unitclient.workflows import centre_process


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """A centre on this computer that takes the part of a real one."""
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


def wizard(stage: Stage, qtbot: QtBot, *, only_unit: bool = False) -> tuple[FirstRunDialog, list[Any]]:
    """The wizard, open, and what it will have answered."""
    answers: list[Any] = []
    made = FirstRunDialog(stage.services, answers.append, only_unit=only_unit)
    qtbot.addWidget(made)
    made.open()
    return made, answers


def step_of(made: FirstRunDialog) -> Step:
    """The page in front."""
    return made.presenter.state.step


def key_file(opened: dict[str, Any], path: Path) -> Path:
    """The unit's key as a .pfx file with PIN as passphrase."""
    one = credential_of(opened)
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"unit", one.key, one.certificate, None,
                                                           BestAvailableEncryption(PIN.encode())))  # fmt: skip
    return path


def test_practice_from_nothing_to_the_month(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    made, answers = wizard(stage, qtbot)
    assert made.mode.practice.isChecked()
    made.onward.click()
    assert step_of(made) is Step.PRACTICE
    assert made.practice.region.count() >= 4
    made.practice.region.setCurrentIndex(made.practice.region.findData("420100"))
    try:
        made.onward.click()
        unit = stage.session.need_unit()
        assert unit.practice
        assert unit.region == "420100"
        assert unit.device_id
        assert step_of(made) is Step.KEEPING
        made.keeping.folder.setText(str(tmp_path / "backups"))
        made.onward.click()
        assert step_of(made) is Step.DONE
        assert (tmp_path / "backups").is_dir()
        assert stage.services.settings.get("backup.folder") == str(tmp_path / "backups")
        assert not keys.needs_passphrase(stage.services.home)
        assert "演练单位" in made.end.told.text()
        made.onward.click()
        assert answers == [unit.unit_number]
        assert stage.shell.went == [("dashboard", {})]
        centre_process.stop(stage.services.home)
        started_again(stage)
    finally:
        centre_process.stop(stage.services.home)


def started_again(stage: Stage) -> None:
    """The next start of the window finds no practice centre: it is started, and ended with the window."""
    keeper = PracticeKeeper(stage.services)
    keeper.look()
    running = centre_process.running(stage.services.home)
    assert running is not None
    assert stage.session.need_unit().centre_url == running.url
    keeper.end()
    waited = time.monotonic() + 15
    while centre_process.running(stage.services.home) and time.monotonic() < waited:
        time.sleep(0.05)
    assert centre_process.running(stage.services.home) is None
    keeper.end()


def test_a_real_unit_by_its_key_file(stage: Stage, qtbot: QtBot, centre: RunningCentre, tmp_path: Path) -> None:
    opened = open_unit(centre.url, "江城机械有限公司")
    (tmp_path / "ca.pem").write_text(opened["ca_pem"], "ascii")
    stage.dialogs.files += [tmp_path / "ca.pem", key_file(opened, tmp_path / "unit.pfx")]
    made, _ = wizard(stage, qtbot)
    made.mode.real.click()
    made.onward.click()
    made.real.ca_choose.click()
    made.real.file.click()
    assert made.real.key.currentText() == "unit.pfx"
    made.real.url.setText(centre.url + "/")
    made.real.operator.setText("经办人乙")
    made.real.pin.setText("wrong")
    made.onward.click()
    assert "口令" in made.banner.text() or "PIN" in made.banner.text()
    assert made.real.pin.text() == ""
    assert stage.session.unit() is None
    made.real.pin.setText(PIN)
    made.onward.click()
    unit = stage.session.need_unit()
    assert (unit.name, unit.operator, unit.practice) == ("江城机械有限公司", "经办人乙", False)
    assert unit.key_ref["certificate_sha256"]
    assert PIN not in str(unit.key_ref)
    made.keeping.folder.setText(str(tmp_path / "b"))
    made.keeping.new.setText("春天的第一场雨")
    made.keeping.again.setText("春天的第一场雨")
    made.onward.click()
    assert "太短" in made.keeping.fields["new"].note.text()
    for field in (made.keeping.new, made.keeping.again):
        field.setText("春天的第一场雨下在江城")
    made.onward.click()
    assert step_of(made) is Step.DONE
    assert keys.needs_passphrase(stage.services.home)
    assert stage.session.passphrase == "春天的第一场雨下在江城"
    assert "江城机械有限公司" in made.end.card.accessibleName()


def test_an_authority_that_is_none_and_a_centre_that_is_away(stage: Stage, qtbot: QtBot, centre: RunningCentre,
                                                            tmp_path: Path) -> None:  # fmt: skip
    opened = open_unit(centre.url)
    (tmp_path / "ca.pem").write_text("nothing", "ascii")
    stage.dialogs.files += [tmp_path / "ca.pem", key_file(opened, tmp_path / "unit.pfx")]
    made, _ = wizard(stage, qtbot, only_unit=True)
    made.mode.real.click()
    made.onward.click()
    made.real.ca_choose.click()
    made.real.file.click()
    made.real.url.setText(centre.url)
    made.real.operator.setText("乙")
    made.real.pin.setText(PIN)
    made.onward.click()
    assert "证书" in made.banner.text()
    (tmp_path / "ca.pem").write_text(opened["ca_pem"], "ascii")
    made.real.url.setText("http://127.0.0.1:9")
    made.real.pin.setText(PIN)
    made.onward.click()
    assert "127.0.0.1:9" in made.banner.text()
    assert stage.session.unit() is None
    made.real.url.setText(centre.url)
    made.real.pin.setText(PIN)
    made.onward.click()
    assert step_of(made) is Step.DONE, "for one more unit nothing is asked about this computer"
    made.reject()
    assert stage.shell.went == [("dashboard", {})]


KEY = file_key(Path("unit.pfx"))
LOCKED = KeyChoice(KEY.ref, "甲", "locked")


@pytest.mark.parametrize(
    ("url", "key", "pin", "operator", "field"),
    [
        ("", KEY, "1", "甲", "url"),
        ("si.example.gov.cn", KEY, "1", "甲", "url"),
        ("https://", KEY, "1", "甲", "url"),
        ("https://[", KEY, "1", "甲", "url"),
        ("https://x:99999", KEY, "1", "甲", "url"),
        ("http://si.example.gov.cn", KEY, "1", "甲", "url"),
        ("https://si.example.gov.cn", None, "1", "甲", "key"),
        ("https://si.example.gov.cn", LOCKED, "1", "甲", "key"),
        ("https://si.example.gov.cn", KEY, "", "甲", "pin"),
        ("https://si.example.gov.cn", KEY, "1", "", "operator"),
        ("https://si.example.gov.cn", KEY, "1", "甲", ""),
        ("http://127.0.0.1:8000", KEY, "1", "甲", ""),
    ],
)
def test_what_cannot_be_taken(url: str, key: KeyChoice | None, pin: str, operator: str, field: str) -> None:
    assert wrong_of(Wish(url, None, key.ref if key else None, operator), key, pin)[0] == field


def test_what_is_wrong_stands_at_its_field(stage: Stage, qtbot: QtBot) -> None:
    made, _ = wizard(stage, qtbot)
    made.mode.real.click()
    made.onward.click()
    made.real.url.setText("http://si.example.gov.cn")
    made.onward.click()
    assert "https" in made.real.fields["url"].note.text()
    assert made.real.url.text(), "what was typed stays"


def test_later_leaves_everything_as_it_was(stage: Stage, qtbot: QtBot) -> None:
    made, answers = wizard(stage, qtbot)
    made.onward.click()
    made.earlier.click()
    assert step_of(made) is Step.MODE
    made.stop.click()
    assert answers == [None]
    assert stage.session.unit() is None


def test_a_restore_from_the_first_page(stage: Stage, qtbot: QtBot) -> None:
    made, answers = wizard(stage, qtbot)
    stage.dialogs.wizards["restore"] = [None]
    made.mode.restore.click()
    assert stage.dialogs.asked[-1] == ("restore", {})
    assert not answers


def test_it_fits_and_everything_has_a_name(stage: Stage, qtbot: QtBot) -> None:
    made, _ = wizard(stage, qtbot)
    assert made.minimumSizeHint().width() <= 900
    assert made.minimumSizeHint().height() <= 500
    for step in Step:
        made.presenter._set(step=step)
        assert not unnamed(made), step


def test_the_keeper_leaves_other_units_alone(tmp_path: Path, qapp: QApplication) -> None:
    stage = make_stage(tmp_path / "home", with_unit=True)
    PracticeKeeper(stage.services).look()
    assert not stage.runner.ran, "this home never had a practice centre"
    stage.close()
