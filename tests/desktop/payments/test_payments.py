"""The payments page: bills from signed documents, debits that failed and are asked for again, slips, estimates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.desktop.sign.hands import press
from tests.desktop.sign.office import Room
from tests.e2e.office import ask, staff
from unitclient.desktop.pages.payments.page import make_page
from unitclient.desktop.pages.payments.view import PaymentsView
from unitclient.desktop.pages.sign.words import yuan
from unitclient.workflows.deliveries import Arrival
from unitclient.workflows.lines import total_fen
from unitclient.workflows.prepare import Prepared


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> PaymentsView:
    """The page, shown and not yet filled."""
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    return made


def bank(desk: Room, **settings: Any) -> None:
    """What the bank does from now on."""
    ask(desk.clerk.unit.centre_url, "PUT", f"/practice/bank/{desk.clerk.unit_number}", settings)


def declared(desk: Room) -> Prepared:
    """A month of two people, followed to its end."""
    desk.clerk.enrols(staff(2))
    return desk.clerk.declares()


def test_a_paid_bill_with_items_debits_and_slip(page: PaymentsView, desk: Room) -> None:
    month = declared(desk)
    page.on_shown()
    total = yuan(total_fen(month.totals))
    assert page.sums["total"].text() == page.sums["paid"].text() == total
    assert page.sums["open"].text() == "¥0.00"
    page.table.go(0)
    items = page.panel.items_model.rows()
    assert len(items) == len(month.totals)
    assert sum(item["total_fen"] for item in items) == total_fen(month.totals)
    assert {item["kind"] for item in items} == {"正常应缴"}
    assert [row["state"] for row in page.panel.debits_model.rows()] == ["已扣款", "扣款中"]
    assert "流水号" in page.panel.slip.text()
    assert not page.panel.again.isVisible()
    page.panel.record.click()
    assert desk.shell.went == [("records", {"declaration": month.declaration_id})]
    page.panel.statement.click()
    page.banner._next.click()
    assert desk.files.shown[0].name == "settlement-2026-11.pdf"
    assert desk.files.shown[0].read_bytes().startswith(b"%PDF")


def test_a_late_slip_is_told_with_the_banks_reference(page: PaymentsView, desk: Room) -> None:
    declared(desk)
    page.on_shown()
    page.table.go(0)
    (bill,) = page.state.bills
    assert page.model.rows()[0]["papers"] == "回单已到"
    assert page.panel.slip.text().count("收到") == 2
    posting, slip = bill.papers
    late = replace(slip, state=Arrival.OVERDUE, on=None)
    page.render_state(replace(page.state, bills=(replace(bill, slip=None, papers=(posting, late)),)))
    assert page.model.rows()[0]["papers"] == "回单逾期"
    assert slip.bank_ref in page.panel.note.text()
    assert page.panel.note.isVisible()


def test_a_failed_debit_is_mended_and_asked_for_again(page: PaymentsView, desk: Room) -> None:
    bank(desk, behaviour="insufficient")
    month = declared(desk)
    page.on_shown()
    page.receive({"declaration": month.declaration_id})
    assert "余额不足" in page.panel.note.text()
    assert page.sums["failed"].text() == "1 张"
    desk.dialogs.confirms.append(False)
    page.main_action()
    assert page.panel.again.isVisible()
    desk.dialogs.confirms.append(True)
    page.panel.again.click()
    assert "余额不足" in desk.dialogs.asked[-1][1]
    assert "又没有成功：余额不足" in page.banner.text()
    bank(desk, behaviour="ok")
    page.refresh()
    desk.dialogs.confirms.append(True)
    page.panel.again.click()
    assert "已出回单" in page.banner.text()
    page.refresh()
    assert not page.panel.again.isVisible()
    assert len({row["attempt"] for row in page.panel.debits_model.rows()}) == 3


def test_f8_goes_to_the_failed_bill(page: PaymentsView, desk: Room) -> None:
    bank(desk, behaviour="frozen")
    declared(desk)
    page.on_shown()
    page.next_finding()
    assert page.state.bill() is not None
    assert page.fee.period.line.text() == "2026-11", "the calculator is about what is owed"


def test_late_fee_estimate(page: PaymentsView, desk: Room) -> None:
    page.on_shown()
    page.tabs.setCurrentIndex(1)
    page.fee.period.put("2026-10")
    page.fee.principal.put("10,000.00")
    page.fee.paid_on.put("2026-12-31")
    press(page.fee.paid_on.line, Qt.Key.Key_Return)
    assert page.state.fee is not None
    assert page.fee.number.text() == yuan(page.state.fee.fee_fen)
    assert "预估" in page.fee.pill.text()
    assert f"0.05% × {page.state.fee.days} 天" in page.fee.words.text()
    page.fee.paid_on.put("2026-10-01")
    page.main_action()
    assert page.fee.number.text() == "¥0.00"
    assert "没有滞纳金" in page.fee.words.text()


@pytest.mark.parametrize(("field", "text"), [("period", "2026年10月"), ("principal", "-3"), ("paid_on", "31.12.2026")])
def test_what_makes_no_sense_is_said_at_the_field(page: PaymentsView, field: str, text: str) -> None:
    page.on_shown()
    page.fee.principal.put("100")
    wrong = getattr(page.fee, field)
    wrong.put(text)
    page.fee.ask()
    assert text in wrong.note.text()
    assert wrong.editor.accessibleDescription() == wrong.note.text().removeprefix("× ")
    assert page.state.fee is None


def test_back_payment_estimate(page: PaymentsView, desk: Room) -> None:
    page.on_shown()
    page.tabs.setCurrentIndex(2)
    assert set(desk.clerk.unit.insurances) >= {name for name, box in page.back.insurances.items() if box.isChecked()}
    for name, box in page.back.insurances.items():
        box.setChecked(name == "pension")
    page.back.first.put("2026-08")
    page.back.last.put("2026-09")
    page.back.wage.put("8000")
    page.back.act.click()
    assert page.state.back is not None
    assert page.back.model.count() == 2
    assert yuan(page.state.back.total_fen) in page.back.total.text()
    assert "滞纳金" in page.back.words.text()
    page.back.last.put("2026-07")
    page.back.act.click()
    assert "补缴没有预估" in page.banner.text()
    assert page.back.paid_on.line.text() == str(date(2026, 11, 10))


def test_nothing_billed_yet(page: PaymentsView) -> None:
    page.on_shown()
    assert page.empty.accessibleName() == "还没有结算单"
    assert page.minimumSizeHint().width() <= 900
    assert page.minimumSizeHint().height() <= 500
    assert page.help_text()
