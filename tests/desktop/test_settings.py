"""Settings: typed, kept in their place, harmless when their file is not ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication

from tests.desktop.stage import Stage
from unitclient.desktop.settings import FILE_NAME, Settings, fits
from unitclient.desktop.settings_schema import BY_KEY, SETTINGS, Kind, Place
from unitclient.store.journal import entries
from unitclient.texts import catalogue


def test_every_setting_has_its_words() -> None:
    texts = catalogue()["text"]
    asked = []
    for spec in SETTINGS:
        if spec.hidden:
            continue
        asked += [spec.text_key, f"{spec.text_key}-help", f"d-set-group-{spec.group}"]
        asked += [f"{spec.text_key}-{value}" for value in spec.choices]
        asked += [f"{spec.text_key}-on"] if spec.kind is Kind.BOOL else []
        asked += [f"{spec.text_key}-suffix", f"{spec.text_key}-none"] if spec.kind is Kind.NUMBER else []
    assert [key for key in asked if key not in texts] == []


def test_defaults_fit_their_schema() -> None:
    assert [spec.key for spec in SETTINGS if not fits(spec, spec.default)] == []


def test_what_the_window_needs_early_is_in_a_file(tmp_path: Path, qapp: QApplication) -> None:
    settings = Settings(tmp_path)
    told: list[str] = []
    settings.changed.connect(told.append)
    settings.set("theme", "dark")
    settings.set("theme", "dark")
    settings.set_layout("columns", [1, 2])
    assert told == ["theme"]
    again = Settings(tmp_path)
    assert again.get("theme") == "dark"
    assert again.layout("columns") == [1, 2]
    assert again.layout("nothing", 7) == 7


def test_the_others_are_in_the_database_and_the_journal(stage: Stage) -> None:
    settings = stage.services.settings
    settings.set("network.proxy", "http://10.0.0.8:3128")
    assert settings.get("network.proxy") == "http://10.0.0.8:3128"
    assert (
        "network.proxy" not in (stage.services.home / FILE_NAME).read_text("utf-8", "ignore")
        if (stage.services.home / FILE_NAME).exists()
        else True
    )
    assert entries(stage.session.desk().store)[-1].act == "setting.change"


def test_the_database_s_settings_are_defaults_while_it_is_closed(tmp_path: Path, qapp: QApplication) -> None:
    settings = Settings(tmp_path)
    assert settings.get("network.proxy") == ""
    with pytest.raises(RuntimeError):
        settings.set("network.proxy", "http://x")


@pytest.mark.parametrize(
    ("key", "value"),
    [("theme", "pink"), ("font_size", 13), ("font_size", "9"), ("idle_lock_minutes", 999), ("idle_lock_minutes", True),
     ("review.required", 1), ("network.proxy", None)],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused(tmp_path: Path, key: str, value: Any, stage: Stage) -> None:
    with pytest.raises(ValueError, match=key):
        stage.services.settings.set(key, value)


@pytest.mark.parametrize("content", ["", "[]", '{"theme": 3, "font_size": "big"}', "\x00", '{"layout": 3}'])
def test_a_file_that_is_not_ours_counts_as_absent(tmp_path: Path, content: str, qapp: QApplication) -> None:
    (tmp_path / FILE_NAME).write_text(content, "utf-8")
    settings = Settings(tmp_path)
    assert settings.get("theme") == "system"
    assert settings.get("font_size") == 9
    settings.set("theme", "light")
    assert json.loads((tmp_path / FILE_NAME).read_text("utf-8"))["theme"] == "light"


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path, qapp: QApplication) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    settings = Settings(tmp_path / "home")
    settings.set("theme", "dark")
    assert settings.get("theme") == "dark"


def test_places_are_what_the_start_needs() -> None:
    early = {"language", "theme", "density", "font_size", "remote_mode", "masking"}
    assert {key for key in early if BY_KEY[key].place is not Place.FILE} == set()
