"""Undoable acts of the roster: done already when they come onto the stack, and undone in the database lane."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtGui import QUndoCommand

from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk
from unitclient.workflows.roster_edits import Step, do_again, move_people, take_back

Run = Callable[[Callable[[Desk, Unit], int], str], None]
"""Has a work done in the lane; its answer is the number of rows it touched, told by the text of the key given."""


class EditCommand(QUndoCommand):
    """Staged rows and moved departments of one act, as one step."""

    def __init__(self, text: str, run: Run, steps: Sequence[Step], moved: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(text)
        self._run = run
        self._steps = tuple(steps)
        self._before = {number: was for number, (was, _) in moved.items()}
        self._after = {number: now for number, (_, now) in moved.items()}
        self._done = False

    def undo(self) -> None:
        """Have it taken back."""
        self._run(self._take_back, "d-roster-undone")

    def redo(self) -> None:
        """Have it done again; coming onto the stack it is done already."""
        if self._done:
            self._run(self._do_again, "d-roster-redone")
        self._done = True

    def _take_back(self, desk: Desk, unit: Unit) -> int:
        return (take_back(desk, unit, self._steps) if self._steps else 0) + len(move_people(desk, unit, self._before))

    def _do_again(self, desk: Desk, unit: Unit) -> int:
        return (do_again(desk, unit, self._steps) if self._steps else 0) + len(move_people(desk, unit, self._after))
