"""One job in a real child process: answers, refusals, faults, cancel, death."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from unitclient.desktop.proc.child import ChildFaultError, run_child
from unitclient.desktop.tasks import ProcJob
from unitclient.errors import Cancelled, UserError
from unitclient.texts import use_language

JOBS = "tests.desktop.proc.jobs:"


class Watched:
    """A JobContext that remembers."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []
        self.said: list[tuple[str, dict[str, object]]] = []
        self.stop = threading.Event()

    def progress(self, done: int, total: int) -> None:
        self.told.append((done, total))

    def text(self, key: str, **params: object) -> None:
        self.said.append((key, params))

    def cancelled(self) -> bool:
        return self.stop.is_set()


def test_answer_and_signs_of_life() -> None:
    context = Watched()
    answer = run_child(ProcJob(JOBS + "add", {"one": 1, "two": 2}), context)
    assert answer["sum"] == 3
    assert answer["pid"] != os.getpid()
    assert context.told[-1] == (2, 2)
    assert context.said == [("cli-cancelled", {"count": "3"})]


def test_the_child_speaks_the_language_in_use() -> None:
    use_language("en")
    try:
        assert run_child(ProcJob(JOBS + "add", {"one": 1, "two": 2}), Watched())["language"] == "en"
    finally:
        use_language("zh")


def test_refusal_comes_through() -> None:
    with pytest.raises(UserError) as caught:
        run_child(ProcJob(JOBS + "refuse"), Watched())
    assert (caught.value.code, caught.value.params) == ("unit-unknown", {"unit": "七号"})


def test_fault_tells_frames_and_no_values() -> None:
    with pytest.raises(ChildFaultError) as caught:
        run_child(ProcJob(JOBS + "fail", {"secret": "张三 11000019900307001X"}), Watched())
    assert caught.value.kind == "ValueError"
    assert caught.value.frames.splitlines()[-1].endswith(" fail")
    assert str(Path.cwd()) not in caught.value.frames
    assert "张三" not in caught.value.frames + str(caught.value)


def test_a_child_that_dies_is_told_apart() -> None:
    with pytest.raises(UserError) as caught:
        run_child(ProcJob(JOBS + "die"), Watched())
    assert caught.value.code == "d-child-died"
    assert caught.value.mendable is False


def test_cancel_lets_the_job_tidy_up(tmp_path: Path) -> None:
    left, context = tmp_path / "left", Watched()
    threading.Timer(0.4, context.stop.set).start()
    with pytest.raises(Cancelled):
        run_child(ProcJob(JOBS + "wait", {"left": str(left)}), context)
    assert left.read_text("utf-8") == "rolled back"


def test_cancel_kills_a_job_that_does_not_listen(tmp_path: Path) -> None:
    started, context = tmp_path / "started", Watched()

    def cancel_when_started() -> None:
        while not started.exists() or not started.read_text("utf-8"):
            time.sleep(0.01)
        context.stop.set()

    threading.Thread(target=cancel_when_started).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        run_child(ProcJob(JOBS + "deaf", {"started": str(started)}), context)
    assert time.monotonic() - began < 30
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text("utf-8")), 0)
