"""The operators page: from one clerk's home to operators, their rights, ways back in, and the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.desktop.month import SMALLEST, unnamed
from tests.desktop.sign.office import Room
from tests.desktop.stage import Stage, make_stage
from tests.e2e.office import credential_of, open_unit
from tests.workflows.staffed import NAMES, WORDS, cheapen
from unitclient.desktop.dialogs.fake import FakeDialogs
from unitclient.desktop.dialogs.operator.dialog import OperatorDialog
from unitclient.desktop.dialogs.recover.dialog import RecoverDialog
from unitclient.desktop.dialogs.recover.shown import ShownCode
from unitclient.desktop.pages.operators.page import make_page
from unitclient.desktop.pages.operators.view import OperatorsView
from unitclient.errors import UserError
from unitclient.store import keys
from unitclient.store.journal import entries
from unitclient.workflows.recovering import ways

NEW = "Brett%Molke/17"
Hand = Callable[[Any], None]


class Opening(FakeDialogs):
    """The dialogs of this page are the real ones; each is given to the next hand."""

    def __init__(self) -> None:
        super().__init__()
        self.services: Any = None
        self.hands: list[Hand] = []

    def open_wizard(self, name: str, params: Mapping[str, Any], done: Callable[[Any], None]) -> None:
        """See DialogService."""
        before = set(QApplication.topLevelWidgets())
        import_module(f"unitclient.desktop.dialogs.{name}").open_dialog(self.services, None, params, done)
        (made,) = (one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one not in before)
        assert not unnamed(made)
        self.hands.pop(0)(made)


@pytest.fixture
def dialogs() -> Opening:
    return Opening()


@pytest.fixture
def stage(tmp_path: Path, qapp: QApplication, dialogs: Opening, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    cheapen(monkeypatch)
    made = make_stage(tmp_path / "home", with_unit=True)
    dialogs.services = services = replace(made.services, dialogs=dialogs)
    yield replace(made, services=services, dialogs=dialogs)
    made.close()


@pytest.fixture
def page(stage: Stage, qtbot: QtBot) -> OperatorsView:
    made = make_page(stage.services)
    qtbot.addWidget(made)
    made.on_shown()
    return made


def _typed(name: str, word: str, role: str = "") -> Hand:
    def hand(dialog: OperatorDialog) -> None:
        if "name" in dialog.fields:
            dialog.name.setText(name)
        if role:
            dialog.role.setCurrentIndex(dialog.role.findData(role))
        for field in (dialog.word, dialog.again):
            field.setText(word)
        dialog.do_it.click()

    return hand


def _first(dialog: OperatorDialog) -> None:
    """What is wrong stands at its field and nothing is done; then it is right."""
    assert not dialog.role.isEnabled()
    _typed("主管丁", "123")(dialog)
    assert "至少" in dialog.fields["word"].note.text()
    dialog.again.setText("x")
    dialog.word.setText("演练用人单位2026!")
    dialog.do_it.click()
    assert dialog.fields["again"].note.text()
    _typed("主管丁", "420100000001ab")(dialog)
    assert "密码" in dialog.fields["word"].note.text(), "the unit's number is no password"
    _typed(NAMES["manager"], WORDS["manager"])(dialog)


def test_from_one_clerk_to_operators(page: OperatorsView, stage: Stage, dialogs: Opening) -> None:
    assert not page.code.isEnabled()
    dialogs.hands = [_first, _typed(NAMES["clerk"], "erste+Wahl~clerk", "clerk"),
                     _typed(NAMES["reviewer"], "erste+Wahl~rev", "reviewer")]  # fmt: skip
    page.add.click()
    assert stage.session.signed_in == NAMES["manager"]
    assert keys.needs_operator(stage.services.home)
    assert "恢复码" in page.banner.text()
    assert page.code.isEnabled()
    page.add.click()
    page.add.click()
    assert [line.name for line in page.state.operators] == [NAMES[one] for one in ("manager", "clerk", "reviewer")]
    page.table.go(page.model.row_of(NAMES["clerk"]))
    assert "签名" in page.about.text()

    def no_end(dialog: OperatorDialog) -> None:
        dialog.absent.setCurrentText(NAMES["reviewer"])
        dialog.do_it.click()
        assert "最后一天" in dialog.fields["until"].note.text()
        dialog.until.setText((stage.session.desk().today() + timedelta(3)).isoformat())
        dialog.do_it.click()

    dialogs.hands = [no_end, lambda dialog: dialog.reject(), _typed("", NEW)]
    page.deputy.click()
    assert page.end.isVisibleTo(page)
    assert page.state.line() is not None
    page.role.click()
    page.reset.click()
    assert keys.load(stage.services.home, NEW, NAMES["clerk"])
    dialogs.confirms = [True, True, False, True]
    page.end.click()
    page.block.click()
    with pytest.raises(UserError, match="operator-refused"):
        keys.load(stage.services.home, NEW, NAMES["clerk"])
    page.unblock.click()
    assert page.unblock.isVisibleTo(page), "said no"
    page.unblock.click()
    assert keys.load(stage.services.home, NEW, NAMES["clerk"])
    acts = [entry.act for entry in entries(stage.session.desk().store) if entry.actor == NAMES["manager"]]
    assert acts[-5:] == ["operator.stand-in", "operator.reset", "operator.stand-in", "operator.block",
                         "operator.unblock"]  # fmt: skip
    page.table.go(page.model.row_of(NAMES["manager"]))
    dialogs.confirms = [True]
    page.block.click()
    assert "单位主管" in page.banner.text(), "the last one stays"


def test_a_code_is_shown_once_and_opens(page: OperatorsView, stage: Stage, dialogs: Opening) -> None:
    dialogs.hands = [_typed(NAMES["manager"], WORDS["manager"])]
    page.add.click()
    shown: list[str] = []

    def look(dialog: ShownCode) -> None:
        shown.append(dialog.code.text())
        assert not dialog.close_it.isEnabled()
        dialog.kept.setChecked(True)
        dialog.close_it.click()

    dialogs.confirms, dialogs.hands = [True], [look]
    page.code.click()
    assert "恢复码" in page.ways.text()
    answers: list[object] = []
    made = RecoverDialog(stage.services, answers.append)
    made.code.setText("ABCD-EFGH")
    made.name.setText(NAMES["manager"])
    for field in (made.word, made.again):
        field.setText(NEW)
    made.do_it.click()
    assert "恢复码不对" in made.wrong.text()
    made.code.setText(shown[0].lower())
    made.do_it.click()
    assert answers == [True]
    assert keys.load(stage.services.home, NEW, NAMES["manager"]) == stage.session.key()


def test_the_units_certificate_opens_the_database(desk: Room, qtbot: QtBot, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """With the key on a token or in a file as the unit has it; here a PKCS#12 file, whose passphrase is asked for."""
    cheapen(monkeypatch)
    home = desk.services.home
    credential = credential_of(open_unit(desk.clerk.opened["url"], key_kind="rsa"))
    file = tmp_path / "unit.pfx"
    file.write_bytes(credential.to_pkcs12("geheim-17"))
    ref = f'{{"kind": "pkcs12", "certificate_sha256": "", "path": "{file}"}}'
    with desk.session.desk().store.write("test.key"):
        desk.session.desk().store.connection.execute(
            "UPDATE unit SET certificate_der = ?, key_ref = ?", (credential.certificate_der, ref)
        )
    desk.session.data_changed.emit(frozenset({"units"}))
    keys.change_passphrase(home, None, WORDS["clerk"])
    page = make_page(desk.services)
    qtbot.addWidget(page)
    page.on_shown()
    desk.dialogs.pins = ["geheim-17"]
    page.certificate.click()
    assert ways(home) == ("certificate",)
    assert "不是申报" in desk.dialogs.summaries[0].purpose
    answers: list[object] = []
    made = RecoverDialog(desk.services, answers.append)
    desk.dialogs.files, desk.dialogs.pins = [file], ["geheim-17"]
    made.choose.click()
    for field in (made.word, made.again):
        field.setText(NEW)
    made.do_it.click()
    assert answers == [True], made.wrong.text()
    assert keys.load(home, NEW) == desk.session.key()


def test_the_journal_is_exported_and_one_changed_byte_found(page: OperatorsView, dialogs: Opening,
                                                            tmp_path: Path) -> None:  # fmt: skip
    page.check.click()
    assert "日志完整" in page.banner.text()
    out = tmp_path / "journal.jsonl"
    dialogs.files = [out, out, out, None]
    page.export.click()
    assert str(out) in page.banner.text()
    page.check_file.click()
    assert "日志完整" in page.banner.text()
    content = bytearray(out.read_bytes())
    content[len(content) // 2] ^= 1
    out.write_bytes(content)
    page.check_file.click()
    assert "对不上" in page.banner.text()
    page.check_file.click()


def test_it_fits_and_everything_has_a_name(page: OperatorsView) -> None:
    page.show()
    hint = page.minimumSizeHint()
    assert (hint.width() <= SMALLEST[0], hint.height() <= SMALLEST[1]) == (True, True)
    assert not unnamed(page)


def test_nothing_is_prepared(stage: Stage, qtbot: QtBot) -> None:
    made = RecoverDialog(stage.services, lambda _answer: None)
    qtbot.addWidget(made)
    made.show()
    assert not made.do_it.isVisible()
    assert not made.word.isVisible()
