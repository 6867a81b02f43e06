"""A picture made to fit a field's limits: cut around its middle, scaled, and saved as JPEG beside the original."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QBuffer, QIODevice, QRect, QSize, Qt
from PyQt6.QtGui import QImage, QImageReader, QPainter

from unitclient.domain.files import FileLimits, file_facts, file_fault
from unitclient.errors import UserError

_QUALITIES = (90, 80, 70, 60, 50, 40)
"""Tried in this order until the file is small enough."""
_FINEST = 100
"""Where the first try is smaller than the limits allow."""


def needs_fitting(path: Path, limits: FileLimits) -> bool:
    """Whether a file is a picture of another size, depth or weight than the limits ask for."""
    if not (limits.width and limits.height):
        return False
    data = path.read_bytes()
    fault = file_fault(data, file_facts(data), limits)
    return fault is not None and QImageReader.imageFormat(str(path)).isEmpty() is False


def fitted(path: Path, limits: FileLimits) -> Path:
    """The picture as the limits ask for it, in a new file beside the original. UserError picture-unreadable.

    Whether the background is white and the face where it should be, is for a person to see.
    """
    picture = _read(path)
    made = _cut(picture, QSize(limits.width, limits.height))
    data = _small_enough(made, limits)
    out = _free(path.with_name(f"{path.stem}-{limits.width}x{limits.height}.jpg"))
    try:
        out.write_bytes(data)
    except OSError as failure:
        raise UserError("file-unwritable", path=out) from failure
    return out


def _read(path: Path) -> QImage:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)  # a telephone's picture may lie on its side
    picture = reader.read()
    if picture.isNull():
        raise UserError("picture-unreadable", path=path)
    return picture


def _cut(picture: QImage, wanted: QSize) -> QImage:
    """Around the middle, as much as has the wanted proportions; what was transparent becomes white."""
    part = wanted.scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio)
    corner = QRect(
        (picture.width() - part.width()) // 2, (picture.height() - part.height()) // 2, part.width(), part.height()
    )
    scaled = picture.copy(corner).scaled(
        wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    flat = QImage(wanted, QImage.Format.Format_RGB888)
    flat.fill(Qt.GlobalColor.white)
    painter = QPainter(flat)
    painter.drawImage(0, 0, scaled)
    painter.end()
    return flat


def _small_enough(picture: QImage, limits: FileLimits) -> bytes:
    data = b""
    for quality in _QUALITIES:
        data = _jpeg(picture, quality)
        if len(data) <= limits.max_bytes:
            break
    return data if len(data) >= limits.min_bytes else _jpeg(picture, _FINEST)


def _jpeg(picture: QImage, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "JPEG", quality)
    return bytes(buffer.data().data())


def _free(path: Path) -> Path:
    """The path, or one with a number where there is a file already."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return found
