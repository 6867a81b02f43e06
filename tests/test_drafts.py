"""Drafts: a name stands for a whole file, and what a crash left is taken away, but nobody else's work."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from unitclient.drafts import draft_of, scratch, sweep, write_whole

LEAVES = """
import os, signal, sys
from pathlib import Path
from unitclient.drafts import draft_of
with draft_of(Path(sys.argv[1])) as draft:
    draft.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def left_by_a_killed_process(path: Path) -> Path:
    """A draft whose process is gone."""
    subprocess.run([sys.executable, "-c", LEAVES, path], check=False)
    (left,) = [each for each in path.parent.iterdir() if each.name.endswith(".part")]
    return left


def test_a_file_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    write_whole(path, b"old")
    with suppress(OSError), draft_of(path) as draft:
        draft.write_bytes(b"ne")
        raise OSError("no space")
    assert path.read_bytes() == b"old"
    write_whole(path, b"new")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"paper.pdf": b"new"}


def test_what_a_killed_process_left_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    left = left_by_a_killed_process(path)
    write_whole(path, b"new")
    assert not left.exists()
    assert [each.name for each in tmp_path.iterdir()] == ["paper.pdf"]


def test_a_folder_of_a_killed_process_is_taken_away_with_all_in_it(tmp_path: Path) -> None:
    left = left_by_a_killed_process(tmp_path / "backup")
    left.unlink()
    left.mkdir()
    (left / "copy.db").write_bytes(b"x")
    with scratch(tmp_path, "backup") as folder:
        assert list(tmp_path.iterdir()) == [folder]
    assert list(tmp_path.iterdir()) == []


def test_other_files_and_living_processes_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    left = left_by_a_killed_process(path)
    mark = left.name.split(".")[-2]
    computer, pid, random = mark.split("-")
    foreign = left.with_name(left.name.replace(computer, "0" * 8))
    living = left.with_name(left.name.replace(f"-{pid}-", f"-{os.getppid()}-"))
    other = left.with_name(left.name.replace("paper", "other"))
    for each in (foreign, living, other):
        each.write_bytes(b"theirs")
    with draft_of(path) as own:
        own.write_bytes(b"ours")
        sweep(path)
        assert own.exists()
    assert {each.name for each in tmp_path.iterdir()} == {foreign.name, living.name, other.name}
    assert random
