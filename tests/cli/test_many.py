"""`units ...`: a month of two units with keys in files, one of which is held up by its PIN, its centre, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from tests.cli.harness import Json, practice, read, run, staff, this_month, workbook
from unitclient.cli.output import COLUMNS, width
from unitclient.texts import LANGUAGES

MONTH = this_month()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A practice unit with people, and a second unit (乙单位) of the same centre with nobody yet."""
    home = tmp_path_factory.mktemp("many")
    with practice(home) as started:
        pin = (home / "practice" / "practice-pin.txt").read_text().strip()
        key, ca = _key_file(home, started["url"], pin)
        pin_file = home / "practice" / "practice-pin.txt"
        enrolled = run(home, "unit", "enrol", "--centre", started["url"], "--cert", key, "--ca", ca, "--pin-file",
                       pin_file)  # fmt: skip
        assert enrolled.code == 0, enrolled.out
        assert run(home, "unit", "select", started["unit"]["unit_number"]).code == 0
        assert run(home, "import", "enrol", workbook(home / "a.xlsx", staff(3, MONTH))).code == 0
        yield home


def _key_file(home: Path, url: str, pin: str) -> tuple[Path, Path]:
    asked = {"name": "乙单位", "region": "510100", "key_kind": "ec"}
    opened = requests.post(f"{url}/practice/units", json=asked, timeout=30).json()
    key = load_pem_private_key(opened["private_key_pem"].encode(), None)
    certificate = x509.load_pem_x509_certificate(opened["certificate_pem"].encode())
    packed = serialize_key_and_certificates(b"unit", key, certificate, None, BestAvailableEncryption(pin.encode()))  # type: ignore[arg-type]  # an elliptic key, as was asked for
    (home / "second.p12").write_bytes(packed)
    (home / "ca.pem").write_text(opened["ca_pem"])
    return home / "second.p12", home / "ca.pem"


def _told(data: Json) -> dict[str, tuple[str, int, str]]:
    return {one["name"][:1]: (one["result"], one["count"], one["code"]) for one in data["units"]}


def test_a_month_of_two_units(home: Path) -> None:
    blocks = {one["name"][:1]: one["blocks"] for one in run(home, "units", "status", MONTH).data["units"]}
    assert blocks["乙"]["prepare"] == "units-nobody"
    assert "prepare" not in blocks["演"]
    prepared = run(home, "units", "prepare", MONTH)
    assert (prepared.code, _told(prepared.data)) == (0, {"演": ("done", 3, ""), "乙": ("needless", 0, "units-nobody")})
    assert (prepared.data["done"], prepared.data["needless"], prepared.data["refused"]) == (1, 1, 0)
    second = next(one["unit_number"] for one in prepared.data["units"] if one["code"])
    _enrol(home, second)
    wrong = home / "wrong-pin.txt"
    wrong.write_text("00000000\n")
    refused = run(home, "units", "sign", "--pin-file", wrong)
    assert refused.code == 1
    assert {code for _, _, code in _told(refused.data).values()} == {"pin-wrong"}
    assert all(one["what"] and one["why"] and one["fix"] for one in refused.data["units"])
    signed = run(home, "units", "sign", "--pin-file", home / "practice" / "practice-pin.txt")
    assert (signed.code, _told(signed.data)) == (0, {"演": ("done", 2, ""), "乙": ("done", 2, "")})
    sent = run(home, "units", "send")
    assert (sent.code, _told(sent.data)) == (0, {"演": ("done", 2, ""), "乙": ("done", 2, "")})
    again = run(home, "units", "prepare", MONTH)
    assert (again.code, {code for _, _, code in _told(again.data).values()}) == (0, {"month-already-declared"})


def _enrol(home: Path, second: str) -> None:
    first = run(home, "unit", "show").data["unit"]["unit_number"]
    assert run(home, "unit", "select", second).code == 0
    assert run(home, "import", "enrol", workbook(home / "b.xlsx", staff(2, MONTH, first=40))).code == 0
    assert run(home, "unit", "select", first).code == 0
    assert _told(run(home, "units", "prepare", MONTH).data)["乙"] == ("done", 2, "")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("words", ["status", f"status {MONTH}", f"prepare {MONTH}", "sign", "send"])
def test_it_reads_as_sentences(home: Path, words: str, lang: str) -> None:
    shown = read(home, "units", *words.split(), lang=lang)
    assert shown.code == 0, shown.err
    assert max(width(line) for line in shown.out.splitlines()) <= COLUMNS
    assert "units-" not in shown.out
    assert json.dumps("乙单位", ensure_ascii=False).strip('"') in shown.out


def test_a_home_without_units_says_so(empty_home: Path) -> None:
    assert run(empty_home, "units", "prepare", MONTH).data["units"] == []
    assert "没有" in read(empty_home, "units", "status").out
