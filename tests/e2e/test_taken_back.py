"""Rows imported by mistake are taken back before anything is signed, and not after."""

from __future__ import annotations

import pytest

from tests.e2e.office import Office, staff
from unitclient.errors import UserError
from unitclient.workflows.pending import discard, pending_rows
from unitclient.workflows.roster import roster


def numbers(clerk: Office) -> list[int]:
    return [row.id for row in pending_rows(clerk.desk, clerk.unit)]


def test_a_row_imported_by_mistake(clerk: Office) -> None:
    clerk.enrols(staff(3))
    first, *others = numbers(clerk)
    assert discard(clerk.desk, clerk.unit, [first]) == 1
    assert numbers(clerk) == others
    assert len(roster(clerk.desk, clerk.unit)) == 2
    clerk.declares()
    assert len(roster(clerk.desk, clerk.unit)) == 2


def test_a_row_in_a_draft_undoes_the_draft(clerk: Office) -> None:
    clerk.enrols(staff(2))
    clerk.prepares()
    assert all(row.prepared for row in pending_rows(clerk.desk, clerk.unit))
    discard(clerk.desk, clerk.unit, numbers(clerk)[:1])
    assert [row.prepared for row in pending_rows(clerk.desk, clerk.unit)] == [False]
    assert clerk.prepares().persons == 1


def test_what_was_signed_or_decided_stays(clerk: Office) -> None:
    clerk.enrols(staff(2))
    taken = numbers(clerk)
    clerk.prepares()
    clerk.signs()
    assert numbers(clerk) == []
    for ids, code in (([taken[0]], "pending-signed"), ([10**6], "pending-unknown")):
        with pytest.raises(UserError) as refusal:
            discard(clerk.desk, clerk.unit, ids)
        assert refusal.value.code == code
    clerk.settles()
    with pytest.raises(UserError, match="pending-unknown"):
        discard(clerk.desk, clerk.unit, taken)
    assert len(roster(clerk.desk, clerk.unit)) == 2
