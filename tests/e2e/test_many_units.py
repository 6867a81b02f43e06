"""An agency's month at the real centre: prepare, sign and send for many units; what is wrong with one stays its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.agency import Agency, agency, give_key, told
from tests.e2e.office import MONTH, at_centre, staff
from unitclient.central.server import RunningCentre
from unitclient.domain.period import Period
from unitclient.errors import Cancelled, UserError
from unitclient.store.settings import put_setting
from unitclient.store.units import add_unit
from unitclient.workflows.centre_clock import with_centre_clock
from unitclient.workflows.many_keys import sign_units, to_sign_by_key
from unitclient.workflows.many_units import prepare_units, send_units
from unitclient.workflows.month_steps import Step
from unitclient.workflows.reviewing import pass_review, set_review_required
from unitclient.workflows.signing import to_sign
from unitclient.workflows.unit_months import BatchAct, unit_months
from unitclient.workflows.unit_outcomes import UnitResult

FIRST, SECOND, THIRD = "丙餐饮", "乙制造", "甲商贸"
DONE, NEEDLESS, REFUSED, CANCELLED = UnitResult
AWAY = "http://127.0.0.1:9"


@pytest.fixture
def three(centre: RunningCentre, tmp_path: Path) -> Iterator[Agency]:
    """Three units; the first two have people, the third has nobody."""
    with agency(tmp_path / "home", centre.url, (FIRST, SECOND, THIRD)) as made:
        made.clerks[FIRST].enrols(staff(3))
        made.clerks[SECOND].enrols(staff(2, first=7))
        yield made


def test_a_month_of_many_units(three: Agency, centre: RunningCentre) -> None:
    nobody = (NEEDLESS, 0, "units-nobody")
    assert told(prepare_units(three.desk, MONTH)) == {FIRST: (DONE, 3, ""), SECOND: (DONE, 2, ""), THIRD: nobody}
    signed = sign_units(three.desk, (), three.key)
    unsigned = (NEEDLESS, 0, "units-unsigned-none")
    assert told(signed) == {FIRST: (DONE, 2, ""), SECOND: (DONE, 2, ""), THIRD: unsigned}
    assert three.asked == [[FIRST], [SECOND]]
    sent = told(send_units(three.desk))
    assert sent == {FIRST: (DONE, 2, ""), SECOND: (DONE, 2, ""), THIRD: (NEEDLESS, 0, "units-unsent-none")}
    for name in (FIRST, SECOND):
        assert [form for form, _, _ in at_centre(centre, three.clerks[name].unit_number)] == ["enrol", "monthly"]
    again = told(prepare_units(three.desk, MONTH))
    assert {again[name] for name in (FIRST, SECOND)} == {(NEEDLESS, 0, "month-already-declared")}


def test_only_the_chosen_units_and_each_once(three: Agency) -> None:
    second = three.clerks[SECOND].unit_number
    assert told(prepare_units(three.desk, MONTH, (second, second))) == {SECOND: (DONE, 2, "")}
    assert not to_sign(three.clerks[FIRST].desk, three.clerks[FIRST].unit)
    with pytest.raises(UserError, match="unit-unknown"):
        prepare_units(three.desk, MONTH, ("000",))


def test_a_signed_month_is_not_prepared_again(three: Agency) -> None:
    prepare_units(three.desk, MONTH)
    three.clerks[FIRST].signs()
    again = told(prepare_units(three.desk, MONTH))
    assert again[FIRST] == (NEEDLESS, 0, "month-on-its-way")
    assert again[SECOND] == (DONE, 2, "")


def test_a_centre_that_is_away_holds_up_its_own_unit(three: Agency, centre: RunningCentre) -> None:
    prepare_units(three.desk, MONTH)
    sign_units(three.desk, (), three.key)
    three.clerks[SECOND].moves_to(AWAY)
    sent = told(send_units(three.desk))
    assert sent[FIRST] == (DONE, 2, "")
    assert sent[SECOND] == (REFUSED, 0, "centre-unreachable")
    assert BatchAct.SEND not in _blocks(three, SECOND)
    three.clerks[SECOND].moves_to(centre.url)
    assert told(send_units(three.desk))[SECOND] == (DONE, 2, ""), "what was not reached is due at once"


def test_units_of_one_key_share_one_pin(three: Agency) -> None:
    first, second, third = three.clerks.values()
    with three.desk.store.write("test.key"):
        certificate = first.unit.certificate_der
        add_unit(three.desk.store, replace(second.unit, key_ref=first.unit.key_ref, certificate_der=certificate))
    third.enrols(staff(1, first=20))
    prepare_units(three.desk, MONTH)
    signed = told(sign_units(three.desk, (), three.key))
    assert three.asked == [[FIRST, SECOND], [THIRD]]
    assert signed == {FIRST: (DONE, 2, ""), SECOND: (DONE, 2, ""), THIRD: (DONE, 2, "")}


def test_a_key_that_is_another_unit_s_signs_for_its_own(three: Agency) -> None:
    give_key(three.clerks[SECOND], three.clerks[FIRST].unit_number)
    prepare_units(three.desk, MONTH)
    signed = told(sign_units(three.desk, (), three.key))
    assert three.asked == [[FIRST, SECOND]]
    assert signed[FIRST] == (DONE, 2, "")
    assert signed[SECOND] == (REFUSED, 0, "key-of-another-unit")
    assert len(to_sign(three.clerks[SECOND].desk, three.clerks[SECOND].unit)) == 2


def test_giving_up_at_one_key_goes_on_with_the_next(three: Agency) -> None:
    prepare_units(three.desk, MONTH)
    three.gives_up = {FIRST}
    signed = told(sign_units(three.desk, (), three.key))
    assert signed[FIRST] == (CANCELLED, 0, "")
    assert signed[SECOND] == (DONE, 2, "")


def test_stopping_leaves_what_was_signed(three: Agency) -> None:
    prepare_units(three.desk, MONTH)
    clerk = three.clerks[FIRST]

    def stop(_done: int, _total: int) -> None:
        if not to_sign(clerk.desk, clerk.unit):
            raise Cancelled

    signed = told(sign_units(three.desk, (), three.key, told=stop))
    assert three.asked == [[FIRST]]
    assert (signed[FIRST], signed[SECOND]) == ((DONE, 2, ""), (CANCELLED, 0, ""))


def test_no_pin_is_asked_where_nothing_can_be_signed(three: Agency) -> None:
    prepare_units(three.desk, MONTH)
    first, second, _ = three.clerks.values()
    set_review_required(three.desk.store, first.unit_number, True)
    with three.desk.store.write("test.key"):
        add_unit(three.desk.store, replace(second.unit, key_ref={}))
    batches, outcomes = to_sign_by_key(three.desk)
    assert batches == []
    assert {name: code for name, (_, _, code) in told(outcomes).items()} == {
        FIRST: "review-missing", SECOND: "units-no-key", THIRD: "units-unsigned-none"
    }  # fmt: skip


def test_what_has_passed_its_review_is_not_prepared_anew_unless_rows_came(three: Agency) -> None:
    clerk = three.clerks[FIRST]
    set_review_required(three.desk.store, clerk.unit_number, True)
    prepare_units(three.desk, MONTH)
    ids = [known.id for known in to_sign(clerk.desk, clerk.unit)]
    pass_review(clerk.desk, clerk.unit, ids, "复核人乙")
    assert told(prepare_units(three.desk, MONTH))[FIRST] == (NEEDLESS, 0, "units-reviewed")
    assert [known.id for known in to_sign(clerk.desk, clerk.unit)] == ids
    clerk.enrols(staff(1, first=30))
    assert told(prepare_units(three.desk, MONTH))[FIRST] == (DONE, 4, "")


def test_each_unit_lives_by_the_clock_of_its_own_centre(three: Agency) -> None:
    late = three.clerks[SECOND]
    with three.desk.store.write("test.clock"):
        ahead = int((late.desk.now() - three.desk.store.now() + timedelta(days=31)).total_seconds())
        put_setting(three.desk.store, f"clock-offset:{late.unit_number}", ahead)
    months = {one.unit.name: one for one in unit_months(three.desk)}
    assert (months[FIRST].period, months[SECOND].period) == (MONTH, MONTH + 1)
    prepare_units(three.desk, MONTH)
    prepared = {name: to_sign(clerk.desk, clerk.unit)[0].prepared_at for name, clerk in three.clerks.items()
                if name != THIRD}  # fmt: skip
    assert Period.of(prepared[SECOND].date()) == MONTH + 1
    assert with_centre_clock(three.desk, three.clerks[FIRST].unit).now() - prepared[FIRST] < timedelta(minutes=1)


def _blocks(three: Agency, name: str) -> dict[BatchAct, str]:
    line = next(one for one in unit_months(three.desk, MONTH) if one.unit.name == name)
    return {act: refusal.code for act, refusal in line.blocks.items()}


def test_the_matrix_says_what_blocks_each(three: Agency) -> None:
    assert _blocks(three, FIRST) == {BatchAct.SIGN: "units-unsigned-none", BatchAct.SEND: "units-unsent-none"}
    assert _blocks(three, THIRD)[BatchAct.PREPARE] == "units-nobody"
    prepare_units(three.desk, MONTH)
    assert _blocks(three, FIRST) == {BatchAct.SEND: "units-unsent-none"}
    sign_units(three.desk, (), three.key)
    assert _blocks(three, FIRST) == {BatchAct.PREPARE: "month-on-its-way", BatchAct.SIGN: "units-unsigned-none"}
    (line,) = (one for one in unit_months(three.desk, MONTH) if one.unit.name == FIRST)
    assert line.at is not None
    assert (line.at.step, line.to_json()["at"]) == (Step.SEND, "send")
    send_units(three.desk)
    assert set(_blocks(three, FIRST).values()) == {"month-already-declared", "units-unsigned-none", "units-unsent-none"}


def test_a_parked_submission_blocks_the_sending_of_its_unit(three: Agency, centre: RunningCentre) -> None:
    prepare_units(three.desk, MONTH)
    first = three.clerks[FIRST]
    second = three.clerks[SECOND]
    with three.desk.store.write("test.key"):
        certificate = first.unit.certificate_der
        add_unit(three.desk.store, replace(second.unit, key_ref=first.unit.key_ref, certificate_der=certificate))
    sign_units(three.desk, (), three.key)
    sent = told(send_units(three.desk))
    assert sent[FIRST] == (DONE, 2, "")
    assert sent[SECOND] == (REFUSED, 0, "units-not-sent"), "the centre knows this certificate as another unit's"
    assert at_centre(centre, second.unit_number) == []
    assert _blocks(three, SECOND)[BatchAct.SEND] == "units-parked"
    assert told(send_units(three.desk))[SECOND] == (REFUSED, 0, "units-not-sent"), "it is not tried again by itself"
