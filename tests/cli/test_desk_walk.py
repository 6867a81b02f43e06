"""The bureau's desk from the command line: every act it has, and every state of every register can be reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.harness import Json, practice, read, run, staff, this_month, workbook
from tests.cli.test_bureau import TICKET, declared, settle
from unitclient.catalog.loader import load_catalog
from unitclient.clock import CHINA, SystemClock
from unitclient.paths import forms_root, resources_root

PLACE = ("预约编号", "办理事项", "经办网点", "科室", "预约日期", "时段", "办事人", "联系电话")
LINK = ("授权协议号", "账户类别", "开户机构", "户名", "账号末四位", "授权范围", "协议签订日期", "授权协议")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    home = tmp_path_factory.mktemp("desk")
    with practice(home) as told:
        yield home, told["unit"]["unit_number"]


def test_every_state_of_every_register_can_be_reached() -> None:
    """From nothing, by the forms' rows, the desk's steps, and what follows money; nothing else makes states."""
    catalog = load_catalog(forms_root(), resources_root())
    unreached = {}
    for name, register in catalog.registers.items():
        moves = [(move.sources, move.target) for form in catalog.forms.values() for move in form.moves
                 if move.register == name]  # fmt: skip
        moves += [(step.sources, step.target) for step in register.steps.values()]
        follows = register.follows_bill
        if follows is not None:
            moves += [(frozenset({follows.source}), target) for target in (follows.paid, follows.failed)]
        if register.pays_out is not None:  # both are walked in test_a_refund_comes_to_both_its_ends
            moves += [
                (frozenset({"approved"}), target) for target in (register.pays_out.paid, register.pays_out.failed)
            ]
        reached = {""}
        while more := {target for sources, target in moves if sources & reached} - reached:
            reached |= more
        if missing := set(register.states) - reached:
            unreached[name] = missing
    assert unreached == {}


def test_the_desk_says_which_steps_it_has(started: tuple[Path, str]) -> None:
    home, _ = started
    told = run(home, "central", "desk", "steps", "ticket").data["steps"]
    assert {one["step"] for one in told} == {"to-settlement", "to-information", "back-to-district", "answer"}
    assert len(run(home, "central", "desk", "steps").data["steps"]) >= 38
    assert "转信息中心" in read(home, "central", "desk", "steps", "ticket").out
    assert run(home, "central", "desk", "steps", "none").refusal == "register-unknown"


def test_states_are_walked_from_the_desk(started: tuple[Path, str]) -> None:
    home, unit = started
    day = (SystemClock().now().astimezone(CHINA).date() + timedelta(days=1)).isoformat()
    for n in (1, 2):
        row = [f"A-{n}", "递交材料", "北区社保处", "征缴科", day, "09:00-09:30", "李经办", "13800000000"]
        assert settle(home, declared(home, "appointment", PLACE, row)) == "accepted"
    assert walked(home, unit, "appointment", "A-1", [("arrive", "number_given=A001"), ("finish",)]) == [
        "booked", "arrived", "done",
    ]  # fmt: skip
    assert walked(home, unit, "appointment", "A-2", [("miss",)]) == ["booked", "missed"]
    assert settle(home, declared(home, "ticket", TICKET, ["T-9", "其他", "登录", "打不开", "李经办", "13800000000"]))
    acts = [("to-settlement", "note=请核对"), ("back-to-district", "note=不归我处"), ("to-information", "note=查日志"),
            ("answer", "answer=已修复", "answered_by=信息中心")]  # fmt: skip
    assert walked(home, unit, "ticket", "T-9", acts) == [
        "district", "settlement", "district", "information", "answered",
    ]  # fmt: skip
    run(home, "sync")
    (entry,) = run(home, "register", "ticket").data["entries"]
    assert [one["step"] for one in entry["values"]["trail"]] == [act[0] for act in acts]
    assert entry["values"]["trail"][1]["said"] == {"note": "不归我处"}
    shown = read(home, "register", "ticket").out
    assert "转结算中心：请核对" in shown
    (home / "协议.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    for n, step in ((1, ("confirm",)), (2, ("refuse", "refusal=印鉴不符"))):
        link: list[object] = [
            f"L-{n}",
            "单位银行账户",
            "示例银行",
            "示例公司",
            f"123{n}",
            "3",
            "2026-01-05",
            "协议.pdf",
        ]
        assert settle(home, declared(home, "account-link", LINK, link)) == "accepted"
        assert walked(home, unit, "linked-account", f"L-{n}", [step])[-1] == ("linked" if n == 1 else "refused")
    assert walked(home, unit, "linked-account", "L-1", [("expire",)]) == ["linked", "ended"]


def test_the_desk_publishes_and_the_unit_has_it(started: tuple[Path, str]) -> None:
    home, unit = started
    month = this_month()
    for topic, channel, extra in (("缴费期限提醒", "站内消息", ""), ("公告", "短信", "13800000000")):
        headers = ("消息主题", "送达方式", "联系电话")
        assert settle(home, declared(home, "message-subscription", headers, [topic, channel, extra])) == "accepted"
    assert run(home, "central", "desk", "announce", "系统维护", "周六停机。").code == 0
    last = month.last_day.isoformat()
    dates = run(home, "central", "desk", "dates", "510100", month, last, "--notice", "演练顺延 1 号")
    assert (dates.code, dates.data["deadline"]) == (0, last)
    bad = run(home, "central", "desk", "dates", "510100", month, "2020-01-01", "--notice", "x")
    assert (bad.code, bad.refusal) == (1, "centre-refused")
    for title, more in (("扣款金额不符怎么办", ()), ("扣款不符的原因和处理", ("--word", "对账", "--finding", "K08"))):
        made = run(
            home, "central", "desk", "article", "debit-differs", title, "先看结算单。", "--form", "ticket", *more
        )
        assert made.code == 0
    run(home, "sync")
    assert [one["title"] for one in run(home, "notices", "list").data["notices"]] == ["系统维护"]
    (told,) = run(home, "notices", "messages").data["messages"]
    assert (told["topic"], told["topic_title"]) == ("01", "缴费期限提醒")
    assert run(home, "notices", "messages", "--topic", "04").data["messages"] == []
    gateway = run(home, "central", "desk", "messages", unit).data
    (sms,) = gateway["messages"]
    assert (sms["channel"], sms["address"], "模拟" in gateway["gateway"]) == ("2", "13800000000", True)
    assert "周六" not in sms["body"]
    for words in (["对账"], ["kkbf"], ["duizhang"], ["--finding", "K08"], ["--form", "ticket"], []):
        found = run(home, "knowledge", "list", *words).data["articles"]
        assert [one["title"] for one in found] == ["扣款不符的原因和处理"], words
    assert run(home, "knowledge", "list", "没有的").data["articles"] == []
    assert "先看结算单" in read(home, "knowledge", "show", "debit-differs").out
    assert run(home, "central", "desk", "article", "debit-differs", "x", "", "--withdraw").code == 0
    run(home, "sync")
    assert run(home, "knowledge", "show", "debit-differs").refusal == "article-unknown"


def test_figures_and_accounts(started: tuple[Path, str]) -> None:
    home, unit = started
    before = run(home, "accounts", "list").data["accounts"]
    assert [(one["category"], one["at"]) for one in before] == [("contribution", None)]
    told = run(home, "accounts", "list", "--refresh").data
    assert told["failures"] == {}
    kinds = {one["category"]: one for one in told["accounts"] if one["at"]}
    assert kinds["contribution"]["overdue_fen"] == 0
    assert kinds["bank"]["balance_fen"] > 0
    assert "演练用人单位" in read(home, "accounts", "list", "--category", "bank").out
    acts = {one["act"] for one in run(home, "accounts", "log").data["log"]}
    assert {"accounts.refresh", "query.ask"} <= acts
    (figures,) = [one for one in run(home, "central", "desk", "statistics").data["units"] if one["unit_number"] == unit]
    assert figures["submissions"] > 0
    assert "未答问题" in read(home, "central", "desk", "statistics").out


def test_a_job_retention_notice_is_read_and_the_centre_knows(started: tuple[Path, str]) -> None:
    """A prepared notice is announced, read, and its receipt goes with what is declared next."""
    home, unit = started
    told = run(home, "central", "desk", "notice", "job-retention")
    assert (told.code, "稳岗返还" in told.data["title"]) == (0, True)
    assert run(home, "central", "desk", "notice", "none").refusal == "practice-notice-unknown"
    run(home, "sync")
    (notice,) = [one for one in run(home, "notices", "list").data["notices"] if one["title"] == told.data["title"]]
    assert "不收取任何费用" in read(home, "notices", "read", notice["ref"]).out
    made = run(home, "declare", "announcement-read")
    assert run(home, "sign", made.data["declaration"]).code == 0
    assert settle(home, made.data["declaration"]) == "accepted"
    entries = run(home, "central", "desk", "entries", unit, "announcement-read").data["entries"]
    assert {"key": notice["id"], "state": "read"} in entries


def test_a_refund_comes_to_both_its_ends(started: tuple[Path, str]) -> None:
    """What `pays_out` says is what the bank's word does: sent back first, paid out when the account is in order."""
    home, unit = started
    month, catalog = this_month(), load_catalog(forms_root(), resources_root())
    ends = catalog.registers["refund"].pays_out
    assert ends is not None
    assert run(home, "import", "enrol", workbook(home / "staff.xlsx", staff(2, month))).code == 0
    assert run(home, "prepare", month).code == 0
    assert run(home, "sign", "--all").code == 0
    assert run(home, "sync", "--until-settled").data["settled"]
    (name, number), *_ = [row[:2] for row in staff(1, month)]
    row = {"name": name, "id_number": number, "insurance": "养老", "month": str(month), "side": "个人部分",
           "amount": "10", "refund_reason": "重复缴费", "evidence": "外地缴费记录", "receiver": "本人",
           "account_name": name, "bank_name": "演练银行", "bank_account": "62220200000000001"}  # fmt: skip
    titles = tuple(str(catalog.form("refund").field(key).title) for key in row)
    for behaviour, end in (("frozen", ends.failed), ("ok", ends.paid)):
        assert run(home, "practice", "bank", behaviour).code == 0
        sent = declared(home, "refund", titles, list(row.values()))
        for waits in run(home, "central", "desk", "list").data["waiting"]:
            run(home, "central", "desk", "accept", waits["submission_id"])
        assert settle(home, sent) == "accepted"
        assert run(home, "sync", "--until-settled").data["settled"]
        (entry,) = run(home, "central", "desk", "entries", unit, "refund").data["entries"]
        assert entry["state"] == end


