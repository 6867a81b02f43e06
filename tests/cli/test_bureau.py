"""One business by itself, the bureau's desk, and a register, all from the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.cli.harness import Json, practice, read, run, workbook

TICKET = ("问题编号", "问题类别", "问题标题", "问题描述", "联系人", "联系电话")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Json]]:
    home = tmp_path_factory.mktemp("bureau")
    with practice(home) as told:
        yield home, told


def declared(home: Path, form: str, headers: tuple[str, ...], row: Sequence[object]) -> str:
    """Import one row, declare, sign and send; the declaration's id."""
    taken = run(home, "import", form, workbook(home / f"{form}.xlsx", [row], headers)).data
    assert taken["taken"] + taken["unchanged"] == 1, taken
    made = run(home, "declare", form)
    assert (made.code, made.data["form"], made.data["rows"]) == (0, form, 1), made.out
    assert run(home, "sign", made.data["declaration"]).code == 0
    run(home, "sync")
    return str(made.data["declaration"])


def settle(home: Path, declaration: str) -> str:
    """Sync until the centre decided; its word."""
    for _ in range(40):
        run(home, "sync")
        word = run(home, "status", declaration).data["tracks"]["acceptance"]
        if word not in (None, "received"):
            return str(word)
    raise AssertionError("no decision")


def test_a_ticket_is_passed_on_and_answered(started: tuple[Path, Json]) -> None:
    home, told = started
    unit = told["unit"]["unit_number"]
    assert "还没有" in read(home, "register", "ticket").out
    sent = declared(home, "ticket", TICKET, ["T-1", "其他", "登录", "打不开", "李经办", "13800000000"])
    assert settle(home, sent) == "accepted"
    assert run(home, "central", "desk", "entries", unit, "ticket").data == {
        "entries": [{"key": "T-1", "state": "district"}]
    }
    for step, values, state in (
        ("to-settlement", ["note=请核对"], "settlement"),
        ("to-information", ["note=请查日志"], "information"),
        ("answer", ["answer=已修复", "answered_by=信息中心"], "answered"),
    ):
        moved = run(home, "central", "desk", "step", unit, "ticket", "T-1", step, *values)
        assert moved.data == {"register": "ticket", "key": "T-1", "state": state}
    again = run(home, "central", "desk", "step", unit, "ticket", "T-1", "answer", "answer=x", "answered_by=y")
    assert (again.code, again.refusal) == (1, "centre-refused")
    run(home, "sync")
    (entry,) = run(home, "register", "ticket").data["entries"]
    assert (entry["state"], entry["title"], entry["values"]["answer"]) == ("answered", "已答复", "已修复")
    assert "信息中心" in read(home, "register", "ticket").out


def test_the_desk_looks_at_what_an_ordinary_unit_sends(started: tuple[Path, Json]) -> None:
    home, told = started
    unit = told["unit"]["unit_number"]
    (home / "协议.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    headers = ("授权协议号", "账户类别", "开户机构", "户名", "账号末四位", "授权范围", "协议签订日期", "授权协议")
    row: list[object] = ["XY1", "单位银行账户", "示例银行", "示例公司", "1234", "1", "2026-01-05", "协议.pdf"]
    assert run(home, "central", "desk", "standing", unit, "ordinary").data["standing"] == "ordinary"
    first = declared(home, "account-link", headers, row)
    (waiting,) = _waits(home)
    assert (waiting["unit_number"], waiting["submission_id"], waiting["form"]) == (unit, first, "account-link")
    assert "关联外部账户" in read(home, "central", "desk", "list").out
    assert run(home, "central", "desk", "return", first, "--note", "协议没有盖章").data["returned"] is True
    assert settle(home, first) == "returned"
    assert "协议没有盖章" in read(home, "status", first).out
    second = declared(home, "account-link", headers, row)
    _waits(home)
    assert run(home, "central", "desk", "accept", second).code == 0
    assert settle(home, second) == "accepted"
    assert run(home, "central", "desk", "accept", second).refusal == "centre-refused"
    assert run(home, "central", "desk", "standing", unit, "vip").code == 0
    assert "没有等待" in read(home, "central", "desk", "list").out


def _waits(home: Path) -> list[Json]:
    for _ in range(40):
        found: list[Json] = run(home, "central", "desk", "list").data["waiting"]
        if found:
            return found
        run(home, "sync")
    raise AssertionError("nothing waits")


def test_what_is_refused(started: tuple[Path, Json], tmp_path: Path) -> None:
    home, _ = started
    assert run(home, "declare", "ticket-close").refusal == "nothing-pending"
    assert run(home, "declare", "monthly").refusal == "form-by-month"
    assert run(home, "declare", "none").refusal == "form-unknown"
    assert run(home, "register", "none").refusal == "register-unknown"
    assert run(home, "central", "desk", "return", "x").code == 2
    assert run(home, "central", "desk", "standing", "1", "gold").code == 2
    assert run(tmp_path, "central", "desk", "list").refusal == "practice-not-running"


def test_a_lost_key_is_changed_with_a_code_of_the_desk(started: tuple[Path, Json]) -> None:
    """Last of all, for the unit has another key afterwards; renewal is refused while there is time, for people too."""
    home, _ = started
    assert run(home, "unit", "renew").refusal == "act-too-early-renew"
    told = read(home, "unit", "renew")
    assert (told.code, "60 天" in told.err) == (1, True)
    before = run(home, "unit", "show").data["unit"]
    assert (before["certificate_role"], before["certificate_until"] > "2026") == ("chief", True)
    assert run(home, "unit", "change", "--code", "0").refusal == "centre-refused"
    code = run(home, "central", "desk", "code").data["code"]
    changed = run(home, "unit", "change", "--code", code)
    assert (changed.code, changed.data["act"], changed.data["old_revoked"]) == (0, "change", True), changed
    after = run(home, "unit", "show").data["unit"]
    assert after["key"]["certificate_sha256"] != before["key"]["certificate_sha256"]
    assert "主管证书" in read(home, "unit", "show").out
    assert run(home, "unit", "upgrade", "--to", "rsa-3072").refusal == "centre-refused"
    assert "授权码" in read(home, "central", "desk", "code").out
