"""The signing table: its columns, a declaration as a row, and the strip below that tells everything about one."""

from __future__ import annotations

from typing import Any

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.pages.sign.state import SignState
from unitclient.desktop.pages.sign.words import named, second, titled
from unitclient.desktop.theme.tokens import State
from unitclient.store.transport import Transport
from unitclient.texts import say
from unitclient.workflows.signable import Signable

COLUMNS = (
    ColumnSpec("take", "d-col-take", Kind.STATE, 10),
    ColumnSpec("form", "form-title", width=16),
    ColumnSpec("period", "period", Kind.MONTH, 8),
    ColumnSpec("persons", "d-col-persons", Kind.COUNT, 6),
    ColumnSpec("rows", "rows-head", Kind.COUNT, 6),
    ColumnSpec("total_fen", "sum", Kind.MONEY, 12),
    ColumnSpec("review", "d-col-review", Kind.STATE, 12),
    ColumnSpec("digest", "d-col-digest", width=18),
    ColumnSpec("unit_fen", "unit-part", Kind.MONEY, 12),
    ColumnSpec("person_fen", "person-part", Kind.MONEY, 12),
)
"""Figures come from the bytes that are signed."""


def table_row(one: Signable, state: SignState) -> dict[str, Any]:
    """A declaration as a row."""
    taken, taken_mark = _taken(one, state)
    reviewed = one.transport is Transport.REVIEWED
    return {
        "id": one.id,
        "take": taken,
        "form": titled(one.form_title, one.kind),
        "period": one.period,
        "persons": one.persons,
        "rows": one.rows,
        "unit_fen": one.unit_fen or None,
        "person_fen": one.person_fen or None,
        "total_fen": one.total_fen or None,
        "review": say(f"d-review-{one.transport.value}"),
        "digest": f"{one.digest[:8]}…{one.digest[-8:]}",
        MARKS: {
            "take": taken_mark,
            "review": Mark(State.ERR if one.sent_back else State.OK if reviewed else State.OFF),
        },
    }


def _taken(one: Signable, state: SignState) -> tuple[str, Mark]:
    if one.sent_back:
        return say("d-take-sent-back"), Mark(State.ERR, (say("d-take-sent-back-why"),))
    if one.id in state.required:
        return say("d-take-required"), Mark(State.INFO, sign="✎")
    if one.id in state.chosen:
        return say("d-take-yes"), Mark(State.INFO, sign="✎")
    return say("d-take-no"), Mark(State.OFF, sign="－")


def strip_text(one: Signable, state: SignState) -> str:
    """Everything about the declaration in front: name, digest, who prepared it and when, what it counts on."""
    by_id = {each.id: each for each in state.waiting}
    needed = "、".join(named(by_id[name].form_title, by_id[name].period, by_id[name].kind) for name in one.requires)
    parts = [
        say("d-strip-digest", name=named(one.form_title, one.period, one.kind), digest=one.digest),
        say("d-strip-made", operator=one.operator or say("d-nobody"), at=second(one.prepared_at), id=one.id),
    ]
    if needed:
        parts.append(say("d-strip-requires", names=needed))
    return "\n".join(parts)
