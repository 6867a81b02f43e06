"""The units page acting for many: prepare, sign with one PIN for each key, send; what came of each unit is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.month import SMALLEST, unnamed
from tests.desktop.sign.office import Room
from tests.e2e.office import Office, at_centre, credential_of, open_unit, signer_of, staff
from tests.tokens.lab import PIN, Lab, make_lab
from unitclient.central.server import RunningCentre
from unitclient.desktop.pages.units.page import make_page
from unitclient.desktop.pages.units.view import UnitsView
from unitclient.desktop.tasks import Lane
from unitclient.store.units import Unit, add_unit, select_unit
from unitclient.texts import use_language
from unitclient.tokens.keys import KeyHelper
from unitclient.workflows.desk import Desk
from unitclient.workflows.units import Enrolment, enrol_unit

SECOND, THIRD = "乙制造有限公司", "丙餐饮有限公司"


@dataclass
class Many:
    """A window over three units, each with its key on a token of its own; the third has nobody."""

    page: UnitsView
    room: Room
    clerks: dict[str, Office]

    def outcomes(self) -> dict[str, str]:
        """{unit: what its line says of the last act}."""
        model = self.page.model
        place = model.places["outcome"]
        return {str(row["name"]): str(model.index(at, place).data() or "") for at, row in enumerate(model.rows())}

    def choose(self, *names: str) -> None:
        """Select the lines of these units."""
        rows = sorted(self.page.model.row_of(self.clerks[name].unit_number) for name in names)
        self.page.table.select_rows((row, row) for row in rows)

    def lanes(self) -> list[Lane]:
        """Lanes of the acts for many, in order."""
        acts = ("d-units-preparing", "d-units-signing", "d-units-sending")
        return [handle.lane for handle in self.room.runner.ran if handle.title_key in acts]


@pytest.fixture
def many(desk: Room, tmp_path: Path, qtbot: QtBot) -> Iterator[Many]:
    """Nothing is prepared yet."""
    first = desk.clerk
    clerks = {first.unit.name: first}
    for name in (SECOND, THIRD):
        opened = open_unit(first.unit.centre_url, name=name)
        wish = Enrolment(first.unit.centre_url, opened["ca_pem"], {}, "经办人乙", practice=True)
        unit = enrol_unit(first.base, wish, signer_of(opened))
        clerks[name] = Office(first.home, opened, first.base, first.clock, unit.unit_number, signer_of(opened))
    labs = {}
    for clerk in clerks.values():
        lab = _token(clerk, tmp_path)
        labs[lab.ref.token_serial] = lab
    with first.base.store.write("test.select"):
        select_unit(first.base.store, first.unit_number)
    desk.session.data_changed.emit(frozenset({"units"}))
    first.enrols(staff(3))
    clerks[SECOND].enrols(staff(2, first=7))

    def helper(_desk: Desk, unit: Unit) -> KeyHelper:
        return labs[str(unit.key_ref["token_serial"])].helper()

    page = make_page(desk.services, helper)
    qtbot.addWidget(page)
    page.resize(1200, 640)
    desk.session.data_changed.connect(lambda _topics: page.refresh())
    page.on_shown()
    yield Many(page, desk, clerks)
    use_language("zh")


def _token(clerk: Office, folder: Path) -> Lab:
    place = folder / f"token-{clerk.unit_number}"
    place.mkdir()
    lab = make_lab(place, (credential_of(clerk.opened),), "")
    with clerk.base.store.write("test.key"):
        add_unit(clerk.base.store, replace(clerk.unit, key_ref=lab.ref.to_dict()))
    return lab


def test_a_month_for_all(many: Many, centre: RunningCentre) -> None:
    page, first = many.page, many.room.clerk.unit.name
    assert page.taken.text() == "全部 3 个单位"
    page.prepare.click()
    assert many.outcomes() == {first: "已编制，3 人。", SECOND: "已编制，2 人。", THIRD: "2026-11 没有要编制的内容。"}
    assert "办好 2 个单位" in page.banner.text()
    many.room.dialogs.pins += [PIN, PIN]
    page.sign.click()
    summaries = many.room.dialogs.summaries
    assert {one.unit_name for one in summaries} == {first, SECOND}
    assert all(len(one.lines) == 2 and one.unit_number for one in summaries)
    assert many.outcomes()[SECOND] == "已签名 2 份，进入待发队列。"
    page.send.click()
    assert (many.outcomes()[first], many.outcomes()[SECOND]) == ("已送达 2 份。", "已送达 2 份。")
    assert many.lanes() == [Lane.DB, Lane.SIGN, Lane.NET]
    for name in (first, SECOND):
        assert len(at_centre(centre, many.clerks[name].unit_number)) == 2


def test_only_the_chosen_units(many: Many) -> None:
    many.choose(SECOND)
    assert many.page.taken.text() == "选中 1 个单位"
    many.page.prepare.click()
    assert {name for name, told in many.outcomes().items() if told} == {SECOND}
    assert many.page.taken.text() == "选中 1 个单位", "the choice stays when the list is read again"
    many.choose(SECOND, THIRD)
    assert many.page.taken.text() == "选中 2 个单位"
    many.page.take_all()
    assert many.page.taken.text() == "全部 3 个单位"


def test_a_wrong_pin_is_one_unit_s_outcome(many: Many) -> None:
    many.page.prepare.click()
    many.room.dialogs.pins += ["00000000", PIN]
    many.page.sign.click()
    told = many.outcomes()
    assert sorted((told[many.room.clerk.unit.name], told[SECOND])) == ["PIN 码不正确。", "已签名 2 份，进入待发队列。"]
    assert "未办成 1 个" in many.page.banner.text()
    many.choose(next(name for name, said in told.items() if "PIN" in said))
    many.page.table.go(many.page.table.spans()[0][0])
    assert "密钥会被锁定" in many.page.strip.text()


def test_giving_up_at_a_pin_leaves_out_its_units(many: Many) -> None:
    many.page.prepare.click()
    many.room.dialogs.pins += [None, PIN]
    many.page.sign.click()
    told = list(many.outcomes().values())
    assert told.count("已取消，没有办理。") == 1
    assert told.count("已签名 2 份，进入待发队列。") == 1


def test_units_of_one_key_are_all_named_at_its_pin(many: Many) -> None:
    first, second = many.room.clerk, many.clerks[SECOND]
    with first.base.store.write("test.key"):
        add_unit(first.base.store, replace(second.unit, key_ref=first.unit.key_ref,
                                           certificate_der=first.unit.certificate_der))  # fmt: skip
    many.page.prepare.click()
    many.room.dialogs.pins.append(PIN)
    many.page.sign.click()
    (summary,) = many.room.dialogs.summaries
    assert {first.unit.name, SECOND} == set(summary.unit_name.split("、"))
    assert {line.unit for line in summary.lines} == {first.unit.name, SECOND}
    assert summary.unit_number == ""


def test_a_centre_that_is_away_is_its_unit_s_trouble(many: Many) -> None:
    many.page.prepare.click()
    many.room.dialogs.pins += [PIN, PIN]
    many.page.sign.click()
    many.clerks[SECOND].moves_to("http://127.0.0.1:9")
    many.page.send.click()
    assert many.outcomes()[SECOND] == "连不上中心 http://127.0.0.1:9。"
    assert many.outcomes()[many.room.clerk.unit.name] == "已送达 2 份。"


def test_what_blocks_each_act_stands_below(many: Many) -> None:
    many.page.table.go(many.page.model.row_of(many.clerks[THIRD].unit_number))
    shown = many.page.strip.text()
    assert "批量编制：2026-11 没有要编制的内容。" in shown
    assert "批量签名：没有待签名的申报。" in shown
    many.page.table.go(many.page.model.row_of(many.clerks[SECOND].unit_number))
    assert "批量编制：可以办理" in many.page.strip.text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_fits(many: Many, lang: str, qtbot: QtBot) -> None:
    use_language(lang)
    page = make_page(many.room.services)
    qtbot.addWidget(page)
    page.on_shown()
    page.prepare.click()
    page.table.go(0)
    hint = page.minimumSizeHint()
    assert hint.width() <= SMALLEST[0]
    assert hint.height() <= SMALLEST[1]
    assert not unnamed(page)
