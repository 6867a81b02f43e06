"""What a page shows after something was done on it: a tab, an answer, a comparison. Taken as dialogs are."""

from __future__ import annotations

from tests.screenshots.room import Room, settle
from tests.screenshots.worlds import CURRENT, people
from unitclient.sheets.table import write_table


def masked(room: Room, _state: str) -> None:
    room.services.session.set_masked(True)
    page = room.page("roster")
    page.presenter.count_now()
    page.view.table.go(1)


def units_batch(room: Room, _state: str) -> None:
    """The month of two units prepared by one act; one of them cannot be."""
    page = room.page("units")
    page.prepare_many()


def reconcile(room: Room, _state: str) -> None:
    """A payroll against last month: somebody paid too little, somebody is missing, somebody is not declared."""
    room.services.session.set_period(CURRENT + -1)
    page = room.page("payments")
    page.open_reconcile()
    rows: list[list[str | float]] = [[name, number, 612.5 if place else 0.0] for place, (name, number, _) in
                                     enumerate(people(6))]  # fmt: skip
    path = room.services.home / "10月工资表.xlsx"
    write_table(path, "工资表", ["姓名", "身份证号", "代扣社保"], rows)
    room.dialogs.files.append(path)
    page.main_action()


def knowledge(room: Room, _state: str) -> None:
    page = room.page("notices", tab="knowledge")
    page.knowledge.table.go(0)


def messages(room: Room, _state: str) -> None:
    room.page("notices", tab="messages")


def ticket(room: Room, _state: str) -> None:
    """A question that begins with what is known of a declaration."""
    records = room.page("records")
    records.table.go(records.model.count() - 1)
    settle()
    records.ticket_one()


def query_centre(room: Room, _state: str) -> None:
    """The centre's answer, with its buttons."""
    page = room.page("queries", query="receipts")
    page.main_action()
