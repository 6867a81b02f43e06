"""Rows and persons for the tests of the business page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget

from tests.desktop.stage import UNIT, Stage
from unitclient.desktop.pages.business.page import BusinessPage
from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person
from unitclient.store.items import Item, ItemState, items
from unitclient.store.staff import upsert_persons
from unitclient.workflows.entering import Outcome, stage_one

MONTH = Period(2026, 11)
ANNA = {"name": "王示范", "id_number": "420100198505051023", "start_month": "2026-11", "wage": "6500"}
BORIS = {"name": "赵示范", "id_number": "420100199208122037", "start_month": "2026-11", "wage": "500"}


class November:
    """A clock that stands at noon of 10 November 2026 in China."""

    def now(self) -> datetime:
        """That moment."""
        return datetime(2026, 11, 10, 4, tzinfo=UTC)


def enter(stage: Stage, *rows: dict[str, Any], form: str = "enrol") -> list[Item]:
    """Stage rows by the workflow; gives the pending ones."""
    desk = stage.session.desk()
    for row in rows:
        assert stage_one(desk, UNIT, desk.catalog.form(form), row, MONTH).outcome is Outcome.NEW
    return waiting(stage, form)


def waiting(stage: Stage, form: str = "enrol") -> list[Item]:
    """The pending rows of a form."""
    return items(stage.session.desk().store, UNIT.unit_number, form, ItemState.PENDING)


def insure(stage: Stage, *numbers: str) -> None:
    """Put persons on the roster."""
    held = {name: Coverage(Period(2024, 1)) for name in UNIT.insurances}
    people = [Person(number, "王示范", 600000, coverage=held, since=Period(2024, 1)) for number in numbers]
    with stage.session.desk().store.write("test.people"):
        upsert_persons(stage.session.desk().store, UNIT.unit_number, people)


def put(page: BusinessPage, **values: Any) -> None:
    """Type into the inputs, and let the typing rest."""
    entry = page.view.entry
    assert entry is not None
    for name, value in values.items():
        editor = entry.fields[name].editor
        editor.put(value)
        editor.typed.emit()
    page.presenter.check_now()


def notes(page: BusinessPage, field: str) -> str:
    """What stands at a field."""
    entry = page.view.entry
    assert entry is not None
    return " ".join(note.text for note in entry.fields[field].told())


def keys(widget: QWidget, text: str) -> None:
    """Type ASCII text as a keyboard does."""
    QTest.keyClicks(widget, text)  # type: ignore[call-arg, arg-type]  # the stub takes the static function for a method
