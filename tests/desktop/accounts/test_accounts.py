"""The accounts page: all units by one act, each with its age, one failing without keeping the others waiting."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from tests.desktop.month import SMALLEST, unnamed
from tests.desktop.sign.office import Room
from tests.desktop.stage import other_unit
from tests.e2e.office import staff
from unitclient.desktop.pages.accounts.page import make_page
from unitclient.store.units import add_unit

OTHER = replace(other_unit("420100000077", "乙单位"), uscc="91420100MA4KXXXX2B", centre_url="http://127.0.0.1:9")


def test_all_units_are_refreshed_by_one_act(desk: Room, qtbot: QtBot) -> None:
    with desk.clerk.base.store.write("test.unit"):
        add_unit(desk.clerk.base.store, OTHER)
    desk.clerk.enrols(staff(2))
    desk.clerk.declares()
    page = make_page(desk.services)
    qtbot.addWidget(page)
    page.resize(*SMALLEST)
    page.on_shown()
    assert [page.model.row(place)["at"] for place in range(page.model.count())] == ["尚未取得", "尚未取得"]  # type: ignore[index]  # they are there
    page.main_action()
    rows = [page.model.row(place) or {} for place in range(page.model.count())]
    own = {row["kind"]: row for row in rows if row["unit"] == desk.clerk.unit.name}
    assert own["扣款银行账户"]["balance_fen"] > 0
    assert own["扣款银行账户"]["origin"] == "演练数据", "a balance that no bank told says so"
    assert (own["社保缴费账户"]["due_fen"], own["社保缴费账户"]["origin"]) == (0, "")
    assert all(row["at"] != "尚未取得" for row in own.values())
    (other,) = [row for row in rows if row["unit"] == "乙单位"]
    assert (other["at"], bool(other["failure"])) == ("尚未取得", True)
    assert "乙单位" in page.banner.text()
    page.category.setCurrentIndex(2)
    assert {(page.model.row(place) or {})["kind"] for place in range(page.model.count())} == {"扣款银行账户"}
    assert page.log_model.count() > 0
    assert not unnamed(page)


def test_the_businesses_are_one_click_away(desk: Room, qtbot: QtBot) -> None:
    page = make_page(desk.services)
    qtbot.addWidget(page)
    page.intent_business.emit("account-limits")
    assert desk.shell.went == [("business", {"form": "account-limits"})]
