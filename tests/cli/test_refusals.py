"""What a clerk can get wrong: refused in three sentences of both languages, with its exit code, and nothing is lost."""

from __future__ import annotations

import shutil
import struct
import zipfile
from pathlib import Path

import pytest
import xlwt

from tests.cli.harness import SENTENCES, read, run, spawn, staff, this_month, workbook
from unitclient.texts import LANGUAGES

MONTH = str(this_month())
NOWHERE = "/proc/nowhere"
"""Nobody can make a file there, the superuser neither."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of every wrong kind."""
    folder = tmp_path_factory.mktemp("wrong")
    good = workbook(folder / "good.xlsx", staff(2, MONTH, first=700))
    (folder / "empty.xlsx").write_bytes(b"")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "junk.xlsx").write_bytes(bytes(range(256)) * 8)
    (folder / "cut.xlsx").write_bytes(good.read_bytes()[:2000])
    (folder / "paper.pdf").write_bytes(b"%PDF-1.4\n")
    (folder / "head.csv").write_text("姓名,证件号码,参保年月,缴费工资\n")
    (folder / "columns.csv").write_text("甲,乙\n1,2\n")
    (folder / "few.csv").write_text("姓名,证件号码\n王伟,1\n")
    (folder / "blank.txt").write_bytes(b"\n1234\n")
    (folder / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in source.namelist():
            bomb.writestr(name, b" " * 300_000_000 if "sheet1" in name else source.read(name))
    _protect(folder / "locked.xlsx")
    return folder


def _protect(path: Path) -> None:
    """A compound file with the stream that Excel writes for a workbook with a password ([MS-OFFCRYPTO] 1.3.3)."""
    book = xlwt.Workbook()
    book.add_sheet("S")
    book.save(str(path))
    data = bytearray(path.read_bytes())
    entry, name = data.index("Workbook".encode("utf-16-le")), "EncryptedPackage".encode("utf-16-le")
    data[entry : entry + len(name)] = name
    struct.pack_into("<H", data, entry + 64, len(name) + 2)
    path.write_bytes(data)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("import enrol {files}/missing.xlsx", "file-missing"),
        ("import enrol {files}", "file-is-folder"),
        ("import enrol {files}/empty.xlsx", "sheet-empty"),
        ("import enrol {files}/empty.csv", "sheet-empty"),
        ("import enrol {files}/junk.xlsx", "sheet-broken"),
        ("import enrol {files}/cut.xlsx", "sheet-broken"),
        ("import enrol {files}/paper.pdf", "sheet-unknown-type"),
        ("import enrol {files}/head.csv", "sheet-no-rows"),
        ("import enrol {files}/columns.csv", "sheet-no-header"),
        ("import enrol {files}/few.csv", "sheet-missing-columns"),
        ("import enrol {files}/bomb.xlsx", "sheet-bomb"),
        ("import enrol {files}/locked.xlsx", "sheet-encrypted"),
        ("import nosuch {files}/good.xlsx", "form-unknown"),
        ("import monthly {files}/good.xlsx", "form-not-importable"),
        ("import enrol {files}/good.xlsx --errors {files}/good.xlsx", "errors-over-source"),
        ("import enrol {files}/good.xlsx --errors {files}", "errors-not-xlsx"),
        ("import enrol {files}/good.xlsx --errors /proc/nowhere/e.xlsx", "file-unwritable"),
        ("template nosuch {files}/t.xlsx", "form-unknown"),
        ("template enrol /proc/nowhere/t.xlsx", "file-unwritable"),
        ("template enrol {files}/t.pdf", "template-not-xlsx"),
        ("prepare {month}", "month-already-declared"),
        ("sign nosuch", "declaration-unknown"),
        ("outbox retry nosuch", "outbox-unknown-id"),
        ("outbox withdraw nosuch", "outbox-unknown-id"),
        ("outbox export nosuch {files}", "outbox-unknown-id"),
        ("outbox import-reply {files}/missing.json", "file-missing"),
        ("outbox import-reply {files}/good.xlsx", "reply-unreadable"),
        ("status nosuch", "declaration-unknown"),
        ("void nosuch", "declaration-unknown"),
        ("pay nosuch", "declaration-unknown"),
        ("statement nosuch", "declaration-unknown"),
        ("verify {files}/missing.asice", "file-missing"),
        ("verify {files}", "file-is-folder"),
        ("verify {files}/good.xlsx --ca {files}/missing.pem", "file-missing"),
        ("verify {files}/good.xlsx --ca {files}/good.xlsx", "ca-missing"),
        ("backup {files}/good.xlsx", "backup-exists"),
        ("backup /proc/nowhere/b", "file-unwritable"),
        ("backup {files}/b --passphrase-file {files}/missing", "file-missing"),
        ("backup {files}/b --passphrase-file {files}/blank.txt", "secret-file-empty"),
        ("restore {files}/missing", "backup-missing"),
        ("restore {files}/good.xlsx", "backup-broken"),
        ("unit show nosuch", "unit-unknown"),
        ("unit select nosuch", "unit-unknown"),
        ("unit enrol --centre ftp://x --cert {files}/key.p12", "centre-url-wrong"),
        ("unit enrol --centre http://x --cert {files}/key.p12", "ca-missing"),
        ("config nosuch", "setting-unknown"),
        ("config nosuch value", "setting-unknown"),
        ("config network.proxy 10.0.0.1:8080", "setting-not-address"),
        ("config network.ca_file {files}/missing.pem", "file-missing"),
        ("config tsa.ca_file {files}/good.xlsx", "setting-no-certificates"),
        ("config backup.folder {files}/nosuch", "setting-not-folder"),
        ("practice start --region 999999", "policy-region-unknown"),
        ("calc deadline 2060-02 --day 15", "holiday-year-unknown"),
        ("calc back-payment --region 9 --from 2024-01 --to 2024-01 --wage 1", "policy-region-unknown"),
    ],
)
def test_a_refusal_names_what_why_and_what_to_do(
    settled_home: Path, files: Path, words: str, code: str, lang: str
) -> None:
    told = run(settled_home, *words.format(files=files, month=MONTH).split(), lang=lang)
    assert (told.code, told.refusal) == (1, code)
    if lang == "zh":
        shown = read(settled_home, *words.format(files=files, month=MONTH).split())
        assert (shown.code, shown.out) == (1, "")
        assert shown.err.strip().splitlines()[-3:] == [told.data["error"][part] for part in SENTENCES]


