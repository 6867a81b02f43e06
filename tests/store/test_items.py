"""Staged rows: no duplicates, conflicts that are told, and their way through a declaration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.store.conftest import StandingClock
from tests.store.samples import UNIT, declare
from unitclient.domain.findings import Finding, Place, Severity
from unitclient.store import Store
from unitclient.store.items import (
    Item,
    ItemState,
    cancel,
    count_by_state,
    items,
    mark_declared,
    open_keys,
    reopen,
    settle,
)
from unitclient.store.staging import Conflict, StageCounts, StagedRow, stage_items


def _row(number: int, wage: int = 500_000, **changes: Any) -> StagedRow:
    members: dict[str, Any] = {
        "key": f"id-{number}",
        "person_id": f"id-{number}",
        "effect_month": "2026-01",
        "values": {"name": f"张{number}", "wage": wage, "insurances": ["pension"]},
        "source_row": number + 2,
    }
    return StagedRow(**{**members, **changes})


def _stage(store: Store, *rows: StagedRow, form: str = "enrol") -> StageCounts:
    with store.write("items.stage"):
        return stage_items(store, UNIT, form, "2026", rows, source_sha256="ab")


def _declared(store: Store, *numbers: int) -> list[Item]:
    _stage(store, *(_row(number) for number in numbers))
    pending = items(store, UNIT, "enrol", ItemState.PENDING)
    declare(store, "d1", form="enrol")
    with store.write("items.declare"):
        mark_declared(store, [item.id for item in pending], "d1")
    return items(store, UNIT, declaration_id="d1")


def test_importing_the_same_file_twice_makes_no_duplicate(store: Store, clock: StandingClock) -> None:
    rows = [_row(number) for number in range(50)]
    assert _stage(store, *rows) == StageCounts(inserted=50)
    first = items(store, UNIT)
    clock.forward(hours=1)
    assert _stage(store, *rows) == StageCounts(unchanged=50)
    assert items(store, UNIT) == first


def test_a_changed_row_replaces_the_pending_one(store: Store) -> None:
    _stage(store, _row(1), _row(2))
    assert _stage(store, _row(1), _row(2, 600_000), _row(3)) == StageCounts(inserted=1, updated=1, unchanged=1)
    assert [item.values["wage"] for item in items(store, UNIT)] == [500_000, 600_000, 500_000]


def test_a_row_comes_back_with_all_it_had(store: Store) -> None:
    finding = Finding("B301", Severity.NOTICE, "wage", "1", {"floor": "4494.00"}, Place("人员", 3, "D"))
    _stage(store, _row(1, findings=(finding, Finding("B601")), source_row=9))
    (item,) = items(store, UNIT, "enrol", ItemState.PENDING)
    assert item.values == {"name": "张1", "wage": 500_000, "insurances": ["pension"]}
    assert item.findings == (finding, Finding("B601"))
    assert (item.key, item.person_id, item.effect_month, item.form_version) == ("id-1", "id-1", "2026-01", "2026")
    assert (item.source_sha256, item.source_row, item.declaration_id) == ("ab", 9, None)


def test_findings_are_refreshed_while_values_stay(store: Store) -> None:
    _stage(store, _row(1, findings=(Finding("B301", Severity.NOTICE),)))
    assert _stage(store, _row(1)) == StageCounts(unchanged=1)
    assert items(store, UNIT)[0].findings == ()


def test_a_key_twice_in_one_file_is_a_conflict_unless_equal(store: Store) -> None:
    counts = _stage(store, _row(1), _row(1), _row(1, 7, source_row=40))
    assert counts == StageCounts(inserted=1, unchanged=1, conflicts=[Conflict("id-1", 40, "twice", first_row=3)])
    assert items(store, UNIT)[0].values["wage"] == 500_000


def test_a_declared_row_is_not_overwritten(store: Store) -> None:
    _declared(store, 1)
    assert _stage(store, _row(1)) == StageCounts(unchanged=1)
    assert _stage(store, _row(1, 7)) == StageCounts(conflicts=[Conflict("id-1", 3, "declared")])
    assert open_keys(store, UNIT, "enrol") == {"id-1"}


def test_a_conflict_is_told_before_the_next_row_is_asked_for(store: Store) -> None:
    told: list[int] = []
    asked: list[list[int]] = []

    def rows() -> Iterator[StagedRow]:
        for row in (_row(1), _row(1, 7, source_row=40), _row(2)):
            asked.append(list(told))
            yield row

    with store.write("items.stage"):
        stage_items(store, UNIT, "enrol", "2026", rows(), on_conflict=lambda conflict: told.append(conflict.source_row))
    assert asked == [[], [], [40]]


def test_values_of_other_fields_are_another_batch(store: Store) -> None:
    other = {"wage": 1, "name": "张"}
    assert _stage(store, _row(1), _row(2, values=other), _row(3)).inserted == 3
    assert [list(item.values) for item in items(store, UNIT)] == [
        ["name", "wage", "insurances"],
        ["wage", "name"],
        ["name", "wage", "insurances"],
    ]
    assert _stage(store, _row(2, values=other)) == StageCounts(unchanged=1)
    assert _stage(store, _row(2, values={"name": "张", "wage": 1})) == StageCounts(updated=1)
    assert store.connection.execute("SELECT count(*) FROM batch").fetchone() == (4,)


def test_the_same_key_of_another_form_is_another_row(store: Store) -> None:
    _stage(store, _row(1))
    assert _stage(store, _row(1), form="stop").inserted == 1
    assert count_by_state(store, UNIT) == {("enrol", "pending"): 1, ("stop", "pending"): 1}


def test_the_index_itself_refuses_a_second_open_row(store: Store) -> None:
    _stage(store, _row(1))
    copy = (
        "INSERT INTO item SELECT NULL, unit, form, form_version, key, person_id, effect_month, row_values, 'declared',"
        " declaration, declaration_row, findings, batch, source_row, created_at, updated_at FROM item"
    )
    with pytest.raises(Exception, match="UNIQUE"), store.write("forge"):
        store.connection.execute(copy)


def test_declared_rows_keep_their_place_and_are_settled_by_it(store: Store) -> None:
    declared = _declared(store, 3, 1, 2)
    assert [(item.key, item.declaration_row) for item in declared] == [("id-3", 0), ("id-1", 1), ("id-2", 2)]
    refusal = Finding("B201", field="id_number")
    with store.write("items.settle"):
        settled = settle(store, "d1", {1: (refusal,)})
    assert [(item.key, item.state) for item in settled] == [
        ("id-3", ItemState.ACCEPTED),
        ("id-1", ItemState.REFUSED),
        ("id-2", ItemState.ACCEPTED),
    ]
    assert settled[1].findings == (refusal,)
    with store.write("items.settle"):
        assert settle(store, "d1", {}) == []
    assert open_keys(store, UNIT, "enrol") == set()


def test_after_a_refusal_the_mended_row_can_be_staged(store: Store) -> None:
    _declared(store, 1)
    with store.write("items.settle"):
        settle(store, "d1", {0: ()})
    assert _stage(store, _row(1, 7)).inserted == 1


def test_only_pending_rows_can_be_declared(store: Store) -> None:
    (item,) = _declared(store, 1)
    declare(store, "d2", form="enrol")
    with pytest.raises(ValueError, match="pending"), store.write("items.declare"):
        mark_declared(store, [item.id], "d2")
    assert items(store, UNIT)[0].declaration_id == "d1"


def test_a_declaration_taken_back_leaves_its_rows_waiting(store: Store) -> None:
    _declared(store, 1, 2)
    with store.write("items.reopen"):
        assert reopen(store, "d1") == 2
        assert reopen(store, "d1") == 0
    assert {(item.state, item.declaration_id, item.declaration_row) for item in items(store, UNIT)} == {
        (ItemState.PENDING, None, None)
    }


def test_cancelling_takes_back_pending_rows_only(store: Store) -> None:
    (declared,) = _declared(store, 1)
    _stage(store, _row(2))
    (pending,) = items(store, UNIT, state=ItemState.PENDING)
    with store.write("items.cancel"):
        assert cancel(store, [declared.id, pending.id]) == 1
    assert [item.state for item in items(store, UNIT)] == [ItemState.CANCELLED, ItemState.DECLARED]


def test_rows_by_month(store: Store) -> None:
    _stage(store, _row(1), _row(2, effect_month="2026-02"))
    assert [item.key for item in items(store, UNIT, effect_month="2026-02")] == ["id-2"]
