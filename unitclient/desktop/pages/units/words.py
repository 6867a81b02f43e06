"""The units page in words: a unit as a row, and everything about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.pages.keys.words import days_state, days_word
from unitclient.desktop.pages.sign.words import until
from unitclient.desktop.theme.tokens import State
from unitclient.texts import say
from unitclient.workflows.month_steps import Step

if TYPE_CHECKING:
    from unitclient.desktop.pages.units.state import UnitLine
    from unitclient.workflows.month_steps import StepInfo

_STATES = {
    "done": (State.OK, "✓"),
    "now": (State.INFO, "●"),
    "waiting": (State.INFO, "…"),
    "trouble": (State.ERR, "×"),
    "later": (State.OFF, "○"),
    "off": (State.OFF, "－"),
}
COLUMNS = (
    ColumnSpec("name", "d-units-name", width=18),
    ColumnSpec("front", "d-units-front", Kind.STATE, 9),
    *(ColumnSpec(step.value, f"d-step-title-{step.value}", Kind.STATE, 9) for step in Step),
    ColumnSpec("deadline", "d-col-deadline", Kind.DATE, 17),
    ColumnSpec("waiting", "d-units-waiting", Kind.COUNT, 7),
    ColumnSpec("days", "d-units-days", Kind.STATE, 12),
    ColumnSpec("number", "d-units-number", width=14),
)


def table_row(line: UnitLine, front: str) -> dict[str, Any]:
    """A unit as a row: each step of its month is a cell."""
    row: dict[str, Any] = {
        "id": line.number,
        "name": line.name,
        "front": "",
        "deadline": until(line.deadline) if line.deadline else None,
        "waiting": line.waiting,
        "days": days_word(line.days),
        "number": line.number,
    }
    marks: dict[str, Mark] = {"days": Mark(days_state(line.days))}
    if line.number == front:
        row["front"], marks["front"] = say("d-units-here"), Mark(State.OK)
    elif line.practice:
        row["front"], marks["front"] = say("d-practice"), Mark(State.WARN, sign="练")
    for info in line.steps:
        state, sign = _STATES[info.state.value]
        row[info.step.value] = say(f"d-step-state-{info.state.value}")
        marks[info.step.value] = Mark(state, (step_note(info),), sign)
    return {**row, MARKS: marks}


def step_note(info: StepInfo) -> str:
    """How far a step is, in words."""
    return "，".join(say(f"d-step-{info.note}", **info.params).split("\n"))


def strip_text(line: UnitLine) -> str:
    """Everything about one unit."""
    told = say("d-units-strip", name=line.name, number=line.number, uscc=line.uscc, region=line.region,
               persons=line.persons, operator=line.operator or say("d-units-no-operator"))  # fmt: skip
    steps = "　".join(f"{say(f'd-step-title-{info.step.value}')}：{step_note(info)}" for info in line.steps)
    where = say("d-units-centre-practice" if line.practice else "d-units-centre", url=line.centre)
    return f"{told}\n{where}\n{steps}"
