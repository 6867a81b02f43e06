"""Two computers of one unit: one holds the pen, the other reads; asked, given, and taken when the other is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.office import MONTH, Office, at_centre, office, open_unit, staff
from tests.e2e.test_clocks import centre_time
from unitclient.central.pen import LEASE, PATIENCE
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.workflows.month_state import month_state
from unitclient.workflows.pen import ASK, GIVE, TAKE, move_pen
from unitclient.workflows.pen_state import known_pen
from unitclient.workflows.units import Enrolment, enrol_unit

Pair = tuple[Office, Office]


@pytest.fixture
def pair(own_centre: RunningCentre, tmp_path: Path) -> Iterator[Pair]:
    """Two homes of one unit; the first has people waiting to be declared, and so the pen."""
    opened = open_unit(own_centre.url)
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(office(tmp_path / name, own_centre.url, opened)) for name in ("upstairs", "downstairs")
        )
        first.enrols(staff(2))
        first.syncs()
        second.enrols(staff(1, first=5))
        second.syncs()
        yield first, second


def refusal(act: Callable[[], object]) -> str:
    """The code an act is refused with."""
    with pytest.raises(UserError) as refused:
        act()
    return refused.value.code


def codes(clerk: Office) -> set[str]:
    """What the dashboard asks for."""
    return {one.code for one in month_state(clerk.desk, clerk.unit, MONTH).to_dos}


def later(running: RunningCentre, pair: Pair, length: timedelta) -> None:
    """Time passes for everybody."""
    centre_time(running.url, running.state.core.clock.now() + length)
    for clerk in pair:
        clerk.waits(length.total_seconds())


def test_one_writes_and_the_other_reads(own_centre: RunningCentre, pair: Pair) -> None:
    """The second may look and enter rows, not prepare; when the first has finished, the pen is free by itself."""
    first, second = pair
    assert (known_pen(first.base.store, first.unit).mine, known_pen(second.base.store, second.unit).mine) == (
        True,
        False,
    )
    assert refusal(second.prepares) == "pen-elsewhere"
    assert "pen-elsewhere" in codes(second)
    assert second.syncs().trouble == ""
    first.declares()
    second.syncs()
    assert known_pen(second.base.store, second.unit).mine
    second.signs(second.prepares(MONTH + 1).others[0][0])
    second.settles()
    assert [form for form, _, _ in at_centre(own_centre, first.unit_number)] == ["enrol", "monthly", "enrol"]


def test_asked_for_and_given(own_centre: RunningCentre, pair: Pair) -> None:
    """Asked: the other's dashboard says who asks. Given: it goes to the one who asked, and the roles are turned."""
    first, second = pair
    assert not move_pen(second.desk, second.unit, ASK).mine
    assert refusal(lambda: move_pen(second.desk, second.unit, TAKE)) == "pen-not-given"
    first.syncs()
    assert known_pen(first.base.store, first.unit).asked_by
    assert "pen-asked" in codes(first)
    move_pen(first.desk, first.unit, GIVE)
    second.syncs()
    assert known_pen(second.base.store, second.unit).mine
    assert refusal(first.prepares) == "pen-elsewhere"
    second.prepares()


def test_taken_when_the_other_does_not_answer(own_centre: RunningCentre, pair: Pair) -> None:
    """Five minutes after asking it may be taken, and half an hour after the last sign of life without asking."""
    first, second = pair
    move_pen(second.desk, second.unit, ASK)
    later(own_centre, pair, PATIENCE + timedelta(seconds=1))
    assert move_pen(second.desk, second.unit, TAKE).mine
    first.syncs()
    assert refusal(first.prepares) == "pen-elsewhere"
    later(own_centre, pair, LEASE + timedelta(seconds=1))
    first.syncs()
    assert known_pen(first.base.store, first.unit).mine
    assert first.prepares().persons == 2


def test_without_a_line_one_goes_by_what_was_known_last(own_centre: RunningCentre, pair: Pair) -> None:
    """A pen that another had is taken for free once its time is over; the centre takes whatever is rightly signed."""
    first, second = pair
    second.moves_to("http://127.0.0.1:9")
    second.syncs()
    assert refusal(second.prepares) == "pen-elsewhere"
    second.waits(LEASE.total_seconds() + 1)
    assert second.prepares().persons == 1
    second.signs()
    assert known_pen(first.base.store, first.unit).mine


def test_a_computer_enrolled_anew_is_not_in_its_own_way(own_centre: RunningCentre, pair: Pair) -> None:
    """It had the pen under its old device key: it has it again with the next contact."""
    first, _ = pair
    wish = Enrolment(own_centre.url, first.opened["ca_pem"], {}, "经办人甲", practice=True)
    enrol_unit(first.base, wish, first.signer)
    first.syncs()
    assert known_pen(first.base.store, first.unit).mine
    first.prepares()
