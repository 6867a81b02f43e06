"""What vendors' tokens and libraries do and SoftHSM never does: lock, vanish, hang, crash. Through the shim."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.seal.practice import NOW, world
from tests.tokens.lab import Lab, Prompt
from unitclient.errors import Cancelled, UserError
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.tokens.header import Header, read_header
from unitclient.tokens.keyref import PinState
from unitclient.tokens.keys import Timeouts, TokenSigner

QUICK = Timeouts(start=60, listing=3, opening=30, login=2, signing=1)


def login_code(lab: Lab, pin: str = "999999", prompt: Prompt | None = None) -> str:
    with lab.helper() as helper, pytest.raises(UserError) as refused:
        helper.open_signer(lab.ref, prompt or Prompt(pin))
    return refused.value.code


def sign_code(signer: TokenSigner) -> str:
    with pytest.raises(UserError) as refused:
        signer.sign(b"x")
    return refused.value.code


def test_many_signatures_with_one_login(faulty: Lab) -> None:
    with faulty.helper() as helper, helper.open_signer(faulty.ref, Prompt()) as signer:
        for number in range(20):
            signature = build_detached(b"%d" % number, signer, NOW)
            assert verify_detached(b"%d" % number, signature, world().trust, NOW).ok
    assert faulty.calls("C_Login") == 1
    assert faulty.calls("C_Sign") == 20


def test_wrong_pin_until_locked(faulty: Lab) -> None:
    """The state is said before each try, and a locked token is not asked again."""
    faulty.control("tries 3")
    states, codes = [], []
    for _ in range(3):
        prompt = Prompt("999999")
        codes.append(login_code(faulty, prompt=prompt))
        states.append((prompt.asked[0].pin_state, prompt.asked[0].tries_left))
    assert codes == ["pin-wrong", "pin-wrong-final", "pin-locked"]
    assert states == [(PinState.OK, None), (PinState.LOW, None), (PinState.FINAL, 1)]
    assert faulty.calls("C_Login") == 3
    prompt = Prompt()
    assert login_code(faulty, prompt=prompt) == "pin-locked"
    assert prompt.asked == []
    assert faulty.calls("C_Login") == 3
    with faulty.helper() as helper:
        assert helper.list_keys([faulty.ref.library]).keys[0].pin_state is PinState.LOCKED


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0xA0", "pin-wrong"),
        ("0xA1", "pin-form"),
        ("0xA2", "pin-form"),
        ("0xA3", "pin-expired"),
        ("0xA4", "pin-locked"),
        ("0x06", "key-function-failed"),  # not a wrong PIN
        ("0x30", "key-gone"),
        ("0x32", "key-gone"),
        ("0xE0", "key-gone"),
        ("0xE1", "key-not-recognised"),
        ("0x80000042", "key-failed"),  # a vendor's own code
    ],
)
def test_answers_to_login(faulty: Lab, answer: str, code: str) -> None:
    faulty.control(f"C_Login {answer}")
    assert login_code(faulty, "whatever") == code
    assert faulty.calls("C_Login") == 1


def test_cancelled_on_the_device(faulty: Lab) -> None:
    faulty.control("C_Login 0x50", "flags 0x100")
    prompt = Prompt()
    with faulty.helper() as helper, pytest.raises(Cancelled):
        helper.open_signer(faulty.ref, prompt)
    assert prompt.asked[0].on_device


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["C_Sign 0x32"], "key-gone"),
        (["C_Sign 0xB3"], "key-gone"),
        (["C_Sign 0x05", "empty"], "key-gone"),
        (["C_Sign 0x05"], "key-failed"),
        (["C_Sign 0x90"], "key-failed"),
    ],
)
def test_answers_to_sign(faulty: Lab, lines: list[str], code: str) -> None:
    with faulty.helper() as helper, helper.open_signer(faulty.ref, Prompt()) as signer:
        faulty.control(*lines)
        assert sign_code(signer) == code
    assert faulty.calls("C_Login") == 1


def test_hang_is_killed_by_the_watchdog(faulty: Lab) -> None:
    with faulty.helper(QUICK) as helper, helper.open_signer(faulty.ref, Prompt()) as signer:
        faulty.control("C_Sign hang")
        first = helper.helper_pid
        start = time.monotonic()
        assert sign_code(signer) == "key-helper-hung"
        assert 1 <= time.monotonic() - start < 15
        assert helper.helper_pid is None
        assert first
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
    assert faulty.calls("C_Login") == 1  # what hangs may wait for the person: nothing is done behind their back


def test_library_that_forks_and_hangs(faulty: Lab) -> None:
    """The killed helper's child still holds the pipe, so that the read does not end by itself."""
    faulty.control("C_Login fork")
    start = time.monotonic()
    with faulty.helper(QUICK) as helper, pytest.raises(UserError) as refused:
        helper.open_signer(faulty.ref, Prompt())
    assert refused.value.code == "key-helper-hung"
    assert time.monotonic() - start < 15  # the child sleeps for twenty seconds


