"""One accepted business is corrected on the command line: import against it, declare it with the rest of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.harness import Json, practice, run, workbook
from tests.cli.test_bureau import settle
from tests.e2e.office import id_number

HEADS = ("姓名", "证件号码", "用工之日", "合同期限类型", "岗位工种")
FORM = "employment-registration"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Json]]:
    home = tmp_path_factory.mktemp("correcting")
    with practice(home) as told:
        yield home, told


def row(n: int, post: str) -> list[object]:
    return [f"员工{n}".replace("1", "一").replace("2", "二"), id_number(n), "2026-11-01", "无固定期限", post]


def declared(home: Path, *more: str) -> str:
    made = run(home, "declare", FORM, *more)
    assert made.code == 0, made.out
    assert run(home, "sign", made.data["declaration"]).code == 0
    assert settle(home, made.data["declaration"]) == "accepted"
    run(home, "sync")
    return str(made.data["declaration"])


def test_one_row_is_put_right_and_the_others_go_along(started: tuple[Path, Json]) -> None:
    home, _ = started
    run(home, "import", FORM, workbook(home / "a.xlsx", [row(1, "装配工"), row(2, "装配工")], HEADS))
    first = declared(home)
    book = workbook(home / "b.xlsx", [row(1, "焊工")], HEADS)
    assert run(home, "import", FORM, book).data["refused"] == 1
    assert run(home, "import", FORM, book, "--correct", first).data["taken"] == 1
    declared(home, "--correct", first, "--with-rest")
    assert run(home, "status", first).data["tracks"]["acceptance"] == "replaced"
    entries = run(home, "register", "employment").data["entries"]
    assert {entry["key"]: entry["values"]["post"] for entry in entries} == {
        id_number(1): "焊工",
        id_number(2): "装配工",
    }


def test_the_rest_of_what(started: tuple[Path, Json]) -> None:
    home, _ = started
    assert run(home, "declare", FORM, "--with-rest").code == 2
