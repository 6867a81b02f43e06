"""One process for one scale: takes its pictures, and tells what does not fit or is cut off."""

from __future__ import annotations

import random
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from PyQt6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PyQt6.QtWidgets import QApplication, QWidget

from tests.desktop.walker import cut_off, too_large
from tests.screenshots.dialogs import BEHIND, MAKERS, clean_up
from tests.screenshots.pages import SCENES
from tests.screenshots.plan import SIZES, Plan, Shot, looks, report_path, shots, wanted_dialogs, wanted_pages
from tests.screenshots.room import TITLE_BAR, Room, away, picture, room, settle
from tests.screenshots.sheets import write_sheets
from tests.screenshots.worlds import EMPTY, NORMAL, Worlds
from unitclient.desktop.theme import look
from unitclient.desktop.theme.tokens import Scheme
from unitclient.texts import speak_in_window, use_language

_ALLOWED = ("▾",)
"""A unit's name in the top bar may be cut off: its tool tip has the whole of it."""


class Camera:
    """Takes the pictures of one scale."""

    def __init__(self, folder: Path, out: Path, scale: float, *, quick: bool) -> None:
        self.worlds = Worlds.read(folder / "worlds.json")
        self.plan = Plan.read(folder / "plan.json")
        self.out, self.scale = out, scale
        self.effort = 80 if quick else 40
        self.problems: list[str] = []

    def run(self) -> None:
        """Every look of this scale."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        for theme, language in looks(self.plan, self.scale):
            use_language(language)
            speak_in_window()
            look.apply(app, Scheme(theme))
            self._pages(theme, language)
            self._dialogs(theme, language)
        report_path(self.out, self.scale).write_text("".join(f"{one}\n" for one in self.problems), "utf-8")

    def _pages(self, theme: str, language: str) -> None:
        by_state = defaultdict(list)
        for name, state in wanted_pages(self.plan):
            by_state[state].append(name)
        for state, names in by_state.items():
            with ExitStack() as stack:
                place = self._room(stack, self.worlds.homes[state], token=state != EMPTY)
                for name in names:
                    page = place.page(name)
                    scene = SCENES[name].get(state)
                    if scene is not None:
                        scene(place, page)
                    shot = Shot(name, state, theme, self.scale, language)
                    self._take(place, shot, None)
                    self._check(shot, page, too_large(page))

    def _dialogs(self, theme: str, language: str) -> None:
        wanted = wanted_dialogs(self.plan)
        fresh = [one for one in wanted if BEHIND.get(one[0]) == ""]
        home = self.worlds.homes.get(NORMAL) or next(iter(self.worlds.homes.values()))
        for names, where in ((fresh, None), ([one for one in wanted if one not in fresh], home)):
            if not names:
                continue
            with ExitStack() as stack:
                place = self._room(stack, where, token=where is not None)
                for name, state in names:
                    place.page(BEHIND.get(name) or "dashboard")
                    dialog = MAKERS[name](place, state)
                    shot = Shot(name, state, theme, self.scale, language)
                    self._take(place, shot, dialog)
                    if dialog is not None:
                        self._check(shot, dialog, self._beyond(place, dialog))
                        away(dialog)
                    clean_up(place)

    def _room(self, stack: ExitStack, home: str | None, *, token: bool) -> Room:
        # Paths are seen in pictures: a plain name, whatever the computer calls its folders.
        copy = stack.enter_context(tempfile.TemporaryDirectory(prefix="unitclient-"))
        size = SIZES.get(self.scale, SIZES[1.0])
        plugged = self.worlds.token if token else ""
        return stack.enter_context(room(Path(home) if home else None, Path(copy) / "home", size, plugged))

    def _take(self, place: Room, shot: Shot, dialog: QWidget | None) -> None:
        settle()
        picture(place.window, dialog).save(str(shot.path(self.out)), "PNG", self.effort)

    def _beyond(self, place: Room, dialog: QWidget) -> str:
        room_for = place.window.size()
        if dialog.width() <= room_for.width() and dialog.height() + TITLE_BAR <= room_for.height():
            return ""
        return f"{dialog.width()} x {dialog.height()}"

    def _check(self, shot: Shot, widget: QWidget, large: str) -> None:
        where = shot.path(self.out).stem
        if large:
            self.problems.append(f"{where}: needs {large}")
        cut = [text for text in cut_off(widget) if not any(mark in text for mark in _ALLOWED)]
        self.problems += [f"{where}: cut off: {text}" for text in cut]


def _tell(_kind: QtMsgType, _where: QMessageLogContext, text: str | None) -> None:
    """What Qt complains of, but for what the offscreen platform says of itself."""
    if text and "This plugin does not support" not in text:
        print(text, file=sys.stderr)


def main(arguments: list[str]) -> int:
    """folder of the worlds, folder of the pictures, scale; `--quick`."""
    random.seed(1)
    folder, out, scale = Path(arguments[0]), Path(arguments[1]), float(arguments[2])
    camera = Camera(folder, out, scale, quick="--quick" in arguments)
    qInstallMessageHandler(_tell)
    app = QApplication(["screenshots"])
    camera.run()
    write_sheets(out, [one for one in shots(camera.plan) if one.scale == scale])
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
