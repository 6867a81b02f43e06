"""How each page is brought into each of its states. What is not here is shown as the world has it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.screenshots.room import Room, settle
from tests.screenshots.worlds import EMPTY, ERROR, NORMAL
from tests.tokens.lab import PIN

Scene = Callable[[Room, Any], None]


def _first_row(_room: Room, page: Any) -> None:
    """The first row is the current one."""
    page.table.go(0)


def _roster(_room: Room, page: Any) -> None:
    page.presenter.count_now()
    page.view.table.go(8)


def _roster_life(room: Room, page: Any) -> None:
    """Somebody with a finding, and the life line beside."""
    _roster(room, page)
    page.next_finding()
    page.toggle_life()


def _business(_room: Room, page: Any) -> None:
    """A business with rows."""
    page.receive({"form": "base-change"})
    settle()
    page.view.table.go(0, 0)


def _business_wrong(_room: Room, page: Any) -> None:
    """A row that was typed with mistakes, and saved."""
    page.receive({"form": "enrol"})
    settle()
    fields = page.view.entry.fields
    for name, value in {"name": "孙示范", "id_number": "420100198505051021", "wage": "500"}.items():
        fields[name].editor.put(value)
        fields[name].editor.typed.emit()
    page.presenter.check_now()
    page.main_action()


def _review_person(_room: Room, page: Any) -> None:
    """Somebody whose amounts are explained."""
    page.table.go(1)


def _sign_wrong_pin(room: Room, page: Any) -> None:
    """Nothing could be signed."""
    room.dialogs.pins.append("0" * len(PIN))
    page.act.click()
    if page.model.count():
        page.table.go(0)


def _send_away(_room: Room, page: Any) -> None:
    """The centre does not answer."""
    page.send.click()
    settle()
    page.table.go(0)


def _record_refused(_room: Room, page: Any) -> None:
    """A declaration that needs something."""
    page.filter.choose([("light", "trouble")])
    settle()
    page.table.go(page.model.count() - 1)
    page.panel.tabs.setCurrentIndex(1)


def _bill_failed(_room: Room, page: Any) -> None:
    page.next_finding()


def _fee(_room: Room, page: Any) -> None:
    """The calculator, with something that cannot be."""
    page.open_fee()
    page.fee.paid_on.put("31.12.2026")
    page.fee.ask()


def _query(_room: Room, page: Any) -> None:
    """An answer."""
    page.main_action()


def _query_wrong(_room: Room, page: Any) -> None:
    """A month that is none."""
    first = next(iter(page.fields.values()))
    first.editor.setText("2026-13")
    page.main_action()


def _accounts(_room: Room, page: Any) -> None:
    """Refreshed by one act; one unit's centre does not answer."""
    page.main_action()


def _paper(_room: Room, page: Any) -> None:
    """A settlement statement."""
    names = [str(page.model.index(row, page.model.places["name"]).data()) for row in range(page.model.count())]
    wanted = next((row for row, name in enumerate(names) if name in ("结算单", "Settlement statement")), 0)
    page.table.go(wanted)


def _paper_bad(room: Room, page: Any) -> None:
    """A receipt that somebody brought and that does not hold."""
    path = room.services.home / "回执.json"
    path.write_text(json.dumps({"document": "e30=", "cms": "e30="}), "utf-8")
    room.dialogs.files.append(path)
    page.verify.click()


def _key_bad(room: Room, page: Any) -> None:
    """A library that is none."""
    path = room.services.home / "vendor.so"
    path.write_bytes(b"not a library")
    room.dialogs.files.append(path)
    page.library.click()


def _setting_wrong(room: Room, page: Any) -> None:
    """An address that is none, told at its field."""
    page.presenter.set("network.proxy", "代理服务器")
    settle()


SCENES: dict[str, dict[str, Scene]] = {
    "dashboard": {},
    "roster": {NORMAL: _roster, ERROR: _roster_life},
    "business": {NORMAL: _business, ERROR: _business_wrong},
    "review": {NORMAL: _review_person, ERROR: _review_person},
    "sign": {NORMAL: _first_row, ERROR: _sign_wrong_pin},
    "queue": {NORMAL: _first_row, ERROR: _send_away},
    "records": {NORMAL: _first_row, ERROR: _record_refused},
    "payments": {NORMAL: _first_row, ERROR: _bill_failed},
    "queries": {NORMAL: _query, EMPTY: _query, ERROR: _query_wrong},
    "documents": {NORMAL: _paper, ERROR: _paper_bad},
    "notices": {NORMAL: _first_row, ERROR: _first_row},
    "accounts": {NORMAL: _accounts},
    "operators": {},
    "units": {NORMAL: _first_row, ERROR: _first_row},
    "keys": {ERROR: _key_bad},
    "settings": {ERROR: _setting_wrong},
    "diagnostics": {},
}
"""Page -> state -> what is done before the picture."""
