"""Tokens have contrast, colours are made in the theme alone, icons are there, and nothing moves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QProgressBar, QSpinBox, QStyle, QTableWidget

from unitclient.desktop.shell import outlines
from unitclient.desktop.theme import look
from unitclient.desktop.theme.icons import icon, pixmap
from unitclient.desktop.theme.style import NoAnimationStyle
from unitclient.desktop.theme.tokens import BY_SCHEME, PAIRS, SIGNS, Scheme, State, contrast
from unitclient.paths import resources_root

DESKTOP = Path(__file__).resolve().parents[3] / "unitclient" / "desktop"


@pytest.mark.parametrize("scheme", list(Scheme))
def test_every_pair_of_tokens_has_its_contrast(scheme: Scheme) -> None:
    tokens = BY_SCHEME[scheme]
    poor = [
        f"{drawn} on {ground}: {contrast(tokens.by_name(drawn), tokens.by_name(ground)):.2f}"
        for drawn, ground, least in PAIRS
        if contrast(tokens.by_name(drawn), tokens.by_name(ground)) < least
    ]
    assert poor == []


def test_contrast_is_the_standard_s() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_states_differ_in_more_than_colour() -> None:
    assert len({SIGNS[state] for state in State}) == len(State)


def test_colours_are_made_in_the_theme_alone() -> None:
    # Both are there before the theme is imported: they draw with colours that they are given as texts.
    allowed = {DESKTOP / "shell" / "frame.py", DESKTOP / "kept.py"}
    making = [
        path.relative_to(DESKTOP).as_posix()
        for path in DESKTOP.rglob("*.py")
        if "theme" not in path.parts and path not in allowed
        and re.search(r"QColor\(|#[0-9A-Fa-f]{6}\b", path.read_text("utf-8").replace(outlines.__file__, ""))
        and path.name != "outlines.py"
    ]  # fmt: skip
    assert making == []


def test_no_page_brings_its_own_style_sheet() -> None:
    own = [path.name for path in DESKTOP.rglob("*.py") if "setStyleSheet(" in path.read_text("utf-8")]
    assert own == ["look.py"]


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_outlines_use_the_colours_of_the_tokens(scheme: Scheme) -> None:
    shown = outlines.COLOURS[scheme is Scheme.DARK]
    assert shown == {name: BY_SCHEME[scheme].by_name(name) for name in shown}


def test_every_icon_that_is_named_can_be_drawn_in_both_schemes(qapp: QApplication) -> None:
    names = [path.stem for path in (resources_root() / "icons").glob("*.svg")]
    assert len(names) > 40
    for scheme in Scheme:
        look.apply(qapp, scheme)
        blank = pixmap("app", 20).toImage()
        blank.fill(0)
        drawn = {name: pixmap(name, 20, "text").toImage() for name in names}
        assert [name for name, image in drawn.items() if image == blank] == []
    look.apply(qapp, Scheme.LIGHT)


def test_icons_that_pages_ask_for_exist() -> None:
    there = {path.stem for path in (resources_root() / "icons").glob("*.svg")}
    asked = set()
    for path in DESKTOP.rglob("*.py"):
        asked |= set(re.findall(r"icon=\"([\w-]+)\"", path.read_text("utf-8")))
        asked |= set(re.findall(r"\bicon\(\"([\w-]+)\"", path.read_text("utf-8")))
    assert asked - there == set()


def test_an_icon_follows_the_scheme(qapp: QApplication) -> None:
    made = icon("settings")
    light = made.pixmap(QSize(20, 20)).toImage()
    look.apply(qapp, Scheme.DARK)
    dark = made.pixmap(QSize(20, 20)).toImage()
    look.apply(qapp, Scheme.LIGHT)
    assert light != dark
    assert made.pixmap(QSize(20, 20), QIcon.Mode.Disabled).toImage() != light


def test_nothing_moves(qapp: QApplication) -> None:
    style = NoAnimationStyle()
    assert style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


def test_fields_are_as_high_as_buttons_and_draw_in_every_state(qapp: QApplication) -> None:
    combo, spin, line, check, bar = QComboBox(), QSpinBox(), QLineEdit(), QCheckBox("x"), QProgressBar()
    combo.addItem("甲")
    table = QTableWidget(40, 2)
    for scheme in Scheme:
        look.apply(qapp, scheme)
        for widget in (combo, spin, line, check, bar, table):
            for enabled in (True, False):
                widget.setEnabled(enabled)
                assert not widget.grab().isNull()
    for field in (combo, spin, line):
        assert field.sizeHint().height() >= 28
    bar.setRange(0, 0)
    check.setTristate(True)
    assert not bar.grab().isNull()
    look.apply(qapp, Scheme.LIGHT)


def test_high_contrast_keeps_the_system_s_palette(qapp: QApplication) -> None:
    before = qapp.palette().window().color()
    look.apply(qapp, Scheme.DARK, system_colours=True)
    assert qapp.styleSheet() == ""
    assert qapp.palette().window().color() == before
    look.apply(qapp, Scheme.LIGHT)