def test_the_desk_shuts_and_opens_the_intake(started: tuple[Path, str]) -> None:
    """While it is shut a submission waits and says why; `sync` sends it after it is open again."""
    home, _ = started
    shut = run(home, "central", "desk", "close", "1", "--notice", "夜间维护")
    assert (shut.code, shut.data["until"] is None) == (0, False)
    sent = declared(home, "message-subscription", ("消息主题", "送达方式", "联系电话"), ["受理结果", "站内消息", ""])
    (waits,) = run(home, "outbox").data["outbox"][-1:]
    assert (waits["id"], waits["state"], waits["last_code"]) == (sent, "queued", "read-only")
    assert "正在维护" in read(home, "outbox").out
    assert run(home, "central", "desk", "open").data["until"] is None
    assert run(home, "outbox", "retry", sent).code == 0
    assert settle(home, sent) == "accepted"
    assert run(home, "central", "desk", "close", "0", "--notice", "x").refusal == "usage"


def walked(home: Path, unit: str, register: str, key: str, acts: Sequence[Sequence[str]]) -> list[str]:
    """The states of an entry, the one it is in first, while the desk takes steps."""
    entries: list[Json] = run(home, "central", "desk", "entries", unit, register).data["entries"]
    states = [entry["state"] for entry in entries if entry["key"] == key]
    for step, *values in acts:
        moved = run(home, "central", "desk", "step", unit, register, key, step, *values)
        assert moved.code == 0, moved.out
        states.append(moved.data["state"])
    return states


