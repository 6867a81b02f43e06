"""Offline for a week: the queue waits by itself, a file goes out by hand, and back on line everything goes once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFileDialog

from tests.desktop.stories.conftest import Rooms
from tests.desktop.stories.program import CTRL, Program
from tests.e2e.office import Office, ask, at_centre, staff
from unitclient.central.server import RunningCentre

NOWHERE = "http://127.0.0.1:9"
DAY = 24 * 3600


@pytest.fixture
def office(rooms: Rooms, own_centre: RunningCentre) -> tuple[Office, Program]:
    """Two signed declarations in the queue, and the line is dead."""
    clerk = rooms.office(own_centre.url)
    clerk.enrols(staff(2))
    clerk.prepares()
    clerk.signs()
    clerk.moves_to(NOWHERE)
    return clerk, rooms.start(clerk)


def days_pass(clerk: Office, program: Program, days: int) -> None:
    """On each day an automatic round comes and finds nobody."""
    for _day in range(days):
        clerk.waits(DAY)
        program.next_round()


def test_a_week_without_a_line(office: tuple[Office, Program], own_centre: RunningCentre) -> None:
    clerk, program = office
    program.sees("待发 2", "20 天 11 小时")
    program.next_round()
    program.sees("离线，可继续工作", "连不上中心", "下次尝试 2026-11-10")
    program.go(6)
    days_pass(clerk, program, 7)
    waiting, after = program.rows()
    assert (waiting["状态"], waiting["次数"], waiting["最近回答"]) == ("待发", "8", "连不上中心")
    assert waiting["下次尝试"].startswith("2026-11-17"), "beside a deadline by the centre's clock stands its time"
    assert after["下次尝试"] == "增员申报之后"
    program.sees("还余 13 天 11 小时")
    program.go(7)
    assert {row["传输"] for row in program.rows()} == {"待发"}
    assert {row["受理"] for row in program.rows()} == {""}, "nobody accepted anything"
    # Back on line: the automatic round sends everything, each once.
    clerk.moves_to(own_centre.url)
    clerk.waits(DAY)
    program.next_round()
    program.sees("已连通", "待发 0")
    decided = [("enrol", "original", "accepted"), ("monthly", "original", "accepted")]
    program.until(lambda: at_centre(own_centre, clerk.unit_number) == decided)
    # Received is not accepted: until the centre says so it is not shown.
    while {row["受理"] for row in program.rows()} != {"已受理"}:
        assert {row["受理"] for row in program.rows()} <= {"已受理", "已收到，待受理"}
        program.next_round()


def test_by_hand_on_a_stick(office: tuple[Office, Program], own_centre: RunningCentre, tmp_path: Path) -> None:
    """报盘 out, carried to the centre by somebody, 回盘 in; later on line nothing goes a second time."""
    clerk, program = office
    program.go(6)
    program.cell(0, "业务")
    program.settle()
    program.click("导出报盘")
    stick = tmp_path / "U盘"
    stick.mkdir()
    program.dialog(QFileDialog)
    program.choose_file(stick)
    program.settle()
    (container,) = stick.glob("*.asice")
    assert str(container) in program.banner()
    reply = stick / "回盘.json"
    reply.write_text(json.dumps(carried(clerk, own_centre, container)))
    program.click("导入回盘")
    program.choose_file(reply)
    program.settle()
    assert "回盘有效，受理单号" in program.banner()
    assert [row["业务"] for row in program.rows()] == ["月度申报"]
    clerk.moves_to(own_centre.url)
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    program.sees("待发 0")
    assert [form for form, _kind, _state in at_centre(own_centre, clerk.unit_number)] == ["enrol", "monthly"]


def carried(clerk: Office, centre: RunningCentre, container: Path) -> object:
    """What the centre's counter answers to whoever brings the file."""
    url = f"{centre.url}/v1/units/{clerk.unit_number}/submissions/{container.stem}"
    told = {"Content-Type": "application/vnd.etsi.asic-e+zip"}
    answer = requests.put(url, data=container.read_bytes(), headers=told, timeout=30)
    assert answer.status_code < 300, answer.text
    return answer.json()


def test_the_deadline_passes_meanwhile(office: tuple[Office, Program], own_centre: RunningCentre) -> None:
    """It is said that it is over, not that all is lost; the receipt says late, and the clerk is told."""
    clerk, program = office
    program.next_round()
    clerk.waits(21 * DAY)
    program.next_round()
    program.go(1)
    program.press(Qt.Key.Key_F5)
    program.settle()
    program.sees("已截止", "已经来不及在截止前发完", "仍可报送；逾期会计滞纳金")
    program.go(6)
    program.sees("截止时间 2026-11-30 24:00 已过。仍可报送")
    ask(own_centre.url, "PUT", "/practice/clock", {"now": "2026-12-01T12:00:00+08:00"})
    clerk.moves_to(own_centre.url)
    # The line is back: Ctrl+Enter says "sync now", and does not wait for the next try.
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    assert "已送达 2 份" in program.banner()
    days_pass(clerk, program, 1)
    program.go(7)
    program.cell(0, "业务")
    program.settle()
    program.click("验证回执")
    program.settle()
    assert "已过截止时间" in program.banner()
