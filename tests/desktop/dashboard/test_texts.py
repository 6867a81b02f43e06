"""The month's texts: both languages, the same placeholders, every key that is used is there and every one is used."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

import unitclient.desktop
from unitclient.paths import resources_root
from unitclient.texts import catalogue
from unitclient.workflows.month_steps import Step, StepState

OWN = tomllib.loads((resources_root() / "texts" / "desktop-month.toml").read_text("utf-8"))
ROOT = Path(unitclient.desktop.__file__).parent
SOURCES = [
    *(ROOT / "pages" / "dashboard").glob("*.py"),
    *(ROOT / "pages" / "review").glob("*.py"),
    *(ROOT / "widgets" / f"{name}.py" for name in ("countdown", "stepper", "chart", "todo")),
]
SOURCE = "\n".join(path.read_text("utf-8") for path in SOURCES)
WORKFLOWS = "\n".join(path.read_text("utf-8") for path in (ROOT.parent / "workflows").glob("month_*.py"))
MADE = ("d-step-", "d-todo-", "d-dash-queue-", "d-trends-", "d-review-", "d-why-base-")
"""Beginnings of keys that are put together where they are used."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def leaves(entry: dict[str, object], language: str) -> list[str]:
    told = entry[language]
    return [str(text) for text in told.values()] if isinstance(told, dict) else [str(told)]


@pytest.mark.parametrize("section", sorted(OWN))
def test_both_languages_fill_the_same_places(section: str) -> None:
    for key, entry in OWN[section].items():
        assert set(entry) == {"zh", "en"}, key
        chinese, english = leaves(entry, "zh"), leaves(entry, "en")
        assert all(chinese), key
        assert all(english), key
        found = [set().union(*map(placeholders, texts)) for texts in (chinese, english)]
        assert found[0] == found[1], key


def test_every_key_that_is_used_is_there() -> None:
    used = set(re.findall(r'(?<!f)"(d-[a-z0-9-]+)"', SOURCE))
    assert len(used) > 80
    assert used - catalogue()["text"].keys() == set()


def test_every_key_is_used() -> None:
    used = set(re.findall(r'"(d-[a-z0-9-]+)"', SOURCE))
    assert [key for key in OWN["text"] if key not in used and not key.startswith(MADE)] == []


def test_every_note_and_to_do_has_its_words() -> None:
    texts = catalogue()["text"]
    notes = re.findall(r'StepInfo\([^"]*"([a-z-]+)"', WORKFLOWS)
    codes = re.findall(r'ToDo\("([a-z-]+)"', WORKFLOWS)
    assert len(notes) > 15
    assert len(codes) > 10
    for step in Step:
        assert f"d-step-title-{step}" in texts
    for state in StepState:
        assert f"d-step-state-{state}" in texts
    assert [note for note in notes if f"d-step-{note}" not in texts] == []
    assert [code for code in codes if f"d-todo-{code}" not in texts or f"d-todo-{code}-act" not in texts] == []
