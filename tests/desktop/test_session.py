"""The session: opening, units, period, masking, what is told of changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.desktop.stage import UNIT, Stage, add_units, make_stage, other_unit
from unitclient.desktop.masking import mask
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.store.journal import entries
from unitclient.texts import catalogue, error_texts, speak_in_window


def test_a_session_without_a_unit_says_so(stage: Stage) -> None:
    assert stage.session.unit() is None
    assert stage.session.unit_number() == ""
    with pytest.raises(UserError) as refusal:
        stage.session.need_unit()
    assert refusal.value.code == "no-unit"


def test_nothing_can_be_read_before_the_session_is_open(tmp_path: Path, qapp: object) -> None:
    stage = make_stage(tmp_path, opened=False)
    with pytest.raises(RuntimeError):
        stage.session.desk()
    assert stage.session.now().tzinfo is not None


def test_another_unit_comes_to_the_front_and_everybody_is_told(tmp_path: Path, qapp: object) -> None:
    other = other_unit("420100000002", "另一家单位")
    add_units(tmp_path, UNIT, other)
    stage = make_stage(tmp_path)
    told: list[str] = []
    stage.session.unit_changed.connect(told.append)
    stage.session.set_unit(other.unit_number)
    stage.session.set_unit(other.unit_number)
    assert told == [other.unit_number]
    assert stage.session.need_unit().name == "另一家单位"
    stage.close()
    again = make_stage(tmp_path)
    assert again.session.unit_number() == other.unit_number
    again.close()


def test_the_period_is_chosen_until_the_unit_changes(unit_stage: Stage) -> None:
    session = unit_stage.session
    told: list[object] = []
    session.period_changed.connect(told.append)
    session.set_period(Period(2026, 11))
    session.set_period(Period(2026, 11))
    assert session.period() == Period(2026, 11)
    assert told == [Period(2026, 11)]


def test_masking_is_kept_and_a_revealed_value_is_in_the_journal(unit_stage: Stage) -> None:
    session = unit_stage.session
    session.set_masked(True)
    assert unit_stage.services.settings.get("masking") is True
    session.note_unmask("id_number")
    last = entries(session.desk().store)[-1]
    assert (last.act, last.subject) == ("unmask", "id_number")


def test_the_journal_names_who_works_here(unit_stage: Stage) -> None:
    session = unit_stage.session
    session.note_unmask("phone")
    assert entries(session.desk().store)[-1].actor == UNIT.operator
    unit_stage.services.settings.set("operator", "王经办")
    session.note_unmask("phone")
    assert entries(session.desk().store)[-1].actor == "王经办"


def test_refusals_name_no_command_in_the_window(stage: Stage) -> None:
    texts = error_texts("no-unit", {})
    assert "practice start" not in texts.fix
    speak_in_window(False)
    assert "practice start" in error_texts("no-unit", {}).fix


def test_no_refusal_that_a_window_shows_names_an_option() -> None:
    own = {"pin-no-terminal", "sign-what", "font-missing", "d-no-screen", "d-screen-library"}
    naming = [
        code
        for code, entry in catalogue()["error"].items()
        if code not in own
        and re.search(r" --\w|\(--\w|（--\w|unitclient \w", " ".join(entry["en"].values()) + entry["zh"]["fix"])
        and f"d-fix-{code}" not in catalogue()["text"]
    ]
    assert naming == []


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("id", "11010519491231002X", "110***********002X"),
        ("phone", "13812345678", "138******78"),
        ("money", "8,765.43", "••••"),
        ("id", "", ""),
        ("id", "12345678", "********"),
    ],
)
def test_values_are_masked_by_kind(kind: str, value: str, shown: str) -> None:
    assert mask(kind, value) == shown
