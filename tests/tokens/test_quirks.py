"""What is odd about real keys and SoftHSM never does, through the shim: ids, labels, keypads, logins, slowness."""

from __future__ import annotations

import time
from datetime import date

import pytest

from tests.seal.practice import NOW, world
from tests.tokens.lab import PIN, Lab, Prompt, make_lab
from unitclient.errors import UserError
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.tokens.keys import KeyHelper, Timeouts
from unitclient.tokens.profiles import Place, Profile, Profiles, Quirks
from unitclient.tokens.softhsm import softhsm_environment
from unitclient.workflows.unit_keys import ANYTHING, choose_key

PAD = "flags 0x100"
"""CKF_PROTECTED_AUTHENTICATION_PATH."""


def helper_with(lab: Lab, quirks: Quirks, timeouts: Timeouts | None = None) -> KeyHelper:
    """A helper that knows the shim as a vendor's library with these quirks."""
    place = Place("linux", lab.shim, "measured", "a test")
    profile = Profile("shim", "某厂", "测试密钥", date(2026, 11, 25), (place,), quirks=quirks)
    env = softhsm_environment(lab.folder)
    env |= {"P11SHIM_MODULE": lab.keys[0].ref.library, "P11SHIM_FOLDER": str(lab.folder)}
    return KeyHelper(env=env, timeouts=timeouts, profiles=Profiles((profile,)))


def signs(lab: Lab, helper: KeyHelper, count: int = 1, pin: str = PIN) -> None:
    """The key makes good signatures with one question for the PIN."""
    prompt = Prompt(pin)
    with helper, helper.open_signer(lab.ref, prompt) as signer:
        for number in range(count):
            signature = build_detached(b"%d" % number, signer, NOW)
            assert verify_detached(b"%d" % number, signature, world().trust, NOW).ok
    assert len(prompt.asked) == 1


@pytest.mark.parametrize("kind", ["rsa", "ec"])
@pytest.mark.parametrize("oddity", ["other-id", "hide 0x3", "hide 0x102", "hide 0x120"])
def test_key_is_found_by_its_certificate(faulty: Lab, shim: str, kind: str, oddity: str) -> None:
    """Other CKA_ID than the certificate's, no label, no CKA_ID at all, a private key that hides its modulus."""
    if kind == "ec":
        faulty.folder.joinpath("more").mkdir()
        faulty = make_lab(faulty.folder / "more", (world().unit_ec,), shim)
    faulty.control(oddity)
    signs(faulty, faulty.helper())


def test_certificate_without_its_private_key() -> None:
    from unitclient.tokens.child_match import private_key_of
    from unitclient.tokens.wire import Refused

    class Nothing:
        """A session without keys."""

        def get_objects(self, wanted: object) -> list[object]:
            """None."""
            return []

    with pytest.raises(Refused) as refused:
        private_key_of(Nothing(), world().unit.certificate_der, b"1")
    assert refused.value.code == "key-private-missing"


@pytest.mark.parametrize(
    ("label", "encoding", "shown"),
    [
        ("c9cfbaa3b4f3cfc3", "gb18030", "上海大厦"),
        ("c9cfbaa3b4f3cfc3", "utf-8", "上海大厦"),  # nobody told us, and it is no UTF-8
        ("单位密钥".encode().hex(), "utf-8", "单位密钥"),
        ("单位社会保险数字证书".encode().hex() + "e4b8", "utf-8", "单位社会保险数字证书"),  # cut off at 32 bytes
    ],
)
def test_labels_in_the_vendors_encoding(faulty: Lab, label: str, encoding: str, shown: str) -> None:
    faulty.control(f"label {label}")
    with helper_with(faulty, Quirks(labels=encoding)) as helper:
        assert [key.token_label for key in helper.list_keys([faulty.shim]).keys] == [shown]
        prompt = Prompt()
        with helper.open_signer(faulty.ref, prompt):
            assert prompt.asked[0].token_label == shown


def test_pin_before_each_signature(faulty: Lab) -> None:
    """CKA_ALWAYS_AUTHENTICATE: the person is asked once, the key is shown the PIN each time."""
    faulty.control("always")
    signs(faulty, faulty.helper(), count=3)
    assert faulty.calls("C_Login") == 4


def test_wrong_pin_before_a_signature_is_not_shown_again(faulty: Lab) -> None:
    faulty.control("always")
    with faulty.helper() as helper, helper.open_signer(faulty.ref, Prompt()) as signer:
        faulty.control("always", "C_Login 0xA0")
        with pytest.raises(UserError) as refused:
            signer.sign(b"x")
    assert refused.value.code == "pin-wrong"
    assert faulty.calls("C_Login") == 2


