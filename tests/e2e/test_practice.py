"""What a newcomer does, with the program as it is started: the practice month, the next one, and a real enrolment."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from tests.e2e.office import ENROL_HEADERS, Json, credential_of, open_unit, staff
from tests.e2e.programs import run_cli
from unitclient.central.server import RunningCentre
from unitclient.sheets.table import csv_bytes, write_table

SMALL = 6


def ok(home: Path, *arguments: str) -> Json:
    """A command that must end well."""
    code, told = run_cli(home, *arguments)
    assert code == 0, told
    return told


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose practice centre runs, set in November 2026."""
    folder = tmp_path_factory.mktemp("practice") / "家 目录"
    ok(folder, "practice", "start", "--date", "2026-11-10")
    yield folder
    run_cli(folder, "practice", "stop")


@pytest.fixture(scope="module")
def first(home: Path) -> Json:
    """The first month, of a few people of whom one is wrong."""
    path = home / "花名册.xlsx"
    people = [list(row) for row in staff(SMALL)]
    people[-1][1] = "11000019900307"
    write_table(path, "花名册", list(ENROL_HEADERS), people)
    return ok(home, "practice", "month", "--staff", str(path))


def test_the_first_month_ends_with_its_papers(home: Path, first: Json) -> None:
    """Taken and refused are counted, the three tracks are at their end, every file named is there."""
    imported = first["imports"]["enrol"]
    assert (imported["read"], imported["taken"], imported["refused"]) == (SMALL, SMALL - 1, 1)
    assert first["sync"]["settled"] is True
    assert first["status"]["tracks"] == {"transport": "delivered", "acceptance": "accepted", "money": "receipted"}
    files = {name: Path(path) for name, path in first["files"].items()}
    assert set(files) >= {"error_workbook", "container", "receipt", "settlement", "receipt_envelope"}
    assert all(path.stat().st_size > 100 for path in files.values())
    assert files["settlement"].read_bytes().startswith(b"%PDF")
    for name in ("container", "receipt_envelope"):
        verified = ok(home, "verify", str(files[name]))
        assert verified["ok"] is True


def test_the_second_run_is_a_second_month(home: Path, first: Json) -> None:
    """Not a crash and not the same month again: people join, leave, earn more; the difference is shown."""
    second = ok(home, "practice", "month")
    assert (first["period"], second["period"]) == ("2026-11", "2026-12")
    assert second["sync"]["settled"] is True
    assert second["status"]["tracks"]["money"] == "receipted"
    assert {change["change"] for change in second["prepared"]["difference"]} >= {"new", "gone"}
    persons = ok(home, "roster")["persons"]
    assert {person["state"] for person in persons} == {"active", "suspended"}


def test_the_practice_centre_is_killed_and_started_again(home: Path, first: Json) -> None:
    """What it left behind (a file that says where it listens) does not mislead: it starts, and the unit finds it."""
    running = ok(home, "practice", "status")
    os.kill(running["pid"], signal.SIGKILL)
    assert ok(home, "practice", "status")["running"] is False
    again = ok(home, "practice", "start")
    assert again["pid"] != running["pid"]
    assert ok(home, "practice", "start")["pid"] == again["pid"], "a second start finds the first"
    synced = ok(home, "sync")
    assert (synced["settled"], synced["trouble"]) == (True, "")
    assert len(ok(home, "unit", "list")["units"]) == 1


def test_nothing_of_the_key_or_the_people_lies_open(home: Path, first: Json) -> None:
    """The database and its side files hold no name, no ID number and no PIN in the clear; exports are the clerk's."""
    pin = (home / "practice" / "practice-pin.txt").read_text().strip()
    secrets = [str(staff(1)[0][1]).encode(), str(staff(1)[0][0]).encode(), pin.encode()]
    for path in home.glob("unitclient.db*"):
        data = path.read_bytes()
        assert not [secret for secret in secrets if secret in data], path
    for path in (home / "logs").glob("*"):
        assert pin.encode() not in path.read_bytes()


def test_a_real_unit_from_the_certificate_to_the_slip(centre: RunningCentre, tmp_path: Path) -> None:
    """Enrolled with a PKCS#12 file, its people from a GB 18030 text file, every step a command of its own."""
    opened: dict[str, Any] = open_unit(centre.url, "实例用人单位")
    credential, pin = credential_of(opened), "密码-4711"
    key, pin_file, ca = tmp_path / "单位.pfx", tmp_path / "pin.txt", tmp_path / "ca.pem"
    encryption = BestAvailableEncryption(pin.encode())
    key.write_bytes(
        pkcs12.serialize_key_and_certificates(b"unit", credential.key, credential.certificate, None, encryption)
    )
    pin_file.write_text(pin + "\n", "utf-8")
    ca.write_text(opened["ca_pem"])
    home, sheet = tmp_path / "home", tmp_path / "名单.csv"
    sheet.write_bytes(csv_bytes(ENROL_HEADERS, staff(3), "gb18030"))
    where = ["--centre", centre.url, "--cert", str(key), "--ca", str(ca)]
    enrolled = ok(home, "unit", "enrol", *where, "--pin-file", str(pin_file), "--operator", "张𬭚")
    assert enrolled["unit"]["name"] == "实例用人单位"
    assert pin not in json.dumps(enrolled)
    taken = ok(home, "import", "enrol", str(sheet), "--period", "2026-11")
    assert (taken["taken"], taken["refused"]) == (3, 0)
    prepared = ok(home, "prepare", "2026-11")
    signed = ok(home, "sign", "--all", "--pin-file", str(pin_file))
    assert [one["form"] for one in signed["signed"]] == ["enrol", "monthly"]
    synced = ok(home, "sync", "--until-settled")
    assert synced["settled"] is True
    told = ok(home, "status", prepared["declaration"])
    assert told["tracks"] == {"transport": "delivered", "acceptance": "accepted", "money": "receipted"}
    total = sum(sides["unit"] + sides["person"] for sides in prepared["totals"].values())
    assert told["total"] == total
    assert ok(home, "check-db")["ok"] is True
