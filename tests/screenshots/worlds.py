"""The homes that the pictures are taken of: a unit in the middle of its month, one with nothing, one in trouble.

Everything in them comes from a real practice centre by the steps a clerk takes. Days and people are always the same;
what the centre draws by lot (numbers, digests) is not. Half a year is declared, November 2026 is under way.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.desktop.roster.crowd import DEPARTMENTS, GIVEN, SURNAMES
from tests.desktop.stage import other_unit
from tests.e2e.office import (
    ENROL_HEADERS,
    Json,
    Office,
    OfficeClock,
    ask,
    credential_of,
    office,
    open_unit,
    practice_centre,
)
from tests.tokens.lab import make_lab
from unitclient.central.server import RunningCentre
from unitclient.clock import CHINA
from unitclient.domain.period import Period
from unitclient.domain.resident_id import check_character
from unitclient.sheets.model import Cell
from unitclient.store.outbox import OutboxState, claim, outcome
from unitclient.store.person_notes import catch_up, set_departments
from unitclient.store.units import add_unit
from unitclient.tokens.softhsm import find_softhsm_library
from unitclient.workflows.declaring import prepare_form
from unitclient.workflows.entering import stage_one
from unitclient.workflows.pen import GIVE, move_pen

NOW = datetime(2026, 11, 10, 10, 24, tzinfo=CHINA)
"""The moment of the pictures."""
FIRST, CURRENT = Period(2026, 6), Period(2026, 11)
NAME = "江城示范机械有限公司"
OPERATOR = "王经办"
STAFF = 86
NORMAL, EMPTY, ERROR = "normal", "empty", "error"
STATES = (NORMAL, EMPTY, ERROR)
NOWHERE = "http://127.0.0.1:9"
"""A centre that nobody answers for."""
ODD_ROWS = (("enrol", {"name": "赵示范", "id_number": "420100199208122037", "start_month": "2026-11", "wage": "500"}),)
"""Rows that are taken with a warning."""
_STOP = ("姓名", "证件号码", "减员原因", "最后缴费年月", "离职日期")
_WAGE = ("姓名", "证件号码", "新缴费工资", "起始年月", "调整原因")
_ARTICLE = {
    "article_id": "name-differs",
    "title": "姓名与公安库不一致怎么办",
    "body": "按身份证逐字核对，注意生僻字和间隔号“·”。确属更名的，先办姓名变更，再申报增员。",
    "words": ["姓名", "更名", "生僻字"],
    "forms": ["enrol", "name-change"],
    "findings": ["B102"],
    "withdrawn": False,
}
_SECOND = "江城示范餐饮有限公司"
_NEWS = (
    ("关于 11 月申报期的公告", "11 月申报截止时间为 11 月 25 日 24:00，请各用人单位提前报送，避免集中在最后一天。"),
    ("关于核对参保人员缴费工资的通知", "请各用人单位在年度工资申报前核对参保人员的缴费工资；低于下限的按下限计算。"),
)


@dataclass(frozen=True)
class Worlds:
    """Where the homes are, and the unit's token: its folder and its key as JSON ("" where SoftHSM2 is not there)."""

    homes: dict[str, str]
    token: str
    key: str

    def write(self, path: Path) -> None:
        """Keep it for the processes that take the pictures."""
        path.write_text(json.dumps(self.__dict__), "utf-8")

    @classmethod
    def read(cls, path: Path) -> Worlds:
        """What `write` kept."""
        return cls(**json.loads(path.read_text("utf-8")))


