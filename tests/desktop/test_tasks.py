"""The lanes: work off the window's thread, outcomes on it, cancel, refusals, faults, desks of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.stage import UNIT, Stage
from unitclient.desktop.lanes import LaneRunner
from unitclient.desktop.tasks import InlineTaskRunner, Lane, ProcJob, TaskContext, TaskState
from unitclient.errors import Cancelled, UserError
from unitclient.store.settings import get_setting, put_setting
from unitclient.texts import ErrorTexts, language, say, use_language


class Told:
    """What the runner said to nobody else."""

    def __init__(self) -> None:
        self.refusals: list[ErrorTexts] = []
        self.faults: list[BaseException] = []


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def lanes(unit_stage: Stage, told: Told) -> Iterator[LaneRunner]:
    runner = LaneRunner(unit_stage.session, told.refusals.append, told.faults.append)
    yield runner
    runner.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lane-")]


def test_work_runs_elsewhere_and_its_outcome_comes_back(lanes: LaneRunner, unit_stage: Stage, qtbot: QtBot) -> None:
    here, seen, answers = threading.get_ident(), [], []
    topics: list[Any] = []
    unit_stage.session.data_changed.connect(topics.append)

    def work(context: TaskContext) -> str:
        seen.append(threading.get_ident())
        context.progress(1, 2)
        context.text("d-diag-busy")
        with context.desk().store.write("test"):
            put_setting(context.desk().store, "from-lane", 1)
        return context.unit().name

    def done(answer: str) -> None:
        answers.append((answer, threading.get_ident()))

    with qtbot.waitSignal(unit_stage.session.data_changed):
        handle = lanes.run(Lane.DB, "d-diag-task", work, done=done, topics=frozenset({"settings"}))
    assert answers == [(UNIT.name, here)]
    assert seen != [here]
    assert handle.state is TaskState.DONE
    assert handle.said == say("d-diag-busy")
    assert topics == [frozenset({"settings"})]
    assert get_setting(unit_stage.session.desk().store, "from-lane") == 1
    assert lanes.tasks() == []


def test_a_lane_speaks_the_language_of_the_window(lanes: LaneRunner, qtbot: QtBot) -> None:
    use_language("en")
    spoken: list[str] = []
    handle = lanes.run(Lane.NET, "d-diag-task", lambda _context: language(), done=spoken.append)
    qtbot.waitUntil(handle.ended)
    assert spoken == ["en"]


def test_lanes_do_not_wait_for_one_another_and_one_lane_keeps_its_order(lanes: LaneRunner, qtbot: QtBot) -> None:
    gate, order = threading.Event(), []
    first = lanes.run(Lane.DB, "d-diag-task", lambda _context: gate.wait(10), done=lambda _answer: order.append("db1"))
    second = lanes.run(Lane.DB, "d-diag-task", lambda _context: None, done=lambda _answer: order.append("db2"))
    other = lanes.run(Lane.NET, "d-diag-task", lambda _context: None, done=lambda _answer: order.append("net"))
    qtbot.waitUntil(other.ended)
    assert len(lanes.tasks()) == 2
    gate.set()
    qtbot.waitUntil(lambda: first.ended() and second.ended())
    assert order == ["net", "db1", "db2"]


def test_a_cancelled_work_is_silent(lanes: LaneRunner, told: Told, qtbot: QtBot) -> None:
    started = threading.Event()

    def work(context: TaskContext) -> None:
        started.set()
        while True:
            context.progress(0, 0)

    handle = lanes.run(Lane.DB, "d-diag-task", work, done=lambda _answer: pytest.fail("done"))
    assert started.wait(5)
    called: list[int] = []
    handle.on_cancel(lambda: called.append(1))
    handle.cancel()
    handle.cancel()
    qtbot.waitUntil(handle.ended)
    assert handle.state is TaskState.CANCELLED
    assert called == [1]
    assert (told.refusals, told.faults) == ([], [])


def test_what_waits_can_be_cancelled_before_it_begins(lanes: LaneRunner, qtbot: QtBot) -> None:
    gate, ran = threading.Event(), []
    lanes.run(Lane.DB, "d-diag-task", lambda _context: gate.wait(10), done=lambda _answer: None)
    waiting = lanes.run(Lane.DB, "d-diag-task", lambda _context: ran.append(1), done=lambda _answer: None)
    waiting.cancel()
    gate.set()
    qtbot.waitUntil(waiting.ended)
    assert ran == []


def test_refusals_and_faults_nobody_takes_are_shown(lanes: LaneRunner, told: Told, qtbot: QtBot) -> None:
    def refuse(_context: TaskContext) -> None:
        raise UserError("no-unit")

    def fault(_context: TaskContext) -> None:
        raise KeyError("x")

    taken: list[BaseException] = []
    handles = [
        lanes.run(Lane.DB, "d-diag-task", refuse, done=lambda _answer: None),
        lanes.run(Lane.DB, "d-diag-task", fault, done=lambda _answer: None),
        lanes.run(Lane.DB, "d-diag-task", fault, done=lambda _answer: None, failed=taken.append),
    ]
    qtbot.waitUntil(lambda: all(handle.ended() for handle in handles))
    assert [texts.what for texts in told.refusals] == [say_what("no-unit")]
    assert [type(one) for one in told.faults] == [KeyError]
    assert [type(one) for one in taken] == [KeyError]


def say_what(code: str) -> str:
    """The first sentence of a refusal."""
    from unitclient.texts import error_texts

    return error_texts(code, {}).what


def test_a_lane_s_desk_is_closed_and_opened_again(lanes: LaneRunner, unit_stage: Stage, qtbot: QtBot) -> None:
    tokens: list[str] = []

    def work(context: TaskContext) -> str:
        return context.desk().store.token

    for close in (False, False, True):
        if close:
            lanes.close_desks()
        handle = lanes.run(Lane.DB, "d-diag-task", work, done=tokens.append)
        qtbot.waitUntil(handle.ended)
    assert tokens[0] == tokens[1]
    assert tokens[1] != tokens[2]
    assert tokens[0] != unit_stage.session.desk().store.token


def test_a_unit_switch_leaves_work_with_its_unit(lanes: LaneRunner, tmp_path: Path, qtbot: QtBot) -> None:
    from dataclasses import replace

    from unitclient.store.units import add_unit

    session = lanes._session
    other = replace(UNIT, unit_number="420100000009", name="另一家")
    with session.desk().store.write("test"):
        add_unit(session.desk().store, other)
    names: list[str] = []
    gate = threading.Event()

    def work(context: TaskContext) -> str:
        gate.wait(10)
        return context.unit().unit_number

    handle = lanes.run(Lane.DB, "d-diag-task", work, done=names.append)
    session.set_unit(other.unit_number)
    gate.set()
    qtbot.waitUntil(handle.ended)
    assert names == [UNIT.unit_number]


def test_a_child_process_does_a_job(lanes: LaneRunner, qtbot: QtBot) -> None:
    answers: list[Any] = []
    job = ProcJob("tests.desktop.jobs:add", {"one": 2, "other": 3})
    handle = lanes.run(Lane.PROC, "d-diag-task", job, done=answers.append)
    qtbot.waitUntil(handle.ended, timeout=20_000)
    assert answers == [5]
    assert handle.progress == (1, 1)


def test_the_inline_runner_does_all_at_once(unit_stage: Stage) -> None:
    runner = InlineTaskRunner(unit_stage.session)
    answers: list[Any] = []
    runner.run(Lane.DB, "d-diag-task", lambda context: context.unit().name, done=answers.append)
    runner.run(Lane.PROC, "d-diag-task", ProcJob("tests.desktop.jobs:add", {"one": 1, "other": 1}), done=answers.append)
    assert answers == [UNIT.name, 2]

    def fault(_context: TaskContext) -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        runner.run(Lane.DB, "d-diag-task", fault, done=answers.append)

    def stopped(_context: TaskContext) -> None:
        raise Cancelled

    assert runner.run(Lane.DB, "d-diag-task", stopped, done=answers.append).state is TaskState.CANCELLED