def test_a_refused_command_changes_nothing(settled_home: Path, files: Path) -> None:
    before = (files / "good.xlsx").read_bytes()
    roster = run(settled_home, "roster").data
    run(settled_home, "import", "enrol", files / "good.xlsx", "--errors", files / "good.xlsx")
    run(settled_home, "import", "enrol", files / "good.xlsx", "--errors", f"{NOWHERE}/e.xlsx")
    assert (files / "good.xlsx").read_bytes() == before
    assert run(settled_home, "roster").data == roster


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "words",
    [
        "",
        "nosuch",
        "--nosuch status",
        "--stat",
        "practice",
        "practice nosuch",
        "practice start --port 70000",
        "practice start --port x",
        "practice start --date 2026-13-01",
        "practice month --period 2026",
        "practice bank nosuch",
        "practice bank ok --balance x",
        "practice bank ok --balance -1",
        "unit enrol",
        "template enrol",
        "import",
        "import enrol",
        "import enrol a.xlsx --errors",
        "import enrol a.xlsx b.xlsx",
        "roster --period november",
        "prepare",
        "prepare 2026-13",
        "sign",
        "sign --all ID",
        "sync --timeout soon",
        "sync --until-settled=yes",
        "outbox nosuch",
        "outbox retry",
        "config --unset",
        "config operator --unset name",
        "calc",
        "calc id",
        "calc id 1 --kind nosuch",
        "calc contribution --base x --rate 0.1",
        "calc contribution --base 1",
        "calc late-fee 1000 2024-02-01 2024-01-01",
        "calc retirement --birth 1970-03 --category nobody",
    ],
)
def test_wrong_usage_is_exit_code_2(empty_home: Path, words: str, lang: str) -> None:
    told = run(empty_home, *words.split(), lang=lang)
    assert (told.code, told.refusal) == (2, "usage")
    assert told.data["error"]["usage"].startswith("用法：unitclient" if lang == "zh" else "usage: unitclient")
    for_people = read(empty_home, *words.split(), lang=lang)
    assert (for_people.code, for_people.out) == (2, "")


@pytest.mark.parametrize("words", ["--lang fr status", "--home", "--lang", "--json=1 status"])
def test_wrong_global_options(words: str) -> None:
    told = run(None, *words.split())
    assert (told.code, told.refusal) == (2, "usage")


def test_an_empty_home_name_is_no_home() -> None:
    assert run(None, "--home=", "status").refusal == "usage"


