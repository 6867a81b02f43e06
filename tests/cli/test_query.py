"""`unitclient query`: the list, an answer, and the last one where the centre is away."""

from __future__ import annotations

from pathlib import Path

from tests.cli.harness import practice, read, run


def test_a_query_is_asked_and_read_again_without_the_centre(tmp_path: Path) -> None:
    with practice(tmp_path):
        listed = run(tmp_path, "query", "list").data["queries"]
        assert {"unit-profile", "arrears", "contribution-standards"} <= {one["query"] for one in listed}
        asked = run(tmp_path, "query", "ask", "unit-profile").data
        assert asked["fresh"] is True
        assert {row["item"] for row in asked["rows"]} >= {"unit_number", "uscc", "name"}
        assert run(tmp_path, "query", "ask", "person-paid").refusal == "query-input-wrong"
        assert run(tmp_path, "query", "ask", "person-paid", "110101").code == 2
    away = run(tmp_path, "query", "ask", "unit-profile").data
    assert (away["fresh"], away["rows"], away["at"]) == (False, asked["rows"], asked["at"])
    assert "没有问到中心" in read(tmp_path, "query", "ask", "unit-profile").out
