"""The base widgets: what they say, and to whom."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.hands import click
from tests.desktop.stage import Stage
from tests.desktop.walker import unnamed
from unitclient.desktop.shell.notices import Notices
from unitclient.desktop.theme.tokens import SIGNS, State
from unitclient.desktop.widgets.banner import Banner
from unitclient.desktop.widgets.basic import button, clear_layout, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.empty_state import EmptyState
from unitclient.desktop.widgets.form_field import FormField
from unitclient.desktop.widgets.masked_label import MaskedLabel
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.errors import UserError
from unitclient.store.journal import entries


@pytest.mark.parametrize("state", list(State))
def test_a_pill_says_its_state_by_sign_word_and_name(qapp: QApplication, state: State) -> None:
    pill = StatusPill()
    pill.show_state(state, "已受理")
    assert pill.text() == f"{SIGNS[state]} 已受理"
    assert pill.accessibleName().startswith("已受理（")
    assert pill.property("pill") == state.value


def test_a_banner_stays_until_it_is_dismissed_and_offers_a_step(qtbot: QtBot) -> None:
    banner, steps = Banner(), []
    qtbot.addWidget(banner)
    assert banner.text() == ""
    banner.tell(State.OK, "已导入 3 行", "去核对", lambda: steps.append(1))
    banner.show()
    assert unnamed(banner) == []
    click(banner._next)
    assert steps == [1]
    assert banner.text() == "已导入 3 行"
    with qtbot.waitSignal(banner.dismissed):
        banner.dismiss()
    assert banner.text() == ""


def test_a_banner_shows_a_refusal_in_three_sentences(qapp: QApplication) -> None:
    banner = Banner()
    banner.refuse(UserError("no-unit"))
    assert banner.text().count("\n") == 2
    assert banner.property("state") == "err"


def test_a_lasting_notice_cannot_be_dismissed(qapp: QApplication) -> None:
    notices = Notices()
    notices.show_practice(True)
    notices.show_practice(True)
    assert len(notices.texts()) == 1
    (banner,) = notices.findChildren(Banner)
    assert banner._close.isHidden()
    notices.show_practice(False)
    assert notices.texts() == []
    notices.drop_notice("never there")


def test_an_empty_state_says_why_and_leads_on(qtbot: QtBot) -> None:
    done: list[int] = []
    empty = EmptyState("还没有人", "先导入一张表。", "导入", lambda: done.append(1))
    qtbot.addWidget(empty)
    assert (empty.accessibleName(), empty.accessibleDescription()) == ("还没有人", "先导入一张表。")
    click(empty._act)
    assert done == [1]
    empty.tell("没有相符的人", "换个条件。")
    assert empty._act.isHidden()


def test_a_field_ties_label_finding_and_description_together(qtbot: QtBot) -> None:
    editor = QLineEdit()
    field = FormField("姓名", editor, "与证件一致", required=True)
    qtbot.addWidget(field)
    assert field.title.buddy() is editor
    assert editor.accessibleName() == "姓名"
    assert editor.accessibleDescription() == "与证件一致"
    field.tell(State.ERR, "不能为空")
    assert field.note.text() == "× 不能为空"
    assert editor.accessibleDescription() == "不能为空"
    field.clear()
    assert field.note.text() == "与证件一致"


def test_a_masked_value_is_shown_on_request_and_the_journal_says_so(unit_stage: Stage, qtbot: QtBot) -> None:
    shown = MaskedLabel(unit_stage.session, "phone", "phone", "13812345678")
    qtbot.addWidget(shown)
    assert shown.text() == "13812345678"
    unit_stage.session.set_masked(True)
    assert shown.text() == "138******78"
    click(shown._show)
    assert shown.text() == "13812345678"
    assert entries(unit_stage.session.desk().store)[-1].subject == "phone"
    shown.set_value("13900000000")
    assert shown.text() == "139******00"


def test_a_label_never_reads_what_was_typed_as_markup(qapp: QApplication) -> None:
    made = label("<b>甲</b>")
    assert made.sizeHint().width() > label("甲").sizeHint().width()


def test_a_layout_is_cleared_with_everything_in_it(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    box = QVBoxLayout(root)
    box.addLayout(row(label("a"), column(label("b"), 1).parentWidget() or label("c")))
    box.addWidget(button("d"))
    clear_layout(box)
    assert box.count() == 0
    assert root.findChildren(QLabel) == []


def test_a_card_is_named_by_its_title(qapp: QApplication) -> None:
    card = Card("待办")
    assert card.accessibleName() == "待办"
    card.set_title("")
    assert card._title.isHidden()


def test_every_file_of_views_keeps_to_widgets() -> None:
    """Views hold no store and no network; presenters hold no widgets (docs/desktop.md)."""
    pages = Path(__file__).resolve().parents[2] / "unitclient" / "desktop" / "pages"
    wrong = []
    for path in pages.rglob("*.py"):
        text = path.read_text("utf-8")
        if path.name == "view.py":
            wrong += [f"{path.parent.name}: {room}" for room in ("store", "sync", "tokens")
                      if f"from unitclient.{room}" in text]  # fmt: skip
        if path.name == "presenter.py" and "QtWidgets" in text:
            wrong.append(f"{path.parent.name}: QtWidgets")
    assert wrong == []
