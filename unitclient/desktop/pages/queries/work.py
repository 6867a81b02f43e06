"""What the queries page does in the lanes: run a query, write its answer as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from unitclient.desktop.models.columns import Kind
from unitclient.desktop.pages.queries.model import Query
from unitclient.desktop.pages.queries.sources import MOST, SOURCES, Row
from unitclient.desktop.pages.queries.state import Answer, Batch
from unitclient.desktop.pages.queries.words import in_words
from unitclient.desktop.pages.sign.words import moment
from unitclient.desktop.tasks import TaskContext
from unitclient.domain.money import format_fen
from unitclient.errors import UserError
from unitclient.texts import error_texts, say
from unitclient.workflows.other_papers import register_document
from unitclient.workflows.rights import need

_SIGN_OF_LIFE = 500


def run_query(context: TaskContext, query: Query, inputs: Mapping[str, str]) -> Answer:
    """The answer of a query; at most MOST rows. Stopping the task stops it between two rows."""
    desk, unit = context.desk(), context.unit()
    need(desk, "ask")
    rows: list[Row] = []
    with desk.store.read():
        for row in islice(SOURCES[query.source].rows(desk, unit, inputs), MOST + 1):
            if len(rows) % _SIGN_OF_LIFE == 0:
                context.progress(len(rows), 0)
            rows.append(row)
    if any(column.sensitive for column in query.columns):
        with desk.store.write("query.read", subject=query.id):
            pass  # looking at personal data leaves a trace
    cut = len(rows) > MOST
    kept = tuple(rows[:MOST])
    document = register_document(desk, unit, inputs.get("register", "")) if query.source == "register" else ""
    return Answer(kept, _sums(query, kept), cut, document=document)


def ask_centre(context: TaskContext, query: Query, inputs: Mapping[str, str]) -> Answer:
    """The centre's answer, or the last one that is kept, with its age."""
    from unitclient.workflows.asking import ask
    from unitclient.workflows.watching import difference_lines, watched

    desk, unit = context.desk(), context.unit()
    watch = next((one for one in watched(desk, unit) if one.watch.asks(query.id, inputs)), None)
    asked = ask(desk, unit, query.id, inputs)
    at = moment(asked.answer.at)
    told = say("d-queries-answered" if asked.fresh else "d-queries-kept", at=at)
    if asked.changed is not None and asked.before is not None:
        word = "d-queries-changed" if asked.changed else "d-queries-unchanged"
        told = f"{told}　{say(word, at=moment(asked.before.at))}"
    if asked.refusal is not None:
        told = f"{told} {error_texts(asked.refusal.code, asked.refusal.params).why}"
    rows = tuple(in_words(query, row, desk.catalog) for row in asked.answer.rows)
    lines = difference_lines(desk, watch.service, watch.since_seen(asked.answer.rows)) if watch else ()
    changes = tuple(say(f"d-queries-change-{what}", row=row) for what, row in lines)
    return Answer(rows, _sums(query, rows), False, told, not asked.fresh, asked.answer.document, watch is not None,
                  changes)  # fmt: skip


def set_watched(context: TaskContext, query: Query, inputs: Mapping[str, str], *, on: bool) -> bool:
    """Watch the question from now on, or no more; whether it is watched now."""
    from unitclient.workflows.watching import is_watched, unwatch, watch

    desk, unit = context.desk(), context.unit()
    if on:
        watch(desk, unit, query.id, inputs)
    elif number := is_watched(desk, unit, query.id, inputs):
        unwatch(desk, unit, number)
    return on


def _sums(query: Query, rows: tuple[Row, ...]) -> dict[str, int]:
    summed = [column.key for column in query.columns if column.sum]
    return {key: sum(int(row.get(key) or 0) for row in rows) for key in summed}


def write_workbook(_context: TaskContext, query: Query, answer: Answer, path: Path, *, masked: bool) -> Path:
    """The answer as a workbook, as it is shown: what is masked on the screen is masked in the file too."""
    from unitclient.sheets.table import write_table

    rows = []
    for row in answer.rows:
        cells = []
        for column in query.columns:
            value = row.get(column.key)
            if masked and column.sensitive:
                cells.append(column.masked_text(value))
            elif column.kind is Kind.MONEY and isinstance(value, int):
                cells.append(format_fen(value))
            else:
                cells.append(column.text(value))
        rows.append(cells)
    try:
        write_table(path, str(query.title), [column.title() for column in query.columns], rows,
                    [float(column.width + 2) for column in query.columns])  # fmt: skip
    except OSError as failure:
        raise UserError("file-unwritable", path=path) from failure
    return path


def ask_sheet(context: TaskContext, query: Query, sheet: Path, out: Path) -> Batch:
    """The query asked for every row of a workbook, and the answers as another one."""
    from unitclient.workflows.asking_many import ask_many, write_answers

    desk = context.desk()
    asked = ask_many(desk, context.unit(), query.id, sheet, context.progress)
    try:
        write_answers(desk.catalog, query.id, asked, out)
    except OSError as failure:
        raise UserError("file-unwritable", path=out) from failure
    return Batch(out, len(asked), sum(bool(one.refusal) for one in asked))
