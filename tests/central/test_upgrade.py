"""A centre's database of an earlier schema is opened by this release: all of it is there, and it is like a new one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from unitclient.central.database import FILE_NAME, CentreDatabase
from unitclient.central.schema import SCHEMA, SCHEMA_VERSION
from unitclient.central.schema_registers import REGISTERS

UNIT, MONTH, CARD = "U1", "s-month", "s-card"
KEPT = ("unit", "submission", "line", "bill", "posting", "person")


def older(home: Path, version: int) -> Path:
    """A database of schema 1 or 2 in which a month is paid (and, from 2 on, something that cost money)."""
    home.mkdir()
    path = home / FILE_NAME
    with sqlite3.connect(path) as old:
        old.executescript(SCHEMA + (REGISTERS if version > 1 else ""))
        old.executemany("INSERT INTO meta VALUES (?, ?)", [("epoch", "e"), ("cursor_key", "k")])
        opened = (UNIT, "uscc", "演练用人单位", "420100", "[]", "1234", "2026-01-01", 7)
        old.execute("INSERT INTO unit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", opened)
        for name, form in ((MONTH, "monthly"), (CARD, "card-application")):
            old.execute(
                "INSERT INTO submission VALUES (?, ?, 'sha', x'00', ?, '1', '2026-10', 'original', NULL, '[]', 0, 'at',"
                " NULL, 1, 'signer', ?, 'ref', 'accepted', 'receipted', 1, '', 'at')",
                (UNIT, name, form, f"SL{name}"),
            )
            old.execute(
                "INSERT INTO bill VALUES (?, ?, ?, ?, '2026-10', 24000, '2026-11-10', 'debited')",
                (f"b-{name}", UNIT, name, f"N-{name}"),
            )
        old.execute("INSERT INTO line VALUES (?, ?, 'P1', 'pension', '2026-10', 100000, 16000, 8000)", (UNIT, MONTH))
        old.execute("INSERT INTO posting VALUES (?, ?, 'P1', 'pension', '2026-10', 8000)", (UNIT, f"b-{MONTH}"))
        old.execute("INSERT INTO person VALUES (?, 'P1', 'insured', '{}')", (UNIT,))
        if version > 1:
            old.execute("INSERT INTO charge VALUES (?, ?, 0, 'card', '2026-10', 2500, 0)", (UNIT, CARD))
        old.execute(f"PRAGMA user_version = {version}")
    old.close()
    return path


def made_of(path: Path) -> set[tuple[str, str, tuple[tuple[object, ...], ...]]]:
    """Every table, index and view with its columns."""
    with sqlite3.connect(path) as opened:
        names = opened.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
        found = {(kind, name, tuple(opened.execute(f"PRAGMA table_info('{name}')"))) for kind, name in names}
    opened.close()
    return found


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_database_is_brought_up(tmp_path: Path, version: int) -> None:
    path = older(tmp_path / "old", version)
    with sqlite3.connect(path) as old:
        before = {table: old.execute(f"SELECT * FROM {table}").fetchall() for table in KEPT}
    old.close()
    CentreDatabase(tmp_path / "new").close()
    for _ in range(2):  # and a second start changes nothing
        CentreDatabase(tmp_path / "old").close()
    opened = CentreDatabase(tmp_path / "old")
    read = opened.read()
    assert read.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    assert read.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert made_of(path) == made_of(tmp_path / "new" / FILE_NAME)
    assert {table: [tuple(row) for row in read.execute(f"SELECT * FROM {table}")] for table in KEPT} == before
    assert (opened.meta("epoch"), opened.meta("cursor_key")) == ("e", "k")
    # What was paid before counts as arrived and credited, and can be given back from now on.
    assert [tuple(row) for row in read.execute("SELECT * FROM arrived")] == [
        (UNIT, MONTH, "P1", "pension", "2026-10", 100000, 16000, 8000)
    ]
    assert [tuple(row) for row in read.execute("SELECT * FROM credited")] == [(UNIT, "P1", "pension", "2026-10", 8000)]
    charged = [tuple(row) for row in read.execute("SELECT insurance, unit_fen, id_number, account_fen FROM charge")]
    assert charged == ([("card", 2500, "", 0)] if version > 1 else [])
    opened.close()
