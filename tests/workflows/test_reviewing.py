"""Four eyes: who prepared cannot pass, what was not passed is not signed, what is prepared anew is passed anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.office import MONTH, Office, office, open_unit, practice_centre, staff
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.store.declarations import get_declaration
from unitclient.store.journal import entries, verify_journal
from unitclient.store.settings import put_setting
from unitclient.store.transport import Transport
from unitclient.workflows.month_check import month_check
from unitclient.workflows.reviewing import (
    ask_review,
    batch,
    pass_review,
    review_required,
    review_state,
    send_back,
    set_review_required,
)

OPERATOR, REVIEWER = "经办人甲", "复核人乙"
"""The office of these tests is enrolled under the first name."""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as made:
        set_review_required(made.base.store, made.unit_number, True)
        made.enrols(staff(2))
        made.prepares()
        yield made


def ids(clerk: Office) -> list[str]:
    return [known.id for known in batch(clerk.desk, clerk.unit, MONTH)]


def refusal(clerk: Office, reviewer: str) -> str:
    with pytest.raises(UserError) as refused:
        pass_review(clerk.desk, clerk.unit, ids(clerk), reviewer)
    return refused.value.code


def test_unreviewed_is_not_signed_and_nothing_is_queued(clerk: Office) -> None:
    with pytest.raises(UserError) as refused:
        clerk.signs()
    assert (refused.value.code, refused.value.params["count"]) == ("review-missing", "2")
    assert len(ids(clerk)) == 2


def test_another_person_passes_and_it_can_be_signed(clerk: Office) -> None:
    assert ask_review(clerk.desk, clerk.unit, ids(clerk)) == 2
    monthly = ids(clerk)[-1]
    known = get_declaration(clerk.base.store, monthly)
    assert known is not None
    before = review_state(clerk.desk, clerk.unit, known)
    assert (before.required, before.passed, before.prepared_by) == (True, False, OPERATOR)
    assert before.asked_at is not None
    assert pass_review(clerk.desk, clerk.unit, ids(clerk), f" {REVIEWER} ") == 2
    told = month_check(clerk.desk, clerk.unit, MONTH)
    assert told is not None
    assert (told.review.passed, told.review.reviewer) == (True, REVIEWER)
    assert told.review.at is not None
    assert pass_review(clerk.desk, clerk.unit, ids(clerk), REVIEWER) == 0
    assert len(clerk.signs()) == 2
    assert verify_journal(clerk.base.store) is None
    acts = [(entry.act, entry.actor) for entry in entries(clerk.base.store)]
    assert acts.count(("declaration.reviewed", REVIEWER)) == 2
    assert acts.count(("declaration.review-asked", OPERATOR)) == 2


@pytest.mark.parametrize("name", [OPERATOR, " 经办人 甲 "])
def test_who_prepared_cannot_pass(clerk: Office, name: str) -> None:
    assert refusal(clerk, name) == "review-same-person"
    assert {known.transport for known in batch(clerk.desk, clerk.unit, MONTH)} == {Transport.CHECKED}


def test_a_reviewer_has_a_name(clerk: Office) -> None:
    assert refusal(clerk, "  ") == "review-needs-name"


def test_sent_back_is_mended_and_reviewed_anew(clerk: Office) -> None:
    assert send_back(clerk.desk, clerk.unit, ids(clerk), REVIEWER) == 2
    assert refusal(clerk, REVIEWER) == "review-sent-back"
    with pytest.raises(UserError, match="review-sent-back"):
        ask_review(clerk.desk, clerk.unit, ids(clerk))
    told = month_check(clerk.desk, clerk.unit, MONTH)
    assert told is not None
    assert (told.review.sent_back, told.review.reviewer) == (True, REVIEWER)
    clerk.prepares()
    assert pass_review(clerk.desk, clerk.unit, ids(clerk), REVIEWER) == 2
    clerk.enrols(staff(1, first=3))
    clerk.prepares()
    with pytest.raises(UserError, match="review-missing"):
        clerk.signs()


def test_signed_ones_are_out_of_the_reviewers_hands(clerk: Office) -> None:
    wanted = ids(clerk)
    pass_review(clerk.desk, clerk.unit, wanted, REVIEWER)
    clerk.signs()
    with pytest.raises(UserError, match="already-signed"):
        send_back(clerk.desk, clerk.unit, wanted, REVIEWER)
    with pytest.raises(UserError, match="declaration-unknown"):
        pass_review(clerk.desk, clerk.unit, ["nobody"], REVIEWER)


def test_a_units_own_wish_comes_before_the_computers(clerk: Office) -> None:
    store = clerk.base.store
    assert not review_required(store, "another")
    with store.write("setting.change", subject="review.required"):
        put_setting(store, "review.required", True)
    assert review_required(store, "another")
    set_review_required(store, clerk.unit_number, False)
    assert not review_required(store, clerk.unit_number)
    assert len(clerk.signs()) == 2
