"""The records page against a real centre: three tracks, the timeline, reasons by row, receipts, corrections, voids."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.desktop.sign.office import Room
from tests.e2e.office import Office, ask, faults, id_number, office, staff
from unitclient.central.server import RunningCentre
from unitclient.desktop.pages.business.page import BusinessPage
from unitclient.desktop.pages.records.page import make_page
from unitclient.desktop.pages.records.view import RecordsView
from unitclient.store.journal import entries
from unitclient.workflows.centre import trust_of
from unitclient.workflows.verifying import verify_file


@pytest.fixture(autouse=True)
def _healthy(centre: RunningCentre) -> Iterator[None]:
    yield
    faults(centre.url)


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> RecordsView:
    """The page, shown and not yet filled."""
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.resize(1100, 640)
    made.show()
    return made


def words(page: RecordsView, column: str) -> list[str]:
    """What a column of the list shows."""
    place = page.model.places[column]
    return [str(page.model.index(row, place).data() or "") for row in range(page.model.count())]


def front(page: RecordsView, form: str) -> str:
    """Put the newest record of a form in front; its id."""
    page.on_shown()
    page.table.go(words(page, "form").index(form))
    return page.state.current


def shown_buttons(page: RecordsView) -> set[str]:
    return {name for name, button in page.panel.buttons.items() if button.isVisible()}


def test_three_tracks_and_the_whole_history(page: RecordsView, desk: Room) -> None:
    desk.clerk.enrols(staff(2))
    desk.clerk.declares()
    front(page, "月度申报")
    assert words(page, "light") == ["已办", "已办"]
    assert words(page, "money") == ["已出回单", ""]
    assert words(page, "acceptance") == ["已受理", "已受理"]
    rows = page.panel.steps_model.rows()
    assert rows[0]["state"] == "已出回单"
    assert rows[0]["source"] == "中心"
    assert rows[0]["note"] == "电子缴费凭证"
    assert rows[-1]["state"] == "草稿"
    assert rows[-1]["source"] == "本机"
    assert shown_buttons(page) == {"verify", "papers", "envelope", "correct", "ticket"}
    assert "受理单号" in page.panel.facts.text()


def test_sent_is_not_accepted_and_accepted_is_not_paid(page: RecordsView, desk: Room, centre: RunningCentre) -> None:
    faults(centre.url, hold=["accept"])
    desk.clerk.enrols(staff(1))
    desk.clerk.prepares()
    desk.clerk.signs()
    desk.clerk.syncs()
    front(page, "月度申报")
    assert words(page, "transport") == ["已送达", "已送达"]
    assert "已受理" not in words(page, "acceptance")
    assert words(page, "money") == ["", ""]
    assert words(page, "light") == ["办理中", "办理中"]
    assert not page.panel.pills["money"].isVisible()


def test_reasons_by_row_masked_for_the_help_desk(page: RecordsView, desk: Room, tmp_path: Path, qtbot: QtBot) -> None:
    """Somebody else enrolled the first person meanwhile: that row comes back with its reason."""
    desk.clerk.enrols(staff(2))
    month = desk.clerk.prepares()
    desk.clerk.signs()
    with office(tmp_path / "other", desk.clerk.unit.centre_url, desk.clerk.opened) as other:
        _declares_one(other)
    desk.clerk.settles()
    desk.session.set_masked(True)
    front(page, "增员申报")
    assert page.panel.tabs.isTabVisible(1)
    (row,) = page.panel.refused_model.rows()
    assert (row["row"], row["id_number"]) == (1, id_number(1))
    assert row["why"]
    assert row["fix"]
    shown = page.panel.refused_model.index(0, 2)
    assert shown.data() != id_number(1)
    page.panel.refused.go(0, 2)
    menu = QMenu()
    qtbot.addWidget(menu)
    page.panel._offer_reveal(menu)
    menu.actions()[0].trigger()
    assert shown.data() == id_number(1)
    assert entries(desk.session.desk().store)[-1].act == "unmask"
    page.filter.choose([("light", "trouble")])
    assert page.model.count() >= 1
    assert month.declaration_id


def _declares_one(other: Office) -> None:
    other.enrols(staff(1))
    other.prepares()
    enrol = other.desk.store.connection.execute("SELECT id FROM declaration WHERE form = 'enrol'").fetchone()[0]
    other.signs(enrol)
    other.settles()


def test_the_receipt_is_verified_and_saved(page: RecordsView, desk: Room) -> None:
    desk.clerk.enrols(staff(1))
    desk.clerk.declares()
    front(page, "月度申报")
    page.main_action()
    assert "回执有效" in page.banner.text()
    assert "在截止时间之前" in page.banner.text()
    assert "与本机保存的内容一致" in page.banner.text()
    page.panel.buttons["envelope"].click()
    page.banner._next.click()
    (path,) = desk.files.shown
    assert verify_file(path, trust_of(desk.clerk.unit), desk.clerk.desk.now()).ok
    page.panel.buttons["papers"].click()
    assert desk.shell.went == [("documents", {"declaration": page.state.current})]


def test_a_receipt_that_was_tampered_with_is_told(
    page: RecordsView, desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.clerk.enrols(staff(1))
    desk.clerk.declares()
    front(page, "月度申报")
    monkeypatch.setattr("unitclient.workflows.following.trust_of", lambda _unit: _nobody())
    page.main_action()
    assert "没有通过验证" in page.banner.text()


def _nobody() -> object:
    from unitclient.seal.trust import TrustStore

    return TrustStore.from_pem(b"")


def test_a_correction_is_asked_for_and_leads_to_the_review(page: RecordsView, desk: Room) -> None:
    desk.clerk.enrols(staff(1))
    desk.clerk.declares()
    front(page, "月度申报")
    desk.dialogs.confirms += [False, True]
    page.panel.buttons["correct"].click()
    assert words(page, "form").count("月度申报") == 1
    page.panel.buttons["correct"].click()
    page.banner._next.click()
    assert desk.shell.went == [("review", {})]
    page.refresh()
    assert "月度申报·更正" in words(page, "form")


def test_a_void_before_the_debit(page: RecordsView, desk: Room, centre: RunningCentre) -> None:
    faults(centre.url, hold=["debit"])
    desk.clerk.enrols(staff(1))
    month = desk.clerk.prepares()
    desk.clerk.signs()
    while desk.clerk.tracks(month.declaration_id)[2] != "billed":
        desk.clerk.syncs()
    front(page, "月度申报")
    assert "void" in shown_buttons(page)
    desk.dialogs.confirms.append(True)
    page.panel.buttons["void"].click()
    page.banner._next.click()
    assert desk.shell.went == [("sign", {})]
    page.refresh()
    assert "月度申报·作废" in words(page, "form")
    assert "已有更正或作废" in page.panel.facts.text()


def test_a_failed_debit_leads_to_the_payments(page: RecordsView, desk: Room) -> None:
    ask(desk.clerk.unit.centre_url, "PUT", f"/practice/bank/{desk.clerk.unit_number}", {"behaviour": "insufficient"})
    desk.clerk.enrols(staff(1))
    month = desk.clerk.declares()
    front(page, "月度申报")
    assert words(page, "light")[0] == "需处理"
    assert page.panel.steps_model.rows()[0]["note"] == "扣款结果，余额不足"
    page.panel.buttons["pay"].click()
    assert desk.shell.went == [("payments", {"declaration": month.declaration_id})]
    page.table.go(1)
    page.previous_finding()
    assert page.state.current == month.declaration_id


def test_a_question_about_a_declaration_begins_with_its_evidence(page: RecordsView, desk: Room, qtbot: QtBot) -> None:
    desk.clerk.enrols(staff(1))
    month = desk.clerk.declares()
    front(page, "月度申报")
    page.panel.buttons["ticket"].click()
    ((where, target),) = desk.shell.went
    assert (where, target) == ("business", {"form": "ticket", "about": month.declaration_id})
    ticket = BusinessPage(desk.services)
    qtbot.addWidget(ticket)
    ticket.on_shown()
    ticket.receive(target)
    assert ticket.view.entry is not None
    told = {name: field.editor.value() for name, field in ticket.view.entry.fields.items()}
    assert (told["business"], told["evidence"]) == ("月度申报", "月度申报 2026-11：已送达，已受理，已出回单")
    assert told["acceptance_number"] == page.panel.facts.text().partition("受理单号")[2].strip("：\n ").split()[0]
    assert id_number(1) not in str(told)


def test_search_and_chips(page: RecordsView, desk: Room) -> None:
    desk.clerk.enrols(staff(1))
    desk.clerk.prepares()
    page.on_shown()
    assert page.filter._chips["light:to-do"][1].text().endswith("2")
    page.filter.choose([("light", "done")])
    assert page.model.count() == 0
    page.filter.choose((), "增员")
    assert words(page, "form") == ["增员申报"]
    assert page.filter.summary.text() == "共 1 份"
    page.receive({"declaration": page.state.records[0].id})
    assert page.state.current == page.state.records[0].id


def test_nothing_yet(page: RecordsView) -> None:
    page.on_shown()
    assert page.empty.accessibleName() == "还没有申报"
    assert page.minimumSizeHint().width() <= 900
    assert page.minimumSizeHint().height() <= 500
    assert page.help_text()
