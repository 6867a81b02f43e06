"""SM2 keys behind PKCS#11 with a vendor's own mechanism number, through a shim that implements it over openssl."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.gm import openssl
from tests.seal.gm import gm_world
from tests.seal.practice import NOW
from tests.tokens.lab import PIN, SO_PIN, Prompt
from tests.tokens.skf_device import build_with_openssl
from unitclient.errors import UserError
from unitclient.gm.sm2 import Sm2PublicKey
from unitclient.paths import resources_root
from unitclient.seal import pki
from unitclient.seal.cms import build_detached
from unitclient.seal.cmscheck import verify_detached
from unitclient.tokens.child_pkcs11_sm2 import mechanisms
from unitclient.tokens.keyref import KeyRef
from unitclient.tokens.keys import KeyHelper, Timeouts
from unitclient.tokens.softhsm import find_softhsm_library, init_softhsm_token, softhsm_environment

QUICK = Timeouts(start=60, listing=5, opening=30, login=5, signing=1)
VENDORS = [("libupkcs11.so", 0x80008104), ("libtass_pkcs11.so", 0x80008000), ("libCryptoki2_64.so", 0x80000B21),
           ("libopencryptoki.so", 0x8005000B)]  # fmt: skip


@dataclass(frozen=True)
class VendorToken:
    """A token with an SM2 key behind one vendor's library."""

    folder: Path
    ref: KeyRef
    env: dict[str, str]

    def helper(self) -> KeyHelper:
        """A KeyHelper that sees it."""
        return KeyHelper(env=self.env, timeouts=QUICK)

    def control(self, word: str) -> None:
        """What the shim does from now on."""
        (self.folder / "control").write_text(word)

    def signatures(self) -> int:
        """How many the vendor's mechanism was asked for."""
        calls = self.folder / "calls"
        return len(calls.read_text().split()) if calls.exists() else 0


def make_token(folder: Path, library: str, mechanism: int) -> VendorToken:
    """SoftHSM keeps the certificate and a private key with its id; the SM2 key is the shim's."""
    unit = gm_world().unit
    holder = pki.new_key("ec").private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    made = init_softhsm_token(folder, "国密", PIN, SO_PIN, holder, unit.certificate_der, unit.signer().chain_der)
    (folder / "sm2.pem").write_bytes(unit.key_pem)
    env = softhsm_environment(folder) | {
        "SM2SHIM_MODULE": made.ref.library,
        "SM2SHIM_KEY": str(folder / "sm2.pem"),
        "SM2SHIM_MECHANISM": hex(mechanism),
        "SM2SHIM_FOLDER": str(folder),
    }
    return VendorToken(folder, dataclasses.replace(made.ref, library=library), env)


@pytest.fixture(scope="session")
def shims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim under every vendor's file name, and under a name that nobody knows."""
    folder = tmp_path_factory.mktemp("shims")
    if find_softhsm_library() is None:
        pytest.skip("no SoftHSM2")
    for name in (*(name for name, _ in VENDORS), "libunknown.so"):
        if build_with_openssl(folder, "sm2shim.c", name) is None:
            pytest.skip("no C compiler or no libssl-dev")
    return folder


@pytest.fixture
def token(tmp_path: Path, shims: Path) -> VendorToken:
    """The first vendor's."""
    name, mechanism = VENDORS[0]
    return make_token(tmp_path / "token", str(shims / name), mechanism)


@pytest.mark.parametrize(("name", "mechanism"), VENDORS, ids=[name for name, _ in VENDORS])
def test_each_vendors_number(tmp_path: Path, shims: Path, name: str, mechanism: int) -> None:
    token = make_token(tmp_path / "token", str(shims / name), mechanism)
    with token.helper() as helper, helper.open_signer(token.ref, Prompt()) as signer:
        assert signer.algorithm == "sm2"
        for content in (b"1", b"2"):
            assert verify_detached(content, build_detached(content, signer, NOW), gm_world().trust, NOW).ok
        proof = signer.sign(b"for openssl")
    public = Sm2PublicKey.of_certificate(gm_world().unit.certificate_der)
    assert public is not None
    assert openssl.verifies(public.spki, b"for openssl", proof, tmp_path)
    assert token.signatures() == 3


def test_listed_as_an_sm2_key(token: VendorToken) -> None:
    with token.helper() as helper:
        keys = helper.list_keys([token.ref.library]).keys
    assert [(key.algorithm, key.signs) for key in keys] == [("sm2", True)]


def test_an_answer_in_der(token: VendorToken) -> None:
    token.control("der")
    with token.helper() as helper, helper.open_signer(token.ref, Prompt()) as signer:
        assert verify_detached(b"x", build_detached(b"x", signer, NOW), gm_world().trust, NOW).ok


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("wrong", "key-signature-wrong"),
        ("removed", "key-gone"),
        ("hang", "key-helper-hung"),
        ("crash", "key-helper-died"),
    ],
)
def test_faults(token: VendorToken, word: str, code: str) -> None:
    with token.helper() as helper, helper.open_signer(token.ref, Prompt()) as signer:
        token.control(word)
        with pytest.raises(UserError) as refused:
            signer.sign(b"x")
    assert refused.value.code == code


def test_wrong_pin(token: VendorToken) -> None:
    with token.helper() as helper, pytest.raises(UserError) as refused:
        helper.open_signer(token.ref, Prompt("999999"))
    assert refused.value.code == "pin-wrong"


@pytest.mark.parametrize("case", ["unlisted", "unknown"])
def test_no_known_mechanism(token: VendorToken, shims: Path, case: str) -> None:
    """Refused before the PIN is asked for."""
    token.control(case)
    ref = token.ref if case == "unlisted" else dataclasses.replace(token.ref, library=str(shims / "libunknown.so"))
    prompt = Prompt()
    with token.helper() as helper, pytest.raises(UserError) as refused:
        helper.open_signer(ref, prompt)
    assert (refused.value.code, prompt.asked) == ("key-sm2-mechanism", [])


def test_every_number_says_where_it_comes_from() -> None:
    """Vendors' numbers are data with source and date, above CKM_VENDOR_DEFINED, and no library belongs to two."""
    data = tomllib.loads((resources_root() / "sm2" / "mechanisms.toml").read_text("utf-8"))["vendor"]
    assert len(mechanisms(resources_root())) == len(data) == len(VENDORS)
    for one in data:
        assert one["source"].startswith("https://")
        assert one["read"].year >= 2026
        assert min(one["mechanism"], one["key_type"]) >= 0x80000000
    names = [name for one in data for name in one["libraries"]]
    assert len(names) == len(set(names))
