"""Keys alone: every page is reached by the key its entry names, and nothing flashes up on the way."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt

from tests.desktop.stories.program import CTRL, Program
from tests.e2e.office import Office, staff
from unitclient.desktop.dialogs.import_wizard.dialog import ImportDialog


def test_every_key_of_the_navigation_leads_where_it_says(sits_down: Callable[..., tuple[Office, Program]]) -> None:
    clerk, program = sits_down()
    clerk.enrols(staff(2))
    clerk.prepares()
    names = program.desktop.window.nav.page_ids()
    for number, name in enumerate(names[:9], start=1):
        assert program.go(number).page_id == name
    program.press(Qt.Key.Key_F6)
    for name in names[9:]:
        program.press(Qt.Key.Key_Down)
        program.settle()
        assert program.page().page_id == name
    program.press(Qt.Key.Key_F1)
    program.sees("快捷键")
    program.press(Qt.Key.Key_Escape)
    assert program.top() is program.frame


def test_a_key_of_the_page_in_front_counts_wherever_the_focus_is(
    sits_down: Callable[..., tuple[Office, Program]],
) -> None:
    """The focus is still in the navigation; the help sheet of the page says Ctrl+I, so Ctrl+I it is."""
    _clerk, program = sits_down()
    program.go(3)
    program.press(Qt.Key.Key_F6)
    program.press(Qt.Key.Key_I, CTRL)
    program.dialog(ImportDialog)
    program.press(Qt.Key.Key_Escape)
    program.go(4)
    program.press(Qt.Key.Key_I, CTRL)
    assert program.top() is program.frame, "the page of that key is not in front any more"
