"""One month by hand, as the contract has it: every command as a process of its own, on files a clerk would have."""

from __future__ import annotations

import os
import pty
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.harness import PROGRAM, Json, practice, resident_id, spawn, staff, this_month, workbook

MONTH = this_month()
INSURANCES = {"pension", "medical", "unemployment", "injury", "maternity", "serious_illness"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("month")
    with practice(home) as started:
        assert {"url", "pid", "unit", "pin_file"} <= started.keys()
        yield home


@pytest.fixture(scope="module")
def taken(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the template that was filled in, and the roster imported from it."""
    folder = tmp_path_factory.mktemp("papers")
    assert spawn(home, "roster").data == {"persons": []}
    template = folder / "增员.xlsx"
    assert spawn(home, "template", "enrol", template).data["template"] == str(template)
    _fill_in(template, staff(5, MONTH))
    told = spawn(home, "import", "enrol", template)
    assert told.code == 0, told.out
    assert told.data["read"] == told.data["taken"] == 5
    assert told.data["error_workbook"] is None
    return folder


@pytest.fixture(scope="module")
def prepared(home: Path, taken: Path) -> Json:
    told = spawn(home, "prepare", MONTH)
    assert told.code == 0
    return told.data


@pytest.fixture(scope="module")
def settled(home: Path, taken: Path, prepared: Json) -> Json:
    """The month sent and followed to its end; the answer of `sync`."""
    pin_file = home / "practice" / "practice-pin.txt"
    signed = spawn(home, "sign", "--all", "--pin-file", pin_file)
    assert [one["form"] for one in signed.data["signed"]] == ["enrol", "monthly"]
    told = spawn(home, "sync", "--until-settled")
    assert told.code == 0, told.out
    return told.data


def test_the_practice_unit_is_in_front(home: Path) -> None:
    (unit,) = spawn(home, "unit", "list").data["units"]
    assert unit["selected"]
    assert unit["practice"]
    assert spawn(home, "unit", "show").data["unit"] == {**unit, "certificate_role": "chief"}
    assert spawn(home, "practice", "status").data["running"]


def test_wrong_rows_come_back_to_be_mended(home: Path, taken: Path) -> None:
    twelve = resident_id(90)
    wrong = [twelve[:-1] + ("0" if twelve[-1] != "0" else "1"), ""]
    rows = [["赵六", number, str(MONTH), 7000] for number in wrong]
    path = workbook(taken / "mixed.xlsx", [*staff(5, MONTH), *rows])
    errors = taken / "errors.xlsx"
    told = spawn(home, "import", "enrol", path, "--errors", errors)
    assert told.code == 1
    assert (told.data["read"], told.data["taken"], told.data["refused"]) == (7, 0, 2)
    assert told.data["error_workbook"] == str(errors)
    assert {(one["row"], one["column"]) for one in told.data["findings"] if one["severity"] == "error"} == {
        (7, "B"),
        (8, "B"),
    }
    assert all(one["reason"] and one["fix"] for one in told.data["findings"])
    _mend(errors, [twelve, resident_id(91)])
    mended = spawn(home, "import", "enrol", errors)
    assert (mended.code, mended.data["taken"], mended.data["refused"]) == (0, 2, 0)
    again = spawn(home, "import", "enrol", errors)
    assert (again.code, again.data["taken"], again.data["unchanged"]) == (0, 0, 2)


def test_the_month_is_prepared(home: Path, prepared: Json) -> None:
    assert prepared.keys() >= {"declaration", "lines", "totals", "difference", "findings"}
    assert prepared["totals"].keys() == INSURANCES
    assert all(sides.keys() == {"unit", "person"} for sides in prepared["totals"].values())
    assert {one["change"] for one in prepared["difference"]} == {"new"}
    people = spawn(home, "roster", "--period", MONTH).data["persons"]
    assert prepared["lines"] == len(people) * len(INSURANCES)
    assert all(one.keys() >= {"state", "insurances", "wage", "base"} for one in people)


def test_the_three_tracks_and_their_history(home: Path, settled: Json, prepared: Json) -> None:
    assert settled["settled"]
    told = spawn(home, "status", prepared["declaration"]).data
    assert told["tracks"] == {"transport": "delivered", "acceptance": "accepted", "money": "receipted"}
    assert told["history"][0]["track"] == "transport"
    assert {event["state"] for event in told["history"]} >= {"signed", "queued", "accepted", "assessed", "receipted"}
    assert {one["id"] for one in spawn(home, "status").data["declarations"]} >= {prepared["declaration"]}


def test_the_container_verifies_and_a_changed_one_does_not(home: Path, settled: Json, prepared: Json) -> None:
    out = home / "exports" / "usb"
    container = Path(spawn(home, "outbox", "export", prepared["declaration"], out).data["container"])
    assert zipfile.ZipFile(container).testzip() is None
    good = spawn(home, "verify", container)
    assert (good.code, good.data["ok"]) == (0, True)
    assert good.data["signer"]
    assert good.data["time"]
    changed = container.with_name("changed.asice")
    changed.write_bytes(container.read_bytes().replace(b'"', b"'", 1))
    bad = spawn(home, "verify", changed)
    assert (bad.code, bad.data["ok"]) == (1, False)
    assert bad.data["findings"]


def test_the_papers_and_the_receipt(home: Path, settled: Json, prepared: Json) -> None:
    papers = spawn(home, "statement", prepared["declaration"]).data["papers"]
    prints = {"receipt", "summary", "settlement", "receipt_envelope"}
    kinds = ("receipt", "acceptance", "assessment", "bill", "debit", "posting", "slip")
    assert papers.keys() == prints | {f"signed_{kind}" for kind in kinds}
    assert spawn(home, "verify", papers["signed_slip"]).data["content"]["kind"] == "slip"
    assert all(Path(path).read_bytes().startswith(b"%PDF") for path in papers.values() if path.endswith(".pdf"))
    assert spawn(home, "verify", papers["receipt_envelope"]).data["ok"]
    reply = spawn(home, "outbox", "import-reply", papers["receipt_envelope"])
    assert (reply.code, reply.data["id"]) == (0, prepared["declaration"])


def test_a_declared_month_is_not_declared_twice(home: Path, settled: Json) -> None:
    assert spawn(home, "prepare", MONTH).refusal == "month-already-declared"
    assert spawn(home, "sign", "--all").data == {"signed": []}
    assert {row["state"] for row in spawn(home, "outbox").data["outbox"]} == {"delivered"}


def test_a_backup_restores_elsewhere(home: Path, settled: Json, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("一个 足够长 的口令\n")
    out = tmp_path / "unit.bak"
    assert spawn(home, "backup", out, "--passphrase-file", secret).code == 0
    other = tmp_path / "other"
    restored = spawn(other, "restore", out, "--passphrase-file", secret)
    assert restored.code == 0
    assert spawn(other, "roster").data == spawn(home, "roster").data
    assert spawn(other, "check-db").data["ok"]
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("不是这个口令\n")
    assert spawn(other, "restore", out, "--passphrase-file", wrong).refusal == "backup-wrong-key"


def _fill_in(template: Path, rows: list[list[str | int]]) -> None:
    book = load_workbook(template)
    sheet = book.worksheets[0]
    titles = {str(cell.value): cell.column for cell in sheet[2] if cell.value}
    places = [titles[title] for title in ("姓名", "证件号码", "参保年月", "缴费工资")]
    for number, row in enumerate(rows, start=4):
        for column, value in zip(places, row, strict=True):
            sheet.cell(number, column, value)
    book.save(template)


def _mend(errors: Path, numbers: list[str]) -> None:
    book = load_workbook(errors)
    sheet = book.worksheets[0]
    for row, number in enumerate(numbers, start=2):
        sheet.cell(row, 2, number)
    book.save(errors)


def test_the_pin_is_asked_on_the_terminal(home: Path, settled: Json) -> None:
    assert spawn(home, "prepare", MONTH + 1).code == 0
    shown = _at_a_terminal(home, "\n", "sign", "--all")
    assert "请输入密钥" in shown
    assert "已取消" in shown
    assert "PIN 码不正确" in _at_a_terminal(home, "00000000\n", "sign", "--all")
    pin = (home / "practice" / "practice-pin.txt").read_text()
    shown = _at_a_terminal(home, pin, "sign", "--all")
    assert "已签名" in shown
    assert pin.strip() not in shown


def _at_a_terminal(home: Path, typed: str, *words: str) -> str:
    """What stands on the terminal when a command was run there and something was typed at its question."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(PROGRAM, [str(PROGRAM), "--home", str(home), *words])
    shown = b""
    asked = False
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break  # the program has ended
        if not part:
            break
        shown += part
        if not asked and "PIN 码：".encode() in shown:
            asked = True
            os.write(terminal, typed.encode())
    os.waitpid(child, 0)
    os.close(terminal)
    return shown.decode()
