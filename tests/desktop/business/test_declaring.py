"""One business declared by itself from its page: prepared, led to its signature; what is wrong is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.businesses.cases import load_case
from tests.businesses.walk import Walk
from tests.desktop.sign.office import Room, room
from tests.e2e.office import practice_centre
from unitclient.desktop.pages.business.page import BusinessPage
from unitclient.store.declarations import find_declarations


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication) -> Iterator[Room]:
    """A clerk at a window, and a real centre."""
    with practice_centre(tmp_path / "centre") as centre, room(tmp_path / "home", centre.url) as made:
        yield made


def test_a_business_goes_without_the_month(desk: Room, qtbot: QtBot) -> None:
    page = BusinessPage(desk.services)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    page.on_shown()
    page.receive({"form": "employment-registration"})
    assert not page.declare_now.isEnabled()
    walk = Walk(desk.clerk, load_case("employment-registration"))
    walk.imports([walk.case.row(1), walk.case.row(2)])
    page.refresh()
    assert page.declare_now.isEnabled()
    page.declare_now.click()
    (made,) = find_declarations(desk.clerk.base.store, desk.clerk.unit_number)
    assert (made.form, made.row_count) == ("employment-registration", 2)
    assert desk.shell.went[-1] == ("sign", {"declaration": made.id})


def test_rows_that_became_wrong_are_said(desk: Room, qtbot: QtBot) -> None:
    walk = Walk(desk.clerk, load_case("employment-registration"))
    walk.imports([walk.case.row(1)])
    page = BusinessPage(desk.services)
    qtbot.addWidget(page)
    page.show()
    page.on_shown()
    page.receive({"form": "employment-registration"})
    store = desk.clerk.base.store
    with store.write("test.spoilt"):
        store.connection.execute("UPDATE item SET row_values = replace(row_values, '2026-11-01', '2028-11-01')")
    page.declare()
    assert not page.banner.isHidden()
    assert "没有编制" in page.banner.text()
