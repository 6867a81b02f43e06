"""The units page in words: a unit as a row, and everything about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.pages.keys.words import days_state, days_word
from unitclient.desktop.pages.sign.words import until
from unitclient.desktop.theme.tokens import State
from unitclient.texts import error_texts, say
from unitclient.workflows.month_steps import Step
from unitclient.workflows.unit_months import BatchAct
from unitclient.workflows.unit_outcomes import UnitResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unitclient.desktop.pages.units.state import UnitLine, UnitsState
    from unitclient.workflows.month_steps import StepInfo
    from unitclient.workflows.unit_outcomes import UnitOutcome

_NAMED = 3

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
    ColumnSpec("outcome", "d-units-outcome", Kind.STATE, 18),
    *(ColumnSpec(step.value, f"d-step-title-{step.value}", Kind.STATE, 9) for step in Step),
    ColumnSpec("deadline", "d-col-deadline", Kind.DATE, 17),
    ColumnSpec("waiting", "d-units-waiting", Kind.COUNT, 7),
    ColumnSpec("days", "d-units-days", Kind.STATE, 12),
    ColumnSpec("number", "d-units-number", width=14),
)


_RESULTS = {
    UnitResult.DONE: State.OK,
    UnitResult.NEEDLESS: State.OFF,
    UnitResult.REFUSED: State.ERR,
    UnitResult.CANCELLED: State.WARN,
}


def table_row(line: UnitLine, shown: UnitsState) -> dict[str, Any]:
    """A unit as a row: each step of its month is a cell, and what came of the last act for many."""
    front, outcome = shown.front, shown.outcomes.get(line.number)
    row: dict[str, Any] = {
        "id": line.number,
        "name": line.name,
        "front": "",
        "outcome": outcome_word(shown.acted, outcome),
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
    if outcome is not None:
        marks["outcome"] = Mark(_RESULTS[outcome.result], tuple(outcome_sentences(outcome)))
    for info in line.steps:
        state, sign = _STATES[info.state.value]
        row[info.step.value] = say(f"d-step-state-{info.state.value}")
        marks[info.step.value] = Mark(state, (step_note(info),), sign)
    return {**row, MARKS: marks}


def step_note(info: StepInfo) -> str:
    """How far a step is, in words."""
    return "，".join(say(f"d-step-{info.note}", **info.params).split("\n"))


def outcome_word(act: BatchAct | None, outcome: UnitOutcome | None) -> str:
    """What came of a unit, in one sentence."""
    if act is None or outcome is None:
        return ""
    if outcome.refusal is not None:
        return error_texts(outcome.code, outcome.refusal.params).what
    if outcome.result is UnitResult.CANCELLED:
        return say("units-left-out")
    return say(f"units-{act.value}-done", count=outcome.count)


def outcome_sentences(outcome: UnitOutcome) -> list[str]:
    """Why a unit was refused and what to do now."""
    return list(error_texts(outcome.code, outcome.refusal.params)) if outcome.refusal else []


def ended_text(state: UnitsState) -> str:
    """How many units an act was done for, and how many not."""
    act = state.acted
    found = [one.result for one in state.outcomes.values()]
    parts = [say(f"d-units-{result.value}", count=found.count(result)) for result in UnitResult if result in found]
    return say(f"d-units-ended-{act.value}", told=say("comma").join(parts)) if act else ""


def ended_state(state: UnitsState) -> State:
    """Whether a unit needs a look."""
    bad = (UnitResult.REFUSED, UnitResult.CANCELLED)
    return State.WARN if any(one.result in bad for one in state.outcomes.values()) else State.OK


def taken_text(state: UnitsState) -> str:
    """For which units the next act is."""
    count = len(state.taken())
    every = count == len(state.units)
    return say("d-units-taken-all" if every else "d-units-taken", count=count)


def names_of(names: Sequence[str]) -> str:
    """Several units by name; many of them are counted (each is named beside its declarations)."""
    shown = say("list-comma").join(names[:_NAMED])
    return shown if len(names) <= _NAMED else say("d-units-names", names=shown, count=len(names))


def _acts_text(line: UnitLine) -> str:
    """What each act for many would do for this unit, or what is against it."""
    told = []
    for act in BatchAct:
        refusal = line.blocks.get(act)
        what = error_texts(refusal.code, refusal.params).what if refusal else say("d-units-can")
        told.append(f"{say(f'd-units-many-{act.value}')}{say('colon')}{what}")
    return "　".join(told)


def strip_text(line: UnitLine, state: UnitsState) -> str:
    """Everything about one unit."""
    told = say("d-units-strip", name=line.name, number=line.number, uscc=line.uscc, region=line.region,
               persons=line.persons, operator=line.operator or say("d-units-no-operator"))  # fmt: skip
    steps = "　".join(f"{say(f'd-step-title-{info.step.value}')}：{step_note(info)}" for info in line.steps)
    where = say("d-units-centre-practice" if line.practice else "d-units-centre", url=line.centre)
    outcome = state.outcomes.get(line.number)
    sentences = "　".join(outcome_sentences(outcome)) if outcome else ""
    return "\n".join(text for text in (sentences, told, where, steps, _acts_text(line)) if text)
