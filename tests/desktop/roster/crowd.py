"""A unit of as many made-up people as wanted: confirmed, suspended, arriving, with changes, warnings and refusals."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from tests.desktop.stage import UNIT, add_units, parts
from unitclient.app import open_desk
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.period import Period
from unitclient.domain.resident_id import check_character
from unitclient.domain.roster import Coverage, Person, PersonState
from unitclient.store.person_notes import catch_up, set_departments
from unitclient.store.staff import upsert_persons
from unitclient.store.staging import StagedRow, stage_items
from unitclient.store.store import Store
from unitclient.store.units import Unit

MONTH = Period(2026, 11)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单曾解仇"
GIVEN = "伟芳娜敏静丽强磊洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建国志文辉力云莉军波宁浩宇欣怡梓涵思远嘉懿"
DEPARTMENTS = ("生产部", "销售部", "财务部", "技术部", "行政部", "仓储部")


class November:
    """A clock that stands in November 2026."""

    def now(self) -> datetime:
        """The 10th."""
        return datetime(2026, 11, 10, 4, tzinfo=UTC)


def id_number(number: int) -> str:
    """A number that nobody has: its area is a whole province."""
    year, day = 1970 + number % 30, 101 + number // 30 % 28
    body = f"420000{year}{day:04d}{number // 840:03d}"
    return body + check_character(body)


def people(count: int, seed: int = 7) -> Iterator[Person]:
    """People in the order of their numbers; every twelfth is suspended, every fiftieth has left."""
    dice = random.Random(seed)
    start = Period(2024, 1)
    held = {name: Coverage(start) for name in UNIT.insurances}
    ended = {name: Coverage(start, Period(2026, 8)) for name in UNIT.insurances}
    for number in range(count):
        name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2))))
        state = PersonState.TERMINATED if number % 50 == 49 else PersonState.SUSPENDED if number % 12 == 11 else None
        yield Person(
            id_number(number),
            name,
            dice.randrange(300_000, 3_200_000, 100),
            state=state or PersonState.ACTIVE,
            coverage=held if state is None else ended,
            since=Period(2015 + number % 11, 1 + number % 12),
            wage_since=Period(2026, 1),
        )


def fill(store: Store, unit: Unit, count: int) -> None:
    """`count` confirmed people in departments, a hundredth of them with changes, and a few arriving."""
    confirmed = list(people(count))
    with store.write("test.people"):
        upsert_persons(store, unit.unit_number, confirmed)
        stage_items(store, unit.unit_number, "enrol", "1", list(_arriving(max(2, count // 200))))
        stage_items(store, unit.unit_number, "base-change", "1", list(_raises(confirmed[:: max(7, count // 1000)])))
        catch_up(store, unit.unit_number)
        set_departments(store, unit.unit_number, _departments(confirmed))


def _arriving(count: int) -> Iterator[StagedRow]:
    for number in range(count):
        key = f"42000020010101{number:03d}"
        key += check_character(key)
        values = {"name": f"新{GIVEN[number % 40]}", "id_number": key, "start_month": "2026-11", "wage": 650_000,
                  "insurances": list(UNIT.insurances), "department": "技术部"}  # fmt: skip
        odd = (Finding("WAGE_UNUSUAL", Severity.WARNING, "wage", "6500.00"),) if number % 3 == 0 else ()
        yield StagedRow(key, key, "2026-11", values, odd)


def _raises(chosen: list[Person]) -> Iterator[StagedRow]:
    for place, one in enumerate(chosen):
        wage = one.wage_fen + 50_000
        values = {"name": one.name, "id_number": one.id_number, "old_wage": one.wage_fen, "wage": wage,
                  "start_month": "2026-11", "reason": "wage-change"}  # fmt: skip
        told: tuple[Finding, ...] = ()
        if place % 4 == 0:
            told = (Finding("WAGE_UNUSUAL", Severity.WARNING, "wage", f"{wage // 100}.00"),)
        elif place % 4 == 1:
            told = (Finding("B302", Severity.NOTICE, "wage", "", {"limit": "28,000.00", "month": "2026-11"}),)
        yield StagedRow(one.id_number, one.id_number, "2026-11", values, told)


def _departments(confirmed: list[Person]) -> dict[str, str]:
    places = product(range(len(confirmed) // len(DEPARTMENTS) + 1), DEPARTMENTS)
    return {one.id_number: department for one, (_, department) in zip(confirmed, places, strict=False)}


def crowded_home(home: Path, count: int) -> Path:
    """A home with UNIT and its people."""
    add_units(home, UNIT)
    if count:
        with open_desk(home, November(), parts=parts()) as desk:
            fill(desk.store, UNIT, count)
    return home
