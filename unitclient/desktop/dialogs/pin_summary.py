"""What exactly is signed, as the PIN dialog shows it: unit, certificate, and every form with its digest."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from unitclient.desktop.dialogs.service import SignLine, SignSummary
from unitclient.desktop.pages.sign.words import yuan
from unitclient.desktop.theme import fonts
from unitclient.desktop.theme.look import look
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, label, row
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.texts import say

_MOST_LINES = 3
_SCROLLED_HEIGHT, _LEAST_HEIGHT = 210, 66
LINES = "pinLines"
"""Object name of the area with the blocks."""


def summary_box(summary: SignSummary) -> QWidget:
    """Unit and certificate, then one block for each declaration; many of them scroll."""
    box = QVBoxLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(8)
    box.addLayout(_head(summary))
    for member in _what(summary):
        box.addWidget(member)
    made = boxed(box)
    made.setAccessibleName(say("d-pin-summary-name"))
    return made


def _what(summary: SignSummary) -> tuple[QWidget, ...]:
    """The declarations and their sum, or what else the signature is for."""
    if summary.purpose:
        return (label(summary.purpose, wrap=True, selectable=True),)
    return _lines(summary), _sum(summary)


def _head(summary: SignSummary) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    name = say("d-pin-unit", name=summary.unit_name, number=summary.unit_number)
    unit = label(name if summary.unit_number else summary.unit_name, "strong", wrap=True)
    pill = StatusPill(State.WARN, say("d-pin-practice"))
    if not summary.practice:
        pill.hide()
    grid.addWidget(label(say("d-pin-unit-label"), "secondary"), 0, 0, Qt.AlignmentFlag.AlignTop)
    both = row(unit, pill)
    both.setStretch(0, 1)
    grid.addLayout(both, 0, 1)
    grid.addWidget(label(say("d-pin-certificate"), "secondary"), 1, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(label(summary.certificate, wrap=True, selectable=True), 1, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _lines(summary: SignSummary) -> QWidget:
    """The blocks in a frame; more than a few of them scroll."""
    box = QVBoxLayout()
    box.setContentsMargins(12, 8, 12, 8)
    box.setSpacing(8)
    for one in summary.lines:
        box.addWidget(_block(one))
    box.addStretch(1)
    inner = boxed(box)
    area = QScrollArea()
    area.setObjectName(LINES)
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(say("d-pin-lines-name"))
    whole = inner.sizeHint().height() + 2 * area.frameWidth()
    area.setFixedHeight(whole if len(summary.lines) <= _MOST_LINES else _SCROLLED_HEIGHT)
    if len(summary.lines) <= _MOST_LINES:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def shorten_lines(dialog: QWidget, by: int) -> int:
    """Take height from the blocks, which scroll then; one block is always seen whole. Gives what was taken."""
    areas = dialog.findChildren(QScrollArea, LINES)
    if not areas or by <= 0:
        return 0
    area = areas[0]
    before = area.minimumHeight()
    area.setFixedHeight(max(_LEAST_HEIGHT, before - by))
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return before - area.minimumHeight()


def _block(one: SignLine) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(0)
    amount = say("d-pin-no-amount") if one.total_fen is None else yuan(one.total_fen)
    counts = one.what or say("d-pin-persons", persons=one.persons, rows=one.rows)
    if one.unit:
        grid.addWidget(label(one.unit, "secondary", wrap=True), 0, 0, 1, 3)
    grid.addWidget(label(one.form, "strong"), 1, 0)
    grid.addWidget(label(counts, "secondary"), 1, 1)
    grid.addWidget(_right(label("" if one.what else amount, "strong")), 1, 2)
    digest = digest_label(one.digest)
    grid.addWidget(digest, 2, 0, 1, 3)
    grid.setColumnStretch(1, 1)
    made = QWidget()
    made.setLayout(grid)
    return made


def digest_label(digest: str) -> QLabel:
    """A SHA-256 in groups of eight, so that two can be compared by eye."""
    groups = [digest[place : place + 8] for place in range(0, len(digest), 8)]
    lines = (" ".join(groups[place : place + 4]) for place in range(0, len(groups), 4))
    shown = label("SHA-256 " + "\n        ".join(lines), "hint", selectable=True)
    shown.setFont(fonts.mono(max(8, look().font_size - 1)))
    shown.setMinimumHeight(2 * shown.fontMetrics().lineSpacing() + 2)
    shown.setAccessibleName(say("d-pin-digest-name", digest=digest))
    return shown


def _sum(summary: SignSummary) -> QLabel:
    total = sum(one.total_fen or 0 for one in summary.lines)
    return _right(label(say("d-pin-sum", count=len(summary.lines), total=yuan(total)), "strong"))


def _right(shown: QLabel) -> QLabel:
    shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return shown
