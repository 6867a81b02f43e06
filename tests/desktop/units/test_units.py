"""The units page: the matrix of units and steps, switching, adding; and practice stays on this computer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from tests.desktop.month import SMALLEST, unnamed
from tests.desktop.sign.office import Room
from tests.desktop.stage import other_unit
from tests.e2e.office import staff
from unitclient.desktop.pages.units.page import make_page
from unitclient.desktop.pages.units.view import UnitsView
from unitclient.errors import UserError
from unitclient.store.settings import put_setting
from unitclient.store.units import add_unit, get_unit
from unitclient.workflows.centre import network_of, open_engine
from unitclient.workflows.loopback import is_loopback
from unitclient.workflows.syncing import sync_once

OTHER = replace(other_unit("420100000077", "乙单位"), uscc="91420100MA4KXXXX2B")


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> UnitsView:
    """The page of a computer with two units; the first has a month under way."""
    with desk.clerk.base.store.write("test.unit"):
        add_unit(desk.clerk.base.store, OTHER)
    desk.clerk.enrols(staff(2))
    desk.clerk.prepares()
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.resize(1200, 640)
    made.on_shown()
    return made


def cell(page: UnitsView, name: str, column: str) -> str:
    row = next(place for place in range(page.model.count()) if str(page.model.row(place)["name"]) == name)  # type: ignore[index]  # it is there
    return str(page.model.index(row, page.model.places[column]).data() or "")


def test_each_unit_with_each_step(page: UnitsView, desk: Room) -> None:
    name = desk.clerk.unit.name
    assert page.model.count() == 2
    assert cell(page, name, "front") == "当前单位"
    assert cell(page, name, "sign") == "待办理"
    assert cell(page, name, "receipt") == "未到"
    assert cell(page, "乙单位", "sign") == "未到"
    assert cell(page, "乙单位", "days") == "没有证书"
    assert "天" in cell(page, name, "days")
    assert "统一社会信用代码" in page.strip.text()
    assert "不会发往真实中心" in page.strip.text()


def test_switching(page: UnitsView, desk: Room) -> None:
    page.table.go(page.model.row_of(OTHER.unit_number))
    assert "经办中心" in page.strip.text()
    page.main_action()
    assert desk.session.unit_number() == OTHER.unit_number
    assert "乙单位" in page.banner.text()
    assert not page.switch.isEnabled()
    page.open.click()
    assert desk.shell.went[-1][0] == "dashboard"


def test_enter_opens_the_month_of_a_unit(page: UnitsView, desk: Room) -> None:
    page.table.go(page.model.row_of(OTHER.unit_number))
    page.table.activated.emit(page.table.current_row())
    assert desk.session.unit_number() == OTHER.unit_number
    assert desk.shell.went == [("dashboard", {})]


def test_adding_opens_the_wizard_for_a_unit(page: UnitsView, desk: Room) -> None:
    desk.dialogs.wizards["first_run"] = [None]
    page.add.click()
    assert desk.dialogs.asked[-1] == ("first_run", {"mode": "unit"})


def test_it_fits_and_everything_has_a_name(page: UnitsView) -> None:
    hint = page.minimumSizeHint()
    assert hint.width() <= SMALLEST[0]
    assert hint.height() <= SMALLEST[1]
    assert not unnamed(page)


# -- practice stays here


ELSEWHERE = (
    "https://si.example.gov.cn",
    "http://10.0.0.7:8000",
    "http://127.0.0.1.example.cn",
    "https://localhost.example.cn",
    "http://127.0.0.1@example.cn",
    "nonsense",
    "",
)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_practice_unit_never_talks_to_another_computer(desk: Room, url: str) -> None:
    unit = replace(desk.clerk.unit, centre_url=url)
    with pytest.raises(UserError, match="practice-elsewhere"), open_engine(desk.clerk.desk, unit):
        pass
    desk.clerk.moves_to(url)
    with pytest.raises(UserError, match="practice-elsewhere"):
        sync_once(desk.clerk.desk, get_unit(desk.clerk.base.store, desk.clerk.unit_number))


def test_a_practice_centre_is_reached_past_every_proxy(desk: Room) -> None:
    store = desk.clerk.base.store
    with store.write("test.proxy"):
        put_setting(store, "network.proxy", "http://127.0.0.1:9")
    assert network_of(store, desk.clerk.unit).proxy == ""
    assert network_of(store, replace(desk.clerk.unit, practice=False)).proxy == "http://127.0.0.1:9"
    assert desk.clerk.syncs().trouble == ""


@given(st.integers(0, 255), st.integers(0, 255), st.integers(1, 254))
def test_loopback_is_127_and_nothing_else(second: int, third: int, fourth: int) -> None:
    assert is_loopback(f"http://127.{second}.{third}.{fourth}:80/x")
    assert not is_loopback(f"http://128.{second}.{third}.{fourth}:80/x")
    assert is_loopback("http://[::1]:8000")
