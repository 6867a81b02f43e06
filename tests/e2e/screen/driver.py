"""Hands and ears over AT-SPI, as a screen reader has them: reads orders as JSON lines, answers each with one.

Runs in the system's interpreter, the only one that has PyGObject: imports bus.py beside it, nothing else of ours.
The parent sends {"do": name, "pid": process, ...} and gets {"answer": ...}, or {"missing": what, "heard": what the
front window says}. Every order is tried until what it names is there; `limit` is how many seconds at most.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from gi.repository import GLib

from tests.e2e.screen.bus import (
    ACTIVE,
    ENABLED,
    FOCUSABLE,
    FOCUSED,
    SHOWING,
    TABLES,
    Node,
    connect,
    programs,
    type_keys,
)

PAUSE_S = 0.03
LIMIT_S = 20.0
FIELDS = "text|password text|spin button"
BUTTONS = "push button|button menu|check box|radio button|menu item|check menu item|radio menu item|page tab"
PRESSES = ("Press", "Toggle", "ShowMenu")


class MissingError(Exception):
    """What was waited for is not there."""


class Driver:
    """Orders about the program of one process."""

    def __init__(self, bus: Any, pid: int) -> None:
        self._bus, self._pid = bus, pid

    def do_windows(self, count: int = 0) -> list[tuple[str, str]]:
        """(role, name) of the windows that can be seen, once there are `count`."""
        seen = [(one.role(), one.name()) for one in self._windows()]
        if count and len(seen) != count:
            raise MissingError(f"{count} windows; there are {seen}")
        return seen

    def do_press(self, called: str, part: bool = False, roles: str = BUTTONS) -> str:
        """Press a button, tick a box, choose an entry of a menu; the whole name."""
        node = _ready(self._seek(roles, called, part))
        said, offered = node.name(), node.actions()
        act = next((one for one in PRESSES if one in offered), None)
        if act is None:
            raise MissingError(f"a way to press {called!r}, which offers {offered}")
        node.call("Action", "DoAction", "(i)", offered.index(act))
        return said

    def do_write(self, called: str, text: str) -> str:
        """Put a text into a field; what it holds then (nothing is told of a password)."""
        node = _ready(self._seek(FIELDS, called))
        if "EditableText" not in node.interfaces():
            raise MissingError(f"a way to write into {called!r}")
        node.call("EditableText", "SetTextContents", "(s)", text)
        return "" if node.role() == "password text" else node.text()

    def do_keys(self, keys: str) -> bool:
        """Press keys together on the keyboard, once a window takes them."""
        if not self._front().has(ACTIVE):
            raise MissingError("a window that takes what is typed")
        type_keys(self._bus, keys.split("+"))
        return True

    def do_read(self, called: str) -> str:
        """What a field holds."""
        return self._seek(FIELDS, called).text()

    def do_hear(self, called: str, part: bool = True, roles: str = "") -> str:
        """The whole name of what is called so."""
        return self._seek(roles, called, part).name()

    def do_gone(self, called: str, part: bool = True, roles: str = "") -> bool:
        """Wait until nothing is called so in any window."""
        nodes = (node for window in self._windows() for node in window.shown())
        if any(_fits(node, roles, called, part) for node in nodes):
            raise MissingError(f"{called!r} to go away")
        return True

    def do_choose(self, called: str, entry: str) -> str:
        """Select an entry of a list."""
        listed = self._seek("list", called)
        entries = [one.name() for one in listed.children()]
        if entry not in entries:
            raise MissingError(f"{entry!r} among {entries}")
        if not listed.call("Selection", "SelectChild", "(i)", entries.index(entry)):
            raise MissingError(f"a way to choose {entry!r}")
        return entry

    def do_table(self, called: str, rows: int = 0) -> dict[str, Any]:
        """Size and titles of a table that has at least so many rows."""
        grid = self._grid(called, rows - 1)
        count, columns = grid.table()
        return {"rows": count, "columns": columns, "titles": grid.titles()}

    def do_cell(self, called: str, row: int, title: str, says: str = "") -> str:
        """What a cell says, once that holds `says`."""
        grid = self._grid(called, row)
        titles = grid.titles()
        if title not in titles:
            raise MissingError(f"column {title!r} of {called!r} among {titles}")
        said = grid.cell(row, titles.index(title)).name()
        if says not in said:
            raise MissingError(f"{says!r} in {title!r} of row {row} of {called!r}, which says {said!r}")
        return said

    def do_select(self, called: str, row: int) -> bool:
        """Select a row of a table, and no other."""
        grid = self._grid(called, row)
        for old in grid.call("Table", "GetSelectedRows"):
            grid.call("Table", "RemoveRowSelection", "(i)", old)
        return bool(grid.call("Table", "AddRowSelection", "(i)", row))

    def do_focus(self, called: str) -> str:
        """Wait until what is called so has the focus; its role."""
        nodes = [one for one in self._front().shown() if one.has(FOCUSED)]
        found = {one.name(): one.role() for one in nodes}
        if called not in found:
            raise MissingError(f"the focus at {called!r}; it is at {found}")
        return found[called]

    def do_survey(self) -> list[dict[str, Any]]:
        """Everything in the front window that can be seen, with what assistive technology learns of it."""
        return [_learned(node) for node in self._front().shown()]

    def heard(self) -> list[str]:
        """What the front window says, a line for each thing that has a name."""
        try:
            told = [(node.role(), node.name(), node.has(ENABLED)) for node in self._front().shown()]
        except (MissingError, GLib.Error) as failure:
            return [f"nothing: {failure}"]
        return [f"{role}: {name}{'' if on else '  (dimmed)'}" for role, name, on in told if name and role != "filler"]

    def _windows(self) -> list[Node]:
        """In the order they were opened."""
        found = programs(self._bus).get(self._pid)
        seen = [one for one in found.children() if one.has(SHOWING)] if found else []
        if not seen:
            raise MissingError("a window")
        return seen

    def _front(self) -> Node:
        """What takes what is typed; without a window manager none may say so, then it is the last one opened."""
        seen = self._windows()
        return next((one for one in reversed(seen) if one.has(ACTIVE)), seen[-1])

    def _seek(self, roles: str, called: str, part: bool = False) -> Node:
        front = self._front()
        for node in front.shown():
            if _fits(node, roles, called, part):
                return node
        raise MissingError(f"{roles or 'anything'} called {called!r} in {front.name()!r}")

    def _grid(self, called: str, row: int) -> Node:
        """A table that has this row."""
        grid = self._seek("|".join(TABLES), called)
        if row >= grid.table()[0]:
            raise MissingError(f"row {row} in {called!r}, which has {grid.table()[0]}")
        return grid


def _fits(node: Node, roles: str, called: str, part: bool) -> bool:
    """Whether a node is called so and is of one of these roles ("" for any)."""
    own = node.name()
    return (called in own if part else called == own) and (not roles or node.role() in roles.split("|"))


def _ready(node: Node) -> Node:
    """The node, if it takes orders."""
    if not node.has(ENABLED):
        raise MissingError(f"{node.name()!r} to be ready: it is dimmed")
    return node


def _learned(node: Node) -> dict[str, Any]:
    told: dict[str, Any] = {
        "role": node.role(), "name": node.name(), "about": node.about(), "labels": node.labels(),
        "focusable": node.has(FOCUSABLE), "enabled": node.has(ENABLED),
    }  # fmt: skip
    if told["role"] in TABLES:
        there = "Table" in node.interfaces()
        rows, columns = node.table() if there else (-1, -1)
        first = [node.cell(0, place).name() for place in range(columns)] if rows > 0 else []
        told |= {"rows": rows, "columns": columns, "titles": node.titles() if there else [], "first": first}
    return told


def answer(bus: Any, order: dict[str, Any]) -> dict[str, Any]:
    """What an order is answered with: tried again while something is missing, or the tree changes under it."""
    driver = Driver(bus, int(order.pop("pid")))
    act: Callable[..., Any] = getattr(driver, f"do_{order.pop('do')}")
    ends = time.monotonic() + float(order.pop("limit", LIMIT_S))
    while True:
        try:
            return {"answer": act(**order)}
        except (MissingError, GLib.Error) as failure:
            if time.monotonic() > ends:
                return {"missing": str(failure), "heard": driver.heard()}
        time.sleep(PAUSE_S)


def main() -> None:
    """Answer until the input ends."""
    bus = connect()
    print(json.dumps({"answer": "ready"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(bus, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
