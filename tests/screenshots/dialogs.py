"""How each dialog is brought into each of its states. A maker gives the dialog, shown; None is the window itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt6.QtWidgets import QApplication, QDialog, QWidget

from tests.desktop.import_wizard.files import BAD, GOOD, TITLES, sheet
from tests.screenshots import inside
from tests.screenshots.room import Room, settle
from tests.screenshots.worlds import CURRENT, EMPTY, ERROR, NAME, NORMAL, OPERATOR, people
from unitclient.desktop.dialogs.about import About
from unitclient.desktop.dialogs.certificate.dialog import CertificateDialog
from unitclient.desktop.dialogs.confirm import Confirm, Refusal
from unitclient.desktop.dialogs.diagnosis.dialog import EncryptFor
from unitclient.desktop.dialogs.error_report import ErrorReport
from unitclient.desktop.dialogs.first_run.dialog import FirstRunDialog
from unitclient.desktop.dialogs.first_run.state import Enrolled, KeyChoice, Step
from unitclient.desktop.dialogs.import_wizard.dialog import ImportDialog
from unitclient.desktop.dialogs.import_wizard.state import Step as ImportStep
from unitclient.desktop.dialogs.operator.dialog import OperatorDialog, Question
from unitclient.desktop.dialogs.pin import PinDialog
from unitclient.desktop.dialogs.recover.dialog import RecoverDialog
from unitclient.desktop.dialogs.recover.shown import ShownCode
from unitclient.desktop.dialogs.restore.dialog import RestoreDialog
from unitclient.desktop.dialogs.roster_bulk import BulkDialog
from unitclient.desktop.dialogs.service import SignLine, SignSummary
from unitclient.desktop.dialogs.unlock.ask import AskPassphrase
from unitclient.desktop.dialogs.unlock.change import ChangePassphrase
from unitclient.desktop.dialogs.unlock.lock import Cover
from unitclient.desktop.errors import FaultReport
from unitclient.desktop.pages.roster.state import BulkAsk
from unitclient.desktop.shell.help_sheet import HelpSheet
from unitclient.desktop.shell.palette import Palette
from unitclient.desktop.theme.tokens import State
from unitclient.errors import UserError
from unitclient.store.backup import backup
from unitclient.texts import error_texts, say
from unitclient.tokens.keyref import KeyKind, KeyRef, PinAsk, PinState

_URL, _REASON = "https://sb.example.gov.cn/unit", "10 秒内没有回答"
Maker = Callable[[Room, str], QWidget | None]
_REPORT = """unitclient 0.1.0
Python 3.11.7, Qt 6.8.2, PyQt 6.8.1
Windows 10 22H2
time 2026-11-10 10:24:00+0800
kind ValueError

unitclient/desktop/lanes.py:141 in _run
unitclient/workflows/prepare.py:88 in prepare_month
unitclient/domain/contribution.py:57 in line_of
"""


def _opened(dialog: QDialog) -> QWidget:
    dialog.open()
    settle()
    return dialog


def _digest(number: int) -> str:
    return f"{number:x}c41e7b09d52f8a6" * 4


def _line(number: int, form: str, persons: int, rows: int, total: int | None) -> SignLine:
    return SignLine(form, "2026-11", persons, rows, total, _digest(number))


def _pin(room: Room, state: str) -> QWidget:
    forms = room.services.session.desk().catalog.forms
    title = {name: str(form.title) for name, form in forms.items()}
    lines: tuple[SignLine, ...] = (
        _line(1, title["monthly"], 83, 415, 26_187_550),
        _line(2, title["enrol"], 4, 4, None),
    )
    question = PinAsk("单位密钥1", PinState.OK, None)
    if state == "many":
        rest = ((3, "stop", 2), (4, "base-change", 6), (5, "back-payment", 1), (6, "annual-wage", 83))
        lines += tuple(_line(number, title[form], count, count, None) for number, form, count in rest)
        question = PinAsk("单位密钥1", PinState.LOW, 3, retry=True)
    if state == ERROR:
        question = PinAsk("单位密钥1", PinState.FINAL, 1, retry=True)
    summary = SignSummary(NAME, "4201000001", f"{NAME} · 4F2A 91C3", lines, practice=True)
    if state == NORMAL:
        question, summary = _asked_by_the_page(room) or (question, summary)
    dialog = PinDialog(question, summary, lambda _pin: None, remote=state == ERROR, parent=room.window)
    shown = _opened(dialog)
    if state == NORMAL:
        dialog.field.setText("4711-8266")
    return shown


def _asked_by_the_page(room: Room) -> tuple[PinAsk, SignSummary] | None:
    """What the signing page asks with the unit's token; None where there is no token to ask with."""
    page = room.page("sign")
    room.dialogs.pins.append(None)
    page.act.click()
    settle()
    page.banner.dismiss()
    room.dialogs.pins.clear()
    asked = [question for kind, question in room.dialogs.asked if kind == "pin"]
    return (asked[-1], room.dialogs.summaries[-1]) if asked else None


# -- import


