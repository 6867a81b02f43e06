"""The picture of the first page as it was left: the next start shows it at once, until the page itself is there.

It is shown only where it says what the page would say: nothing was written into the database since, and the window
looks as it did. It lies in a database of its own under the key of the home's database, and there is none in a home that
asks for a passphrase. Imports almost nothing, like everything before the first paint.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

from PyQt6.QtCore import QBuffer, QByteArray, QRect
from PyQt6.QtGui import QColor, QImage, QPainter

FOLDER, FILE_NAME = "cache", "front.db"


class Moving(NamedTuple):
    """What in the picture goes out of date by itself: its place, the ground it stands on, and until when it is true."""

    area: tuple[int, int, int, int]
    """x, y, width, height in logical pixels of the window."""
    ground: str
    until: float
    """Seconds since 1970 by this computer's clock."""


class Picture(NamedTuple):
    """A picture of the whole window, in its own pixels, and what moves in it."""

    image: QImage
    moving: Moving | None


class Look(NamedTuple):
    """What the picture must agree with, apart from the data."""

    version: str
    language: str
    dark: bool
    settings: str
    """The text of desktop.json."""


def look_of(home: Path, version: str, language: str, dark: bool) -> Look:
    """How the window of this home looks now."""
    try:
        settings = (home / "desktop.json").read_text("utf-8")
    except OSError:
        settings = ""
    return Look(version, language, dark, settings)


def keep(home: Path, key: bytes, picture: Picture, look: Look) -> None:
    """Keep it for the next start. Call it when the database is closed. OSError and the driver's errors."""
    from sqlcipher3 import dbapi2

    path = _path(home)
    drop(home)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    told = {"data": _stamp(home), "look": look, "ratio": picture.image.devicePixelRatio(), "moving": picture.moving}
    connection = dbapi2.connect(str(path))
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("CREATE TABLE front (told TEXT NOT NULL, picture BLOB NOT NULL)")
        connection.execute("INSERT INTO front VALUES (?, ?)", (json.dumps(told), _png(picture.image)))
        connection.commit()
    finally:
        connection.close()


def drop(home: Path) -> None:
    """Keep none."""
    _path(home).unlink(missing_ok=True)


def find(home: Path, look: Look) -> QImage | None:
    """The picture, where it still is true; what moved on is blank in it."""
    if not _path(home).exists():
        return None
    try:
        told, png = _read(home)
        if told["data"] != _stamp(home) or told["look"] != list(look):
            return None
        image = QImage.fromData(png, "PNG")
        image.setDevicePixelRatio(float(told["ratio"]))
        moving = told["moving"] and Moving(*told["moving"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no use to anybody: the page itself comes in a moment
    if image.isNull():
        return None
    if moving and time.time() >= moving.until:
        painter = QPainter(image)
        painter.fillRect(QRect(*moving.area), QColor(moving.ground))
        painter.end()
    return image


def _read(home: Path) -> tuple[dict[str, Any], bytes]:
    """What was kept; ValueError where it cannot be read with the home's key, or that asks for a passphrase."""
    from sqlcipher3 import dbapi2

    from unitclient.errors import UserError
    from unitclient.store import keys

    try:
        key = keys.load(home)
        connection = dbapi2.connect(f"{_path(home).as_uri()}?mode=ro", uri=True)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            told, png = connection.execute("SELECT told, picture FROM front").fetchone()
        finally:
            connection.close()
    except (UserError, dbapi2.Error) as fault:
        raise ValueError(FILE_NAME) from fault
    return json.loads(told), png


def _path(home: Path) -> Path:
    return home.absolute() / FOLDER / FILE_NAME


def _stamp(home: Path) -> list[int]:
    """What changes with every write into the home's database; it has no log beside it once it is closed."""
    file, log = (home / name for name in ("unitclient.db", "unitclient.db-wal"))
    state = file.stat()
    return [state.st_size, state.st_mtime_ns, log.stat().st_size if log.exists() else 0]


def _png(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    # Opaque, and packed lightly: what counts is how quickly it is read.
    image.convertToFormat(QImage.Format.Format_RGB32).save(buffer, "PNG", 80)
    return content.data()
