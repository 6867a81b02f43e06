"""`unitclient notices`: listing announcements, and reading one."""

from __future__ import annotations

from pathlib import Path

from tests.cli.harness import read, run
from tests.e2e.office import office, open_unit, practice_centre


def test_a_notice_is_read_once(tmp_path: Path) -> None:
    with practice_centre(tmp_path / "centre") as centre, office(tmp_path, centre.url, open_unit(centre.url)) as clerk:
        assert "没有公告" in read(tmp_path, "notices", "list").out
        centre.state.core.publications.announce("系统维护公告", "周六停机。\n周日恢复。")
        clerk.syncs()
    (listed,) = run(tmp_path, "notices", "list").data["notices"]
    assert (listed["title"], listed["read"]) == ("系统维护公告", False)
    first = read(tmp_path, "notices", "read", listed["ref"]).out
    assert "周日恢复。" in first
    assert "已读回执" in first
    again = run(tmp_path, "notices", "read", listed["id"]).data
    assert (again["read"], again["receipt_staged"]) == (True, False)
    (row,) = run(tmp_path, "pending", "list").data["pending"]
    assert row["form"] == "announcement-read"
    assert run(tmp_path, "notices", "read", "nothing").refusal == "notice-unknown"
