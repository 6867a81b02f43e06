"""A state machine (hypothesis) of one unit with two computers: acts of clerks, faults and time in any order.

A refusal is an answer as any other; what is checked is the world after it. The centre is a real one, in a thread; each
run has a unit of its own there. An act that finds nothing to do says nothing.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.e2e.office import ENROL_HEADERS, MONTH, Office, OfficeClock, faults, office, open_unit, staff
from tests.model.world import believed_too_much, doubled, heard_of, held, known, unsound
from unitclient.app import open_desk
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.store.backup import backup
from unitclient.store.declarations import find_declarations
from unitclient.store.restore import restore
from unitclient.store.transport import Transport
from unitclient.workflows.elsewhere import learn_first
from unitclient.workflows.pen import GIVE, TAKE, move_pen
from unitclient.workflows.prepare import prepare_void
from unitclient.workflows.queueing import withdraw

NOWHERE = "http://127.0.0.1:9"
WHO = st.sampled_from((0, 0, 0, 1))
PLANS: tuple[dict[str, Any], ...] = (
    {"drop_answers": 1},
    {"unavailable": 1, "retry_after_s": 1},
    {"hold": ["decision"]},
    {"hold": ["bill"]},
    {"hold": ["debit"]},
)
MOST_BACKUPS = 3
STEPS: Counter[str] = Counter()
"""How often each act was done, and with which refusal, over all runs of this process."""


class UnitMachine(RuleBasedStateMachine):
    """Two computers of a unit, called upstairs and downstairs; the first has most of the work."""

    centre: RunningCentre

    @initialize()
    def opens(self) -> None:
        """A new unit, two enrolled computers."""
        self.stack = ExitStack()
        self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.url = self.centre.url
        faults(self.url)
        self.opened = open_unit(self.url)
        self.open = [ExitStack(), ExitStack()]
        self.clerks = [stack.enter_context(office(self.folder / name, self.url, self.opened))
                       for stack, name in zip(self.open, ("upstairs", "downstairs"), strict=True)]  # fmt: skip
        self.people, self.backups = 2, 0
        self.clerks[0].enrols(staff(2))

    def does(self, who: int, name: str, act: Any) -> None:
        """An act of a clerk; a refusal is counted by its code."""
        try:
            act(self.clerks[who])
            STEPS[name] += 1
        except UserError as refusal:
            STEPS[f"{name}: {refusal.code}"] += 1

    @rule(who=WHO, count=st.integers(1, 2))
    def imports(self, who: int, count: int) -> None:
        """People join by a workbook."""
        self.people += count
        first = self.people - count + 1
        self.does(who, "import", lambda clerk: clerk.imports("enrol", ENROL_HEADERS, staff(count, first=first)))

    @rule(who=WHO)
    def imports_again(self, who: int) -> None:
        """The same person once more, perhaps from the other computer."""
        first = max(1, self.people)
        self.does(who, "import again", lambda clerk: clerk.imports("enrol", ENROL_HEADERS, staff(1, first=first)))

    @rule(who=WHO, correct=st.booleans())
    def prepares(self, who: int, correct: bool) -> None:
        """The month is prepared, or prepared anew as a correction."""
        self.does(who, "correct" if correct else "prepare", lambda clerk: clerk.prepares(MONTH, correct=correct))

    @rule(who=WHO, asked=st.booleans())
    def signs(self, who: int, asked: bool) -> None:
        """Everything is signed, mostly after asking the centre what the other computer did."""

        def act(clerk: Office) -> None:
            if asked:
                learn_first(clerk.desk, clerk.unit)
            clerk.signs()

        self.does(who, "sign", act)

    @rule(who=WHO)
    def declares(self, who: int) -> None:
        """What a clerk does on a good day, without waiting for the end."""
        for act in (self.prepares, self.signs):
            act(who, False)
        self.syncs(who)

    @rule(who=WHO, place=st.integers(0, 3))
    def withdraws(self, who: int, place: int) -> None:
        """Something is taken out of the queue."""
        names = self.found(who, Transport.QUEUED, Transport.PARKED)
        if names:
            self.does(who, "withdraw", lambda clerk: withdraw(clerk.desk, clerk.unit, names[place % len(names)]))

    @rule(who=WHO, place=st.integers(0, 3))
    def voids(self, who: int, place: int) -> None:
        """Something delivered is voided."""
        names = self.found(who, Transport.DELIVERED)
        if names:
            self.does(who, "void", lambda clerk: prepare_void(clerk.desk, clerk.unit, names[place % len(names)]))

    @rule(who=WHO)
    def syncs(self, who: int) -> None:
        """One round; time enough has passed for the next try."""
        self.clerks[who].waits(90)
        self.does(who, "sync", lambda clerk: clerk.syncs())

    @rule(who=WHO)
    def hands_over(self, who: int) -> None:
        """The pen is taken."""
        self.does(1 - who, "give", lambda clerk: move_pen(clerk.desk, clerk.unit, GIVE))
        self.does(who, "take", lambda clerk: move_pen(clerk.desk, clerk.unit, TAKE))

    @rule(who=WHO)
    def restarts(self, who: int) -> None:
        """The program ends and begins again."""
        self.reopen(who)

    @rule(who=WHO, hours=st.integers(-30, 30))
    def clock_jumps(self, who: int, hours: int) -> None:
        """This computer's clock is set wrong."""
        self.clerks[who].clock.wrong_by = timedelta(hours=hours)

    @rule(plan=st.sampled_from(PLANS))
    def goes_wrong(self, plan: dict[str, Any]) -> None:
        """The centre loses an answer, is full, or leaves something lying."""
        faults(self.url, **plan)

    @rule()
    def goes_well(self) -> None:
        """All faults are over, and the line is back."""
        faults(self.url)
        for clerk in self.clerks:
            if clerk.unit.centre_url != self.url:
                clerk.moves_to(self.url)

    @rule(who=WHO)
    def line_breaks(self, who: int) -> None:
        """No network here."""
        self.clerks[who].moves_to(NOWHERE)

    @precondition(lambda self: self.backups < MOST_BACKUPS)
    @rule()
    def backs_up(self) -> None:
        """The first computer is backed up."""
        self.backups += 1
        self.does(0, "backup", lambda clerk: backup(clerk.base.store, self.folder / f"{self.backups}.ucbackup"))

    @precondition(lambda self: self.backups)
    @rule(back=st.integers(0, 5))
    def restores(self, back: int) -> None:
        """An old backup is restored on the first computer."""
        file = self.folder / f"{max(1, self.backups - back)}.ucbackup"
        if file.exists():
            self.open[0].close()
            restore(file, self.folder / "upstairs", clock=OfficeClock())
            STEPS["restore"] += 1
            self.reopen(0)

    def reopen(self, who: int) -> None:
        """Close a home and open it again; the line may be back."""
        old = self.clerks[who]
        self.open[who].close()
        self.open[who] = ExitStack()
        desk = self.open[who].enter_context(open_desk(old.home, old.clock))
        self.clerks[who] = Office(old.home, self.opened, desk, old.clock, old.unit_number, old.signer)

    def found(self, who: int, *states: Transport) -> list[str]:
        """Ids of a computer's declarations in one of these states, oldest first."""
        clerk = self.clerks[who]
        return [one.id for one in find_declarations(clerk.base.store, clerk.unit_number) if one.transport in states]

    @invariant()
    def nothing_is_believed_too_early_or_doubled(self) -> None:
        """After every step."""
        if not hasattr(self, "clerks"):
            return
        unit = self.clerks[0].unit_number
        there = held(self.centre, unit)
        assert [wrong for clerk in self.clerks for wrong in believed_too_much(there, known(clerk))] == []
        assert doubled(self.centre, unit) == []

    def teardown(self) -> None:
        """At the end the faults are over; both come to rest, and what the centre holds is known to one."""
        if not hasattr(self, "clerks"):
            return
        try:
            self.goes_well()
            for clerk in self.clerks:
                clerk.clock.wrong_by = timedelta(hours=36)  # whatever waits is due
                clerk.settles()
            self.nothing_is_believed_too_early_or_doubled()
            heard = set().union(*(heard_of(clerk) for clerk in self.clerks))
            there = held(self.centre, self.clerks[0].unit_number)
            assert [row["form"] for name, row in there.items() if name not in heard] == [], "unknown here"
            assert [wrong for clerk in self.clerks for wrong in unsound(clerk)] == []
        finally:
            for one in (*self.open, self.stack):
                one.close()