@pytest.mark.parametrize(
    "words",
    ["roster", "outbox", "sync", "status", f"prepare {MONTH}", "sign --all", "unit show", "config operator 张三"],
)
def test_without_a_unit_the_way_to_one_is_named(empty_home: Path, words: str) -> None:
    for lang in LANGUAGES:
        told = run(empty_home, *words.split(), lang=lang)
        assert (told.code, told.refusal) == (1, "no-unit")
        assert "practice start" in told.data["error"]["fix"]


@pytest.mark.parametrize("words", ["roster", "practice start", "practice month", "check-db", "unit list"])
def test_a_home_that_cannot_be_is_the_machines_fault(tmp_path: Path, words: str) -> None:
    a_file = tmp_path / "file"
    a_file.write_text("x")
    for home in (a_file, Path(NOWHERE)):
        told = run(home, *words.split())
        assert (told.code, told.refusal) == (3, "store-unreadable")
    assert a_file.read_text() == "x"


def test_what_needs_no_home_makes_none(tmp_path: Path, files: Path) -> None:
    home = tmp_path / "none"
    assert run(home, "verify", files / "good.xlsx").data["ok"] is False
    assert run(home, "practice", "status").data == {"running": False, "units": []}
    assert run(home, "practice", "stop").data == {"stopped": False}
    assert run(home, "calc", "name", "王伟").code == 0
    assert not home.exists()


def test_a_half_written_database_is_said_and_kept(empty_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "half"
    shutil.copytree(empty_home, home)
    database = home / "unitclient.db"
    half = database.read_bytes()[: database.stat().st_size // 2 + 100]
    database.write_bytes(half)
    for words in ("roster", "check-db", "verify-journal", f"backup {tmp_path}/b"):
        told = run(home, *words.split())
        assert (told.code, told.refusal) == (3, "store-damaged")
    assert database.read_bytes() == half


def test_a_database_of_a_newer_version_is_left_alone(empty_home: Path, tmp_path: Path) -> None:
    from unitclient.clock import SystemClock
    from unitclient.store.store import Store

    home = tmp_path / "newer"
    shutil.copytree(empty_home, home)
    with Store.open(home, clock=SystemClock()) as store:
        version = store.connection.execute("PRAGMA user_version").fetchone()[0]
        store.connection.execute(f"PRAGMA user_version = {version + 1}")
    told = run(home, "roster")
    assert (told.code, told.refusal) == (3, "store-newer")


def test_a_lost_key_file_is_said(empty_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "keyless"
    shutil.copytree(empty_home, home)
    shutil.rmtree(home / "keys")
    told = run(home, "roster")
    assert (told.code, told.refusal) == (3, "store-key-missing")


def test_restore_into_a_home_that_cannot_be(settled_home: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.bak"
    assert run(settled_home, "backup", out).code == 0
    told = run(Path(NOWHERE), "restore", out)
    assert (told.code, told.refusal) == (3, "restore-unwritable")


def test_a_taken_port_is_said(tmp_path: Path, settled_home: Path) -> None:
    port = run(settled_home, "practice", "status").data["url"].rpartition(":")[2]
    told = spawn(tmp_path / "second", "practice", "start", "--port", port)
    assert (told.code, told.refusal) == (3, "practice-not-started")
    assert port in told.data["error"]["why"]


@pytest.mark.parametrize("name", ["missing", "empty.csv", "blank.txt", "bytes.txt", "."])
def test_a_pin_file_without_a_pin_is_no_try(settled_home: Path, files: Path, name: str) -> None:
    month = this_month() + 1
    assert run(settled_home, "prepare", month).code == 0
    told = run(settled_home, "sign", "--all", "--pin-file", files / name)
    assert (told.code, told.refusal) == (1, "pin-file-missing")
    assert run(settled_home, "status").data["declarations"][-1]["transport"] == "checked"


def test_a_wrong_pin_signs_nothing_and_is_not_repeated(settled_home: Path, tmp_path: Path) -> None:
    assert run(settled_home, "prepare", this_month() + 1).code == 0
    pin = tmp_path / "pin"
    pin.write_text("00000000\n")
    told = run(settled_home, "sign", "--all", "--pin-file", pin)
    assert (told.code, told.refusal) == (1, "pin-wrong")
    assert "00000000" not in told.out + told.err
    assert run(settled_home, "status").data["declarations"][-1]["transport"] == "checked"
