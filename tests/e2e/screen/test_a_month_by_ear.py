"""A clerk who never saw the program does the first month, by what a screen reader tells and by nothing else."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.e2e.office import ENROL_HEADERS, faults, staff
from tests.e2e.programs import until
from tests.e2e.screen.room import Room
from tests.e2e.screen.window import Window, window
from unitclient.sheets.table import write_table
from unitclient.workflows import centre_process
from unitclient.workflows.centre_process import practice_home

BANNER = "演练中心：这里的申报、扣款和单据都是模拟的"
PEOPLE = 3
ROUNDS = 20


def test_the_first_month(office: Room, tmp_path: Path) -> None:
    with window(office, tmp_path / "home") as clerk:
        rehearses_for_the_first_time(clerk)
        takes_people_from_a_sheet(clerk, tmp_path / "十一月名单.xlsx")
        prepares_and_reviews(clerk)
        signs_after_one_wrong_pin(clerk)
        sends_and_has_the_proof(clerk)
        starts_the_program_again(clerk)
        leaves(clerk)


def test_the_power_fails_while_it_is_sent(office: Room, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with window(office, home) as clerk:
        rehearses_for_the_first_time(clerk)
        takes_people_from_a_sheet(clerk, tmp_path / "十一月名单.xlsx")
        prepares_and_reviews(clerk)
        signs(clerk)
        loses_its_answer(home)
        clerk.presses("报送")
        until(lambda: len(at_the_centre(home)) > 0, "the first of the two at the centre")
        clerk.dies()
    with window(office, home) as clerk:
        clerk.hears(BANNER)
        asks_until_it_is_paid(clerk)
        follows_to_the_proof(clerk)
        leaves(clerk)
    assert at_the_centre(home) == ["enrol", "monthly"], "each came once"


def rehearses_for_the_first_time(clerk: Window) -> None:
    """The wizard of an empty home: the practice centre, and the practice unit with its banner."""
    clerk.hears("欢迎使用", roles="dialog")
    assert clerk.has_focus("在演练中心练习") == "radio button"
    clerk.presses("下一步")
    clerk.presses("启动演练中心")
    clerk.hears("备份与口令", part=False, limit=60)
    assert Path(clerk.reads("备份文件夹")).is_absolute()
    clerk.presses("保存并继续")
    clerk.hears("这是演练单位")
    clerk.presses("打开本月申报")
    clerk.hears(BANNER)
    clerk.hears("用人单位：演练用人单位")
    assert clerk.titles() == [("frame", "演练用人单位 — 单位社保经办")]


def takes_people_from_a_sheet(clerk: Window, sheet: Path) -> None:
    """The import wizard, from the path of a file to the rows that wait."""
    write_table(sheet, "名单", list(ENROL_HEADERS), staff(PEOPLE, since=month(clerk)))
    clerk.presses("去增员")
    clerk.presses("导入表格")
    clerk.hears("导入表格：增员申报", roles="dialog")
    assert clerk.types("文件", str(sheet)) == str(sheet)
    clerk.presses("查看表格")
    clerk.hears("已按列名识别")
    clerk.presses("预览")
    preview = clerk.table("前几行预览", rows=PEOPLE)
    assert preview.says(0, "姓名") == "姓名 员工一"
    clerk.presses("开始导入")
    clerk.hears("5 结果 （当前步骤）")
    clerk.hears("已导入（行）", roles="panel")
    clerk.hears(str(PEOPLE), part=False, roles="label")
    clerk.presses("完成")
    rows = clerk.table("业务明细", rows=PEOPLE)
    assert rows.says(0, "状态") == "状态 待申报"


def prepares_and_reviews(clerk: Window) -> None:
    """The month as a declaration, and how an amount in it comes about."""
    clerk.opens("申报核对")
    clerk.presses("生成申报")
    clerk.hears(f"的申报：{PEOPLE} 人")
    people = clerk.table("本月与上月逐人对照", rows=PEOPLE)
    people.select(0)
    clerk.presses("去签名")
    clerk.hears("签名与报送", part=False, roles="label")


def signs_after_one_wrong_pin(clerk: Window) -> None:
    """The key says no once, the window says what that means, and the second PIN is right."""
    asked_to_sign(clerk)
    clerk.types("PIN 码", "00000000")
    clerk.presses("签名（2 份）")
    clerk.hears("PIN 码不正确")
    clerk.hears("连续输错几次后，密钥会被锁定")
    clerk.presses("重新输入 PIN")
    clerk.hears("刚才输入的 PIN 码不正确")
    clerk.hears("再多次输错会被锁定")
    gives_the_pin(clerk)


def signs(clerk: Window) -> None:
    """Both declarations with one PIN."""
    asked_to_sign(clerk)
    gives_the_pin(clerk)


def asked_to_sign(clerk: Window) -> None:
    """The dialog says what will be signed, and waits for the PIN."""
    clerk.presses("签名（2 份）")
    clerk.hears("核对将要签名的内容")
    for part in ("增员申报（", "月度申报（", "摘要 ", "共 2 份，合计 ¥"):
        clerk.hears(part)
    assert clerk.has_focus("PIN 码") == "password text"


def gives_the_pin(clerk: Window) -> None:
    """The practice key's PIN stands in the dialog."""
    said = re.search(r"\d{6,}", clerk.hears("演练密钥的 PIN 码是"))
    assert said is not None
    clerk.types("PIN 码", said[0])
    clerk.presses("签名（2 份）")
    clerk.hears_no_more("核对将要签名的内容")


