"""The operators page in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.pages.sign.words import day
from unitclient.desktop.theme.tokens import State
from unitclient.texts import say
from unitclient.workflows.rights import every_act, roles

if TYPE_CHECKING:
    from unitclient.desktop.pages.operators.state import OperatorLine, OperatorsState

COLUMNS = (
    ColumnSpec("name", "operators-name", width=18),
    ColumnSpec("role", "operators-role", width=14),
    ColumnSpec("state", "operators-state", Kind.STATE, 18),
    ColumnSpec("deputy", "operators-deputy", width=26),
)


def table_row(one: OperatorLine) -> dict[str, Any]:
    """An operator as a row."""
    key, state = _state(one)
    name = say("d-operators-mine", name=one.name) if one.mine else one.name
    row = {"id": one.name, "name": name, "role": say(f"role-{one.role}"), "state": say(key), "deputy": _deputy(one)}
    return {**row, MARKS: {"state": Mark(state)}}


def _state(one: OperatorLine) -> tuple[str, State]:
    if one.blocked:
        return "operators-state-blocked", State.OFF
    return ("operators-state-must-change", State.WARN) if one.must_change else ("operators-state-active", State.OK)


def _deputy(one: OperatorLine) -> str:
    return say("operators-deputy-of", name=one.deputy_for, until=day(one.until)) if one.until else ""


def acts_text(role: str) -> str:
    """What a role may do, in words."""
    return "、".join(say(f"act-{act}") for act in every_act() if act in roles().get(role, ()))


def ways_text(state: OperatorsState) -> str:
    """Which ways back in are set up, and what it means that there is none."""
    if state.opens_alone:
        return say("d-operators-ways-open")
    named = "、".join(say(f"d-operators-way-{way}") for way in state.ways)
    return say("d-operators-ways", ways=named) if named else say("d-operators-ways-none")
