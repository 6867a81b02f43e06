"""Papers of the businesses: the list to stamp and keep, certificates with number, code and what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.businesses.cases import load_case
from tests.businesses.conftest import NewWalk
from tests.businesses.walk import Walk
from tests.documents.papers import text_of
from tests.e2e.office import Office, ask, id_number
from unitclient.domain.registers import Entry
from unitclient.errors import UserError
from unitclient.store.declarations import find_declarations
from unitclient.store.registers import get_entry
from unitclient.sync.client import CentreClient
from unitclient.sync.outcomes import NotSent
from unitclient.texts import use_language
from unitclient.workflows import asking
from unitclient.workflows.centre import trust_of
from unitclient.workflows.listing import certificates, write_best_certificate, write_certificate, write_list
from unitclient.workflows.verifying import verify_file

LOAN = f"{id_number(1)}|paid|4"


def certificate(clerk: Office, key: str) -> Entry:
    clerk.syncs()
    entry = get_entry(clerk.desk.store, clerk.unit_number, "certificate", key)
    assert entry is not None
    return entry


def applied(walk: Walk, **change: str) -> None:
    """One application for the first person, accepted."""
    assert walk.imports([walk.case.row(1, change)]).taken == 1
    assert walk.sends() == "accepted"


def newest(clerk: Office) -> str:
    return find_declarations(clerk.desk.store, clerk.unit_number)[-1].id


def test_the_list_of_residents_who_stop_is_printed_to_be_stamped_signed_and_kept(walk: NewWalk, tmp_path: Path) -> None:
    one = walk("resident-medical-stop")
    applied(one)
    text = text_of(write_list(one.clerk.desk, one.clerk.unit, newest(one.clerk), tmp_path).read_bytes(), tmp_path)
    for expected in ("居民医保停保销卡人员表", "员工一", id_number(1), "42010000011", "2026-10", "示例大学",
                     "参保人员签字", "单位盖章："):  # fmt: skip
        assert expected in text


def test_a_declaration_of_nobody_has_no_list(walk: NewWalk, tmp_path: Path) -> None:
    clerk = walk("resident-medical-stop").clerk
    with pytest.raises(UserError) as refusal:
        write_list(clerk.desk, clerk.unit, "0", tmp_path)
    assert refusal.value.code == "declaration-unknown"


def test_a_certificate_says_what_was_debited_and_how_to_verify_it(walk: NewWalk, tmp_path: Path) -> None:
    one = walk("payment-certificate")
    one.come_here(1)
    applied(one)
    assert certificate(one.clerk, LOAN).values["facts"]["paid"] == [], "nothing was debited yet"
    one.clerk.declares()
    applied(one)
    told = certificate(one.clerk, LOAN).values
    paid = {row["insurance"]: row for row in told["facts"]["paid"]}
    assert (paid["pension"]["months"], paid["pension"]["person_fen"]) == (1, 54_400)
    assert {row["insurance"] for row in told["facts"]["insured"]} == set(paid)
    assert told["valid_until"] == "2027-02-08"
    pdf = write_certificate(one.clerk.desk, one.clerk.unit, "certificate", LOAN, tmp_path).read_bytes()
    text = text_of(pdf, tmp_path)
    for expected in ("缴费证明", "员工一", told["certificate_number"], told["verify_code"], "2026-01至2026-11", "贷款",
                     "基本养老保险", "544.00", "2027-02-08"):  # fmt: skip
        assert expected in text
    listed = certificates(one.clerk.desk, one.clerk.unit)
    assert [(each.title, each.number, each.valid) for each in listed] == [
        ("缴费证明", told["certificate_number"], True)
    ]
    use_language("en")
    english = write_certificate(one.clerk.desk, one.clerk.unit, "certificate", LOAN, tmp_path).read_bytes()
    use_language("zh")
    assert "Certificateofcontributions" in text_of(english, tmp_path)


def test_another_application_replaces_the_paper_and_a_void_one_says_so(walk: NewWalk, tmp_path: Path) -> None:
    one = walk("payment-certificate")
    one.come_here(1)
    applied(one)
    first = certificate(one.clerk, LOAN).values["certificate_number"]
    applied(one)
    second = certificate(one.clerk, LOAN).values["certificate_number"]
    assert first != second
    void = Walk(one.clerk, load_case("certificate-void"))
    change = {"kind": "缴费证明", "purpose": "贷款", "certificate_number": first}
    assert void.imports([void.case.row(1, change)]).findings[0].code == "ENTRY_DIFFERS", "the old one is no paper"
    applied(void, **{**change, "certificate_number": second})
    assert certificate(one.clerk, LOAN).state == "void"
    assert [each.valid for each in certificates(one.clerk.desk, one.clerk.unit)] == [False]
    pdf = write_certificate(one.clerk.desk, one.clerk.unit, "certificate", LOAN, tmp_path).read_bytes()
    assert "已失效" in text_of(pdf, tmp_path)


def test_a_voucher_is_issued_by_the_desk(walk: NewWalk, tmp_path: Path) -> None:
    one = walk("pension-record-certificate")
    one.come_here(1)
    applied(one)
    key = f"{id_number(1)}|pension-record|1"
    with pytest.raises(UserError) as refusal:
        write_certificate(one.clerk.desk, one.clerk.unit, "certificate", key, tmp_path)
    assert refusal.value.code == "certificate-none"
    step = {"register_name": "certificate", "key": key, "step": "issue", "values": {}}
    ask(one.clerk.unit.centre_url, "POST", f"/practice/desk/units/{one.clerk.unit_number}/steps", step)
    entry = certificate(one.clerk, key)
    assert (entry.state, len(entry.values["verify_code"])) == ("issued", 12)
    assert [row["insurance"] for row in entry.values["facts"]["insured"]] == ["pension"], "of this insurance alone"


def test_a_signed_certificate_is_verified_off_line_and_on_line(walk: NewWalk, tmp_path: Path) -> None:
    """Whoever is handed the file checks its signature, and asks by the number, code and day that stand in it."""
    one = walk("payment-certificate")
    one.come_here(1)
    applied(one)
    told = certificate(one.clerk, LOAN).values
    path, refusal = write_best_certificate(one.clerk.desk, one.clerk.unit, "certificate", LOAN, tmp_path)
    assert refusal is None
    answer = verify_file(path, trust_of(one.clerk.unit), one.clerk.desk.now())
    assert answer.ok, answer.findings
    text = text_of(path.read_bytes(), tmp_path)
    found = re.search(r"凭证明编号(\d+)、校验码([A-Z0-9]+)和开具日期([\d-]+)在线核验", text)
    assert found is not None, text
    inputs = dict(zip(("certificate_number", "verify_code", "issued_on"), found.groups(), strict=True))
    assert inputs == {name: told[name] for name in inputs}
    (row,) = asking.ask(one.clerk.desk, one.clerk.unit, "certificate-check", inputs).answer.rows
    assert (row["certificate_number"], row["name"], row["state"]) == (told["certificate_number"], "员工一", "issued")
    assert "电子签章" in text
    assert "员工一" in text


def test_a_certificate_shows_and_carries_nobody_else(walk: NewWalk, tmp_path: Path) -> None:
    """Two persons' papers are issued by one decision; the bank of the one learns nothing of the other."""
    one = walk("payment-certificate")
    one.come_here(2)
    assert one.imports([one.case.row(1, {}), one.case.row(2, {})]).taken == 2
    assert one.sends() == "accepted"
    one.clerk.syncs()
    listed = certificates(one.clerk.desk, one.clerk.unit)
    assert len(listed) == 2
    for each in listed:
        path, _ = write_best_certificate(one.clerk.desk, one.clerk.unit, each.register, each.key, tmp_path)
        answer = verify_file(path, trust_of(one.clerk.unit), one.clerk.desk.now())
        assert answer.ok
        assert [entry["key"] for entry in answer.content["entries"]] == [each.key]
        text = text_of(path.read_bytes(), tmp_path)
        others = [other for other in listed if other.key != each.key]
        assert not [other for other in others if other.name in text or other.number in text]


def test_off_line_a_certificate_is_a_print(walk: NewWalk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = walk("payment-certificate")
    one.come_here(1)
    applied(one)
    certificate(one.clerk, LOAN)

    def gone(*_: object) -> bytes:
        raise NotSent("no-connection")

    monkeypatch.setattr(CentreClient, "paper", gone)
    path, refusal = write_best_certificate(one.clerk.desk, one.clerk.unit, "certificate", LOAN, tmp_path)
    assert refusal is not None
    assert refusal.code == "centre-unreachable"
    assert "打印件" in text_of(path.read_bytes(), tmp_path)
    assert not verify_file(path, trust_of(one.clerk.unit), one.clerk.desk.now()).ok
