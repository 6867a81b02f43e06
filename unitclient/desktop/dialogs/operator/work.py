"""What the operator dialog does in the lane: passwords take their time on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from unitclient.workflows import operators

if TYPE_CHECKING:
    from unitclient.desktop.tasks import TaskContext


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered."""

    act: str
    name: str
    role: str = ""
    password: str = field(default="", repr=False)
    absent: str = ""
    until: date | None = None


def do(context: TaskContext, entry: Entry) -> str:
    """Do it; the operator's name as it is kept. UserError of the workflows."""
    desk = context.desk()
    if entry.act == "add":
        return operators.add_operator(desk, entry.name, entry.role, entry.password).name
    if entry.act == "role":
        return operators.give_role(desk, entry.name, entry.role).name
    if entry.act == "deputy":
        return operators.stand_in(desk, entry.name, entry.absent, entry.until).name
    operators.set_password(desk, entry.name, entry.password)
    return entry.name
