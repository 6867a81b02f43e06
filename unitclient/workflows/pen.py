"""The pen (执笔): of several computers of a unit one prepares and signs, the others read; and how it changes hands.

The centre keeps it. A computer with unfinished work takes the pen with the next contact when nobody has it, keeps it
while it works, and lays it down when nothing is unfinished. Who needs it asks; who is asked gives; a computer that is
gone loses it. Without a line one goes by what was known last.
"""

from __future__ import annotations

from contextlib import suppress

from unitclient.errors import UserError
from unitclient.store.overview import unfinished
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.units import Unit, list_units
from unitclient.sync.engine import Engine
from unitclient.sync.outcomes import NotSent, OutcomeUnknown, ProblemAnswer
from unitclient.workflows.centre import centre_refusals, open_engine
from unitclient.workflows.desk import Desk
from unitclient.workflows.pen_state import Pen, known_pen, pen_key, pen_of
from unitclient.workflows.rights import needs

TAKE, ASK, GIVE = "take", "ask", "give"


@needs("prepare")
def move_pen(desk: Desk, unit: Unit, act: str = "") -> Pen:
    """Look at the pen, take it, ask for it or give it. UserErrors of `centre_refusals`.

    pen-not-given when it was to be taken and another computer, which still answers, has it.
    """
    with centre_refusals(unit), open_engine(desk, unit) as engine:
        pen = _learn(desk, unit, engine, act)
    if act == TAKE and not pen.mine:
        raise UserError("pen-not-given", holder=pen.holder, at=pen.may_take_at or pen.until)
    return pen


def settle_pen(desk: Desk, unit: Unit, engine: Engine) -> None:
    """With every contact: take or keep it while something is unfinished here, else lay it down. Never in the way."""
    wanted = TAKE if unfinished(desk.store, unit.unit_number) else GIVE if known_pen(desk.store, unit).mine else ""
    with suppress(NotSent, OutcomeUnknown, ProblemAnswer):
        _learn(desk, unit, engine, wanted)


def lay_down(desk: Desk, unit_number: str) -> None:
    """Before this computer is enrolled anew: under its old name it would stand in its own way."""
    for unit in list_units(desk.store):
        if unit.unit_number == unit_number and known_pen(desk.store, unit).mine:
            with suppress(NotSent, OutcomeUnknown, ProblemAnswer), open_engine(desk, unit) as engine:
                _learn(desk, unit, engine, GIVE)


def _learn(desk: Desk, unit: Unit, engine: Engine, act: str) -> Pen:
    told = engine.client.pen(unit.unit_number, act)
    kept = {name: told.get(name) for name in ("mine", "holder", "since", "until", "asked_by", "may_take_at")}
    if kept != get_setting(desk.store, pen_key(unit), {}):
        with desk.store.write("pen.moved", subject=unit.unit_number, detail={"mine": bool(kept["mine"])}) as entry:
            if bool(kept["mine"]) == known_pen(desk.store, unit).mine:
                entry.unchanged()
            put_setting(desk.store, pen_key(unit), kept)
    return pen_of(kept)
