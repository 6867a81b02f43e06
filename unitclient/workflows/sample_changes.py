"""Workbooks of a later practice month: a few people join, leave, or earn another wage. Synthetic people only."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from unitclient.domain.period import Period
from unitclient.domain.roster import Person
from unitclient.sheets.sample import make_sample
from unitclient.sheets.table import write_table

JOINERS, LEAVERS, RAISES = 5, 3, 4


def make_changes(folder: Path, people: Sequence[Person], seed: int, period: Period) -> dict[str, Path]:
    """Write the workbooks of `period` for a unit with these people; {form id: path}.

    One joiner and one leaver are wrong on purpose, as in the first month.
    """
    dice = random.Random(seed)  # noqa: S311 - made-up people, nothing secret
    active = [person for person in people if person.active_in(period)]
    chosen = dice.sample(active, min(len(active) - 1, LEAVERS + RAISES)) if len(active) > 1 else []
    books = {"enrol": folder / f"staff-{period}.xlsx"}
    make_sample(books["enrol"], JOINERS, seed=seed, period=period, wrong_every=JOINERS)
    if chosen[:LEAVERS]:
        books["stop"] = folder / f"leavers-{period}.xlsx"
        _leavers(books["stop"], chosen[:LEAVERS], period)
    if chosen[LEAVERS:]:
        books["base-change"] = folder / f"wages-{period}.xlsx"
        _raises(books["base-change"], chosen[LEAVERS:], period, dice)
    return books


def _leavers(path: Path, people: Sequence[Person], period: Period) -> None:
    last = period + -1
    rows: list[list[str]] = [
        [person.name, person.id_number, "停保", "在职人员辞职", str(last), last.last_day.isoformat()]
        for person in people
    ]
    rows[-1][3] = ""  # no reason given: comes back to be mended
    write_table(path, "减员名单", ["姓名", "证件号码", "减员类别", "减员原因", "最后缴费年月", "离职日期"], rows)


def _raises(path: Path, people: Sequence[Person], period: Period, dice: random.Random) -> None:
    rows = [
        [
            person.name,
            person.id_number,
            str(period),
            f"{person.wage_fen // 100 + 100 * dice.randint(2, 15)}",
            "工资调整",
        ]
        for person in people
    ]
    write_table(path, "工资变动", ["姓名", "证件号码", "生效年月", "新缴费工资", "变更原因"], rows)
