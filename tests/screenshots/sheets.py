"""Contact sheets: all pictures of one look on a few big ones, a row for each page, its states beside one another."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QImage, QPainter

from tests.screenshots.plan import Shot

_WIDE, _CAPTION, _GAP, _ROWS, _COLUMNS = 620, 22, 10, 4, 3
_MIDDLE, _SMOOTH = Qt.AlignmentFlag.AlignVCenter, Qt.TransformationMode.SmoothTransformation


def write_sheets(folder: Path, taken: list[Shot]) -> None:
    """Write them. There is an application: captions need its fonts."""
    looks: dict[str, dict[str, list[Shot]]] = defaultdict(lambda: defaultdict(list))
    for shot in taken:
        if shot.path(folder).exists():
            looks[f"{shot.theme}-{shot.scale * 100:.0f}-{shot.language}"][shot.name].append(shot)
    for look, names in looks.items():
        rows = list(names.values())
        for number, start in enumerate(range(0, len(rows), _ROWS), start=1):
            path = folder / f"sheet-{look}-{number:02}.png"
            _sheet(folder, rows[start : start + _ROWS]).save(str(path), "PNG", 40)


def _sheet(folder: Path, rows: list[list[Shot]]) -> QImage:
    first = QImage(str(rows[0][0].path(folder)))
    high = round(_WIDE * first.height() / first.width())
    step = QSize(_WIDE + _GAP, high + _CAPTION + _GAP)
    columns = max(_COLUMNS, *(len(row) for row in rows))
    sheet = QImage(columns * step.width() + _GAP, len(rows) * step.height() + _GAP, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#808080"))
    painter = QPainter(sheet)
    font = QFont()
    font.setPixelSize(14)
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    for down, row in enumerate(rows):
        for across, shot in enumerate(row):
            left, top = _GAP + across * step.width(), _GAP + down * step.height()
            painter.drawText(QRect(left, top, _WIDE, _CAPTION), _MIDDLE, shot.path(folder).stem)
            image = QImage(str(shot.path(folder)))
            painter.drawImage(left, top + _CAPTION, image.scaled(_WIDE, high, transformMode=_SMOOTH))
    painter.end()
    return sheet