def _import(room: Room, form: str = "", path: Path | str = "") -> ImportDialog:
    dialog = ImportDialog(room.services, form, str(path), lambda _answer: None, room.window)
    _opened(dialog)
    return dialog


def _good_sheet(room: Room, state: str) -> Path:
    # People of their own: what was taken from another picture's sheet would be no news.
    others = [(place, name, number, "2026-11", wage) for place, (name, number, wage) in enumerate(people(8, 23), 1)]
    rows = (*others, *BAD) if state == ERROR else GOOD
    return sheet(room.services.home / "11月增员.xlsx", *rows, above=("江城示范机械有限公司增员名单",))


def _import_file(room: Room, state: str) -> QWidget:
    dialog = _import(room)
    if state == ERROR:
        path = room.services.home / "11月增员.xlsx"
        path.write_bytes(b"not a workbook")
        dialog.presenter.take(str(path))
    return dialog


def _import_match(room: Room, state: str) -> QWidget:
    titles = ("序号", "员工", "身份证号", "入职", "工资") if state == ERROR else TITLES
    return _import(room, "enrol", sheet(room.services.home / "11月增员.xlsx", *GOOD, titles=titles))


def _import_preview(room: Room, state: str) -> QWidget:
    dialog = _import(room, "enrol", _good_sheet(room, state))
    dialog.presenter.go_on()
    return dialog


def _import_run(room: Room, _state: str) -> QWidget:
    dialog = _import(room, "enrol", _good_sheet(room, NORMAL))
    dialog.presenter.go_on()
    running = replace(dialog.presenter.state, step=ImportStep.RUN, busy=say("d-import-running"), progress=(1240, 3000))
    dialog.render_state(running)
    return dialog


def _import_result(room: Room, state: str) -> QWidget:
    dialog = _import(room, "enrol", _good_sheet(room, state))
    dialog.presenter.go_on()
    dialog.presenter.go_on()
    return dialog


# -- first run


def _first(room: Room, **changes: object) -> FirstRunDialog:
    dialog = FirstRunDialog(room.services, lambda _answer: None, parent=room.window)
    dialog.presenter._set(folder="D:\\社保备份", **changes)
    _opened(dialog)
    return dialog


def _first_mode(room: Room, _state: str) -> QWidget:
    return _first(room)


def _first_practice(room: Room, _state: str) -> QWidget:
    return _first(room, step=Step.PRACTICE)


def _first_real(room: Room, state: str) -> QWidget:
    keys = (KeyChoice(KeyRef(KeyKind.PKCS11, ""), f"{NAME}　单位密钥1 (25db3803)", "ok"),)
    if state == NORMAL:
        dialog = _first(room, step=Step.REAL, real=True, keys=keys, chosen=0)
        dialog.real.url.setText("https://sb.example.gov.cn/unit")
        dialog.real.operator.setText(OPERATOR)
        return dialog
    refusal = UserError("centre-unreachable", url=_URL, reason=_REASON)
    return _first(room, step=Step.REAL, real=True, wrong=("url", "d-first-url-wrong"), refusal=refusal)


def _first_keeping(room: Room, state: str) -> QWidget:
    wrong = ("again", "d-unlock-differs") if state == ERROR else ("", "")
    return _first(room, step=Step.KEEPING, wrong=wrong)


def _first_done(room: Room, _state: str) -> QWidget:
    unit = Enrolled("4201000000001", NAME, "91420100MA4KXXXX1A", "武汉", practice=True)
    return _first(room, step=Step.DONE, unit=unit)


# -- passphrases, restore


def _unlock(room: Room, state: str) -> QWidget:
    return _opened(AskPassphrase(lambda _word: None, wrong=state == ERROR, parent=room.window))


def _passphrase(room: Room, state: str) -> QWidget:
    dialog = ChangePassphrase(room.services, lambda _answer: None, room.window)
    if state == ERROR:
        dialog.again.tell(State.ERR, say("d-unlock-differs"))
    return _opened(dialog)


def _lock(room: Room, state: str) -> None:
    cover = Cover(room.services, room.window)
    cover.setObjectName("cover")
    cover.setGeometry(room.window.rect())
    cover.show()
    if state == ERROR:
        cover.field.tell(State.ERR, say("d-unlock-wrong"))


def _restore(room: Room, state: str) -> QWidget:
    file = ""
    if state != EMPTY:
        path = room.services.home / "unitclient-20261109.ucbackup"
        if state == ERROR:
            path.write_bytes(b"no backup")
        else:
            backup(room.services.session.desk().store, path, "a backup's own words")
        file = str(path)
    return _opened(RestoreDialog(room.services, lambda _answer: None, file, room.window))


def _operator(room: Room, state: str) -> QWidget:
    """The first operator of a home, and a password too easy to guess."""
    dialog = OperatorDialog(room.services, Question("add", first=True), lambda _answer: None, room.window)
    if state == ERROR:
        dialog.fields["word"].tell(State.ERR, say("d-unlock-differs"))
    return _opened(dialog)


