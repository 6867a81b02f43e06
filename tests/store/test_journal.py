"""The journal: what it takes, what it refuses, and that tampering shows."""

from __future__ import annotations

from itertools import pairwise

import pytest

from unitclient.store import Store, journal


def _three(store: Store) -> None:
    for number in range(3):
        with store.write("test.act", subject=f"s{number}", detail={"rows": number}, actor="经办"):
            pass


def test_every_write_adds_one_entry_chained_to_the_one_before(store: Store) -> None:
    _three(store)
    entries = journal.entries(store)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[0].prev_hash == journal.GENESIS
    assert all(later.prev_hash == earlier.hash for earlier, later in pairwise(entries))
    assert (entries[-1].act, entries[-1].subject, entries[-1].detail, entries[-1].actor) == (
        "test.act",
        "s2",
        {"rows": 2},
        "经办",
    )
    assert journal.verify_journal(store) is None


def test_detail_may_be_filled_until_the_end_and_an_act_may_say_nothing_happened(store: Store) -> None:
    with store.write("import", detail={"read": 3}) as act:
        act.detail["taken"] = 2
    with store.write("noop") as act:
        act.unchanged()
    assert journal.entries(store)[-1].detail == {"read": 3, "taken": 2}


def test_entries_by_subject_and_limit(store: Store) -> None:
    _three(store)
    assert [entry.detail["rows"] for entry in journal.entries(store, subject="s1")] == [1]
    assert [entry.subject for entry in journal.entries(store, limit=2)] == ["s1", "s2"]


@pytest.mark.parametrize(
    "detail",
    [
        {"name": "x"},
        {"id_number": "x"},
        {"wage": 1},
        {"old_wage": 1},
        {"rows": [{"person_id": "x"}]},
        {"note": "51010019900101123X"},
        {"Name": "x"},
    ],
)
def test_personal_data_is_refused_and_the_act_undone(store: Store, detail: dict[str, object]) -> None:
    before = len(journal.entries(store))
    with pytest.raises(ValueError, match="personal"), store.write("test.act", detail=detail):
        pass
    with pytest.raises(ValueError, match="personal"), store.write("test.act") as act:
        act.detail.update(detail)
    assert len(journal.entries(store)) == before


def test_hashes_codes_and_uscc_are_no_personal_data(store: Store) -> None:
    with store.write(
        "test.act", subject="510100000001", detail={"sha256": "1234567890" * 6, "uscc": "915101001234567890"}
    ):
        pass
    assert journal.verify_journal(store) is None


def test_entries_cannot_be_changed_or_deleted(store: Store) -> None:
    _three(store)
    for statement in ("UPDATE journal SET detail = '{}'", "DELETE FROM journal"):
        with pytest.raises(Exception, match="append-only"), store.write("forge"):
            store.connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE journal SET detail = '{\"rows\":9}' WHERE seq = 4", 4),
        ("UPDATE journal SET actor = 'x' WHERE seq = 3", 3),
        ("DELETE FROM journal WHERE seq = 3", 3),
        ("DELETE FROM journal WHERE seq = 1", 1),
        ("UPDATE journal SET hash = prev_hash WHERE seq = 5", 5),
    ],
)
def test_tampering_behind_the_guards_shows(store: Store, statement: str, broken_at: int) -> None:
    _three(store)
    for trigger in ("journal_no_update", "journal_no_delete"):
        store.connection.execute(f"DROP TRIGGER {trigger}")
    store.connection.execute(statement)
    assert journal.verify_journal(store) == broken_at
