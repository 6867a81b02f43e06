"""certs/: every anchor is written down with source, fingerprint and expiry, and nothing secret lies there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.seal.practice import NOW, world
from unitclient.paths import certs_root
from unitclient.seal.trust import TrustStore


def rows(readme: str) -> dict[str, list[str]]:
    """{file: cells} of the table."""
    lines = [line for line in readme.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row for row in cells}


def faults(folder: Path, today: datetime) -> list[str]:
    """What is wrong with a folder of anchors."""
    listed = rows((folder / "README.md").read_text("utf-8"))
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".pem"}
    found = [f"{name}: no file" for name in listed.keys() - files.keys()]
    found += [f"{path.name}: unexpected" for path in folder.iterdir() if path.suffix not in (".pem", ".md")]
    for name, data in files.items():
        if b"PRIVATE KEY" in data:
            found.append(f"{name}: a private key")
        certificates = x509.load_pem_x509_certificates(data)
        text = " ".join(listed.get(name, ()))
        for one in certificates:
            if one.fingerprint(hashes.SHA256()).hex() not in text or f"{one.not_valid_after_utc:%Y-%m-%d}" not in text:
                found.append(f"{name}: fingerprint or expiry not written down")
            if one.not_valid_after_utc < today and "kept" not in text:
                found.append(f"{name}: expired")
    return found


def test_folder_is_in_order() -> None:
    assert faults(certs_root(), datetime.now(UTC)) == []
    TrustStore.from_folder(certs_root())


def test_the_check_sees_what_is_wrong(tmp_path: Path) -> None:
    root = world().root.credential
    head = "| file | s |\n| --- | --- |\n"
    (tmp_path / "README.md").write_text(head + "| gone.pem | x |\n")
    (tmp_path / "root.pem").write_bytes(root.certificate_pem + root.key_pem)
    assert len(faults(tmp_path, NOW)) == 3
    fingerprint = root.certificate.fingerprint(hashes.SHA256()).hex()
    expiry = f"{root.certificate.not_valid_after_utc:%Y-%m-%d}"
    (tmp_path / "README.md").write_text(head + f"| root.pem | {fingerprint} | {expiry} |\n")
    (tmp_path / "root.pem").write_bytes(root.certificate_pem)
    assert faults(tmp_path, NOW) == []
    assert faults(tmp_path, datetime(2100, 1, 1, tzinfo=UTC)) == ["root.pem: expired"]
