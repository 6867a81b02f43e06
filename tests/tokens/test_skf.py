"""Keys behind SKF (GM/T 0016), in the helper process: found, tries counted, signed with, and every fault by name."""

from __future__ import annotations

import ctypes
import dataclasses
from pathlib import Path

import pytest

from tests.gm import openssl
from tests.seal.gm import gm_world
from tests.seal.practice import NOW
from tests.tokens.lab import PIN, Prompt
from tests.tokens.skf_device import SkfDevice, build_with_openssl, make_device
from unitclient.errors import Cancelled, UserError
from unitclient.gm.sm2 import Sm2PrivateKey, Sm2PublicKey
from unitclient.seal import pki
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.seal.suites import Sm2Form
from unitclient.texts import error_texts
from unitclient.tokens.keyref import KeyKind, PinState
from unitclient.tokens.keys import Timeouts

QUICK = Timeouts(start=60, listing=3, opening=30, login=2, signing=1)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The compiled double."""
    built = build_with_openssl(tmp_path_factory.mktemp("skf"), "skf.c")
    if built is None:
        pytest.skip("no C compiler or no libssl-dev")
    return built


@pytest.fixture
def device(tmp_path: Path, library: str) -> SkfDevice:
    """A device with a unit's SM2 key, and a certificate for encryption beside it."""
    one, other = gm_world(), Sm2PrivateKey.generate()
    encryption = one.ca.issue_encryption(pki.name("加密"), other.public_key(), pki.Validity.around(NOW, 30))
    certificate = one.ca.credential_for(other, encryption).certificate_der
    return make_device(tmp_path / "device", library, one.unit, certificate)


def login_code(device: SkfDevice, prompt: Prompt | None = None) -> UserError:
    with device.helper(QUICK) as helper, pytest.raises(UserError) as refused:
        helper.open_signer(device.ref, prompt or Prompt())
    return refused.value


def sign_code(device: SkfDevice, *control: str) -> str:
    with device.helper(QUICK) as helper, helper.open_signer(device.ref, Prompt()) as signer:
        device.control(*control)
        with pytest.raises(UserError) as refused:
            signer.sign(b"x")
    return refused.value.code


def test_found_without_a_pin(device: SkfDevice) -> None:
    """The library is known by what it exports; label and application are GBK; encryption never signs."""
    with device.helper() as helper:
        listed = helper.list_keys([device.library])
    assert listed.problems == ()
    signing = next(key for key in listed.keys if key.signs)
    assert [key.signs for key in listed.keys] == [True, False]
    assert signing.ref == device.ref
    assert (signing.token_label, signing.algorithm) == ("国密密钥", "sm2")
    assert (signing.pin_state, signing.tries_left) == (PinState.OK, 6)
    assert device.calls("SKF_VerifyPIN") == 0


@pytest.mark.parametrize("form", list(Sm2Form))
def test_many_signatures_with_one_login(device: SkfDevice, form: Sm2Form, tmp_path: Path) -> None:
    with device.helper() as helper, helper.open_signer(device.ref, Prompt()) as signer:
        for number in range(5):
            content = b"%d" % number
            signer.chain_der = device.credential.signer().chain_der
            signature = build_detached(content, signer, NOW, sm2_form=form)
            assert verify_detached(content, signature, gm_world().trust, NOW).ok
        proof = signer.sign(b"for openssl")
    public = Sm2PublicKey.of_certificate(device.credential.certificate_der)
    assert public is not None
    assert openssl.verifies(public.spki, b"for openssl", proof, tmp_path)
    assert device.calls("SKF_VerifyPIN") == 1


def test_a_wrong_pin_says_how_many_tries_are_left(device: SkfDevice) -> None:
    """Counted down to the lock; the state is said before each try, and a locked device is not asked again."""
    told, asked = [], []
    for _ in range(6):
        prompt = Prompt("999999")
        refusal = login_code(device, prompt)
        told.append((refusal.code, refusal.params.get("tries")))
        asked.append((prompt.asked[0].pin_state, prompt.asked[0].tries_left))
    assert told == [
        ("pin-wrong-tries", "5"), ("pin-wrong-tries", "4"), ("pin-wrong-tries", "3"), ("pin-wrong-tries", "2"),
        ("pin-wrong-final", "1"), ("pin-locked", None),
    ]  # fmt: skip
    assert asked == [
        (PinState.OK, 6), (PinState.LOW, 5), (PinState.LOW, 4), (PinState.LOW, 3), (PinState.LOW, 2),
        (PinState.FINAL, 1),
    ]  # fmt: skip
    assert device.calls("SKF_VerifyPIN") == 6
    prompt = Prompt()
    assert login_code(device, prompt).code == "pin-locked"
    assert prompt.asked == []
    assert device.calls("SKF_VerifyPIN") == 6


def test_the_count_is_in_the_text(device: SkfDevice) -> None:
    refusal = login_code(device, Prompt("999999"))
    assert "5" in error_texts(refusal.code, refusal.params).what


