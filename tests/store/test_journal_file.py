"""An exported journal: one changed byte, a missing, added or swapped entry and a cut end are found."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from unitclient.store import Store
from unitclient.store.backup import backup, open_backup
from unitclient.store.backupfile import open_keys, read_header, read_listing
from unitclient.store.journal import verify_journal
from unitclient.store.journal_file import Anchor, anchor, check_file, compare, compare_entries, to_lines


@pytest.fixture
def exported(store: Store) -> bytes:
    for number in range(12):
        with store.write("sample.act", subject=f"s{number}", detail={"count": number}, actor="经办人甲"):
            pass
    return b"".join(to_lines(store))


def test_what_was_exported_is_whole(store: Store, exported: bytes) -> None:
    found = check_file(exported)
    assert found is not None
    assert (found.broken_at, Anchor(found.entries, found.head)) == (None, anchor(store.connection))
    assert compare_entries(store, exported) is None


def test_every_single_changed_byte_is_found(exported: bytes) -> None:
    """Each byte of a short file is changed in turn, and some of a long one."""
    rolls = random.Random(5)
    for place in [*range(200), *rolls.sample(range(len(exported)), 300), len(exported) - 1]:
        changed = bytearray(exported)
        changed[place] ^= 1
        found = check_file(bytes(changed))
        assert found is None or found.broken_at is not None, place


def _lines(exported: bytes) -> list[bytes]:
    return exported.splitlines(keepends=True)


def test_the_place_is_named(exported: bytes) -> None:
    lines = _lines(exported)
    lines[10] = lines[10].replace(b'"sample.act"', b'"sample.art"')
    found = check_file(b"".join(lines))
    assert found is not None
    assert found.broken_at == 10


@pytest.mark.parametrize("what", ["removed", "added", "swapped", "cut", "seal"])
def test_entries_that_are_gone_put_in_or_moved(exported: bytes, what: str) -> None:
    lines = _lines(exported)
    at = 5
    if what == "removed":
        del lines[at]
    elif what == "added":
        lines.insert(at, lines[at])
    elif what == "swapped":
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    elif what == "cut":
        del lines[-4:-1]
    else:
        del lines[-1]
    found = check_file(b"".join(lines))
    assert found is not None
    assert found.broken_at == {"removed": 5, "added": 6, "swapped": 5, "cut": len(lines) - 1, "seal": len(lines)}[what]


def test_a_file_made_anew_as_a_whole_differs_from_the_database(store: Store, exported: bytes, tmp_path: Path) -> None:
    from tests.store.conftest import StandingClock

    with Store.open(tmp_path / "forged", clock=StandingClock()) as other:
        for number in range(12):
            with other.write("sample.act", subject=f"s{number}", detail={"count": 99 if number == 7 else number}):
                pass
        forged = b"".join(to_lines(other))
    found = check_file(forged)
    assert found is not None
    assert found.broken_at is None
    assert compare_entries(store, forged) is not None


def test_a_cut_end_of_the_database_shows_against_a_backup_and_a_file(
    store: Store, exported: bytes, tmp_path: Path
) -> None:
    before = check_file(exported)
    assert before is not None
    backup(store, tmp_path / "b.ucbackup")
    with open_backup(tmp_path / "b.ucbackup") as file:
        header, line = read_header(file, tmp_path / "b.ucbackup")
        keys = open_keys(header, None, store.key, tmp_path)
        told = read_listing(file, keys, line, tmp_path).journal
    assert told == anchor(store.connection)
    store.connection.execute("DROP TRIGGER journal_no_delete")
    store.connection.execute("DELETE FROM journal WHERE seq > ?", (before.entries - 2,))
    assert verify_journal(store) is None, "a cut end alone leaves a whole chain"
    assert compare(store, told) == before.entries - 1
    assert compare_entries(store, exported) == before.entries - 1


def test_other_bytes_are_no_journal() -> None:
    assert check_file(b"") is None
    assert check_file(b"{}\n") is None
    assert check_file(json.dumps([1]).encode()) is None
