"""The picture of the first page as it was left: the next start shows it at once, until the page itself is there.

It is shown only where nothing was written into the database since, the window looks as it did, the day is the same and
the deadline it speaks of has not passed; it says of what moment it is, and a number that moved on is blank. It lies in
a database of its own under the key of the home's database, and there is none in a home that asks for a passphrase.
Imports almost nothing, like everything before the first paint.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QRect
from PyQt6.QtGui import QColor, QImage, QPainter

FOLDER, FILE_NAME = "cache", "front.db"
_FORMAT, _BYTES = QImage.Format.Format_RGB32, 4


Moving = tuple[tuple[int, int, int, int], str, float]
"""What in a picture goes out of date by itself: its area (x, y, width, height in the window's logical pixels), the
colour of the ground it stands on, and until when it is true (seconds since 1970 by this computer's clock)."""
Truth = tuple[Moving | None, float]
"""What moves in a picture, and until when the rest of it is true (seconds since 1970)."""
Look = list[object]
"""What a picture must agree with, apart from the data: version, language, dark or not, the text of desktop.json."""


def look_of(home: Path, version: str, language: str, dark: bool) -> Look:
    """How the window of this home looks now."""
    try:
        settings = (home / "desktop.json").read_text("utf-8")
    except OSError:
        settings = ""
    return [version, language, dark, settings]


def keep(home: Path, key: bytes, image: QImage, truth: Truth, look: Look) -> None:
    """Keep it for the next start. Call it when the database is closed. OSError and the driver's errors."""
    from sqlcipher3 import dbapi2

    path = _path(home)
    drop(home)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    told = {"data": _stamp(home), "look": look, "size": [image.width(), image.height()],
            "ratio": image.devicePixelRatio(), "truth": truth}  # fmt: skip
    connection = dbapi2.connect(str(path))
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("CREATE TABLE front (told TEXT NOT NULL, picture BLOB NOT NULL)")
        connection.execute("INSERT INTO front VALUES (?, ?)", (json.dumps(told), _packed(image)))
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
        told, packed = _read(home)
        moving, ends = told["truth"]
        if told["data"] != _stamp(home) or told["look"] != look or time.time() >= ends:
            return None
        image = _unpacked(packed, *told["size"])
        image.setDevicePixelRatio(float(told["ratio"]))
        area, ground, until = moving or ((0, 0, 0, 0), "", 0.0)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no use to anybody: the page itself comes in a moment
    if ground and time.time() >= until:
        painter = QPainter(image)
        painter.fillRect(QRect(*area), QColor(ground))
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
            told, packed = connection.execute("SELECT told, picture FROM front").fetchone()
        finally:
            connection.close()
    except (UserError, dbapi2.Error) as fault:
        raise ValueError(FILE_NAME) from fault
    return json.loads(told), packed


def _path(home: Path) -> Path:
    return home.absolute() / FOLDER / FILE_NAME


def _stamp(home: Path) -> list[int]:
    """What changes with every write into the home's database; it has no log beside it once it is closed."""
    file, log = (home / name for name in ("unitclient.db", "unitclient.db-wal"))
    state = file.stat()
    return [state.st_size, state.st_mtime_ns, log.stat().st_size if log.exists() else 0]


def _packed(image: QImage) -> bytes:
    """Its pixels, packed lightly: what counts is how quickly they are read. A PNG would have Qt look for plug-ins."""
    pixels = image.convertToFormat(_FORMAT)
    whole = pixels.constBits()
    assert whole is not None
    return zlib.compress(whole.asstring(pixels.sizeInBytes()), 1)


def _unpacked(packed: bytes, wide: int, high: int) -> QImage:
    """The image of these pixels; ValueError where they are not as many."""
    try:
        # Told how large the answer will be, it is not copied again and again while it grows.
        pixels = zlib.decompress(packed, bufsize=wide * high * _BYTES)
    except (zlib.error, OverflowError) as fault:
        raise ValueError(FILE_NAME) from fault
    if len(pixels) != wide * high * _BYTES:
        raise ValueError(FILE_NAME)
    image = QImage(pixels, wide, high, wide * _BYTES, _FORMAT)
    image.pixels = pixels  # type: ignore[attr-defined]  # Qt does not copy them: they live as long as the image
    return image
