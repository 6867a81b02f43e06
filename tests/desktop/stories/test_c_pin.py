"""The key's bad days: a wrong PIN three times, pulled out in the middle, a vendor's library that hangs or crashes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QCheckBox

from tests.desktop.stories.conftest import Rooms
from tests.desktop.stories.program import CTRL, Program
from tests.e2e.office import Office, staff
from tests.tokens.lab import PIN, Lab
from unitclient.central.server import RunningCentre
from unitclient.desktop.dialogs.pin import PinDialog
from unitclient.desktop.pages.sign import work
from unitclient.desktop.watchdog import Watchdog
from unitclient.store.declarations import Declaration
from unitclient.tokens import keys
from unitclient.workflows.signing import sign_and_queue


@dataclass
class Bench:
    """A clerk with two declarations to sign, and a key behind the library that can be told to fail."""

    clerk: Office
    program: Program
    lab: Lab

    def transports(self) -> list[str]:
        """Where the declarations are, in the order they are signed."""
        query = "SELECT transport FROM declaration WHERE transport <> 'withdrawn' ORDER BY id"
        return [row[0] for row in self.clerk.base.store.connection.execute(query)]

    def enter(self, pin: str, *, sure: bool = False) -> None:
        """Type a PIN into the dialog in front, and Enter."""
        dialog = self.program.dialog(PinDialog)
        self.program.until(dialog.field.hasFocus)
        self.program.keys(pin)
        if sure:
            self.program.click(next(box.text() for box in dialog.findChildren(QCheckBox) if box.isVisible()))
            dialog.field.setFocus()
        self.program.press(Qt.Key.Key_Return)

    def signs(self, pin: str = PIN) -> None:
        """Ctrl+Enter, and the PIN."""
        self.program.press(Qt.Key.Key_Return, CTRL)
        self.enter(pin)
        self.program.settle()


@pytest.fixture
def bench(rooms: Rooms, centre: RunningCentre, shim: str) -> Bench:
    """The page of signing is in front, with two declarations chosen."""
    clerk = rooms.office(centre.url, shim=shim)
    clerk.enrols(staff(2))
    clerk.prepares()
    program = rooms.start(clerk)
    program.go(5)
    return Bench(clerk, program, rooms.labs[clerk.unit_number])


def test_a_wrong_pin_three_times(bench: Bench) -> None:
    """Each time it is said how near the lock is; the last try is asked for; the locked key is not asked again."""
    program = bench.program
    bench.lab.control("tries 3")
    bench.signs("999999")
    told = program.banner().splitlines()
    assert "PIN 码不正确" in told[0]
    assert len(told) == 3
    program.click("重新输入")
    program.dialog(PinDialog)
    program.sees("刚才输入的 PIN 码不正确")
    bench.enter("888888")
    program.settle()
    assert "最后一次" in program.banner()
    program.click("重新输入")
    dialog = program.dialog(PinDialog)
    program.sees("只剩最后一次机会")
    program.keys("777777")
    program.press(Qt.Key.Key_Return)
    assert program.top() is dialog, "Enter alone does not use up the last try"
    tick = next(box for box in dialog.findChildren(QCheckBox) if box.isVisible())
    tick.setFocus()
    program.press(Qt.Key.Key_Space)
    dialog.field.setFocus()
    program.press(Qt.Key.Key_Return)
    program.settle()
    told = program.banner().splitlines()
    assert "锁" in told[0]
    assert "unitclient" not in program.banner()
    assert bench.lab.calls("C_Login") == 3
    program.press(Qt.Key.Key_Return, CTRL)
    program.settle()
    assert program.top() is program.frame, "a locked key is not asked for its PIN"
    assert bench.lab.calls("C_Login") == 3
    # Nothing is lost: once the key is unlocked the same two are signed.
    assert bench.transports() == ["checked", "checked"]
    assert program.button("签名（2 份）").isEnabled()
    bench.lab.control()
    bench.signs()
    assert bench.transports() == ["queued", "queued"]


def test_the_key_is_pulled_out_in_the_middle(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was signed is safe and queued; what was not still waits, by name."""
    program, begun = bench.program, []
    sign = sign_and_queue

    def pulled(*args: object, told: object, **more: object) -> object:
        def tell(declaration: Declaration) -> None:
            begun.append(declaration.id)
            if len(begun) == 2:
                bench.lab.control("C_Sign 0x32", "C_SignInit 0x32")
            assert callable(told)
            told(declaration)

        return sign(*args, told=tell, **more)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(work, "sign_and_queue", pulled)
    bench.signs()
    assert bench.transports() == ["queued", "checked"]
    program.sees("月度申报（2026-11）", "增员申报（2026-11）")
    assert "密钥" in program.banner()
    bench.lab.control()
    program.click("再次签名")
    bench.enter(PIN)
    program.settle()
    assert bench.transports() == ["queued", "queued"]


@pytest.mark.parametrize(("fault", "word"), [("hang", "没有响应"), ("crash", "意外退出")])
def test_a_vendors_library_takes_nothing_with_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, fault: str, word: str
) -> None:
    """While it hangs the window answers; when its time is up the clerk is told, and the key can be tried again."""
    program = bench.program
    quick = keys.Timeouts(signing=1.5)
    monkeypatch.setattr(keys, "Timeouts", lambda: quick)
    bench.lab.control(f"C_Sign {fault}")
    watchdog = Watchdog(0.25)
    watchdog.start()
    program.press(Qt.Key.Key_Return, CTRL)
    bench.enter(PIN)
    program.until(lambda: bench.lab.calls("C_Sign") > 0)
    program.press(Qt.Key.Key_1, CTRL)
    assert program.page().page_id == "dashboard"
    program.go(5)
    watchdog.stop()
    assert watchdog.blocks == []
    assert word in program.banner()
    assert "都还在等待签名" in program.banner()
    assert bench.transports() == ["checked", "checked"]
    bench.lab.control()
    bench.signs()
    assert bench.transports() == ["queued", "queued"]


def test_a_hanging_library_is_given_up_by_the_clerk(bench: Bench) -> None:
    """Nobody has to wait until its time is up."""
    program = bench.program
    bench.lab.control("C_Sign hang")
    program.press(Qt.Key.Key_Return, CTRL)
    bench.enter(PIN)
    program.until(lambda: bench.lab.calls("C_Sign") > 0)
    program.click("取消签名")
    program.settle()
    assert "签名已停止" in program.banner()
    assert bench.transports() == ["checked", "checked"]
