"""The room itself: what is kept of a failure can be looked at."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtGui import QImage

from tests.e2e.screen.room import SCREEN, Room


def test_the_screen_is_photographed(office: Room, tmp_path: Path) -> None:
    picture = QImage(str(office.picture(tmp_path / "screen.png")))
    assert f"{picture.width()}x{picture.height()}x24" == SCREEN
