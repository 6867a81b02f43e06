"""Keys on a real PKCS#11 token: found, opened with a PIN, used many times, checked by other tools."""

from __future__ import annotations

import logging
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.seal.practice import NOW, world
from tests.tokens.lab import PIN, Lab, Prompt
from unitclient.errors import Cancelled, UserError
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.seal.container import build_container, verify_container
from unitclient.tokens.keyref import KeyInfo, KeyKind, KeyRef, PinState
from unitclient.tokens.keys import KeyHelper


def test_lists_keys_without_a_pin(lab: Lab) -> None:
    library = lab.ref.library
    with lab.helper() as helper:
        listed = helper.list_keys([library, "/nowhere/vendor.so"])
    assert {key.ref for key in listed.keys} == {key.ref for key in lab.keys}
    assert {key.algorithm for key in listed.keys} == {"rsa", "ec"}
    for key in listed.keys:
        assert key.token_label.startswith("单位密钥")
        assert key.pin_state is PinState.OK
        assert key.signs
        assert key.chain_der == world().unit.signer().chain_der
        assert "济南测试单位" in key.subject
    assert [problem.code for problem in listed.problems] == ["key-library-missing"]


@pytest.mark.parametrize("number", [0, 1])
def test_signs_containers(lab: Lab, number: int) -> None:
    prompt = Prompt()
    with lab.helper() as helper, helper.open_signer(lab.keys[number].ref, prompt) as signer:
        for content in (b"{}", b"second"):
            data = build_container("id", {"declaration.json": content}, signer, NOW)
            assert verify_container(data, world().trust, NOW).ok
    assert len(prompt.asked) == 1
    assert prompt.asked[0].token_label == lab.keys[number].token_label
    assert prompt.asked[0].pin_state is PinState.OK


@pytest.mark.parametrize("cades", [[], ["-cades"]])
def test_openssl_accepts_token_signatures(lab: Lab, tmp_path: Path, cades: list[str]) -> None:
    (tmp_path / "content").write_bytes(b"content\r\n\x1a")
    (tmp_path / "root.pem").write_bytes(world().root.certificate_pem)
    for number, key in enumerate(lab.keys):
        with lab.helper() as helper, helper.open_signer(key.ref, Prompt()) as signer:
            (tmp_path / f"{number}.p7s").write_bytes(build_detached(b"content\r\n\x1a", signer, NOW))
        subprocess.run(
            ["openssl", "cms", "-verify", "-binary", *cades, "-inform", "DER", "-in", f"{number}.p7s", "-content",
             "content", "-CAfile", "root.pem", "-purpose", "any", "-attime", str(int(NOW.timestamp())),
             "-out", "/dev/null"],
            cwd=tmp_path, check=True, capture_output=True,
        )  # fmt: skip


def test_wrong_pin_then_right_one(lab: Lab) -> None:
    with lab.helper() as helper:
        with pytest.raises(UserError) as refused:
            helper.open_signer(lab.ref, Prompt("999999"))
        assert refused.value.code == "pin-wrong"
        assert helper.helper_pid is None  # nothing half open is left behind
        prompt = Prompt()
        with helper.open_signer(lab.ref, prompt, retry=True) as signer:
            assert signer.sign(b"x")
        assert prompt.asked[0].retry
        assert prompt.asked[0].pin_state is PinState.LOW


def test_person_cancels(lab: Lab) -> None:
    with lab.helper() as helper, pytest.raises(Cancelled):
        helper.open_signer(lab.ref, Prompt(None))


def test_another_token_is_not_taken_for_the_right_one(lab: Lab) -> None:
    rsa, ec = (key.ref for key in lab.keys)
    mixed = KeyRef(KeyKind.PKCS11, ec.certificate_sha256, rsa.library, rsa.token_serial)
    absent = KeyRef(KeyKind.PKCS11, ec.certificate_sha256, rsa.library, "0000")
    with lab.helper() as helper:
        for ref in (mixed, absent):
            prompt = Prompt()
            with pytest.raises(UserError) as refused:
                helper.open_signer(ref, prompt)
            assert refused.value.code == "key-not-found"
            assert prompt.asked == []


