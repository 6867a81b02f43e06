"""A copied disk gives nothing: every file of a home is read as it lies there, and the copy opens for nobody."""

from __future__ import annotations

import base64
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.e2e.office import Office, staff
from tests.workflows.bench import NOON, bench
from tests.workflows.staffed import CHEAP, NAMES, WORDS, cheapen, signed_in, staff_home
from unitclient.errors import UserError
from unitclient.seal import pki
from unitclient.store import Store, backup, keys, migrations
from unitclient.store.attachments import put_attachment
from unitclient.workflows.desk import Desk
from unitclient.workflows.diagnosis_file import open_diagnosis, write_diagnosis
from unitclient.workflows.recovering import make_code
from unitclient.workflows.safekeeping import back_up

PEOPLE = staff(4)
PICTURE = bytes(range(256)) * 40
WORD, TOLD = "Faden*Kanne~53", "Ofen#Garten~28"
OUR_FILES = {
    "unitclient.db", "unitclient.db-wal", "unitclient.db-shm", "keys/database.key", "keys/database.used",
    "keys/journal.seen", "keys/recovery.json", "made.ucbackup", "plain.ucbackup",
    "for-help.ucdiag", "for-key.ucdiag", "backups/old.db",
}  # fmt: skip


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """A home in use, with everything in it that is kept; and the recovery code."""
    with pytest.MonkeyPatch.context() as patched, bench(tmp_path_factory.mktemp("disk") / "home") as clerk:
        cheapen(patched)
        patched.setattr(backup.backup, "__kwdefaults__", {"cost": CHEAP})
        staff_home(clerk)
        with signed_in(clerk, "clerk") as desk:
            clerk.enrols(PEOPLE)
            with desk.store.write("attachment.keep"):
                put_attachment(desk.store, clerk.unit_number, "a.jpg", PICTURE)
        for path in clerk.home.glob("enrol-*.xlsx"):
            path.unlink()  # the clerk's own workbook is no file of ours
        with signed_in(clerk, "manager") as desk:
            code = make_code(desk)
            _keep(clerk.home, desk, clerk)
        yield clerk, code


def _keep(home: Path, desk: Desk, clerk: Office) -> None:
    back_up(desk, home / "made.ucbackup", WORD)
    back_up(desk, home / "plain.ucbackup")
    write_diagnosis(desk, clerk.unit, home / "for-help.ucdiag", password=TOLD, cost=CHEAP)
    (home / "backups").mkdir(exist_ok=True)
    migrations._copy_before_upgrade(clerk.base.store.path, clerk.base.store.key, 6, clerk.clock)
    (copy,) = (home / "backups").iterdir()
    copy.rename(home / "backups" / "old.db")


def _forms(text: str) -> Iterator[bytes]:
    for code in ("utf-8", "utf-16-le", "gb18030"):
        yield text.encode(code)
    yield text.encode("unicode_escape")
    yield base64.b64encode(text.encode())[:-4]


def _secrets(clerk: Office, code: str) -> Iterator[tuple[str, bytes]]:
    """What a thief would look for, in every form in which it may lie there."""
    words = [
        *NAMES.values(),
        *WORDS.values(),
        WORD,
        TOLD,
        code,
        clerk.unit.name,
        clerk.unit.uscc,
        clerk.unit_number,
    ]
    for row in PEOPLE:
        words += [str(row[0]), str(row[1]), str(row[1])[-6:] + '"']
    for word in words:
        for form in _forms(word):
            if len(form) > 5:
                yield word, form
    key = clerk.base.store.key
    for form in (key, key.hex().encode(), base64.b64encode(key)):
        yield "the database key", form
    yield "the attachment", PICTURE[:64]
    yield "a table's name", b"CREATE TABLE"