def test_a_library_that_does_not_count(device: SkfDevice) -> None:
    device.control("no-pin-info")
    prompt = Prompt("999999")
    assert login_code(device, prompt).params["tries"] == "5"  # SKF_VerifyPIN itself says it
    assert (prompt.asked[0].pin_state, prompt.asked[0].tries_left) == (PinState.UNKNOWN, None)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0x0A000025", "pin-locked"),
        ("0x0A000026", "pin-form"),
        ("0x0A000027", "pin-form"),
        ("0x0A000023", "key-gone"),
        ("0x0A000005", "key-gone"),
        ("0x0A000001", "key-failed"),
        ("0x0A000029", "key-failed"),
        ("hang", "key-helper-hung"),
        ("crash", "key-helper-died"),
    ],
)
def test_faults_at_login(device: SkfDevice, answer: str, code: str) -> None:
    """One call each: the program never tries a PIN again."""
    device.control(f"SKF_VerifyPIN {answer}")
    assert login_code(device).code == code
    assert device.calls("SKF_VerifyPIN") == 1


@pytest.mark.parametrize(
    ("control", "code"),
    [
        ("SKF_ECCSignData 0x0A000023", "key-gone"),
        ("empty", "key-gone"),
        ("SKF_ECCSignData 0x0A00002D", "key-failed"),
        ("SKF_ECCSignData 0x0A000001", "key-failed"),
        ("SKF_ECCSignData wrong", "key-signature-wrong"),
        ("SKF_ECCSignData hang", "key-helper-hung"),
        ("SKF_ECCSignData crash", "key-helper-died"),
    ],
)
def test_faults_at_signing(device: SkfDevice, control: str, code: str) -> None:
    assert sign_code(device, control) == code


def test_a_crash_is_survived_once(device: SkfDevice) -> None:
    """The helper starts anew and logs in again with the PIN that had succeeded."""
    with device.helper(QUICK) as helper, helper.open_signer(device.ref, Prompt()) as signer:
        device.control("SKF_ECCSignData once crash")
        signature = signer.sign(b"x")
    public = Sm2PublicKey.of_certificate(device.credential.certificate_der)
    assert public is not None
    public.verify(signature, b"x")
    assert device.calls("SKF_VerifyPIN") == 2


def test_no_second_login_when_wrong_pins_were_counted(device: SkfDevice) -> None:
    """Somebody entered a wrong PIN elsewhere meanwhile: the program does not use up another try."""
    with device.helper(QUICK) as helper, helper.open_signer(device.ref, Prompt()) as signer:
        (device.folder / "wrong").write_text("2")
        device.control("SKF_ECCSignData once crash")
        with pytest.raises(UserError) as refused:
            signer.sign(b"x")
    assert refused.value.code == "key-helper-died"
    assert device.calls("SKF_VerifyPIN") == 1


def test_another_device(device: SkfDevice) -> None:
    other = dataclasses.replace(device.ref, token_serial="GM0002")
    with device.helper() as helper, pytest.raises(UserError) as refused:
        helper.open_signer(other, Prompt())
    assert refused.value.code == "key-not-found"


def test_another_certificate(device: SkfDevice) -> None:
    other = dataclasses.replace(device.ref, certificate_sha256="00" * 32)
    with device.helper() as helper, pytest.raises(UserError) as refused:
        helper.open_signer(other, Prompt())
    assert refused.value.code == "key-not-found"


def test_no_device(device: SkfDevice) -> None:
    device.control("empty")
    with device.helper() as helper:
        assert helper.list_keys([device.library]).keys == ()
    assert login_code(device).code == "key-not-found"


def test_certificate_and_key_do_not_belong_together(device: SkfDevice) -> None:
    device.control("other-key")
    prompt = Prompt()
    assert login_code(device, prompt).code == "key-skf-mismatch"
    assert prompt.asked == []


def test_cancelled_before_the_pin(device: SkfDevice) -> None:
    with device.helper() as helper, pytest.raises(Cancelled):
        helper.open_signer(device.ref, Prompt(None))
    assert device.calls("SKF_VerifyPIN") == 0


@pytest.mark.parametrize(
    ("name", "code"), [("missing.so", "key-library-missing"), ("text.so", "key-library-not-library")]
)
def test_libraries_that_are_none(device: SkfDevice, tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "text.so").write_text("no library")
    ref = dataclasses.replace(device.ref, library=str(tmp_path / name))
    with device.helper() as helper, pytest.raises(UserError) as refused:
        helper.open_signer(ref, Prompt())
    assert refused.value.code == code


def test_the_pin_is_not_left_behind(device: SkfDevice) -> None:
    with device.helper() as helper, helper.open_signer(device.ref, Prompt()) as signer:
        signer.sign(b"x")
    kept = [path for path in device.folder.iterdir() if PIN.encode() in path.read_bytes()]
    assert kept == []


def test_the_structures_have_the_standards_sizes() -> None:
    from unitclient.tokens import skf

    assert [ctypes.sizeof(one) for one in (skf._Blob, skf._Signature)] == [132, 128]
    assert skf._DeviceInfo.serial.offset == 162
    assert KeyKind("skf") is KeyKind.SKF
