"""Parsed files are kept, used for the same file only, and never needed."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from unitclient.catalog.parsed import Kept


def test_a_file_that_did_not_change_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, place = tmp_path / "a.toml", tmp_path / "cache" / "forms.json"
    file.write_text("a = 1\n", "utf-8")
    first = Kept()
    first.remember_in(place)
    assert first.content(file) == {"a": 1}
    first.save()
    monkeypatch.setattr(tomllib, "loads", lambda _text: {"parsed": True})
    again = Kept()
    again.remember_in(place)
    assert again.content(file) == {"a": 1}
    file.write_text("a = 22\n", "utf-8")
    assert again.content(file) == {"parsed": True}


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"x": 1}', "\x00"])
def test_what_is_of_no_use_is_not_used(tmp_path: Path, kept: str) -> None:
    file, place = tmp_path / "a.toml", tmp_path / "forms.json"
    file.write_text("a = 1\n", "utf-8")
    place.write_text(kept, "utf-8")
    keeper = Kept()
    keeper.remember_in(place)
    assert keeper.content(file) == {"a": 1}


def test_a_wrong_entry_is_parsed_anew(tmp_path: Path) -> None:
    file, place = tmp_path / "a.toml", tmp_path / "forms.json"
    file.write_text("a = 1\n", "utf-8")
    place.write_text(json.dumps({str(file): ["no stamp", {"a": 7}]}), "utf-8")
    keeper = Kept()
    keeper.remember_in(place)
    assert keeper.content(file) == {"a": 1}


def test_a_home_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("a = 1\n", "utf-8")
    keeper = Kept()
    keeper.remember_in(tmp_path / "home" / "cache" / "forms.json")
    keeper.content(file)
    keeper.save()
    assert not (tmp_path / "home").exists()
