"""The last catch: faults, interruptions, and an output that nobody takes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.harness import PROGRAM, read, resident_id, run
from unitclient.central.problems import PROBLEMS
from unitclient.cli import calc
from unitclient.texts import LANGUAGES, catalogue

SECRET = resident_id(7)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Lets a command end with an exception."""

    def fail_with(fault: BaseException) -> None:
        def run(_args: object) -> None:
            raise fault

        monkeypatch.setattr(calc, "run", run)

    return fail_with


def test_a_fault_is_reported_without_what_was_typed(failing: Callable[[BaseException], None], tmp_path: Path) -> None:
    failing(ValueError(f"wrong number {SECRET}"))
    for lang in LANGUAGES:
        told = run(tmp_path, "calc", "id", SECRET, lang=lang)
        assert (told.code, told.refusal) == (3, "fault")
        report = (tmp_path / "logs" / "fault.txt").read_text()
        assert "ValueError" in report
        assert "test_main.py" in report
        assert SECRET not in report + told.out + told.err


def test_a_fault_in_a_home_that_cannot_be_written(failing: Callable[[BaseException], None], tmp_path: Path) -> None:
    failing(ValueError(SECRET))
    home = tmp_path / "file"
    home.write_text("x")
    told = read(home, "calc", "id", SECRET)
    assert (told.code, told.out) == (3, "")
    assert "ValueError" in told.err
    assert SECRET not in told.err


def test_an_interruption_is_no_fault(failing: Callable[[BaseException], None], tmp_path: Path) -> None:
    failing(KeyboardInterrupt())
    told = run(tmp_path, "calc", "id", SECRET)
    assert (told.code, told.refusal) == (1, "cancelled")
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_cannot_be_written_is_a_failure() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [PROGRAM, "calc", "id", SECRET], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 3


def test_a_reader_that_went_away_is_no_fault() -> None:
    with subprocess.Popen([PROGRAM, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 3


def test_arguments_that_are_no_text_do_not_break_the_answer(tmp_path: Path) -> None:
    line = [bytes(PROGRAM), b"--json", b"--home", bytes(tmp_path), b"verify", b"/nowhere/\xff.asice"]
    done = subprocess.run(line, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"file-missing" in done.stdout


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_any_terminal_can_show_the_answer(encoding: str) -> None:
    def ran(*words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([PROGRAM, *words], capture_output=True, env={"PYTHONIOENCODING": encoding}, check=True)

    assert ran("calc", "name", "张䶮𠀀").stdout
    assert "张䶮" in ran("--json", "calc", "name", "张䶮").stdout.decode("utf-8")


def test_every_problem_of_the_centre_has_words() -> None:
    assert [code for code in PROBLEMS if f"outcome-{code}" not in catalogue()["text"]] == []