def sends_and_has_the_proof(clerk: Window) -> None:
    """Sent, accepted, paid; the centre's receipt and statement are there."""
    clerk.presses("报送")
    clerk.hears("已送达 2 份", limit=60)
    follows_to_the_proof(clerk)


def asks_until_it_is_paid(clerk: Window) -> None:
    """The window asks the centre by itself every few minutes; a clerk who waits for it presses the button."""
    for _round in range(ROUNDS):
        clerk.opens("待发队列")
        clerk.presses("立即同步", limit=60)
        clerk.opens("申报记录")
        if "已出回单" in clerk.table("申报记录", rows=2).says(0, "缴费"):
            return


def follows_to_the_proof(clerk: Window) -> None:
    """Both declarations once, with what the centre signed for them."""
    clerk.opens("申报记录")
    records = clerk.table("申报记录", rows=2)
    assert records.says(0, "业务") == "业务 月度申报"
    assert records.says(0, "缴费", "已出回单", limit=60)
    assert [records.says(row, "受理") for row in range(2)] == ["受理 已受理"] * 2
    number = records.says(0, "受理单号").removeprefix("受理单号 ")
    assert clerk.table("申报记录").rows == 2
    records.select(0)
    clerk.hears("月度申报（", roles="panel")
    clerk.presses("验证回执")
    assert number in clerk.hears("回执有效。", roles="panel")
    clerk.opens("文书")
    papers = clerk.table("文书列表", rows=4)
    said = [(papers.says(row, "文书"), papers.says(row, "受理单号")) for row in range(papers.rows)]
    assert ("文书 受理回执", f"受理单号 {number}") in said
    assert ("文书 结算单", f"受理单号 {number}") in said
    clerk.opens("参保花名册")
    clerk.table("参保人员", rows=PEOPLE)


def starts_the_program_again(clerk: Window) -> None:
    """A second start ends by itself, well, and there is still one window. Its place is a window manager's to tell."""
    windows = clerk.titles()
    assert clerk.starts_once_more() == 0
    assert clerk.process.poll() is None
    assert clerk.titles() == windows


def leaves(clerk: Window) -> None:
    """The window closes, its practice centre with it, and nothing was complained of."""
    assert clerk.closes() == 0
    until(lambda: centre_process.running(clerk.home) is None, "the end of the practice centre, for which nobody waits")
    clerk.was_quiet()


def loses_its_answer(home: Path) -> None:
    """The centre takes what comes next, and its answer does not arrive."""
    centre = centre_process.running(home)
    assert centre is not None
    faults(centre.url, drop_answers=1)


def at_the_centre(home: Path) -> list[str]:
    """The forms of all submissions that the practice centre holds."""
    with closing(sqlite3.connect(f"file:{practice_home(home) / 'centre.db'}?mode=ro", uri=True)) as database:
        return [form for (form,) in database.execute("SELECT form FROM submission ORDER BY form")]


def month(clerk: Window) -> str:
    """The period in front, as a sheet has it."""
    said = re.search(r"(\d{4}) 年 (\d{1,2}) 月", clerk.hears("费款所属期："))
    assert said is not None
    return f"{said[1]}-{int(said[2]):02d}"
