"""A walk over the real window: whatever takes the focus has a name, and every table can be read cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.office import ENROL_HEADERS, staff
from tests.e2e.programs import run_cli
from tests.e2e.screen.room import Room
from tests.e2e.screen.window import Thing, Window, window
from unitclient.desktop.shell.registry import page_specs
from unitclient.sheets.table import write_table
from unitclient.texts import say

PEOPLE = 30
TABLES = {
    "参保花名册": ("参保人员", PEOPLE),
    "业务办理": ("业务明细", PEOPLE),
    "申报核对": ("本月与上月逐人对照", PEOPLE),
    "申报记录": ("申报记录", 2),
    "缴费": ("结算单", 1),
    "文书": ("文书列表", 4),
    "单位与账户": ("单位与本月进度", 1),
    "证书与密钥": ("证书列表", 1),
}
"""Page: the table that stands on it after this month, and how many rows it has at least."""


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a month was declared, so that the pages have something to say."""
    home = tmp_path_factory.mktemp("lived-in") / "home"
    sheet = home.with_name("名单.xlsx")
    write_table(sheet, "名单", list(ENROL_HEADERS), staff(PEOPLE))
    code, told = run_cli(home, "practice", "month", "--staff", str(sheet))
    assert code == 0, told
    return home


def test_every_page_and_dialog(office: Room, lived_in: Path) -> None:
    found: dict[str, list[str]] = {}
    with window(office, lived_in) as clerk:
        clerk.hears("演练中心：")
        for page in (say(spec.title_key) for spec in page_specs() if spec.nav):
            clerk.opens(page)
            if page in TABLES:
                clerk.table(*TABLES[page])
            seen = clerk.survey()
            found[page] = wrongs(seen)
            for tab in [one.name for one in seen if one.role == "page tab"][1:]:
                clerk.presses(tab)
                found[f"{page}: {tab}"] = wrongs(clerk.survey())
        for dialog in (help_sheet, about, palette, import_wizard, one_more_unit):
            leave = dialog(clerk)
            found[dialog.__name__] = wrongs(clerk.survey())
            if leave:
                clerk.presses(leave)
            else:
                clerk.keys("Esc")
            clerk.waits_for_windows(1)
        assert clerk.closes() == 0
        clerk.was_quiet()
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def help_sheet(clerk: Window) -> str:
    """F1."""
    clerk.does("本页帮助")
    clerk.hears("帮助：", roles="dialog")
    return "关闭"


def about(clerk: Window) -> str:
    """Version and licences."""
    clerk.does("关于本程序")
    clerk.hears("关于", roles="dialog")
    return "关闭"


def palette(clerk: Window) -> str:
    """Ctrl+K."""
    clerk.presses("命令面板")
    clerk.has_focus("要办的事")
    return ""


def import_wizard(clerk: Window) -> str:
    """Its first page; the others are seen by the month."""
    clerk.opens("业务办理")
    clerk.presses("导入表格")
    clerk.has_focus("文件")
    return "取消"


def one_more_unit(clerk: Window) -> str:
    """The wizard that enrols at a real centre."""
    clerk.opens("单位与账户")
    clerk.presses("添加单位", part=True)
    clerk.presses("登记到真实的经办中心")
    clerk.presses("下一步")
    clerk.hears("中心网址", roles="text")
    return "以后再说"


def wrongs(things: list[Thing]) -> list[str]:
    """What assistive technology could not make out."""
    return [wrong for thing in things for wrong in (_unnamed(thing), _unread(thing)) if wrong]


def _unnamed(thing: Thing) -> str:
    if thing.focusable and not thing.name.strip():
        return f"a {thing.role} without a name ({thing.about or thing.labels})"
    # On Linux the name of such a box is its value.
    if thing.role == "combo box" and not (thing.labels or thing.about):
        return f"a combo box that says its value and not what for: {thing.name}"
    return ""


def _unread(thing: Thing) -> str:
    if thing.role not in ("table", "tree"):
        return ""
    if thing.rows < 0 or thing.columns <= 0:
        return f"{thing.name} tells no size: {thing.rows} x {thing.columns}"
    if not all(thing.titles):
        return f"{thing.name} has columns without a title: {thing.titles}"
    return "" if not thing.rows or any(thing.first) else f"{thing.name} has cells that say nothing"
