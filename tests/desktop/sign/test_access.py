"""Signing and following by keyboard and screen reader: names, sizes, acts in the palette, and layers kept apart."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.month import imports_of, unnamed
from tests.desktop.sign.office import Room
from tests.e2e.office import staff
from unitclient.desktop.actions.registry import ActionRegistry, clashes
from unitclient.desktop.pages import payments, queue, records, sign
from unitclient.desktop.pages.base import Page, PageSpec
from unitclient.texts import LANGUAGES, say, use_language

SPECS = (sign.SPEC, queue.SPEC, records.SPEC, payments.SPEC)


@pytest.fixture(params=SPECS, ids=lambda spec: spec.id)
def spec(request: pytest.FixtureRequest) -> PageSpec:
    found: PageSpec = request.param
    return found


@pytest.fixture(params=LANGUAGES)
def page(request: pytest.FixtureRequest, spec: PageSpec, desk: Room, qtbot: QtBot) -> Page:
    """Each page in each language, with something on it."""
    use_language(request.param)
    desk.clerk.enrols(staff(2))
    desk.clerk.declares()
    desk.clerk.enrols(staff(1, first=5))
    desk.clerk.prepares(correct=True)
    made = spec.make(desk.services)
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    made.on_shown()
    for table in made.findChildren(type(made.table)) if hasattr(made, "table") else []:
        table.go(0)
    return made


def test_it_fits_and_everything_has_a_name(page: Page) -> None:
    assert page.minimumSizeHint().width() <= 900
    assert page.minimumSizeHint().height() <= 500
    assert unnamed(page) == []
    assert page.help_text()


def test_its_acts_are_bound_named_and_explained(page: Page) -> None:
    specs = page.page_actions()
    assert specs
    assert clashes(specs) == []
    for act in ActionRegistry().bind_all(page, page, specs):
        assert act.title()
        assert say(act.spec.help_key)
        assert act.enabled() in (True, False)


@pytest.mark.parametrize("name", ["sign", "queue", "records", "payments"])
def test_views_know_no_store_no_network_and_no_keys(name: str) -> None:
    forbidden = ("unitclient.store", "unitclient.sync", "unitclient.tokens")
    found = imports_of(f"pages.{name}.view")
    assert not [module for module in found if module.startswith(forbidden)]
    found = imports_of(f"pages.{name}.presenter")
    assert not [module for module in found if module.startswith("PyQt6.QtWidgets")]