@contextmanager
def worlds(folder: Path, wanted: Sequence[str] = STATES) -> Iterator[Worlds]:
    """Make the homes under `folder`; the centre lives until the end of the block."""
    with practice_centre(folder / "centre", today=_at(FIRST)) as running:
        opened = open_unit(running.url, NAME)
        token, key = _token(folder, opened)
        homes = {}
        if NORMAL in wanted or ERROR in wanted:
            homes[NORMAL] = folder / NORMAL
            with _office(homes[NORMAL], running.url, opened, _at(FIRST)) as clerk:
                _half_a_year(clerk, running)
                _november(clerk)
                _keep_key(clerk, key)
        if ERROR in wanted:
            homes[ERROR] = folder / ERROR
            shutil.copytree(homes[NORMAL], homes[ERROR])
            with _office(homes[ERROR], running.url, opened, NOW) as clerk:
                _keep_key(clerk, key)
                _trouble(clerk, folder)
        if EMPTY in wanted:
            homes[EMPTY] = folder / EMPTY
            with _office(homes[EMPTY], running.url, open_unit(running.url, NAME), NOW) as clerk:
                clerk.syncs()
        yield Worlds({name: str(home) for name, home in homes.items()}, token, key)


def people(count: int = STAFF, seed: int = 11) -> list[tuple[str, str, int]]:
    """(name, ID number, monthly wage in yuan) of made-up persons; their area is a whole province, which nobody has."""
    dice = random.Random(seed)
    found = []
    for place in range(count):
        name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2))))
        born = f"{dice.randrange(1968, 2003)}{dice.randrange(1, 13):02}{dice.randrange(1, 28):02}"
        body = f"420000{born}{place + 100:03}"
        wage = dice.choice((3200, 5600, 6800, 7450, 8200, 9600, 11800, 14300, 18600, 31500))
        found.append((name, body + check_character(body), wage + dice.randrange(0, 900, 50)))
    return found


def _at(period: Period) -> datetime:
    return datetime(period.year, period.month, NOW.day, NOW.hour, NOW.minute, tzinfo=CHINA)


def _clock(now: datetime) -> OfficeClock:
    return OfficeClock(now - datetime.now(UTC))


@contextmanager
def _office(home: Path, url: str, opened: Json, now: datetime) -> Iterator[Office]:
    with office(home, url, opened, clock=_clock(now)) as clerk:
        _change_unit(clerk, operator=OPERATOR)
        yield clerk


def _change_unit(clerk: Office, **changes: Any) -> None:
    with clerk.base.store.write("test.unit"):
        add_unit(clerk.base.store, replace(clerk.unit, **changes))


def _token(folder: Path, opened: Json) -> tuple[str, str]:
    """See Worlds."""
    if find_softhsm_library() is None:
        return "", ""
    (folder / "token").mkdir()
    lab = make_lab(folder / "token", (credential_of(opened),))
    return str(lab.folder), json.dumps(lab.ref.to_dict())


def _keep_key(clerk: Office, ref: str) -> None:
    if ref:
        _change_unit(clerk, key_ref=json.loads(ref))


def _half_a_year(clerk: Office, running: RunningCentre) -> None:
    """Five months, each with a few changes, declared and followed to their end."""
    everybody = people()
    _enrol(clerk, everybody[: STAFF - 12], FIRST)
    months = [FIRST + step for step in range(CURRENT - FIRST)]
    _subscribe(clerk)
    for place, month in enumerate(months):
        _turn_to(clerk, running, _at(month))
        if place:
            joining = everybody[STAFF - 12 + 2 * (place - 1) :][:2]
            _enrol(clerk, joining, month)
            _take(clerk, "stop", _STOP, [[*everybody[place][:2], "221", str(month + -1), f"{month + -1}-27"]], month)
        clerk.declares(month)
    _turn_to(clerk, running, NOW)
    for title, body in _NEWS:
        running.state.core.publications.announce(title, body)
    running.state.core.publications.publish_article(_ARTICLE)
    clerk.settles()
    with clerk.base.store.write("test.departments"):
        catch_up(clerk.base.store, clerk.unit_number)
    with clerk.base.store.write("test.departments"):
        places = {one[1]: DEPARTMENTS[place % len(DEPARTMENTS)] for place, one in enumerate(everybody)}
        set_departments(clerk.base.store, clerk.unit_number, places)


