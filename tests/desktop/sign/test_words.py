"""Words that the pages share: amounts, times, tracks, codes that nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitclient.desktop.pages.sign.words import (
    TRACKS,
    bank_reason,
    finding_words,
    note_word,
    span,
    track_mark,
    track_word,
    until,
    yuan,
)
from unitclient.domain.findings import Finding, Severity
from unitclient.store.transport import Transport
from unitclient.sync.protocol import Acceptance, Money
from unitclient.texts import LANGUAGES, use_language
from unitclient.workflows.status import Light


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_colour_sign_and_word(language: str) -> None:
    use_language(language)
    states = {"transport": Transport, "acceptance": Acceptance, "money": Money, "light": Light}
    for track, kinds in states.items():
        assert set(TRACKS[track]) == {kind.value for kind in kinds}
        for kind in kinds:
            mark = track_mark(track, kind.value)
            assert mark is not None
            assert mark.sign
            assert track_word(track, kind.value)


@given(st.integers(-(10**13), 10**13))
def test_amounts_read_back(fen: int) -> None:
    text = yuan(fen)
    assert round(float(text.replace("¥", "").replace(",", "")) * 100) == fen
    assert text.startswith("-¥" if fen < 0 else "¥")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 秒"), (59, "59 秒"), (60, "1 分钟"), (3660, "1 小时 1 分"), (172800, "2 天 0 小时")],
)
def test_spans(seconds: int, text: str) -> None:
    assert span(timedelta(seconds=seconds)) == text


def test_a_deadline_at_midnight_belongs_to_the_day_before() -> None:
    assert until(datetime(2026, 11, 30, 16, tzinfo=UTC)) == "2026-11-30 24:00"
    assert until(datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)) == "2026-11-30 24:00"
    assert until(datetime(2026, 11, 30, 4, tzinfo=UTC)) == "2026-11-30 12:00"


def test_codes_that_nobody_knows_are_shown_and_break_nothing() -> None:
    assert bank_reason("K77") == "K77"
    assert bank_reason("K00") == ""
    assert note_word("transport", "queued", "http-418") == "http-418"
    why, fix = finding_words(Finding("NEWER_THAN_US", Severity.ERROR))
    assert "NEWER_THAN_US" in why
    assert fix
