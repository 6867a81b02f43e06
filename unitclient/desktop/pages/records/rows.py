"""Records, steps and refusals as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.pages.sign.words import (
    finding_words,
    moment,
    note_word,
    second,
    titled,
    track_mark,
    track_word,
)
from unitclient.desktop.theme.tokens import State
from unitclient.domain.findings import Severity
from unitclient.texts import catalogue, say
from unitclient.workflows.following import Record, RefusedRow, Step

COLUMNS = (
    ColumnSpec("light", "light", Kind.STATE, 12),
    ColumnSpec("form", "form-title", width=15),
    ColumnSpec("period", "period", Kind.MONTH, 8),
    ColumnSpec("transport", "d-col-transport", Kind.STATE, 16),
    ColumnSpec("acceptance", "d-col-acceptance", Kind.STATE, 13),
    ColumnSpec("money", "d-col-money", Kind.STATE, 12),
    ColumnSpec("rows", "rows-head", Kind.COUNT, 7),
    ColumnSpec("total_fen", "sum", Kind.MONEY, 13),
    ColumnSpec("number", "acceptance-number", width=20),
    ColumnSpec("prepared", "d-col-prepared", Kind.DATE, 16),
)
STEP_COLUMNS = (
    ColumnSpec("at", "d-col-at", Kind.DATE, 19, sortable=False),
    ColumnSpec("track", "d-col-track", width=6, sortable=False),
    ColumnSpec("state", "d-col-step", Kind.STATE, 18, sortable=False),
    ColumnSpec("source", "d-col-source", width=8, sortable=False),
    ColumnSpec("who", "d-col-who", width=12, sortable=False),
    ColumnSpec("note", "d-col-note", width=40, sortable=False),
)
REFUSED_COLUMNS = (
    ColumnSpec("row", "d-col-row", Kind.COUNT, 6),
    ColumnSpec("name", "name", width=10),
    ColumnSpec("id_number", "id-number", Kind.ID, 20, sensitive=True),
    ColumnSpec("why", "d-col-why", width=44),
    ColumnSpec("fix", "d-col-fix", width=44),
)


def record_row(one: Record) -> dict[str, Any]:
    """A declaration as a row: light, then the three tracks, never one status."""
    tracks = {"transport": one.transport, "acceptance": one.acceptance, "money": one.money, "light": one.light.value}
    return {
        "id": one.id,
        **{track: track_word(track, state) or None for track, state in tracks.items()},
        "form": titled(one.form_title, one.kind),
        "period": one.period,
        "rows": one.rows,
        "total_fen": one.total_fen or None,
        "number": one.acceptance_number or None,
        "prepared": moment(one.prepared_at),
        MARKS: {track: mark for track, state in tracks.items() if (mark := track_mark(track, state))},
    }


def step_rows(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The timeline, the newest first."""
    rows = [_step_row(place, step) for place, step in enumerate(steps)]
    return rows[::-1]


def _step_row(place: int, step: Step) -> dict[str, Any]:
    document = f"d-doc-{step.document}"
    known = say(document) if document in catalogue()["text"] else ""
    note = note_word(step.track, step.state, step.note)
    return {
        "id": place,
        "at": second(step.at),
        "track": say(f"d-track-{step.track}"),
        "state": track_word(step.track, step.state),
        "source": say(f"d-source-{step.source}"),
        "who": step.who or None,
        "note": "，".join(part for part in (known, note) if part) or None,
        MARKS: {"state": track_mark(step.track, step.state)},
    }


def refused_rows(refused: Iterable[RefusedRow]) -> list[dict[str, Any]]:
    """The centre's reasons, by row of the declaration."""
    rows = []
    for place, one in enumerate(refused):
        why, fix = finding_words(one.refusal.finding)
        rows.append({
            "id": place,
            "row": one.row,
            "name": one.name or say("d-whole"),
            "id_number": one.id_number or None,
            "why": why,
            "fix": fix,
            MARKS: {"why": _mark(one, why)},
        })  # fmt: skip
    return rows


def _mark(one: RefusedRow, why: str) -> Mark:
    error = one.refusal.finding.severity is Severity.ERROR
    return Mark(State.ERR if error else State.WARN, (why,))
