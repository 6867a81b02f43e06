"""What the command line says of the deadline, the queue, the attempts and the pen."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.cli.harness import read, run
from unitclient.texts import LANGUAGES


def test_the_countdown_is_told_in_every_place(settled_home: Path) -> None:
    """The same deadline for machines everywhere, and words with clock and notice for people."""
    told = run(settled_home, "status").data["countdown"]
    assert told == {**run(settled_home, "outbox").data["countdown"], "left_s": told["left_s"]}
    assert (told["clock"], told["clock_slow_s"], told["left_s"] > 0) == ("centre", 0, True)
    assert datetime.fromisoformat(told["until"]).utcoffset() is not None
    synced = run(settled_home, "sync").data
    assert (synced["countdown"]["until"], synced["deadlines_moved"]) == (told["until"], [])
    for lang, word in zip(LANGUAGES, ("中心时间", "centre's clock"), strict=True):
        assert word in read(settled_home, "status", lang=lang).out


def test_the_record_of_attempts_is_signed_and_verifies(settled_home: Path, tmp_path: Path) -> None:
    """Every submission was delivered at its first try: two attempts, none failed; other months have none."""
    made = run(settled_home, "outbox", "record", tmp_path).data
    assert (made["attempts"], made["failed"]) == (2, 0)
    for path in made["files"].values():
        checked = run(settled_home, "verify", path)
        assert (checked.code, checked.data["ok"], checked.data["content"]["kind"]) == (0, True, "attempts")
    assert run(settled_home, "outbox", "record", tmp_path, "--period", "2020-01").refusal == "no-attempts"


def test_the_pen_of_a_single_computer(settled_home: Path) -> None:
    """Nothing is unfinished: it is free, taken when wanted, and laid down again."""
    if run(settled_home, "pen", "show").data["pen"]["mine"]:  # another test of this home may have begun something
        run(settled_home, "pen", "give")
    assert run(settled_home, "pen", "show").data["pen"]["holder"] == ""
    assert run(settled_home, "pen", "take").data["pen"]["mine"]
    assert "这台电脑" in read(settled_home, "pen", "ask").out
    assert not run(settled_home, "pen", "give").data["pen"]["mine"]
