"""Countdown, stepper, notes, chart: what they say, to the eye and to assistive technology."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFontMetrics
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.sign.hands import press
from unitclient.desktop.theme import fonts, look
from unitclient.desktop.theme.series import SERIES
from unitclient.desktop.theme.tokens import BY_SCHEME, Scheme, State, contrast
from unitclient.desktop.widgets.chart import BarChart, ChartData, Series, _ceiling
from unitclient.desktop.widgets.countdown import Countdown, remaining, same_for
from unitclient.desktop.widgets.stepper import NARROWEST, Stepper, StepView
from unitclient.desktop.widgets.todo import Note, NoteList
from unitclient.paths import resources_root
from unitclient.texts import use_language

NOW = datetime(2026, 11, 10, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "text", "state"),
    [
        (timedelta(days=6, hours=11, minutes=59), "6 天 11 小时", State.OK),
        (timedelta(days=2, minutes=1), "2 天 0 小时", State.WARN),
        (timedelta(hours=5, minutes=7), "5 小时 7 分", State.ERR),
        (timedelta(seconds=20), "0 小时 0 分", State.ERR),
        (timedelta(seconds=-1), "已截止", State.ERR),
        (timedelta(days=-2, hours=-5), "已过 2 天", State.ERR),
    ],
)
def test_what_is_left(left: timedelta, text: str, state: State) -> None:
    told = remaining(left)
    assert (told.text, told.state) == (text, state)


@given(st.timedeltas(min_value=timedelta(days=-90), max_value=timedelta(days=90)))
def test_time_over_is_never_green(left: timedelta) -> None:
    assert remaining(left).state is not State.OK or left >= timedelta(days=3)


def test_the_number_changes_with_the_minute_only(qtbot: QtBot) -> None:
    times = [NOW]
    clock = Countdown(lambda: times[0])
    qtbot.addWidget(clock)
    clock.show_deadline(NOW + timedelta(hours=2), ("截止", "依据"), ((State.WARN, "推算"),))
    assert clock.number.text() == "2 小时 0 分"
    assert "2 小时 0 分" in clock.number.accessibleName()
    before = clock.number.text()
    times[0] += timedelta(seconds=0.5)
    clock.tick()
    times[0] += timedelta(seconds=60)
    clock.tick()
    assert (before, clock.number.text()) == ("2 小时 0 分", "1 小时 58 分")
    clock.show_deadline(NOW, ("", ""), (), calm=True)
    assert clock.number.text() == "已报送"
    assert clock.pills.count() == 0


def steps(count: int = 9) -> tuple[StepView, ...]:
    return tuple(StepView(f"s{n}", f"步骤{n}", State.OK, "✓", "已完成", f"{n} 行") for n in range(count))


def test_steps_are_buttons_with_names_and_arrow_keys(qtbot: QtBot) -> None:
    stepper = Stepper("进度")
    qtbot.addWidget(stepper)
    stepper.show_steps(steps())
    assert stepper.buttons[2].accessibleName() == "第 3 步，共 9 步，步骤2：已完成"
    assert stepper.buttons[2].accessibleDescription() == "2 行"
    stepper.show()
    stepper.activateWindow()
    stepper.buttons[0].setFocus()
    qtbot.waitUntil(stepper.buttons[0].hasFocus)
    press(stepper.buttons[0], Qt.Key.Key_Right)
    assert stepper.buttons[1].hasFocus()
    with qtbot.waitSignal(stepper.chosen) as told:
        press(stepper.buttons[1], Qt.Key.Key_Space)
    assert told.args == ["s1"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_note_fits_below_its_step(language: str, qapp: QApplication) -> None:
    use_language(language)
    room = QFontMetrics(fonts.body(9))
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
    params = {"count": 12, "joining": 12, "leaving": 12}
    own = tomllib.loads((resources_root() / "texts" / "desktop-month.toml").read_text("utf-8"))["text"]
    for key, entry in own.items():
        if not key.startswith("d-step-") or key.startswith(("d-step-name", "d-step-title", "d-step-state")):
            continue
        text = entry[language].format(**params)
        taken = room.boundingRect(0, 0, NARROWEST - 6, 999, int(flags), text)
        assert taken.height() <= room.lineSpacing() * 2, (key, text)
        assert taken.width() <= NARROWEST, (key, text)


def test_notes_lead_on_and_keep_the_focus(qtbot: QtBot) -> None:
    notes = NoteList("待办", "没有待办")
    qtbot.addWidget(notes)
    notes.show_notes(())
    assert not notes._empty.isHidden()
    notes.show_notes((Note("0", State.ERR, "急", "有 2 行被退回", "", "去改正"), Note("1", State.INFO, "待办", "签名")))
    assert notes._empty.isHidden()
    assert notes.acts["0"].accessibleName() == "去改正：有 2 行被退回"
    with qtbot.waitSignal(notes.acted) as told:
        notes.acts["0"].click()
    assert told.args == ["0"]
    kept = notes.acts["0"]
    notes.show_notes(notes.notes or ())
    assert notes.acts["0"] is kept


@pytest.mark.parametrize("scheme", list(Scheme))
def test_series_stand_out_from_their_surface(scheme: Scheme) -> None:
    for colour in SERIES[scheme]:
        assert contrast(colour, BY_SCHEME[scheme].surface) >= 3, colour
    assert len(set(SERIES[scheme])) == len(SERIES[scheme])


@given(st.floats(min_value=0, max_value=1e9))
def test_the_axis_ends_above_the_highest_bar(top: float) -> None:
    assert top <= _ceiling(top) <= max(4.0, top * 2.01)


def test_a_chart_says_in_words_what_it_draws(qtbot: QtBot) -> None:
    chart = BarChart()
    qtbot.addWidget(chart)
    data = ChartData("人数", ("26-11", "26-12"), (Series("养老", (1.0, 2.0)), Series("医疗", (3.0, 4.0))), "两个月")
    chart.show_data(data)
    drawn = chart.view.chart()
    assert drawn is not None
    assert drawn.animationOptions() == drawn.AnimationOption.NoAnimation
    assert (chart.accessibleName(), chart.accessibleDescription()) == ("人数", "两个月")
    chart.show_data(data)
    assert chart.view.chart() is drawn
    look.look().changed.emit()
    assert chart.view.chart() is not drawn


@pytest.mark.parametrize(
    ("left", "same"),
    [
        (timedelta(days=3, hours=5, minutes=20), timedelta(minutes=20)),
        (timedelta(hours=5, minutes=20, seconds=7), timedelta(seconds=7)),
        (timedelta(hours=-1), timedelta()),
    ],
)
def test_how_long_the_words_of_what_is_left_stay_true(left: timedelta, same: timedelta) -> None:
    assert same_for(left) == same
    a_second = timedelta(seconds=1)
    if same:
        assert remaining(left - same) == remaining(left)
        assert remaining(left - same - a_second) != remaining(left)
