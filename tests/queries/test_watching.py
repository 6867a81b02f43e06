"""Watched questions: asked again by the sync as pause and right allow, and a change is told until it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.harness import read, run
from tests.e2e.office import MONTH, Office, id_number, office, open_unit, practice_centre, staff
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.store.answers import list_answers
from unitclient.store.journal import entries
from unitclient.store.settings import put_setting
from unitclient.workflows.asking import PERSONAL_OPERATORS, ask, services
from unitclient.workflows.month_state import month_state
from unitclient.workflows.month_to_dos import ToDo
from unitclient.workflows.watching import difference, is_watched, unwatch, watch, watched


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    with practice_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def clerk(centre: RunningCentre, tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as opened:
        yield opened


def later(centre: RunningCentre, clerk: Office) -> list[str]:
    """The pause is over at the centre, and the office syncs; the queries that changed."""
    clock = centre.state.core.clock
    clock.shift(clock.now() - datetime.now(UTC) + timedelta(seconds=40))
    clerk.syncs()
    return clerk.syncs().watched


def to_dos(clerk: Office) -> list[ToDo]:
    return [one for one in month_state(clerk.desk, clerk.unit, MONTH).to_dos if one.code == "query-changed"]


def test_a_change_is_told_until_it_is_seen(centre: RunningCentre, clerk: Office) -> None:
    question = {"since": "2026-11", "until": "2026-11"}
    watch(clerk.desk, clerk.unit, "receivables", question)
    assert clerk.syncs().watched == [], "the first answer is what later ones are compared with"
    asked = len(list_answers(clerk.base.store, clerk.unit_number, "receivables"))
    clerk.syncs()
    assert len(list_answers(clerk.base.store, clerk.unit_number, "receivables")) == asked == 1, "its pause is not over"
    clerk.enrols(staff(2))
    clerk.declares()
    later(centre, clerk)
    (told,) = watched(clerk.desk, clerk.unit)
    assert (len(told.difference.added), told.difference.gone) == (1, ())
    (note,) = to_dos(clerk)
    assert (note.page, dict(note.target)["query"], note.params["added"]) == ("queries", "receivables", 1)
    assert any(entry.act == "query.changed" for entry in entries(clerk.base.store))
    shown = run(clerk.home, "query", "watch", "list").data["watched"]
    assert [len(shown[0][name]) for name in ("added", "gone", "changed")] == [1, 0, 0]
    assert "新增" in read(clerk.home, "query", "watch", "list").out
    later(centre, clerk)
    assert len(to_dos(clerk)) == 1, "asked again, and still nobody looked"
    later(centre, clerk)
    centre.state.core.clock.shift(centre.state.core.clock.now() - datetime.now(UTC) + timedelta(seconds=40))
    assert ask(clerk.desk, clerk.unit, "receivables", question).fresh
    assert to_dos(clerk) == []
    unwatch(clerk.desk, clerk.unit, 1)
    assert watched(clerk.desk, clerk.unit) == []


def test_it_is_asked_and_told_only_with_the_right(centre: RunningCentre, clerk: Office) -> None:
    question = {"person": id_number(1)}
    watch(clerk.desk, clerk.unit, "person-paid", question)
    with clerk.base.store.write("test"):
        put_setting(clerk.base.store, PERSONAL_OPERATORS, "别人")
    later(centre, clerk)
    assert list_answers(clerk.base.store, clerk.unit_number, "person-paid") == []
    assert watched(clerk.desk, clerk.unit) == []
    with pytest.raises(UserError, match="query-no-right"):
        watch(clerk.desk, clerk.unit, "pension-account", question)
    with clerk.base.store.write("test"):
        put_setting(clerk.base.store, PERSONAL_OPERATORS, "")
    later(centre, clerk)
    assert len(list_answers(clerk.base.store, clerk.unit_number, "person-paid")) == 1


def test_watches_on_the_command_line(clerk: Office) -> None:
    added = run(clerk.home, "query", "watch", "add", "arrears", "since=2026-01")
    assert added.data == {"number": 1, "query": "arrears", "inputs": {"since": "2026-01"}}
    assert run(clerk.home, "query", "watch", "add", "arrears", "since=2026-01").data["number"] == 1
    assert is_watched(clerk.desk, clerk.unit, "arrears", {"since": "2026-01", "until": ""}) == 1
    assert run(clerk.home, "query", "watch", "add", "arrears", "since=x").refusal == "query-input-wrong"
    assert "欠费" in read(clerk.home, "query", "watch", "list").out
    assert run(clerk.home, "query", "watch", "remove", "2").refusal == "query-watch-unknown"
    assert run(clerk.home, "query", "watch", "remove", "1").code == 0
    assert "没有关注" in read(clerk.home, "query", "watch", "list").out


def test_rows_are_told_apart() -> None:
    """Same first column: a changed value. Twice the same first column: rows that went and came."""
    service = services()["arrears"]
    one, two = {"number": "A", "total_fen": 1, "state": "open"}, {"number": "B", "total_fen": 2, "state": "open"}
    paid = {**one, "state": "debiting"}
    found = difference(service, [one, two], [paid, {"number": "C", "total_fen": 3, "state": "open"}])
    assert [row["number"] for row in found.added] == ["C"]
    assert [row["number"] for row in found.gone] == ["B"]
    assert [(told.row["number"], told.column, told.before, told.after) for told in found.changed] == [
        ("A", "state", "open", "debiting")
    ]
    assert not difference(service, [one, two], [two, one])
    assert [row["number"] for row in difference(service, [one], [one, one]).added] == ["A"]
    assert difference(service, [one, one], [paid, paid]).changed == ()