@pytest.mark.parametrize("always", [(), ("always",)])
def test_keypad_on_the_device(faulty: Lab, always: tuple[str, ...]) -> None:
    """The PIN never comes near this computer; what the prompt returns is not used."""
    faulty.control(PAD, f"pad {PIN}", *always)
    signs(faulty, faulty.helper(), count=2, pin="what is typed here does not matter")
    assert faulty.calls("C_Login") == (3 if always else 1)


def test_wrong_pin_on_the_keypad(faulty: Lab) -> None:
    faulty.control(PAD, "pad 000000")
    prompt = Prompt("")
    with faulty.helper() as helper, pytest.raises(UserError) as refused:
        helper.open_signer(faulty.ref, prompt)
    assert refused.value.code == "pin-wrong"
    assert prompt.asked[0].on_device
    assert faulty.calls("C_Login") == 1


def test_crash_with_a_keypad_is_not_logged_in_again(faulty: Lab) -> None:
    faulty.control(PAD, f"pad {PIN}")
    with faulty.helper() as helper, helper.open_signer(faulty.ref, Prompt("")) as signer:
        faulty.control(PAD, f"pad {PIN}", "C_Sign crash")
        with pytest.raises(UserError) as refused:
            signer.sign(b"x")
    assert refused.value.code == "key-helper-died"
    assert faulty.calls("C_Login") == 1


def test_vendors_own_pin_window(faulty: Lab) -> None:
    """The library asks by itself although the token has no keypad flag."""
    faulty.control(f"pad {PIN}")
    signs(faulty, helper_with(faulty, Quirks(pin="window")), pin="")


def test_key_that_logs_itself_out(faulty: Lab) -> None:
    faulty.control("out-after-sign")
    signs(faulty, helper_with(faulty, Quirks(login="each-signature")), count=3)
    assert faulty.calls("C_Login") == 3


def test_key_that_logs_itself_out_and_nobody_told_us(faulty: Lab) -> None:
    with faulty.helper() as helper, helper.open_signer(faulty.ref, Prompt()) as signer:
        faulty.control("C_Sign 0x101")  # CKR_USER_NOT_LOGGED_IN
        with pytest.raises(UserError) as refused:
            signer.sign(b"x")
    assert refused.value.code == "key-logged-out"
    assert faulty.calls("C_Login") == 1


def test_slow_key_is_waited_for(faulty: Lab) -> None:
    quick = Timeouts(start=60, listing=3, opening=30, login=10, signing=0.5)
    faulty.control("stall 1")
    signs(faulty, helper_with(faulty, Quirks(wait_s=20), quick))
    with helper_with(faulty, Quirks(), quick) as helper, helper.open_signer(faulty.ref, Prompt()) as signer:
        started = time.monotonic()
        with pytest.raises(UserError) as refused:
            signer.sign(b"x")
    assert refused.value.code == "key-helper-hung"
    assert time.monotonic() - started < 10


def test_wrong_signature_is_not_given_out(faulty: Lab) -> None:
    with faulty.helper() as helper, helper.open_signer(faulty.ref, Prompt()) as signer:
        faulty.control("C_Sign wrong")
        with pytest.raises(UserError) as refused:
            signer.sign(b"x")
    assert refused.value.code == "key-signature-wrong"
    assert faulty.calls("C_Sign") == 1


def test_device_that_the_library_cannot_read(faulty: Lab) -> None:
    faulty.control("C_GetTokenInfo 0xE1")
    with faulty.helper() as helper:
        listed = helper.list_keys([faulty.shim])
        assert (listed.keys, [problem.code for problem in listed.problems]) == ((), ["key-not-recognised"])
        prompt = Prompt()
        with pytest.raises(UserError) as refused:
            helper.open_signer(faulty.ref, prompt)
    assert (refused.value.code, prompt.asked) == ("key-not-recognised", [])


def test_several_libraries_show_a_certificate_once(faulty: Lab) -> None:
    with faulty.helper() as helper:
        both = helper.list_keys([faulty.shim, faulty.keys[0].ref.library])
    assert [key.ref.library for key in both.keys] == [faulty.shim]
    assert both.problems == ()


def test_library_without_pkcs11(faulty: Lab) -> None:
    with faulty.helper() as helper:
        import _sqlite3

        listed = helper.list_keys([_sqlite3.__file__])
    assert [problem.code for problem in listed.problems] == ["key-library-not-pkcs11"]


def test_whatever_is_plugged_in_is_taken_when_nobody_names_a_library(faulty: Lab) -> None:
    """As `unit enrol --cert auto` does it: the vendor's library is found by its profile, the key by its certificate."""
    with helper_with(faulty, Quirks()) as helper:
        assert choose_key(helper, ANYTHING, None) == faulty.ref
        faulty.control("empty")
        with pytest.raises(UserError) as refused:
            choose_key(helper, ANYTHING, None)
    assert refused.value.code == "key-none"