def _subscribe(clerk: Office) -> None:
    """What is told in the program from the second month on."""
    headers = ("消息主题", "送达方式", "联系电话", "接收人")
    rows = [[topic, "站内消息", "13800000000", "王经办"] for topic in ("01", "02", "03")]
    _take(clerk, "message-subscription", headers, rows, FIRST)
    clerk.signs(prepare_form(clerk.desk, clerk.unit, "message-subscription", FIRST).declaration_id)
    clerk.settles()


def _turn_to(clerk: Office, running: RunningCentre, now: datetime) -> None:
    ask(running.url, "PUT", "/practice/clock", {"now": now.isoformat()})
    clerk.clock.wrong_by = now - datetime.now(UTC)
    clerk.syncs()


def _november(clerk: Office) -> None:
    """The month in front: joiners, leavers, other wages, some of them odd; one declaration is signed and waits."""
    everybody = people()
    _enrol(clerk, everybody[STAFF - 4 :], CURRENT)
    leaving = everybody[30:32]
    gone = [[*one[:2], why, "2026-10", "2026-10-28"] for one, why in zip(leaving, ("221", "222"), strict=True)]
    _take(clerk, "stop", _STOP, gone, CURRENT)
    moved = everybody[40:52:2]
    wages = [[name, number, f"{wage + 800 if place else 45000}.00", "2026-11", "工资变动"]
             for place, (name, number, wage) in enumerate(moved)]  # fmt: skip
    _take(clerk, "base-change", _WAGE, wages, CURRENT)
    prepared = clerk.prepares(CURRENT)
    second = other_unit("420100000077", _SECOND)
    with clerk.base.store.write("test.unit"):
        add_unit(clerk.base.store, replace(second, centre_url=NOWHERE, uscc="91420100MA4KXXXX2B"))
    waiting = [declaration for declaration, form, _rows in prepared.others if form == "enrol"]
    clerk.signs(*waiting)


def _trouble(clerk: Office, folder: Path) -> None:
    """A row came back, the debit failed, a correction is on its way with nobody knowing where, and nobody answers."""
    everybody = people()
    ask(clerk.unit.centre_url, "PUT", f"/practice/bank/{clerk.unit_number}", {"behaviour": "insufficient"})
    with office(folder / "second", clerk.unit.centre_url, clerk.opened, clock=_clock(NOW)) as other:
        _enrol(other, everybody[STAFF - 4 :][:1], CURRENT)
        other.signs(*[one for one, _form, _rows in other.prepares(CURRENT).others])
        other.settles()
        move_pen(other.desk, other.unit, GIVE)
    clerk.signs()
    clerk.settles()
    later = [[*everybody[60][:2], "8800.00", "2026-11", "工资变动"]]
    _take(clerk, "base-change", _WAGE, later, CURRENT)
    correction = clerk.prepares(CURRENT, correct=True)
    signed = clerk.signs(*[one for one, _form, _rows in correction.others])
    store = clerk.base.store
    lost = signed[0].submission_id
    assert claim(store, lost, store.now())
    with store.write("test.lost"):
        outcome(store, lost, OutboxState.UNKNOWN, next_at=store.now() + timedelta(minutes=5), code="timeout")
    clerk.moves_to(NOWHERE)
    for form, row in ODD_ROWS:
        stage_one(clerk.desk, clerk.unit, clerk.desk.catalog.form(form), row, CURRENT)


def _enrol(clerk: Office, persons: Sequence[tuple[str, str, int]], month: Period) -> None:
    rows: list[list[Cell]] = [[name, number, str(month), f"{wage}.00"] for name, number, wage in persons]
    _take(clerk, "enrol", ENROL_HEADERS, rows, month)


def _take(clerk: Office, form: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]], month: Period) -> None:
    result = clerk.imports(form, headers, rows, period=month)
    assert result.refused == 0, result.findings[:5]