def test_token_taken_away(lab: Lab) -> None:
    with lab.helper() as helper, helper.open_signer(lab.ref, Prompt()) as signer:
        signer.sign(b"x")
        shutil.rmtree(lab.folder / "tokens")
        with pytest.raises(UserError) as refused:
            signer.sign(b"x")
    assert refused.value.code == "key-gone"


def test_pin_is_nowhere_to_be_seen(
    lab: Lab, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in the helper's arguments or environment, not in what is printed or logged, not in errors."""
    caplog.set_level(logging.DEBUG)
    with lab.helper() as helper:
        with helper.open_signer(lab.ref, Prompt()) as signer:
            signer.sign(b"x")
            process = Path(f"/proc/{helper.helper_pid}")
            if process.exists():
                assert b"unitclient.tokens.helper" in (process / "cmdline").read_bytes()
                assert PIN.encode() not in (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            assert PIN not in repr(signer) + repr(vars(helper))
        with pytest.raises(UserError) as refused:
            helper.open_signer(lab.ref, Prompt("wrong-" + PIN))
    assert PIN not in repr(refused.value) + str(refused.value.params)
    shown = capfd.readouterr()
    assert PIN not in shown.out + shown.err + caplog.text
    for path in lab.folder.rglob("*"):
        assert not path.is_file() or PIN.encode() not in path.read_bytes()


def test_private_key_cannot_be_read(lab: Lab) -> None:
    shown = (
        subprocess.run(
            ["pkcs11-tool", "--module", lab.ref.library, "--login", "--pin", PIN, "-O", "--type", "privkey"],
            env={"SOFTHSM2_CONF": str(lab.folder / "softhsm2.conf"), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        if shutil.which("pkcs11-tool")
        else None
    )
    if shown is None:
        pytest.skip("no pkcs11-tool")
    assert "sensitive" in shown.stdout
    assert "never extractable" in shown.stdout or "extract" not in shown.stdout


def test_reference_round_trip() -> None:
    ref = KeyRef(KeyKind.PKCS11, "ab", "/x.so", "01")
    assert KeyRef.from_dict(ref.to_dict()) == ref
    with pytest.raises(ValueError, match="nonsense"):
        KeyRef.from_dict({"kind": "nonsense", "certificate_sha256": ""})


@pytest.fixture
def p12(tmp_path: Path) -> Path:
    path = tmp_path / "单位.p12"
    path.write_bytes(world().unit.to_pkcs12(PIN))
    return path


def read_p12(path: Path) -> KeyInfo:
    with KeyHelper() as helper:
        return helper.read_pkcs12(str(path), Prompt())


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_pkcs12(tmp_path: Path, kind: str) -> None:
    unit = world().unit if kind == "rsa" else world().unit_ec
    path = tmp_path / "单位.p12"
    path.write_bytes(unit.to_pkcs12(PIN))
    info = read_p12(path)
    assert info.certificate_der == unit.certificate_der
    assert info.chain_der == unit.signer().chain_der
    with KeyHelper() as helper, helper.open_signer(info.ref, Prompt()) as signer:
        signature = build_detached(b"x", signer, NOW)
    assert verify_detached(b"x", signature, world().trust, NOW).ok


def test_pkcs12_refusals(p12: Path) -> None:
    ref = read_p12(p12).ref

    def code(pin: str = PIN) -> str:
        with KeyHelper() as helper, pytest.raises(UserError) as refused:
            helper.open_signer(ref, Prompt(pin))
        return refused.value.code

    assert code("wrong") == "pin-wrong"
    p12.write_bytes(world().unit_ec.to_pkcs12(PIN))
    assert code() == "key-file-changed"
    for garbage in (b"garbage", b"0garbage", b"", b"0" * 2_000_000):
        p12.write_bytes(garbage)
        assert code() == "key-file-broken"
    p12.unlink()
    assert code() == "key-file-missing"
