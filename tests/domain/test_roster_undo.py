"""A roster before an accepted row: doing and undoing a row gives back what was there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from unitclient.domain.period import Period
from unitclient.domain.roster import ChangeKind, Coverage, Person, PersonState, apply_change
from unitclient.domain.roster_undo import undo_change

NUMBER = "11000019900307001X"
SINCE = Period(2026, 3)
INSURED = Person(
    NUMBER,
    "王小明",
    680_000,
    coverage=MappingProxyType({"pension": Coverage(SINCE), "medical": Coverage(SINCE)}),
    since=SINCE,
)
ROW: Mapping[str, Any] = {"id_number": NUMBER, "name": "王小明"}
LEFT = {**ROW, "stop_kind": "suspend", "last_paid_month": "2026-08"}


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (ChangeKind.STOP, LEFT),
        (ChangeKind.STOP, {**LEFT, "stop_kind": "terminate"}),
        (ChangeKind.STOP, {**LEFT, "insurances": ["medical"]}),
        (ChangeKind.WAGE, {**ROW, "wage": 900_000, "old_wage": 680_000}),
        (ChangeKind.RENAME, {**ROW, "new_name": "王大明"}),
        (ChangeKind.COVERAGE, {**ROW, "start_month": "2026-09", "add": ["injury"], "drop": ["medical"]}),
        (ChangeKind.RECORD, ROW),
    ],
)
def test_what_was_done_to_an_insured_person_is_undone(kind: ChangeKind, row: Mapping[str, Any]) -> None:
    assert undo_change(apply_change(INSURED, kind, row), kind, row) == INSURED


def test_who_was_enrolled_is_not_there_any_more() -> None:
    row = {**ROW, "start_month": "2026-09", "wage": 700_000, "insurances": ["pension"]}
    assert undo_change(apply_change(None, ChangeKind.ENROL, row), ChangeKind.ENROL, row) is None


def test_an_insurance_taken_up_beside_others_goes_alone() -> None:
    row = {**ROW, "start_month": "2026-09", "wage": 680_000, "insurances": ["injury"]}
    before = undo_change(apply_change(INSURED, ChangeKind.ENROL, row), ChangeKind.ENROL, row)
    assert before is not None
    assert (before.coverage, before.state) == (INSURED.coverage, PersonState.ACTIVE)


def test_who_was_resumed_is_suspended_again() -> None:
    """When the suspension began, the row does not say: the month before the resumption stands for it."""
    suspended = apply_change(INSURED, ChangeKind.STOP, LEFT)
    row = {**ROW, "start_month": "2026-11", "wage": 1, "insurances": ["medical", "pension"], "enrol_kind": "resumed"}
    before = undo_change(apply_change(suspended, ChangeKind.ENROL, row), ChangeKind.ENROL, row)
    assert before is not None
    assert before.state is PersonState.SUSPENDED
    assert {str(held.until) for held in before.coverage.values()} == {"2026-10"}