def _recover(room: Room, state: str) -> QWidget:
    if state == "code":
        return _opened(ShownCode(room.services, "ABCD-2345-EFGH-6789", lambda _answer: None, room.window))
    return _opened(RecoverDialog(room.services, lambda _answer: None, "经办人甲", room.window))


def _diagnosis(room: Room, _state: str) -> QWidget:
    return _opened(EncryptFor(room.services, lambda _answer: None, room.window))


# -- the rest


def _report(room: Room, state: str) -> QWidget:
    dialog = ErrorReport(room.services, room.window)
    for number in range(1 if state == NORMAL else 3):
        dialog.add(FaultReport("ValueError", _REPORT.replace(":57", f":{57 + number}")))
    return _opened(dialog)


def _palette(room: Room, state: str) -> QWidget:
    dialog = Palette(list(room.window.commands.choices()), room.window)
    _opened(dialog)
    dialog.line.setText("qm" if state == NORMAL else "没有这种操作")
    return dialog


def _help(room: Room, _state: str) -> QWidget:
    page = room.page("sign")
    acts = [act for act in room.window.acts.acts(page) if act.spec.shortcut]
    dialog = HelpSheet(page.title(), page.help_text(), acts, room.window)
    dialog.show()
    return dialog


def _about(room: Room, _state: str) -> QWidget:
    return _opened(About(room.services, room.window))


def _confirm(room: Room, state: str) -> QWidget:
    key = "d-records-correct" if state == NORMAL else "d-records-void"
    text = say("d-records-correct-ask", period="2026-11", number="420100202611100001")
    if state != NORMAL:
        text = say("d-records-void-ask", name="增员申报（2026-11）")
    return _opened(Confirm(say(key), text, say(key), lambda _yes: None, danger=state != NORMAL, parent=room.window))


def _refusal(room: Room, _state: str) -> QWidget:
    return _opened(Refusal(error_texts("centre-unreachable", {"url": _URL, "reason": _REASON}), None, room.window))


def _bulk(room: Room, state: str) -> QWidget:
    people = (("王芳", 680_000), ("李强", 745_000), ("张丽娜", 820_000))
    ask = BulkAsk(26, people, "2026-11", ("2026-11", "2026-12"), (("wage-change", "工资变动"),), ("生产部", "销售部"))
    dialog = BulkDialog(ask, lambda _choice: None, room.window)
    _opened(dialog)
    dialog._editor().setText("abc" if state == ERROR else "8000")
    if state == ERROR:
        dialog._accept()
    return dialog


def _certificate(room: Room, state: str) -> QDialog:
    """Renewal, upgrade, and a change whose two PINs differ."""
    act = {NORMAL: "renew", "upgrade": "upgrade", ERROR: "change"}[state]
    dialog = CertificateDialog(act, NAME, lambda _choice: None, room.window)
    _opened(dialog)
    if state == ERROR:
        dialog.code.setText("482901557310")
        dialog.pin.setText("135790")
        dialog.again.setText("135791")
        dialog.go.click()
    return dialog


MAKERS: dict[str, Maker] = {
    "pin": _pin,
    "import-file": _import_file,
    "import-match": _import_match,
    "import-preview": _import_preview,
    "import-run": _import_run,
    "import-result": _import_result,
    "first-mode": _first_mode,
    "first-practice": _first_practice,
    "first-real": _first_real,
    "first-keeping": _first_keeping,
    "first-done": _first_done,
    "unlock": _unlock,
    "certificate": _certificate,
    "passphrase": _passphrase,
    "lock": _lock,
    "restore": _restore,
    "operator": _operator,
    "recover": _recover,
    "diagnosis": _diagnosis,
    "report": _report,
    "palette": _palette,
    "help": _help,
    "about": _about,
    "confirm": _confirm,
    "refusal": _refusal,
    "bulk": _bulk,
    "masked": inside.masked,
    "units-batch": inside.units_batch,
    "reconcile": inside.reconcile,
    "knowledge": inside.knowledge,
    "messages": inside.messages,
    "ticket": inside.ticket,
    "query-centre": inside.query_centre,
}
BEHIND = {"pin": "sign", "first-mode": "", "first-practice": "", "first-real": "", "first-keeping": "",
          "first-done": "dashboard", "bulk": "roster", "confirm": "records", "masked": "roster", "help": "sign",
          "import-file": "business", "import-match": "business", "import-preview": "business",
          "import-run": "business", "import-result": "business"}  # fmt: skip
"""Which page lies behind a dialog; the dashboard behind all others, nothing yet behind the first run."""


def clean_up(room: Room) -> None:
    """Take away what a maker left in the window."""
    for cover in room.window.findChildren(QWidget, "cover"):
        cover.hide()
        cover.setParent(None)
        cover.deleteLater()
    room.services.session.set_masked(False)
    room.services.session.set_period(CURRENT)
    room.window.host.current_page()
    for dialog in QApplication.topLevelWidgets():
        if isinstance(dialog, QDialog) and dialog.isVisible():
            dialog.hide()