def test_hang_in_login_is_not_tried_again(faulty: Lab) -> None:
    faulty.control("C_Login hang")
    with faulty.helper(QUICK) as helper, pytest.raises(UserError) as refused:
        helper.open_signer(faulty.ref, Prompt())
    assert refused.value.code == "key-helper-hung"
    assert faulty.calls("C_Login") == 1


def test_crash_once_is_survived(faulty: Lab) -> None:
    prompt = Prompt()
    with faulty.helper() as helper, helper.open_signer(faulty.ref, prompt) as signer:
        faulty.control("C_Sign once crash")
        assert verify_detached(b"x", build_detached(b"x", signer, NOW), world().trust, NOW).ok
        faulty.control("C_Sign once crash")
        assert sign_code(signer) == "key-helper-died"
    assert len(prompt.asked) == 1
    assert faulty.calls("C_Login") == 2


def test_crash_with_wrong_pins_on_the_count_is_not_logged_in_again(faulty: Lab) -> None:
    with faulty.helper() as helper, helper.open_signer(faulty.ref, Prompt()) as signer:
        faulty.control("C_Sign crash", "flags 0x20000")
        assert sign_code(signer) == "key-helper-died"
    assert faulty.calls("C_Login") == 1


def test_helper_killed_from_outside(faulty: Lab) -> None:
    with faulty.helper() as helper, helper.open_signer(faulty.ref, Prompt()) as signer:
        assert helper.helper_pid
        os.kill(helper.helper_pid, signal.SIGKILL)
        assert signer.sign(b"x")


def test_cancel_from_another_thread(faulty: Lab) -> None:
    with faulty.helper() as helper, helper.open_signer(faulty.ref, Prompt()) as signer:
        faulty.control("C_Sign hang")
        timer = threading.Timer(0.3, helper.cancel)
        timer.start()
        with pytest.raises(Cancelled):
            signer.sign(b"x")
        timer.join()


def test_one_broken_library_does_not_hide_the_others(faulty: Lab) -> None:
    faulty.control("C_GetSlotList hang")
    with faulty.helper(QUICK) as helper:
        listed = helper.list_keys([faulty.ref.library, faulty.keys[0].ref.library])
    assert [problem.code for problem in listed.problems] == ["key-helper-hung"]
    assert len(listed.keys) == 1


def test_library_for_another_kind_of_machine(faulty: Lab, tmp_path: Path) -> None:
    old = tmp_path / "vendor32.so"
    data = bytearray(Path(faulty.ref.library).read_bytes())
    data[4] = 1
    old.write_bytes(data)
    text = tmp_path / "vendor.so"
    text.write_text("not a library")
    with faulty.helper() as helper:
        listed = helper.list_keys([str(old), str(text)])
    assert [problem.code for problem in listed.problems] == ["key-library-wrong-bits", "key-library-not-library"]
    assert listed.problems[0].params["bits"] == "32"


def test_headers_of_windows_libraries(tmp_path: Path) -> None:
    path = tmp_path / "x.dll"
    for machine, bits, name in ((0x14C, 32, "x86"), (0x8664, 64, "amd64"), (0xAA64, 64, "arm64"), (0x1234, 0, "")):
        path.write_bytes(b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + machine.to_bytes(2, "little"))
        assert read_header(path) == Header("pe", bits, name)
    path.write_bytes(b"MZ")
    assert read_header(path) == Header("other")
