"""The container: built, opened by others, and refused with the right code when anything is not as it was signed."""

from __future__ import annotations

import io
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seal.practice import DAY, NOW, world
from unitclient.seal import manifest as manifests
from unitclient.seal.container import MIMETYPE, build_container, read_container, verify_container
from unitclient.seal.refusal import SealRefused
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.ziparchive import Limits, is_plain_name, read_zip, write_zip

ID = "0195e0f0-0000-7000-8000-000000000001"
ENTRIES = {
    "attachments/证明.pdf": b"%PDF-1.7 \x00\x01",
    "declaration.json": '{"header":{"operator":"李雷"}}'.encode(),
    "declaration.xlsx": bytes(range(256)) * 40,
}


def build(entries: dict[str, bytes] | None = None) -> bytes:
    return build_container(ID, entries or ENTRIES, world().unit.signer(), NOW)


def reason(data: bytes, limits: Limits | None = None) -> str:
    check = verify_container(data, world().trust, NOW, limits=limits or Limits())
    assert not check.ok
    assert check.findings
    return check.code


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rebuild(change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The container with its parts changed and the ZIP around them made anew."""
    content = parts(build())
    change(content)
    mimetype = content.pop("mimetype", MIMETYPE)
    return write_zip(mimetype, content.items())


def raw_zip(entries: list[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_good_container(kind: str) -> None:
    unit = world().unit if kind == "rsa" else world().unit_ec
    check = verify_container(
        build_container(ID, ENTRIES, unit.signer(), NOW), world().trust, NOW + DAY, crl_policy=CrlPolicy.REQUIRE
    )
    assert check.ok, check
    container = check.need()
    assert container.entries == ENTRIES
    assert container.submission_id == ID
    assert next(iter(container.entries)) == "declaration.json"
    assert check.signature
    assert check.signature.signing_time == NOW
    assert "济南测试单位" in check.subject


def test_container_with_time_stamp() -> None:
    data = build_container(ID, ENTRIES, world().unit.signer(), NOW, world().stamper)
    check = verify_container(data, world().trust, None, crl_policy=CrlPolicy.REQUIRE)
    assert check.ok, check
    assert check.signature
    assert check.signature.timestamp_time == NOW
    assert check.findings == ()


def test_same_input_same_bytes() -> None:
    assert build() == build()  # RSA PKCS#1 v1.5 is deterministic too


def test_unzip_and_openssl_accept(tmp_path: Path) -> None:
    (tmp_path / "x.asice").write_bytes(build())
    subprocess.run(["unzip", "-q", "x.asice"], cwd=tmp_path, check=True)
    (tmp_path / "root.pem").write_bytes(world().root.certificate_pem)
    assert (tmp_path / "mimetype").read_bytes() == MIMETYPE
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == {
        *ENTRIES,
        "mimetype",
        "x.asice",
        "root.pem",
        manifests.PATH,
        manifests.SIGNATURE_PATH,
    }
    for extra in ([], ["-cades"]):
        subprocess.run(
            ["openssl", "cms", "-verify", "-binary", *extra, "-inform", "DER", "-in", manifests.SIGNATURE_PATH,
             "-content", manifests.PATH, "-CAfile", "root.pem", "-purpose", "any", "-attime",
             str(int(NOW.timestamp())), "-out", "/dev/null"],
            cwd=tmp_path, check=True, capture_output=True,
        )  # fmt: skip


def test_changed_entry() -> None:
    assert reason(rebuild(lambda content: content.update({"declaration.json": b"{}"}))) == "container-entry-changed"


def test_changed_manifest() -> None:
    def other(content: dict[str, bytes]) -> None:
        content[manifests.PATH] = manifests.build_manifest(ID, {"declaration.json": b"{}"})
        content["declaration.json"] = b"{}"
        del content["attachments/证明.pdf"], content["declaration.xlsx"]

    assert reason(rebuild(other)) == "content-changed"


def test_missing_and_unlisted_entries() -> None:
    assert reason(rebuild(lambda content: content.pop("declaration.xlsx"))) == "container-entry-missing"
    assert reason(rebuild(lambda content: content.pop(manifests.PATH))) == "container-entry-missing"
    assert reason(rebuild(lambda content: content.pop(manifests.SIGNATURE_PATH))) == "container-entry-missing"
    assert reason(rebuild(lambda content: content.update({"more.txt": b"x"}))) == "container-entry-unlisted"
    assert reason(rebuild(lambda content: content.update({"META-INF/x.p7s": b"x"}))) == "container-entry-unlisted"


def test_mimetype() -> None:
    assert reason(rebuild(lambda content: content.update({"mimetype": b"text/plain"}))) == "container-mimetype"
    content = parts(build())
    content["last"] = content.pop("mimetype")
    assert reason(raw_zip(list(content.items()))) == "container-mimetype"
    assert reason(raw_zip(list(parts(build()).items()))) == "container-mimetype"  # deflated


def test_duplicate_entries() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = raw_zip([*parts(build()).items(), ("declaration.json", b"{}")])
    assert reason(twice) == "container-entry-twice"
    assert reason(raw_zip([("a.txt", b"1"), ("A.TXT", b"2")])) == "container-entry-twice"


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../x",
        "a/../x",
        "a//b",
        "./x",
        "C:/x",
        "a\\b",
        "dir/",
        "x\u202egpj.exe",
        "nul\n",
        "a. /b",
        "e\u0301",
    ],
)
def test_names_that_escape(name: str) -> None:
    assert not is_plain_name(name)
    assert reason(raw_zip([(name, b"x")])) == "container-entry-name"
    with pytest.raises(SealRefused):
        build({name: b"x"})


def test_symbolic_link() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert reason(buffer.getvalue()) == "container-entry-name"


def test_compression_and_encryption() -> None:
    assert reason(raw_zip([("a", b"x" * 99)], zipfile.ZIP_BZIP2)) == "container-compression"
    assert reason(raw_zip([("a", b"x" * 99)], zipfile.ZIP_LZMA)) in ("container-compression", "container-broken")
    locked = bytearray(raw_zip([("a", b"x")], zipfile.ZIP_STORED))
    locked[locked.index(b"PK\1\2") + 8] |= 1
    assert reason(bytes(locked)) == "container-encrypted"


def test_limits() -> None:
    data = build()
    assert reason(data, Limits(max_bytes=len(data) - 1)) == "container-too-large"
    assert reason(data, Limits(max_entries=5)) == "container-too-many-entries"
    assert reason(data, Limits(max_inflated=10_000)) == "container-too-large"


def test_bomb_that_lies_about_its_size() -> None:
    bomb = bytearray(raw_zip([("a", bytes(50_000_000))]))
    for signature, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<L", bomb, bomb.index(signature) + offset, 10)
    assert reason(bytes(bomb)) == "container-broken"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"x" + data,
        lambda data: data + b"x",
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: data.replace(b"declaration.json", b"declaration.jsoM", 1),
        lambda data: data[: data.index(b"PK\1\2")] + b"hidden" + data[data.index(b"PK\1\2") :],
    ],
)
def test_bytes_out_of_place(change: Callable[[bytes], bytes]) -> None:
    assert reason(change(build())) == "container-broken"


@given(st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_no_changed_byte_passes(position: int, value: int) -> None:
    """Any byte changed: refused, or at least the same content still (fields of the ZIP that say nothing)."""
    data = bytearray(build())
    data[position % len(data)] = value
    check = verify_container(bytes(data), world().trust, NOW)
    assert not check.ok or check.need().entries == ENTRIES


@given(st.binary(max_size=300))
def test_any_bytes_are_only_refused(data: bytes) -> None:
    with pytest.raises(SealRefused):
        read_container(data)
    with pytest.raises(SealRefused):
        manifests.read_manifest(data)


@pytest.mark.parametrize(
    "text",
    [
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        manifests.build_manifest(ID, {}),
        manifests.build_manifest(ID, {"a": b""}).replace(b'Critical="false"', b'Critical="true"'),
        manifests.build_manifest(ID, {"a": b""}).replace(b"signature.p7s", b"signature2.p7s"),
        manifests.build_manifest(ID, {"a": b"", "b": b""}).replace(b'URI="b"', b'URI="a"'),
        manifests.build_manifest(ID, {"a": b""}) + b" " * 2_000_000,
    ],
)
def test_broken_manifest(text: bytes) -> None:
    with pytest.raises(SealRefused) as refused:
        manifests.read_manifest(text)
    assert refused.value.reason == "container-manifest-broken"


def test_manifest_with_another_digest_is_refused() -> None:
    with pytest.raises(SealRefused) as refused:
        manifests.read_manifest(manifests.build_manifest(ID, {"a": b""}).replace(b"#sha256", b"#sha1"))
    assert refused.value.reason == "algorithm-refused"


@given(st.dictionaries(st.sampled_from(["a", "b/c", "文件.txt"]), st.binary(max_size=2000)))
def test_zip_round_trip(entries: dict[str, bytes]) -> None:
    data = write_zip(b"m", entries.items())
    assert read_zip(data, Limits()) == {"mimetype": b"m", **entries}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None


def test_lists_travel_along() -> None:
    lists = [one.public_bytes(Encoding.DER) for one in world().lists()]
    data = build_container(ID, ENTRIES, world().unit.signer(), NOW, crls=lists)
    bare = type(world().trust)(world().trust.anchors)
    assert verify_container(data, bare, NOW, crl_policy=CrlPolicy.REQUIRE).ok
    assert verify_container(build(), bare, NOW, crl_policy=CrlPolicy.REQUIRE).code == "crl-missing"
