"""AT-SPI as it goes over the wire: one class for a thing on the screen. Only PyGObject (Gio) and the standard library.

libatspi asks for children one by one, and Qt crashes when a scroll area is asked for a child
that has gone since they were counted. Here all children are asked for at once, which has no such moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gi.repository import Gio, GLib

TIMEOUT_MS = 5000
MOST_CHILDREN = 400
_A11Y = "org.a11y.atspi."
_PROPERTIES = "org.freedesktop.DBus.Properties"
_LABELLED_BY = 2
_PASSWORD_TEXT = 40
ACTIVE, ENABLED, FOCUSABLE, FOCUSED, SHOWING = 1, 8, 11, 12, 25
"""Places in the set of states."""
_PRESS, _LET_GO = 0, 1
_KEYS = {"Ctrl": 37, "Q": 24, "K": 45, "F1": 67, "F6": 73, "Return": 36, "Esc": 9, "Down": 116}
"""Codes of keys on the usual keyboard of X (evdev)."""
TABLES = ("table", "tree table", "tree")


def connect() -> Any:
    """The accessibility bus; asking for it wakes it."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    told = session.call_sync(
        "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, TIMEOUT_MS, None
    )
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(told.unpack()[0], flags)


class Node:
    """A thing on the screen. Errors of the bus are GLib.Error: mostly it has gone meanwhile."""

    def __init__(self, bus: Any, owner: str, path: str) -> None:
        self.bus, self.owner, self.path = bus, owner, path

    def call(self, interface: str, method: str, signature: str = "()", *values: Any) -> Any:
        """The answer of a method of one of its interfaces."""
        given = GLib.Variant(signature, values)
        told = self.bus.call_sync(
            self.owner, self.path, _A11Y + interface, method, given, None, Gio.DBusCallFlags.NONE, TIMEOUT_MS, None
        ).unpack()
        return told[0] if len(told) == 1 else told

    def property(self, interface: str, name: str) -> Any:
        """A property of one of its interfaces."""
        given = GLib.Variant("(ss)", (_A11Y + interface, name))
        told = self.bus.call_sync(
            self.owner, self.path, _PROPERTIES, "Get", given, None, Gio.DBusCallFlags.NONE, TIMEOUT_MS, None
        )
        return told.unpack()[0]

    def name(self) -> str:
        """What it is called."""
        return str(self.property("Accessible", "Name"))

    def about(self) -> str:
        """What is said of it beside the name."""
        return str(self.property("Accessible", "Description"))

    def role(self) -> str:
        """What it is, in words."""
        said = str(self.call("Accessible", "GetRoleName"))
        # Qt's words make no difference here, its number does.
        hidden = said == "text" and self.call("Accessible", "GetRole") == _PASSWORD_TEXT
        return "password text" if hidden else said

    def interfaces(self) -> list[str]:
        """What can be asked of it, in short names."""
        return [one.removeprefix(_A11Y) for one in self.call("Accessible", "GetInterfaces")]

    def has(self, *states: int) -> bool:
        """Whether it is in all these states."""
        low, high = self.call("Accessible", "GetState")
        known = low | high << 32
        return all(known >> state & 1 for state in states)

    def children(self) -> list[Node]:
        """What is inside, asked for at once. Those of a table are its cells, and are never listed: two million."""
        if self.role() in TABLES:
            return []
        told = self.call("Accessible", "GetChildren")[:MOST_CHILDREN]
        return [Node(self.bus, owner, path) for owner, path in told if not path.endswith("/null")]

    def shown(self) -> Iterator[Node]:
        """It, and everything inside, as far as it can be seen."""
        if self.has(SHOWING):
            yield self
            for child in self.children():
                yield from child.shown()

    def labels(self) -> list[str]:
        """The names of what labels it."""
        relations = self.call("Accessible", "GetRelationSet")
        targets = [one for kind, found in relations if kind == _LABELLED_BY for one in found]
        return [Node(self.bus, owner, path).name() for owner, path in targets]

    def actions(self) -> list[str]:
        """What can be done with it."""
        return [str(one[0]) for one in self.call("Action", "GetActions")]

    def text(self) -> str:
        """What a field holds."""
        return str(self.call("Text", "GetText", "(ii)", 0, -1))

    def table(self) -> tuple[int, int]:
        """Rows and columns of a table."""
        return int(self.property("Table", "NRows")), int(self.property("Table", "NColumns"))

    def titles(self) -> list[str]:
        """The titles of a table's columns."""
        return [str(self.call("Table", "GetColumnDescription", "(i)", one)) for one in range(self.table()[1])]

    def cell(self, row: int, column: int) -> Node:
        """A cell of a table."""
        return Node(self.bus, *self.call("Table", "GetAccessibleAt", "(ii)", row, column))


def programs(bus: Any) -> dict[int, Node]:
    """The programs on the bus by process id."""
    registry = Node(bus, _A11Y + "Registry", "/org/a11y/atspi/accessible/root")
    return {_process(bus, one.owner): one for one in registry.children()}


def _process(bus: Any, owner: str) -> int:
    named, given = "org.freedesktop.DBus", GLib.Variant("(s)", (owner,))
    told = bus.call_sync(
        named, "/org/freedesktop/DBus", named, "GetConnectionUnixProcessID", given, None, 0, TIMEOUT_MS, None
    )
    return int(told.unpack()[0])


def type_keys(bus: Any, keys: list[str]) -> None:
    """Press keys on the keyboard one after another, and let them go in reverse."""
    registry = Node(bus, _A11Y + "Registry", "/org/a11y/atspi/registry/deviceeventcontroller")
    strokes = [(key, _PRESS) for key in keys] + [(key, _LET_GO) for key in reversed(keys)]
    for key, stroke in strokes:
        registry.call("DeviceEventController", "GenerateKeyboardEvent", "(isu)", _KEYS[key], "", stroke)
