"""Faults on purpose, for tests and rehearsals: lost answers, an unavailable service, delays, death at a chosen step."""

from __future__ import annotations

import os
import signal
import sys
import threading
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class FaultPlan:
    """What goes wrong next. Counts run down to zero; everything zero or empty is a healthy service.

    `drop_answers` submissions are stored and their connection is cut before the answer. `unavailable` submissions are
    refused with `refuse_code` and `retry_after_s`. `delay_ms` delays every answer. `die_at` is "<step>:before" (the
    step's transaction is open and never commits) or "<step>:after" (it has committed): the process kills itself there.
    `hold` names steps the worker does not take until they are released.
    """

    drop_answers: int = 0
    unavailable: int = 0
    retry_after_s: int = 1
    refuse_code: str = "intake-full"
    delay_ms: int = 0
    die_at: str = ""
    hold: tuple[str, ...] = ()


class Faults:
    """The plan in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plan = FaultPlan()

    @property
    def plan(self) -> FaultPlan:
        """What is still to come."""
        return self._plan

    def replace(self, plan: FaultPlan) -> None:
        """A new plan."""
        with self._lock:
            self._plan = plan

    def take_unavailable(self) -> FaultPlan | None:
        """The plan, when it says that this submission is to be refused, else None."""
        with self._lock:
            if not self._plan.unavailable:
                return None
            self._plan = replace(self._plan, unavailable=self._plan.unavailable - 1)
            return self._plan

    def take_drop(self) -> bool:
        """Whether this answer is to be lost."""
        with self._lock:
            if not self._plan.drop_answers:
                return False
            self._plan = replace(self._plan, drop_answers=self._plan.drop_answers - 1)
            return True

    def maybe_die(self, where: str) -> None:
        """Kill this process when the plan says so. Nothing is cleaned up: that is the point."""
        if self._plan.die_at == where:
            if sys.platform == "win32":
                os._exit(9)
            os.kill(os.getpid(), signal.SIGKILL)
