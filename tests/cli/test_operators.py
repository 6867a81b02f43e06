"""Operators on the command line: signing in, rights, recovery, the journal as a file, the diagnostics file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.harness import Ran, run
from tests.desktop.stage import UNIT, add_units
from tests.workflows.bench import bench
from tests.workflows.staffed import NAMES, WORDS, cheapen, staff_home
from unitclient.store import keys

NEW, LATER = "Brett%Molke/17", "Wolke+Birke_33"
As = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home to be, in which passwords cost little."""
    cheapen(monkeypatch)
    return tmp_path / "home"


@pytest.fixture
def by(home: Path, tmp_path: Path) -> As:
    """`by("clerk", ..., words=[...])`: a command of whoever has this role; further lines of the password file."""

    def command(role: str, *words: object, lines: tuple[str, ...] = (), word: str = "", lang: str = "zh") -> Ran:
        file = tmp_path / "words"
        signs_in = [word or WORDS[role]] if role else []
        file.write_text("\n".join([*signs_in, *lines, ""]), "utf-8")
        who = ["--operator", NAMES[role]] if role else []
        return run(home, *who, "--password-file", file, *words, lang=lang)

    return command


@pytest.fixture
def staffed(home: Path) -> Path:
    """The same home with an operator of each role."""
    with bench(home) as clerk:
        staff_home(clerk)
    return home


def test_from_one_clerk_to_operators_and_back_in(home: Path, by: As) -> None:
    add_units(home, UNIT)
    assert run(home, "operators", "list").data == {"operators": []}
    assert by("", "operators", "add", "甲", "--role", "clerk", lines=(NEW,)).refusal == "operator-first-manager"
    for weak in ("19900307", UNIT.unit_number[-6:] + "Aa!", "123456"):
        added = by("", "operators", "add", NAMES["manager"], "--role", "manager", lines=(weak,))
        assert added.refusal == "password-weak"
    assert by("", "operators", "add", NAMES["manager"], "--role", "manager", lines=(WORDS["manager"],)).code == 0
    for role in ("clerk", "viewer"):
        first = f"erste+Wahl~{role}"
        assert by("manager", "operators", "add", NAMES[role], "--role", role, lines=(first,)).code == 0
        assert by(role, "operators", "password", word=first, lines=(first, WORDS[role])).code == 0
    assert run(home, "check-db").refusal == "store-operator-needed"
    assert by("clerk", "unit", "list", word=NEW).refusal == "operator-refused"
    assert by("clerk", "operators", "block", NAMES["viewer"]).refusal == "right-missing"
    listed = by("manager", "operators", "list").data["operators"]
    assert [one["role"] for one in listed] == ["manager", "clerk", "viewer"]
    stands = by("manager", "operators", "stand-in", NAMES["clerk"], "--for", NAMES["manager"], "--until", "2999-01-01")
    assert stands.refusal == "operator-until"
    assert by("manager", "operators", "stand-in", NAMES["clerk"], "--end").data["operator"]["until"] is None
    assert by("manager", "operators", "role", NAMES["clerk"], "reviewer").data["operator"]["role"] == "reviewer"
    assert by("manager", "operators", "role", NAMES["clerk"], "clerk").code == 0
    assert by("manager", "operators", "block", NAMES["viewer"]).data["operator"]["blocked"] is True
    assert by("viewer", "unit", "list").refusal == "operator-refused"
    assert by("manager", "operators", "unblock", NAMES["viewer"]).code == 0
    assert by("manager", "operators", "password", NAMES["viewer"], lines=(NEW,)).code == 0
    assert by("viewer", "check-db", word=NEW).refusal == "operator-must-change"
    code = by("manager", "recovery", "code").data["code"]
    assert by("", "recovery", "use", NAMES["manager"], lines=(code[::-1], LATER)).refusal == "recovery-code-wrong"
    assert by("", "recovery", "use", NAMES["manager"], lines=(code, LATER)).code == 0
    assert by("manager", "unit", "list").refusal == "operator-refused"
    assert by("manager", "unit", "list", word=LATER).code == 0
    everything = keys.key_path(home).read_text("utf-8") + by("manager", "operators", "list", word=LATER, lang="en").out
    assert not [word for word in (*WORDS.values(), NEW, LATER, code) if word in everything]


@pytest.mark.usefixtures("staffed")
def test_the_journal_and_the_diagnostics_as_files(by: As, tmp_path: Path) -> None:
    out, backup = tmp_path / "journal.jsonl", tmp_path / "b.ucbackup"
    assert by("clerk", "export-journal", out).refusal == "right-missing"
    made = by("viewer", "export-journal", out).data
    whole = by("clerk", "verify-journal", out).data
    assert (whole["ok"], whole["entries"], whole["head"], whole["against"]) == (True, made["entries"], made["head"],
                                                                              "database")  # fmt: skip
    assert run(tmp_path / "elsewhere", "verify-journal", out).data["ok"] is True, "and where there is no database"
    assert by("clerk", "backup", backup).code == 0
    for words in (("roster",), ("pending", "list"), ("register", "appointment"), ("certificates",),
                  ("reconcile", tmp_path / "payroll.xlsx"), ("prepare", "2026-11"),  ("sync",),
                  ("backup", backup), ("restore", backup), ("config", "operator", "x")):  # fmt: skip
        assert by("viewer", *words).refusal == "right-missing", words
    assert by("clerk", "verify-journal", "--backup", backup).data["against"] == "backup"
    content = bytearray(out.read_bytes())
    content[len(content) // 2] ^= 1
    out.write_bytes(content)
    found = run(tmp_path / "elsewhere", "verify-journal", out)
    assert (found.code, found.data["ok"]) == (3, False)
    assert 0 < found.data["broken_at"] <= made["entries"]
    out, folder = tmp_path / "for-help.ucdiag", tmp_path / "read"
    assert by("viewer", "diagnosis", "write", out, lines=("12345678",)).refusal == "password-weak"
    made = by("viewer", "diagnosis", "write", out, lines=(NEW,)).data
    assert "checks.json" in made["members"]
    assert b"checks" not in out.read_bytes()
    assert by("", "diagnosis", "read", out, folder, lines=(LATER,)).refusal == "diagnosis-password"
    assert by("", "diagnosis", "read", out, folder, lines=(NEW,)).code == 0
    assert (folder / "checks.json").exists()
