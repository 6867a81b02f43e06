"""One contract, four PKCS#11 stacks that share no code: what the program needs of a key, it gets from each of them.

`UC_ALL_STACKS=1` (`make test-keys`) turns a stack that cannot be had into a failure.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.seal.practice import NOW, world
from tests.tokens.lab import PIN, Prompt, build_shim, make_lab
from tests.tokens.stacks import nss, opensc, tpm2
from tests.tokens.stacks.stack import Stack
from unitclient.errors import UserError
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.tokens.keyref import PinState
from unitclient.tokens.softhsm import find_softhsm_library, softhsm_environment

STACKS = ("softhsm2", "opensc", "nss", "tpm2")


def missing(reason: str) -> None:
    """Skip, or fail where all stacks are wanted."""
    if os.environ.get("UC_ALL_STACKS"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def softhsm2(folder: Path) -> Iterator[Stack]:
    """SoftHSM2, bare."""
    lab = make_lab(folder, (world().unit,))
    ref, env = lab.ref, softhsm_environment(lab.folder)
    unplug = lambda: shutil.rmtree(lab.folder / "tokens")  # noqa: E731 - one line is all there is to it
    yield Stack("softhsm2", ref.library, PIN, env, world().unit.certificate_der, PinState.LOW, unplug)


@contextmanager
def stack_of(name: str, folder: Path) -> Iterator[Stack]:
    """A stack by its name; skips where it cannot be had."""
    shim = build_shim(folder) if name == "nss" else None
    lacking = {
        "softhsm2": lambda: "" if find_softhsm_library() else "SoftHSM2 is not installed",
        "opensc": opensc.lacking,
        "nss": lambda: nss.lacking(shim),
        "tpm2": tpm2.lacking,
    }[name]()
    if lacking:
        missing(lacking)
    opened = {"softhsm2": softhsm2, "opensc": opensc.opened, "tpm2": tpm2.opened}
    with nss.opened(folder, shim or "") if name == "nss" else opened[name](folder) as stack:
        yield stack


@pytest.fixture(scope="module", params=STACKS)
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Each stack; its token stays plugged in."""
    with stack_of(request.param, tmp_path_factory.mktemp(request.param)) as opened:
        yield opened


def test_key_is_listed_without_a_pin(stack: Stack) -> None:
    key = stack.key()
    assert key.algorithm == "rsa"
    assert key.signs
    assert key.token_label
    assert key.ref.token_serial
    assert key.pin_state is PinState.OK
    assert "济南测试单位" in key.subject


def test_one_pin_many_signatures(stack: Stack) -> None:
    key, prompt = stack.key(), Prompt(stack.pin)
    trust = replace(
        world().trust, intermediates=(world().ca.credential.certificate,)
    )  # not every token carries its issuer
    with stack.helper() as helper, helper.open_signer(key.ref, prompt) as signer:
        for content in (b"first", b"second", b"third"):
            signature = build_detached(content, signer, NOW)
            assert verify_detached(content, signature, trust, NOW).ok
    assert len(prompt.asked) == 1
    assert prompt.asked[0].token_label == key.token_label
    assert prompt.asked[0].pin_state is PinState.OK


def test_wrong_pin_is_said_and_not_tried_again(stack: Stack) -> None:
    key = stack.key()
    with stack.helper() as helper:
        prompt = Prompt("99999999")
        with pytest.raises(UserError) as refused:
            helper.open_signer(key.ref, prompt)
        assert refused.value.code == "pin-wrong"
        assert len(prompt.asked) == 1
        assert helper.helper_pid is None
        again = Prompt(stack.pin)
        with helper.open_signer(key.ref, again, retry=True) as signer:
            assert signer.sign(b"x")
        assert again.asked[0].pin_state is stack.after_wrong_pin


def test_another_keys_certificate_is_refused_before_the_pin(stack: Stack) -> None:
    prompt = Prompt(stack.pin)
    with stack.helper() as helper, pytest.raises(UserError) as refused:
        helper.open_signer(replace(stack.key().ref, certificate_sha256="00" * 32), prompt)
    assert refused.value.code == "key-not-found"
    assert prompt.asked == []


@pytest.mark.parametrize("name", [name for name in STACKS if name != "nss"])  # a folder cannot be pulled out
def test_pulled_out_between_two_signatures(name: str, tmp_path: Path) -> None:
    with stack_of(name, tmp_path) as stack:
        key = stack.key()
        assert stack.unplug
        with stack.helper() as helper, helper.open_signer(key.ref, Prompt(stack.pin)) as signer:
            assert signer.sign(b"x")
            stack.unplug()
            with pytest.raises(UserError) as refused:
                signer.sign(b"x")
            assert helper.helper_pid is None
        assert refused.value.code == ("key-failed" if name == "tpm2" else "key-gone")
        with stack.helper() as helper:
            assert helper.list_keys([stack.library]).keys == ()


@contextmanager
def card(folder: Path) -> Iterator[Stack]:
    """The virtual card alone."""
    with stack_of("opensc", folder) as opened:
        yield opened


def test_card_is_shown_the_pin_before_each_signature_and_never_a_wrong_one_twice(tmp_path: Path) -> None:
    """What the card itself saw, below everything that the program could miscount."""
    with card(tmp_path) as stack, stack.helper() as helper:
        ref = stack.key().ref
        with helper.open_signer(ref, Prompt(stack.pin)) as signer:
            assert signer.sign(b"first")
            assert signer.sign(b"second")
        seen = (tmp_path / "verified").read_text().split()
        assert seen == ["right"] * 3  # the login, and one for each signature
        codes, states = [], []
        for _ in range(3):
            prompt = Prompt("99999999")
            with pytest.raises(UserError) as refused:
                helper.open_signer(ref, prompt)
            codes.append(refused.value.code)
            states.append((prompt.asked[0].pin_state, prompt.asked[0].tries_left))
        assert codes == ["pin-wrong", "pin-wrong-final", "pin-locked"]
        assert states[2] == (PinState.FINAL, 1)
        prompt = Prompt(stack.pin)
        with pytest.raises(UserError) as refused:
            helper.open_signer(ref, prompt)
        assert (refused.value.code, prompt.asked) == ("pin-locked", [])
        assert (tmp_path / "verified").read_text().split() == seen + ["wrong"] * 3


def test_card_pulled_out_in_the_middle_of_a_signature(tmp_path: Path) -> None:
    with card(tmp_path) as stack:
        ref = stack.key().ref
        with stack.helper() as helper, helper.open_signer(ref, Prompt(stack.pin)) as signer:
            assert signer.sign(b"x")
            (tmp_path / "pull-on-sign").touch()
            with pytest.raises(UserError) as refused:
                signer.sign(b"y")
            assert refused.value.code == "key-gone", refused.value.params
        (tmp_path / "pulled").unlink()
        end = time.monotonic() + 15
        with stack.helper() as helper:
            while not helper.list_keys([stack.library]).keys:
                assert time.monotonic() < end
                time.sleep(0.2)
            with helper.open_signer(ref, Prompt(stack.pin)) as signer:
                assert signer.sign(b"y")
