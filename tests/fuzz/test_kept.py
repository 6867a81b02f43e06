"""Files of this program's own that come back from somewhere: backups, exported journals."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tests.fuzz.damage import damaged, rewritten
from tests.fuzz.running import fuzz, refusal_of
from tests.store.samples import UNIT, add_unit
from unitclient.clock import SystemClock
from unitclient.errors import UserError
from unitclient.store import Store
from unitclient.store.backupfile import MAGIC, Listing, new_keys, open_keys, read_header, read_listing, write
from unitclient.store.contents import TableContent
from unitclient.store.journal_file import anchor, check_file, compare_entries, to_lines
from unitclient.store.kdf import Cost
from unitclient.texts import error_texts

CHEAP = Cost(1, 64, 1)
KEY = bytes(32)
PATH = Path("备份.ucb")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("kept") / "home", clock=SystemClock()) as opened:
        add_unit(opened, UNIT)
        for number in range(3):
            with opened.write("sample.act", subject=f"s{number}", detail={"count": number}):
                pass
        yield opened


def opened(data: bytes) -> UserError | None:
    """The beginning of a backup, as far as it is read before the database in it is."""
    file = io.BytesIO(data)

    def work() -> None:
        header, line = read_header(file, PATH)
        read_listing(file, open_keys(header, "演练口令", KEY, PATH), line, PATH)

    refused = refusal_of(work)
    if refused is not None:
        assert refused.code.startswith("backup-")
        assert all(error_texts(refused.code, refused.params))
    return refused


def heads(store: Store) -> list[tuple[dict[str, object], bytes]]:
    """(header, what follows) of a backup with a passphrase and of one without."""
    found = []
    listing = Listing(1, {"unit": TableContent(1, "0" * 64)}, anchor(store.connection))
    with tempfile.NamedTemporaryFile() as database:
        for passphrase in ("演练口令", None):
            out = io.BytesIO()
            write(out, new_keys(passphrase, KEY, "2026-03-10T01:30:00.000Z", CHEAP), listing, Path(database.name))
            line, _, rest = out.getvalue()[len(MAGIC) :].partition(b"\n")
            found.append((json.loads(line), rest))
            assert opened(out.getvalue()) is None
    return found


def test_a_damaged_backup(store: Store) -> None:
    made = heads(store)
    whole = [MAGIC + json.dumps(header).encode() + b"\n" + rest for header, rest in made]
    rest = made[0][1]
    rewritten_heads = rewritten([header for header, _ in made]).map(lambda line: MAGIC + line + b"\n" + rest)
    fuzz(opened, damaged(whole) | rewritten_heads | st.binary(max_size=60).map(MAGIC.__add__), 200)


@pytest.mark.parametrize("line", [b"[" * 50_000, b'{"list": Infinity, "salt": "", "nonce": "", "made_at": ""}'])
def test_a_header_that_cannot_be_read(line: bytes) -> None:
    refused = refusal_of(lambda: read_header(io.BytesIO(MAGIC + line + b"\n"), PATH))
    assert refused is not None
    assert refused.code == "backup-broken"


def test_a_damaged_journal(store: Store) -> None:
    lines = b"".join(to_lines(store))

    def target(data: bytes) -> None:
        found = check_file(data)
        if found is not None and found.broken_at is None:
            assert data == lines
            assert compare_entries(store, data) is None

    entries = [json.loads(line) for line in lines.splitlines()]
    one_line = rewritten(entries).map(lambda line: lines.replace(lines.splitlines()[2], line))
    fuzz(target, damaged([lines]) | one_line, 200)


def test_a_journal_that_is_nested_without_end() -> None:
    assert check_file(b"[" * 100_000) is None
