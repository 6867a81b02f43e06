"""A unit's new name and code, a person's new number: what the centre signs, and what follows here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.businesses.asked import rows_of
from tests.businesses.cases import Case
from tests.businesses.doing import desk_step, does, sends_off
from tests.businesses.walk import Walk
from tests.e2e.office import Office, ask, id_number, office, open_unit, staff
from unitclient.central.numbers import synthetic_uscc
from unitclient.central.server import RunningCentre
from unitclient.store.documents import find_documents
from unitclient.store.registers import get_entry
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.prepare import prepare_void
from unitclient.workflows.roster import roster
from unitclient.workflows.statements import write_papers

OLD, NEW, NEWER = id_number(1), id_number(41), id_number(42)
NAME = "演练精密机械有限公司"


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        clerk.enrols(staff(2))
        clerk.declares()
        yield clerk


def change(item: str, after: str, day: str = "2026-11-01") -> dict[str, str]:
    return {"item": item, "before": "原登记内容", "after": after, "changed_on": day,
            "document": "营业执照或登记证书", "document_number": "武登字〔2026〕第1号"}  # fmt: skip


def renumbering(number: str = OLD, after: str = NEW) -> dict[str, str]:
    return {"name": "员工一", "id_number": number, "item": "证件号码", "after": after, "proof": "公安机关证明"}


def renumbers(clerk: Office, number: str = OLD, after: str = NEW) -> None:
    assert does(clerk, "identity-change", renumbering(number, after)) == "accepted"
    desk_step(clerk, "identity-change", f"{number}|AAC147", "carry-out", {})


def numbers(clerk: Office) -> set[str]:
    return {each.person.id_number for each in roster(clerk.desk, clerk.unit)}


def follow(clerk: Office, form: str) -> Walk:
    return Walk(clerk, Case(form, {}, (), (), {}))


def text_of(path: Path) -> str:
    from tests.documents.papers import text_of as read

    return read(path.read_bytes(), path.parent)


def test_a_new_name_is_signed_and_taken_over(centre: RunningCentre, clerk: Office, tmp_path: Path) -> None:
    """The certificate still has the old name, and the month goes on."""
    before = sends_off(clerk, "settlement-request", {"month": "2026-11", "collect_way": "银行托收", "contact": "李经办",
                                                     "phone": "13800000000"})  # fmt: skip
    assert follow(clerk, "settlement-request").follow(before) == "accepted"
    assert does(clerk, "unit-important-change", change("单位名称", NAME)) == "accepted"
    clerk.syncs()
    assert clerk.unit.name == NAME
    profile = {row["item"]: row["value"] for row in rows_of(centre, clerk, "unit-profile")}
    assert profile["name"] == NAME
    (told,) = find_documents(clerk.base.store, clerk.unit_number, kind=DocumentKind.UNIT)
    assert json.loads(told.document)["former"]["name"] == "演练用人单位"
    assert does(clerk, "enrol", {"name": "员工三", "id_number": id_number(3), "start_month": "2026-11",
                                 "wage": "8000"}) == "accepted"  # fmt: skip
    after = sends_off(clerk, "settlement-request", {"month": "2026-10", "collect_way": "银行托收", "contact": "李经办",
                                                    "phone": "13800000000"})  # fmt: skip
    follow(clerk, "settlement-request").follow(after)
    old = text_of(write_papers(clerk.desk, clerk.unit, before, tmp_path / "old")["receipt"])
    new = text_of(write_papers(clerk.desk, clerk.unit, after, tmp_path / "new")["receipt"])
    assert (NAME in old, f"{NAME}" in new) == (False, True)
    assert "演练用人单位" in old


def test_a_new_code_is_taken_and_the_old_one_still_accepted(centre: RunningCentre, clerk: Office) -> None:
    """What was signed before the change came here is not lost."""
    code, old = synthetic_uscc("420100", 8_001), clerk.unit.uscc
    signed = sends_off(clerk, "enrol", {"name": "员工三", "id_number": id_number(3), "start_month": "2026-11",
                                        "wage": "8000"})  # fmt: skip
    assert does(clerk, "unit-important-change", change("统一社会信用代码", code)) == "accepted"
    clerk.syncs()
    assert (clerk.unit.uscc, clerk.unit.uscc != old) == (code, True)
    assert follow(clerk, "enrol").follow(signed) == "accepted"
    assert does(clerk, "enrol", {"name": "员工四", "id_number": id_number(4), "start_month": "2026-11",
                                 "wage": "8000"}) == "accepted"  # fmt: skip


def test_another_units_code_is_refused(centre: RunningCentre, clerk: Office) -> None:
    other = open_unit(centre.url)
    row = change("统一社会信用代码", other["uscc"])
    word, codes = follow(clerk, "unit-important-change").sends_unchecked(row)
    assert (word, codes) == ("returned", {"USCC_TAKEN"})


def test_a_name_that_is_voided_is_the_old_one_again(clerk: Office) -> None:
    made = sends_off(clerk, "unit-important-change", change("单位名称", NAME))
    again = follow(clerk, "unit-important-change")
    assert again.follow(made) == "accepted"
    clerk.syncs()
    assert clerk.unit.name == NAME
    assert again.follow(prepare_void(clerk.desk, clerk.unit, made).id) == "accepted"
    clerk.syncs()
    assert clerk.unit.name == "演练用人单位"


def test_a_new_number_moves_the_person_whole(centre: RunningCentre, clerk: Office) -> None:
    detail = {"name": "员工一", "id_number": OLD, "phone": "13800000000"}
    assert does(clerk, "person-detail", detail) == "accepted"
    before = rows_of(centre, clerk, "pension-account", person=OLD)
    renumbers(clerk)
    assert numbers(clerk) == {NEW, id_number(2)}
    entry = get_entry(clerk.base.store, clerk.unit_number, "person-detail", NEW)
    assert entry is not None
    assert (entry.values["phone"], entry.values.get("id_number", NEW)) == ("13800000000", NEW)
    assert get_entry(clerk.base.store, clerk.unit_number, "person-detail", OLD) is None
    account = rows_of(centre, clerk, "pension-account", person=NEW)
    assert account == before
    assert account == rows_of(centre, clerk, "pension-account", person=OLD)  # the former number still answers
    found = {row["id_number"] for row in rows_of(centre, clerk, "person-profile", person=OLD)}
    assert found == {NEW}
    (told,) = find_documents(clerk.base.store, clerk.unit_number, kind=DocumentKind.NUMBER)
    content = json.loads(told.document)
    assert (content["former"], content["present"]) == (OLD, NEW)


def test_a_person_is_neither_doubled_nor_declared_under_the_former_number(clerk: Office) -> None:
    renumbers(clerk)
    enrol = {"name": "员工一", "id_number": OLD, "start_month": "2026-11", "wage": "8000"}
    assert follow(clerk, "enrol").sends_unchecked(enrol) == ("returned", {"NUMBER_FORMER"})
    stop = {
        "name": "员工一",
        "id_number": OLD,
        "reason": "辞职",
        "last_paid_month": "2026-11",
        "end_date": "2026-11-09",
    }
    word, codes = follow(clerk, "stop").sends_unchecked(stop)
    assert (word, codes) == ("returned", {"NUMBER_FORMER"})
    assert numbers(clerk) == {NEW, id_number(2)}
    assert does(clerk, "stop", {**stop, "id_number": NEW}) == "accepted"


def test_what_waited_under_the_former_number_is_returned_with_its_reason(centre: RunningCentre, clerk: Office) -> None:
    waiting = sends_off(clerk, "identity-change", {**renumbering(), "item": "性别", "after": "女"})
    clerk.syncs()
    renumbers_past(centre, clerk, waiting)
    ask(centre.url, "PUT", f"/practice/desk/submissions/{waiting}", {"returned": False})
    assert follow(clerk, "identity-change").follow(waiting) == "returned"
    (refusal,) = clerk.status(waiting).refusals
    assert (refusal.finding.code, refusal.finding.params["tail"]) == ("NUMBER_FORMER", NEW[-4:])


def renumbers_past(centre: RunningCentre, clerk: Office, waiting: str) -> None:
    """The number is changed while another submission waits for the desk."""
    other = sends_off(clerk, "identity-change", renumbering())
    clerk.syncs()
    assert other != waiting
    ask(centre.url, "PUT", f"/practice/desk/submissions/{other}", {"returned": False})
    for _ in range(40):
        clerk.syncs()
        if clerk.status(other).declaration.acceptance == "accepted":
            break
    desk_step(clerk, "identity-change", f"{OLD}|AAC147", "carry-out", {})


def test_a_number_that_changes_twice_keeps_its_money(centre: RunningCentre, clerk: Office) -> None:
    before = rows_of(centre, clerk, "person-paid", person=OLD)
    renumbers(clerk)
    renumbers(clerk, NEW, NEWER)
    after = rows_of(centre, clerk, "person-paid", person=NEWER)
    assert after == before
    assert rows_of(centre, clerk, "person-paid", person=OLD) == before
    refund = {"name": "员工一", "id_number": NEWER, "insurance": "养老", "month": "2026-11", "side": "个人部分",
              "amount": "100", "refund_reason": "误报多缴", "evidence": "更正说明", "receiver": "本人",
              "account_name": "员工一", "bank_name": "演练银行", "bank_account": "62220200000000001"}  # fmt: skip
    assert does(clerk, "refund", refund) == "accepted"
    now = rows_of(centre, clerk, "person-paid", person=OLD)
    assert sum(row["person_fen"] for row in now) == sum(row["person_fen"] for row in before) - 10_000


def test_a_month_is_declared_under_the_new_number(clerk: Office) -> None:
    from unitclient.domain.period import Period

    renumbers(clerk)
    december = clerk.declares(Period(2026, 12))
    assert clerk.tracks(december.declaration_id)[1:] == ("accepted", "receipted")
