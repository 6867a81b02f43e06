"""Signing with real tokens: one PIN for all, wrong PINs, a key that goes, hangs, crashes, and what waits afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desktop.sign.keys import Keyed, keyed
from tests.desktop.sign.office import Room
from tests.tokens.conftest import shim
from tests.tokens.lab import PIN
from unitclient.desktop.pages.sign.state import Outcome, Phase
from unitclient.desktop.tasks import TaskState
from unitclient.store.declarations import set_transport
from unitclient.store.transport import Transport
from unitclient.sync.protocol import Declaration
from unitclient.tokens.keyref import PinState
from unitclient.workflows.reviewing import set_review_required

__all__ = ["shim"]


@pytest.fixture
def token(desk: Room, tmp_path: Path) -> Keyed:
    """A bare token."""
    return keyed(desk, tmp_path)


@pytest.fixture
def faulty(desk: Room, tmp_path: Path, shim: str) -> Keyed:
    """A token behind the shim."""
    return keyed(desk, tmp_path, shim)


def signs(token: Keyed, pin: str | None = PIN, *, retry: bool = False) -> Outcome:
    """Sign everything that waits with a PIN; what came out."""
    told: list[Outcome] = []
    presenter = token.presenter()
    presenter.signed.connect(told.append)
    token.room.dialogs.pins.append(pin)
    presenter.sign(retry=retry)
    assert presenter.state.phase is Phase.IDLE
    return told[0]


def test_one_pin_signs_the_batch_as_shown(faulty: Keyed) -> None:
    outcome = signs(faulty)
    assert outcome.signed == ("新参保增员（2026-11）", "月度申报（2026-11）") or len(outcome.signed) == 2
    assert (outcome.left, outcome.refusal, outcome.cancelled) == ((), None, False)
    assert faulty.transports() == ["queued", "queued"]
    assert faulty.lab.calls("C_Login") == 1
    assert len(faulty.room.dialogs.summaries) == 1
    store = faulty.room.clerk.base.store
    for line in faulty.room.dialogs.summaries[0].lines:
        rows = store.connection.execute("SELECT payload FROM declaration").fetchall()
        told = [Declaration.from_bytes(bytes(row[0])) for row in rows]
        assert line.rows in {len(one.rows) for one in told}
        assert len(line.digest) == 64


def test_the_pin_is_nowhere_afterwards(token: Keyed) -> None:
    signs(token)
    for path in (token.room.services.home, token.room.clerk.home):
        for file in path.rglob("*"):
            if file.is_file() and "softhsm" not in str(file):
                assert PIN.encode() not in file.read_bytes(), file


def test_giving_up_at_the_pin_signs_nothing(token: Keyed) -> None:
    outcome = signs(token, None)
    assert (outcome.signed, outcome.cancelled, len(outcome.left)) == ((), True, 2)
    assert token.transports() == ["checked", "checked"]


def test_wrong_pins_until_the_lock(faulty: Keyed) -> None:
    """Each wrong PIN is told; the next question knows how near the lock is; a locked key is not asked again."""
    faulty.lab.control("tries 3")
    outcomes = [signs(faulty, "999999", retry=place > 0) for place in range(3)]
    assert [one.refusal.code for one in outcomes if one.refusal] == ["pin-wrong", "pin-wrong-final", "pin-locked"]
    asked = [question for kind, question in faulty.room.dialogs.asked if kind == "pin"]
    assert [(one.pin_state, one.retry) for one in asked] == [
        (PinState.OK, False), (PinState.LOW, True), (PinState.FINAL, True)]  # fmt: skip
    assert faulty.lab.calls("C_Login") == 3
    told = signs(faulty)
    assert told.refusal is not None
    assert told.refusal.code == "pin-locked"
    faulty.room.dialogs.pins.clear()
    assert faulty.lab.calls("C_Login") == 3
    assert faulty.transports() == ["checked", "checked"]


def pull_out_after_one(faulty: Keyed) -> Outcome:
    """The key is pulled out when the second declaration begins."""
    told: list[Outcome] = []
    presenter = faulty.presenter()
    presenter.signed.connect(told.append)

    def watch(state: object) -> None:
        if presenter.state.progress[0] == 2:
            faulty.lab.control("C_Sign 0x32", "C_SignInit 0x32")

    presenter.changed.connect(watch)
    faulty.room.dialogs.pins.append(PIN)
    presenter.sign()
    return told[0]


def test_a_key_pulled_out_midway_loses_nothing(faulty: Keyed) -> None:
    outcome = pull_out_after_one(faulty)
    assert outcome.refusal is not None
    assert outcome.refusal.code == "key-gone"
    assert (len(outcome.signed), len(outcome.left)) == (1, 1)
    assert faulty.transports() == ["queued", "checked"]
    faulty.lab.control()
    assert signs(faulty).refusal is None
    assert faulty.transports() == ["queued", "queued"]


@pytest.mark.parametrize(("fault", "code"), [("hang", "key-helper-hung"), ("crash", "key-helper-died")])
def test_a_library_that_hangs_or_crashes(faulty: Keyed, fault: str, code: str) -> None:
    """Its process is ended, the person is told, and everything still waits."""
    faulty.lab.control(f"C_Sign {fault}")
    outcome = signs(faulty)
    assert outcome.refusal is not None
    assert outcome.refusal.code == code
    assert faulty.transports() == ["checked", "checked"]
    faulty.lab.control()
    assert signs(faulty).refusal is None


def test_one_crash_is_got_over(faulty: Keyed) -> None:
    faulty.lab.control("C_Sign once crash")
    assert signs(faulty).refusal is None
    assert faulty.transports() == ["queued", "queued"]


def test_cancelling_ends_the_helper_and_keeps_what_is_signed(faulty: Keyed) -> None:
    told: list[Outcome] = []
    presenter = faulty.presenter()
    presenter.signed.connect(told.append)

    def watch(_state: object) -> None:
        runner = faulty.room.runner
        if presenter.state.progress[0] == 1 and presenter.state.phase is Phase.SIGNING:
            runner.ran[-1].cancel()

    presenter.changed.connect(watch)
    faulty.room.dialogs.pins.append(PIN)
    presenter.sign()
    assert told[0].cancelled
    assert faulty.transports() == ["queued", "checked"]
    assert faulty.room.runner.ran[-1].state is TaskState.DONE


def test_prepared_anew_meanwhile_is_not_signed(token: Keyed) -> None:
    presenter = token.presenter()
    told: list[Outcome] = []
    presenter.signed.connect(told.append)
    token.room.clerk.prepares()
    presenter.sign()
    assert told[0].refusal is not None
    assert told[0].refusal.code == "sign-not-as-shown"
    assert token.room.dialogs.summaries == [], "no PIN is asked for"


def test_what_is_counted_on_comes_along(token: Keyed) -> None:
    presenter = token.presenter()
    enrol, monthly = presenter.state.waiting
    presenter.choose_all(False)
    assert presenter.state.chosen == frozenset()
    assert not presenter.state.ready
    presenter.toggle(monthly.id, True)
    assert presenter.state.chosen == {enrol.id, monthly.id}
    assert presenter.state.required == {enrol.id}
    presenter.choose_only({enrol.id})
    assert presenter.state.chosen == {enrol.id}
    assert presenter.state.totals.total_fen == 0


def test_four_eyes_come_before_the_pin(token: Keyed) -> None:
    store = token.room.clerk.base.store
    set_review_required(store, token.room.clerk.unit_number, True)
    presenter = token.presenter()
    assert presenter.state.review_missing == 2
    assert not presenter.state.ready
    with store.write("test.review"):
        for one in presenter.state.waiting:
            set_transport(store, one.id, Transport.REVIEWED)
    presenter.refresh()
    assert presenter.state.ready


def test_what_was_sent_back_is_not_signed(token: Keyed) -> None:
    store = token.room.clerk.base.store
    presenter = token.presenter()
    with store.write("test.review"):
        set_transport(store, presenter.state.waiting[1].id, Transport.DRAFT, note="review-refused")
    presenter.refresh()
    assert presenter.state.chosen == {presenter.state.waiting[0].id}
    assert presenter.state.waiting[1].sent_back
