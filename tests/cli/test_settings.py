"""`unitclient config`, and the time-stamp authority it sets: real RFC 3161 over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.cli.harness import practice, read, run, staff, this_month, workbook
from unitclient.app import open_unit_desk
from unitclient.clock import SystemClock
from unitclient.seal import cms, cmsread, pki
from unitclient.seal.container import read_container
from unitclient.seal.timestamp import REPLY_TYPE, REQUEST_TYPE, LocalAuthority
from unitclient.store.units import add_unit
from unitclient.texts import LANGUAGES

KEYS = ["network.proxy", "network.ca_file", "tsa.url", "tsa.ca_file", "backup.folder", "operator"]
MONTH = this_month()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("settings")
    with practice(home):
        assert run(home, "import", "enrol", workbook(home / "staff.xlsx", staff(2, MONTH, first=600))).code == 0
        yield home


def test_settings_are_listed_set_shown_and_removed(home: Path) -> None:
    assert list(run(home, "config").data["settings"]) == KEYS
    assert run(home, "config", "network.proxy", "http://10.0.0.1:8080").data["value"] == "http://10.0.0.1:8080"
    assert run(home, "config", "network.proxy").data == {"key": "network.proxy", "value": "http://10.0.0.1:8080"}
    assert run(home, "config", "network.proxy", "--unset").data["value"] is None
    assert run(home, "config").data["settings"]["network.proxy"] is None


def test_an_unknown_setting_names_the_known_ones(home: Path) -> None:
    for lang in LANGUAGES:
        why = run(home, "config", "nosuch", "1", lang=lang).data["error"]["why"]
        assert all(key in why for key in KEYS)


def test_the_operator_is_the_units(home: Path) -> None:
    assert run(home, "config", "operator", "张三").code == 0
    assert run(home, "unit", "show").data["unit"]["operator"] == "张三"
    assert run(home, "config", "operator").data["value"] == "张三"
    assert run(home, "config", "operator", "").refusal == "setting-not-name"


def test_an_automatic_backup_by_the_command_line(home: Path, tmp_path: Path) -> None:
    word = tmp_path / "word.txt"
    word.write_text("换机口令 2026\n", "utf-8")
    assert run(home, "backup", "--automatic").data == {"path": None}, "no folder was chosen"
    assert run(home, "config", "backup.folder", str(tmp_path)).code == 0
    made = run(home, "backup", "--automatic", "--passphrase-file", word).data
    assert (Path(made["path"]).parent, made["own_key"]) == (tmp_path, False)
    assert run(home, "backup", "--automatic").data == {"path": None}, "nothing was written since"
    assert run(tmp_path / "new", "restore", made["path"], "--passphrase-file", word).code == 0
    assert run(home, "backup").code == run(home, "backup", tmp_path / "x", "--automatic").code == 2
    assert run(home, "config", "backup.folder", "--unset").code == 0


@pytest.mark.parametrize("value", ["10.0.0.1", "ftp://x", "http://", "http://a b", "http://a:port", "http://[x"])
def test_an_address_is_checked(home: Path, value: str) -> None:
    assert run(home, "config", "tsa.url", value).refusal == "setting-not-address"


def test_a_certificate_file_that_went_away_is_said(home: Path, tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(pki.Authority.create_root("私有根", SystemClock().now()).certificate_pem)
    assert run(home, "config", "network.ca_file", root).data["value"] == str(root)
    root.unlink()
    with _as_real_unit(home):  # a practice centre is reached without any of the network's settings
        assert run(home, "sync").refusal == "network-ca-unreadable"
    assert run(home, "config", "network.ca_file", "--unset").code == 0


@contextmanager
def _as_real_unit(home: Path) -> Iterator[None]:
    for practice_unit in (False, True):
        with open_unit_desk(home) as (desk, unit), desk.store.write("test.unit"):
            add_unit(desk.store, replace(unit, practice=practice_unit))
        if not practice_unit:
            yield


@contextmanager
def authority(answers: bool = True) -> Iterator[tuple[str, bytes]]:
    """A time-stamp authority over HTTP: its address, and the root under which it stands."""
    clock = SystemClock()
    root = pki.Authority.create_root("时间戳根", clock.now())
    key = pki.new_key("ec")
    validity = pki.Validity.around(clock.now(), 30)
    certificate = root.issue_timestamper(pki.name("时间戳"), key.public_key(), validity)
    local = LocalAuthority(root.credential_for(key, certificate).signer(), clock)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == REQUEST_TYPE
            request = self.rfile.read(int(self.headers["Content-Length"]))
            reply = local.answer(request) if answers else b"no"
            self.send_response(200)
            self.send_header("Content-Type", REPLY_TYPE)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tsa", root.certificate_pem
        finally:
            server.shutdown()


def test_what_is_signed_carries_the_authoritys_time(home: Path, tmp_path: Path) -> None:
    declaration = run(home, "prepare", MONTH).data["declaration"]
    root = tmp_path / "tsa.pem"
    with authority() as (url, pem):
        root.write_bytes(pem)
        assert run(home, "config", "tsa.url", url).code == 0
        untrusted = run(home, "sign", "--all")
        assert untrusted.refusal == "seal-timestamp-invalid"
        assert run(home, "config", "tsa.ca_file", root).code == 0
        signed = run(home, "sign", "--all")
        assert signed.code == 0, signed.out
    container = Path(run(home, "outbox", "export", declaration, tmp_path).data["container"])
    assert cms.TIMESTAMP_TOKEN in cmsread.parse(read_container(container.read_bytes()).cms).unsigned
    assert run(home, "verify", container).data["ok"]
    for one in signed.data["signed"]:
        run(home, "outbox", "withdraw", one["id"])


def test_without_the_authority_nothing_is_signed(home: Path) -> None:
    assert run(home, "prepare", MONTH).code == 0
    assert run(home, "config", "tsa.url", "http://127.0.0.1:9/tsa").code == 0
    assert run(home, "sign", "--all").refusal == "tsa-unreachable"
    with authority(answers=False) as (url, _):
        assert run(home, "config", "tsa.url", url).code == 0
        assert run(home, "sign", "--all").refusal == "tsa-answer-wrong"
    assert {one["transport"] for one in run(home, "status").data["declarations"]} <= {"checked", "withdrawn"}
    assert run(home, "config", "tsa.url", "--unset").code == 0
    assert len(run(home, "sign", "--all").data["signed"]) == 2


def test_settings_for_people(home: Path) -> None:
    chinese, english = (read(home, "config", lang=lang).out for lang in LANGUAGES)
    assert "经办人" in chinese
    assert "operator" in english
    assert "None" not in chinese + english