def test_no_file_says_anything(disk: tuple[Office, str]) -> None:
    clerk, code = disk
    raw = {str(path.relative_to(clerk.home)): path.read_bytes() for path in clerk.home.rglob("*") if path.is_file()}
    assert set(raw) <= OUR_FILES, "another file: what does it say?"
    assert {"unitclient.db", "unitclient.db-wal", "keys/recovery.json", "backups/old.db"} <= set(raw)
    assert sum(map(len, raw.values())) > 500_000
    assert [
        (name, what) for name, content in raw.items() for what, form in _secrets(clerk, code) if form in content
    ] == []


def test_the_copy_opens_for_nobody(disk: tuple[Office, str], tmp_path: Path) -> None:
    clerk, _ = disk
    shutil.copytree(clerk.home, tmp_path / "stolen")
    for name in ("unitclient.db", "backups/old.db"):
        with pytest.raises(sqlite3.DatabaseError, match="not a database"):
            sqlite3.connect(tmp_path / "stolen" / name).execute("SELECT * FROM sqlite_master").fetchall()
    number = str(PEOPLE[0][1])
    guesses = (None, "", number[-6:], number[-8:], number, "123456", "admin", clerk.unit_number, WORDS["clerk"] + " ")
    for guess in guesses:
        for name in ("", NAMES["manager"], NAMES["clerk"]):
            (tmp_path / "stolen" / "keys" / "tries.json").unlink(missing_ok=True)  # a thief waits for nobody
            with pytest.raises(UserError) as refused:
                Store.open(tmp_path / "stolen", clock=clerk.clock, passphrase=guess, operator=name)
            assert refused.value.code in ("store-operator-needed", "operator-refused")
    # It is the real thing that was copied: the right password opens it, and a backup's passphrase its backup.
    assert keys.load(tmp_path / "stolen", WORDS["reviewer"], NAMES["reviewer"]) == clerk.base.store.key


def test_the_diagnostics_file_is_the_help_desks_alone(disk: tuple[Office, str], tmp_path: Path) -> None:
    clerk, _ = disk
    path = clerk.home / "for-help.ucdiag"
    members = open_diagnosis(path, TOLD)
    assert {"checks.json", "about.json", "acts.json"} <= set(members)
    told = b"".join(members.values()).decode()
    assert not [row for row in PEOPLE if str(row[1]) in told or str(row[0]) in told], "nor is anybody named inside"
    with pytest.raises(UserError, match="diagnosis-password"):
        open_diagnosis(path, TOLD + ".")
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    (tmp_path / "changed").write_bytes(changed)
    with pytest.raises(UserError, match="diagnosis-password"):
        open_diagnosis(tmp_path / "changed", TOLD)
    with signed_in(clerk, "viewer") as desk:
        with pytest.raises(UserError, match="diagnosis-no-secret"):
            write_diagnosis(desk, clerk.unit, tmp_path / "none")
        with pytest.raises(UserError, match="password-weak"):
            write_diagnosis(desk, clerk.unit, tmp_path / "none", password="19900307")
    assert not (tmp_path / "none").exists()


def test_a_diagnostics_file_for_a_certificate_is_opened_by_openssl(disk: tuple[Office, str], tmp_path: Path) -> None:
    clerk, _ = disk
    root = pki.Authority.create_root("帮助台", NOON)
    key = rsa.generate_private_key(65537, 2048)
    named, validity = pki.name("帮助台"), pki.Validity.around(NOON, 365)
    certificate = root.issue_encryption(named, key.public_key(), validity)
    (tmp_path / "desk.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "desk.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with signed_in(clerk, "viewer") as desk:
        made = write_diagnosis(desk, clerk.unit, tmp_path / "for-key.ucdiag", certificate=tmp_path / "desk.pem")
    assert b"checks.json" not in made.path.read_bytes()
    done = subprocess.run(
        ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", made.path, "-recip", tmp_path / "desk.pem", "-inkey",
         tmp_path / "desk.key", "-binary"], capture_output=True, timeout=30, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(b"PK")
    assert b"checks.json" in done.stdout