def test_a_ticket_about_a_declaration_is_shown_before_it_waits(started: tuple[Path, str]) -> None:
    """The evidence is states and codes; numbers of persons are hidden in what is shown, which is what is sent."""
    home, _ = started
    headers = ("消息主题", "送达方式", "联系电话")
    about = declared(home, "message-subscription", headers, ["扣款结果", "短信", "13900000000"])
    assert settle(home, about) == "accepted"
    words = ["ticket", about, "--subject", "短信没有收到", "--question", "号码 13912345678 没有收到",
             "--contact", "李经办", "--phone", "13800000000"]  # fmt: skip
    shown = run(home, *words)
    assert (shown.code, shown.data["staged"]) == (0, False)
    values = shown.data["values"]
    assert values["question"] == "号码 139******78 没有收到"
    assert "已受理" in values["evidence"]
    assert values["acceptance_number"]
    assert "--stage" in read(home, *words).out
    assert run(home, *words, "--stage").data["staged"] is True
    (row,) = run(home, "pending", "list", "ticket").data["pending"]
    assert row["form"] == "ticket"
    assert settle(home, _sent(home)) == "accepted"
    kept = [entry["values"] for entry in run(home, "register", "ticket").data["entries"]]
    assert values["question"] in [one["question"] for one in kept]
    bad = run(home, *words, "--category", "99")
    assert (bad.code, bad.data["refused"] != []) == (1, True)


def test_vehicles_are_asked_about_by_workbook(started: tuple[Path, str]) -> None:
    home, _ = started
    vehicle = ("号牌号码", "号牌种类", "查询城市", "发动机号末几位")
    assert (
        settle(home, declared(home, "unit-vehicle", vehicle, ["湘J12345", "小型汽车", "常德", "A1B2C3"])) == "accepted"
    )
    sheet = workbook(
        home / "车辆.xlsx", [["湘J12345", "A1B2C3"], ["12345", ""], ["湘J99999", ""]], ("车牌号", "发动机号后几位")
    )
    asked = run(home, "query", "batch", "vehicle-violations", sheet, home / "违章.xlsx")
    assert [(len(one["rows"]), bool(one["refusal"])) for one in asked.data["asked"]] == [
        (2, False),
        (0, True),
        (0, False),
    ]
    assert asked.code == 1
    assert (home / "违章.xlsx").is_file()
    wrong = workbook(home / "错.xlsx", [["x"]], ("列",))
    assert run(home, "query", "batch", "vehicle-violations", wrong).refusal == "query-sheet-titles"
    assert run(home, "query", "batch", "none", sheet).refusal == "query-unknown"


def _sent(home: Path) -> str:
    """Declare the tickets that wait, sign and send; the declaration's id."""
    made = run(home, "declare", "ticket")
    assert run(home, "sign", made.data["declaration"]).code == 0
    run(home, "sync")
    return str(made.data["declaration"])
